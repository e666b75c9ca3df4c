"""Run the faults with the installed nnU-Net and store what it printed.

python -m tests.lab.record --python /path/to/venv/bin/python [--only NAME ...] --out fixtures
"""

from __future__ import annotations

import argparse
import contextlib
import fnmatch
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.lab.families import FAMILIES
from tests.lab.model import Fault, Outcome, Run, Scene

REPOSITORY = Path(__file__).resolve().parents[2]


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.lab.record", description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="interpreter that has nnunetv2")
    parser.add_argument("--only", nargs="+", default=["*"], metavar="NAME", help="names of faults, or patterns")
    parser.add_argument("--out", type=Path, required=True, help="folder for the cases")
    parser.add_argument("--rejects", type=Path, help="folder for texts that hold no evidence of their fault")
    parser.add_argument("--work", type=Path, help="folder for the base dataset, kept from call to call")
    return parser.parse_args(argv)


def choose(patterns: list[str]) -> list[Fault]:
    from tests.lab.faults import table

    faults = table()
    unknown = [pattern for pattern in patterns if not fnmatch.filter(faults, pattern)]
    if unknown:
        raise SystemExit(f"no fault is named {', '.join(unknown)}")
    return [fault for name, fault in faults.items() if any(fnmatch.fnmatch(name, each) for each in patterns)]


def perform(fault: Fault, scene: Scene, log: Path) -> tuple[str, Run]:
    """Inject, run, undo."""
    from tests.lab import base, limits, runner

    try:
        if fault.inject is not None:
            fault.inject(scene)
        fields = {name: getattr(scene, name) for name in dir(Scene) if isinstance(getattr(Scene, name), property)}
        command = fault.command.format(root=scene.root, **fields)
        in_main = base.small_fingerprint if "plan_and_preprocess" in command else fault.in_main
        hooks = {"confine": fault.confine, "in_main": in_main, "in_worker": fault.in_worker}
        return command, runner.run(command, scene.root, scene.env, log, stop=fault.stop, limit=fault.limit, **hooks)
    finally:
        for step in reversed(scene.undo):
            step()
        limits.remove_cgroups()


def judge(fault: Fault, text: str) -> tuple[Outcome, str] | None:
    """Which outcome holds, and the line that proves it; None when nothing in the text shows the fault."""
    from tests.lab.faults.commands import SYMPTOM

    lines = text.split("\n")
    for outcome in (*fault.outcomes, *((SYMPTOM,) if fault.symptom else ())):
        found = [line for line in lines if re.search(outcome.key, line)]
        spoken = [line for line in found if not line.startswith("    ")]  # not the source that would print it
        if found:
            return outcome, (spoken or found)[0]
    return None


def describe(fault: Fault, command: str, run: Run, outcome: Outcome, line: str) -> dict[str, Any]:
    """The content of case.yaml."""
    first = outcome.first or fault.cause
    expect = {"status": outcome.status, "first": first, "also": list(outcome.also), "key_line": line}
    return {
        "origin": "recorded",
        "nnunetv2": importlib.metadata.version("nnunetv2"),
        "python": ".".join(map(str, sys.version_info[:3])),
        "torch": importlib.metadata.version("torch").split("+")[0],
        "command": command,
        "fault": fault.what,
        "exit_code": run.exit_code,
        "expect": expect,
    }


def store(fault: Fault, command: str, run: Run, scene: Scene, options: argparse.Namespace) -> str:
    """Write the case, or the reject; return one line for the person who waits."""
    import yaml

    from tests.lab.scrub import scrub

    text = scrub(run.text, scene.root)
    name = f"{fault.name}-{scene.version}"
    failed = fault.cause == "no-failure" and run.exit_code != 0  # a healthy run that was none
    judged = None if failed else judge(fault, text)
    summary = f"{name:48} exit {run.exit_code!s:5} {run.seconds:5.1f} s"
    if judged is None:
        if options.rejects:
            options.rejects.mkdir(parents=True, exist_ok=True)
            (options.rejects / f"{name}.txt").write_text(text)
        return f"{summary}  NO EVIDENCE of {fault.cause}"
    case = describe(fault, scrub(command, scene.root), run, *judged)
    first = case["expect"]["first"]
    folder = options.out / FAMILIES[first] / first / name
    for old in options.out.glob(f"*/*/{name}"):
        shutil.rmtree(old)  # a corrected label moves the case
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "input.txt").write_text(text)
    (folder / "case.yaml").write_text(yaml.safe_dump(case, sort_keys=False, allow_unicode=True, width=1000))
    return f"{summary}  {case['expect']['status']} {first}"


def attempt(fault: Fault, scene: Scene, log: Path, options: argparse.Namespace) -> str:
    """One fault from injection to fixture; a fault that can't be injected does not end the others."""
    try:
        command, run = perform(fault, scene, log)
    except (OSError, subprocess.SubprocessError, LookupError) as error:
        return f"{fault.name:48} NOT INJECTED: {error!r}"
    return store(fault, command, run, scene, options)


@contextlib.contextmanager
def workplace(chosen: Path | None) -> Iterator[Path]:
    """The chosen folder, or one that is removed at the end.

    TemporaryDirectory would not do: its finalizer is inherited by every fork, and the first run to end removes it.
    """
    if chosen is not None:
        chosen.mkdir(parents=True, exist_ok=True)
        yield chosen.resolve()
        return
    folder = tempfile.mkdtemp(prefix="nndoctor-lab-")
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def record(options: argparse.Namespace) -> None:
    from tests.lab import base, runner

    faults = choose(options.only)
    runner.preload()
    with workplace(options.work) as work:
        healthy = base.build(work)
        for fault in faults:
            scene = base.copy(healthy, work)
            if fault.when(scene):
                print(attempt(fault, scene, work / "run.log", options), flush=True)


def main() -> None:
    options = arguments()
    if Path(options.python).absolute() != Path(sys.executable).absolute():
        # the faults are injected and run in the interpreter that has nnU-Net, which need not have anything of ours
        environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
        command = [options.python, "-m", "tests.lab.record", *sys.argv[1:], "--python", options.python]
        sys.exit(subprocess.run(command, env=environment, check=False).returncode)
    record(options)


if __name__ == "__main__":
    main()
