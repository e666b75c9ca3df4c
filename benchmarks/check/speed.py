"""Time per file of `nndoctor check dataset` and of nnU-Net's own verify_dataset_integrity, on the same 2,000 files.

    python benchmarks/check/speed.py FOLDER --nnunet /path/to/venv/bin/python

makes nnUNet_raw/Dataset900_Speed below FOLDER (2,000 .nii.gz, 1.6 GB, once) and prints a Markdown table. nnU-Net is
timed on every 10th case, in rounds between those of nndoctor, so that other work on the machine slows both alike.
nndoctor is timed as a whole process, start-up and report included, but for the row that says otherwise; of nnU-Net only
the calls are timed, not its imports, which take longer than the whole check. Its pool starts processes that import it
again: on few files that is most of their time.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

from scans import SHAPE, make_dataset

CASES, EVERY, NAME = 1000, 10, "Dataset900_Speed"
VERIFY = """
import json, os, sys, time
from nnunetv2.experiment_planning.verify_dataset_integrity import check_cases, verify_dataset_integrity, verify_labels
from nnunetv2.imageio.simpleitk_reader_writer import SimpleITKIO
folder, how, cpus = sys.argv[1], sys.argv[2], int(sys.argv[3])
names = sorted(name[: -len(".nii.gz")] for name in os.listdir(folder + "/labelsTr"))
wall, cpu = time.perf_counter(), sum(os.times()[:4])
if how == "serial":
    for name in names:
        label = f"{folder}/labelsTr/{name}.nii.gz"
        check_cases([f"{folder}/imagesTr/{name}_0000.nii.gz"], label, 1, SimpleITKIO)
        verify_labels(label, SimpleITKIO, [0, 1, 2])
else:
    verify_dataset_integrity(folder, cpus)
print("\\n" + json.dumps([time.perf_counter() - wall, sum(os.times()[:4]) - cpu, 2 * len(names)]))
"""


class Cost(NamedTuple):
    """Microseconds per file: on the clock, and of all CPUs together."""

    wall: float
    cpu: float


def main() -> None:
    options = _options()
    raw = options.folder / "nnUNet_raw"
    make_dataset(raw / NAME, CASES, tuple(options.shape))
    few = _sample(raw / NAME, options.folder / "sample" / NAME, options.every)
    os.environ.update(
        nnUNet_raw=str(raw),
        nnUNet_preprocessed=str(options.folder / "nnUNet_preprocessed"),
        nnUNet_results=str(options.folder / "nnUNet_results"),
        XDG_CACHE_HOME=str(options.folder / "cache"),
        OMP_NUM_THREADS="1",
    )
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # installed packages come with their bytecode
    cpus = len(os.sched_getaffinity(0))
    ways: dict[str, Callable[[], Cost]] = {
        "verify_dataset_integrity, one process": lambda: _nnunet(options.nnunet, few, "serial", cpus),
        f"verify_dataset_integrity, {cpus} processes": lambda: _nnunet(options.nnunet, few, "pool", cpus),
        "nndoctor, headers, without start-up": lambda: _without_startup("--headers-only", "--no-cache"),
        "nndoctor, headers": lambda: _nndoctor("--headers-only", "--no-cache"),
        "nndoctor, headers, again": lambda: _nndoctor("--headers-only"),
        "nndoctor, as it is": lambda: _nndoctor("--no-cache"),
        "nndoctor, deep, one process": lambda: _nndoctor("--deep", "--no-cache", "--workers", "1"),
        f"nndoctor, deep, {cpus} processes": lambda: _nndoctor("--deep", "--no-cache", "--workers", str(cpus)),
    }
    if options.headers:
        ways = {
            name: way
            for name, way in ways.items()
            if "headers" in name or ("one process" in name and "deep" not in name)
        }
    _nndoctor("--headers-only")
    rounds = [{name: way() for name, way in ways.items()} for _ in range(options.rounds)]
    _print({name: _middle([each[name] for each in rounds]) for name in ways}, cpus)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--nnunet", required=True, help="the python of an environment with nnunetv2")
    parser.add_argument("--shape", type=int, nargs=3, default=SHAPE, help="z y x; another one needs another FOLDER")
    parser.add_argument("--every", type=int, default=EVERY, help="nnU-Net is timed on every Nth case")
    parser.add_argument("--headers", action="store_true", help="only the header pass, and nnU-Net in one process")
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def _sample(whole: Path, part: Path, every: int) -> Path:
    """Every Nth case, as a dataset of links."""
    for folder in ("imagesTr", "labelsTr"):
        (part / folder).mkdir(parents=True, exist_ok=True)
        for path in sorted((whole / folder).iterdir())[::every]:
            if not (part / folder / path.name).exists():
                (part / folder / path.name).symlink_to(path)
    declared = json.loads((whole / "dataset.json").read_text())
    (part / "dataset.json").write_text(json.dumps({**declared, "numTraining": -(-CASES // every)}))
    return part


def _nnunet(python: str, folder: Path, how: str, cpus: int) -> Cost:
    done = subprocess.run(
        [python, "-c", VERIFY, str(folder), how, str(cpus)], capture_output=True, text=True, check=True
    )
    wall, cpu, files = json.loads(done.stdout.splitlines()[-1])
    return Cost(wall / files * 1e6, cpu / files * 1e6)


def _nndoctor(*options: str) -> Cost:
    command = [sys.executable, "-m", "nndoctor", "check", "dataset", "-d", "900", *options]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stdout + done.stderr
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall / CASES / 2 * 1e6, cpu / CASES / 2 * 1e6)


def _without_startup(*options: str) -> Cost:
    """The time that the report itself states: from the rules to the findings. One thread, so CPU is no more."""
    command = [sys.executable, "-m", "nndoctor", "check", "dataset", "-d", "900", *options, "--format", "json"]
    done = subprocess.run(command, capture_output=True, check=False)
    per_file = json.loads(done.stdout)["checkup"]["seconds"] / CASES / 2 * 1e6
    return Cost(per_file, per_file)


def _middle(costs: list[Cost]) -> Cost:
    return Cost(median(cost.wall for cost in costs), median(cost.cpu for cost in costs))


def _print(costs: dict[str, Cost], cpus: int) -> None:
    """Each way is compared with verify_dataset_integrity by as many processes."""
    one = next(iter(costs.values()))
    many = costs.get(f"verify_dataset_integrity, {cpus} processes", one)
    print("| | us per file | times faster | CPU us per file | times less |\n|---|---:|---:|---:|---:|")
    for name, cost in costs.items():
        base = many if f"{cpus} processes" in name else one
        print(
            f"| {name} | {cost.wall:,.0f} | {base.wall / cost.wall:.1f} | {cost.cpu:,.0f} | {base.cpu / cost.cpu:.1f} |"
        )


if __name__ == "__main__":
    main()
