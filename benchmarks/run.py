"""Measures what the README promises: start-up, large logs with both engines, ten times as many rules.

    python benchmarks/run.py [--megabytes 300]

Every figure is the CPU time (user + system) and peak memory of a whole process, the median of several runs. Run it on an idle
machine, in an environment where nndoctor is installed (pip install ".[fast]").
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from make_log import write_log

ROOT = Path(__file__).parents[1]
CRASH = ROOT / "fixtures" / "input-data" / "channel-count-mismatch" / "predict-extra-channel-2.8.1" / "input.txt"
NO_HYPERSCAN = "raise ImportError"


def cpu_and_memory(command: list[str], environment: dict[str, str], runs: int) -> tuple[float, float]:
    """Median CPU seconds and MiB of peak resident memory; the first run warms up and does not count."""
    seconds, megabytes = [], []
    for _ in range(runs + 1):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
        seconds.append(usage.ru_utime + usage.ru_stime)
        megabytes.append(usage.ru_maxrss / 1024)
    return statistics.median(seconds[1:]), statistics.median(megabytes[1:])


def diagnose(text: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "nndoctor", "diagnose", str(text), "--env", "none", *options]


def without_hyperscan(folder: Path) -> dict[str, str]:
    (folder / "hyperscan.py").write_text(NO_HYPERSCAN, encoding="utf-8")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])}


def ten_times_the_rules(folder: Path) -> Path:
    """The rules and nine copies of each under other names, whose templates say other words."""
    for path in (ROOT / "rules").glob("*/*.yaml"):
        for copy in range(10):
            name = path.stem if not copy else f"{path.stem}-{copy}"
            if path.parent.name == "common" and copy:
                continue
            target = folder / path.parent.name / f"{name}.yaml"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(_renamed(path.read_text(encoding="utf-8"), path.stem, copy), encoding="utf-8")
    shutil.copytree(
        ROOT / "fixtures" / "no-fault" / "no-failure", folder.parent / "fixtures" / "no-fault" / "no-failure"
    )
    return folder


def _renamed(rule: str, stem: str, copy: int) -> str:
    if not copy:
        return rule
    rule = rule.replace(f"id: {stem}\n", f"id: {stem}-{copy}\n")
    return re.sub(r'(text: "|message: "|- ")(\^?)', rf"\1\2copy{'abcdefghij'[copy]} ", rule)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=300)
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        measure(Path(name), arguments.megabytes, arguments.runs)


def measure(folder: Path, megabytes: int, runs: int) -> None:
    """Print every figure."""
    here = dict(os.environ)
    base, _ = cpu_and_memory([sys.executable, "-c", "import typer, rich.console"], here, runs)
    crash, memory = cpu_and_memory(diagnose(CRASH), here, runs)
    print(
        f"a traceback: {crash:.3f} s CPU, {memory:.0f} MiB; import typer, rich.console: {base:.3f} s; ratio {crash / base:.2f}"
    )
    log = folder / "train.log"
    write_log(log, megabytes * 10**6, 300)
    size = log.stat().st_size / 10**6
    (folder / "hidden").mkdir()
    plain = without_hyperscan(folder / "hidden")
    for engine, environment in (("plain", plain), ("installed", here)):
        seconds, memory = cpu_and_memory(diagnose(log), environment, 3)
        net = seconds - crash
        print(
            f"{size:.0f} MB, {engine} engine: {seconds:.2f} s CPU, {memory:.0f} MiB; {size / seconds:.0f} MB/s, {size / net:.0f} without start-up"
        )
    many = ten_times_the_rules(folder / "many" / "rules")
    tenfold, _ = cpu_and_memory(diagnose(CRASH, "--rules", str(many)), here, runs)
    single, _ = cpu_and_memory(diagnose(CRASH, "--rules", str(ROOT / "rules")), here, runs)
    print(f"ten times as many rules, a traceback: {tenfold:.3f} s against {single:.3f} s; ratio {tenfold / single:.2f}")
    tenfold, _ = cpu_and_memory(diagnose(log, "--rules", str(many)), plain, 3)
    single, _ = cpu_and_memory(diagnose(log, "--rules", str(ROOT / "rules")), plain, 3)
    print(
        f"ten times as many rules, the large log, plain engine: {tenfold:.2f} s against {single:.2f} s; ratio {tenfold / single:.2f}"
    )


if __name__ == "__main__":
    main()
