"""Measures the peak memory of one real nnU-Net run on a synthetic dataset, and adds a row to a CSV file.

    python benchmarks/memory/measure.py predict --venv /tmp/lab/v281 --base /tmp/lab/work-281/base-2.8.1 \
        --shape 200,256,256 --spacing 1,1,1 --target 1.5,1,1 --channels 2 --classes 5 --cases 3 --npp 2 --nps 2

`--venv` is an environment with nnunetv2 in it, `--base` a folder that tests/lab/base.py made with the same release (its plans are
edited). Sizes are z,y,x; spacing is mm. The measure: RSS from /proc/PID/statm of the main process and all its descendants, summed,
every 20 ms. Needs Linux and the standard library.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from tree import Peaks, measure

HERE = Path(__file__).parent
STAGES = ("predict", "preprocess", "fingerprint", "train")


def numbers(text: str) -> list[float]:
    return [float(part) for part in text.split(",")]


def integers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument("--venv", type=Path, required=True)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--shape", type=integers, required=True)
    parser.add_argument("--spacing", type=numbers, default=[1.0, 1.0, 1.0])
    parser.add_argument("--target", type=numbers, default=None, help="spacing of the plans; the images' when not given")
    parser.add_argument("--channels", type=int, default=1)
    parser.add_argument("--classes", type=int, default=3, help="background included")
    parser.add_argument("--regions", action="store_true")
    parser.add_argument("--cases", type=int, default=1)
    parser.add_argument("--configuration", default="3d_fullres")
    parser.add_argument("--transpose", type=integers, default=[0, 1, 2])
    parser.add_argument("--patch", type=integers, default=[64, 64, 64])
    parser.add_argument("--batch", type=int, default=2)
    parser.add_argument("--features", type=int, default=4)
    parser.add_argument("--background", type=float, default=0.0, help="share of each axis that is zero around the body")
    parser.add_argument("--foreground", type=float, default=0.3)
    parser.add_argument("--datatype", default="int16")
    parser.add_argument("--ending", default=".nii.gz")
    parser.add_argument("--folds", type=integers, default=[0])
    parser.add_argument("--np", type=int, default=1)
    parser.add_argument("--npfp", type=int, default=1)
    parser.add_argument("--npp", type=int, default=1)
    parser.add_argument("--nps", type=int, default=1)
    parser.add_argument("--n-proc-da", type=int, default=1)
    parser.add_argument("--save-probabilities", action="store_true")
    parser.add_argument("--step-size", type=float, default=1.0)
    parser.add_argument("--tta", action="store_true")
    parser.add_argument("--set", default="derive", choices=("derive", "held-out"))
    parser.add_argument("--out", type=Path, default=HERE / "points.csv")
    parser.add_argument("--trace", type=Path, default=None, help="write the sums per role over time as JSON")
    parser.add_argument("--limit", type=float, default=900)
    return parser.parse_args()


def scene_of(given: argparse.Namespace) -> dict[str, object]:
    names = (
        "stage shape spacing target channels classes regions cases configuration transpose patch batch features "
        "background foreground datatype ending folds"
    )
    return {name: getattr(given, name) for name in names.split()} | {"base": str(given.base)}


def environment(root: Path, given: argparse.Namespace) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("HOME", "TMPDIR") if name in os.environ}
    folders = {name: str(root / name) for name in ("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results")}
    tuning = {
        "PATH": f"{given.venv}/bin:/usr/bin:/bin",
        "OMP_NUM_THREADS": "1",
        "nnUNet_compile": "f",
        "nnUNet_n_proc_DA": str(given.n_proc_da),
        "nnUNet_def_n_proc": "1",
        "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD": "1",
        "LANG": "C.UTF-8",
    }
    return kept | folders | tuning


def command_of(root: Path, given: argparse.Namespace) -> tuple[list[str], list[tuple[str, int]]]:
    """The command, and the roles of its spawned workers in the order of their start."""
    scripts = given.venv / "bin"
    if given.stage == "fingerprint":
        return [str(scripts / "nnUNetv2_extract_fingerprint"), "-d", "101", "-np", str(given.npfp)], [
            ("fingerprint", given.npfp)
        ]
    if given.stage == "preprocess":
        command = [str(scripts / "nnUNetv2_preprocess"), "-d", "101", "-c", given.configuration, "-np", str(given.np)]
        return command, [("preprocess", given.np)]
    if given.stage == "train":
        return [
            str(scripts / "nnUNetv2_train"),
            "101",
            given.configuration,
            "0",
            "-tr",
            "nnUNetTrainerTiny",
            "-device",
            "cpu",
        ], []
    command = [str(scripts / "nnUNetv2_predict"), "-i", str(root / "imagesTs"), "-o", str(root / "out"), "-d", "101"]
    command += [
        "-c",
        given.configuration,
        "-tr",
        "nnUNetTrainerTiny",
        "-device",
        "cpu",
        "-step_size",
        str(given.step_size),
    ]
    command += ["-npp", str(given.npp), "-nps", str(given.nps), "-f", *map(str, given.folds)]
    command += [] if given.tta else ["--disable_tta"]
    command += ["--save_probabilities"] if given.save_probabilities else []
    return command, [("export", given.nps), ("preprocess", min(given.npp, given.cases))]


def run(given: argparse.Namespace, root: Path) -> Peaks:
    description = root / "scene.json"
    description.write_text(json.dumps(scene_of(given)))
    env = environment(root, given)
    python = str(given.venv / "bin" / "python")
    subprocess.run(
        [python, str(HERE / "scene.py"), str(root), str(description)], env=env, check=True, stdout=subprocess.DEVNULL
    )
    if given.stage == "train":
        log = root / "preprocess.log"
        prepare = [str(given.venv / "bin" / "nnUNetv2_preprocess"), "-d", "101", "-c", given.configuration, "-np", "1"]
        with log.open("wb") as sink:
            subprocess.run(prepare, env=env, check=True, stdout=sink, stderr=sink)
    command, groups = command_of(root, given)
    peaks = measure(command, env, root / "run.log", groups, given.limit)
    if peaks.exit_code:
        print((root / "run.log").read_text(errors="replace")[-12000:], file=sys.stderr)
    return peaks


def row_of(given: argparse.Namespace, peaks: Peaks) -> dict[str, object]:
    skipped = ("out", "trace", "limit", "base", "venv")
    values = {name: value for name, value in vars(given).items() if name not in skipped}
    row = {name: " ".join(map(str, value)) if isinstance(value, list) else value for name, value in values.items()}
    megabytes = {role: round(size / 2**20) for role, size in sorted(peaks.by_role.items())}
    at_peak = {role: round(size / 2**20) for role, size in sorted(peaks.at_peak.items())}
    return {
        "release": given.base.name.removeprefix("base-"),
        **row,
        "exit_code": peaks.exit_code,
        "seconds": round(peaks.seconds, 1),
        "rss_mib": round(peaks.rss / 2**20),
        "working_rss_mib": round(peaks.working / 2**20),
        "pss_mib": round(peaks.pss / 2**20),
        "processes": peaks.processes,
        "largest_of_role_mib": json.dumps(megabytes),
        "at_peak_mib": json.dumps(at_peak),
    }


def main() -> None:
    given = options()
    root = Path(tempfile.mkdtemp(prefix="nndoctor-memory-"))
    try:
        peaks = run(given, root)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    row = row_of(given, peaks)
    new = not given.out.exists()
    with given.out.open("a", newline="", encoding="utf-8") as sink:
        writer = csv.DictWriter(sink, list(row))
        if new:
            writer.writeheader()
        writer.writerow(row)
    if given.trace:
        given.trace.write_text(json.dumps(peaks.trace))
    print(json.dumps(row))


if __name__ == "__main__":
    main()
