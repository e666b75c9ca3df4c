"""Options that all checks have, and what they all do at the end."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from nndoctor.checkups.options import Effort, Progress
from nndoctor.cli.problems import USAGE, give_up
from nndoctor.diagnosis.model import Diagnosis
from nndoctor.nnunet.examination.records import Depth


class FailOn(str, Enum):
    """An Enum, because typer older than 0.19 takes no Literal."""

    error = "error"
    warning = "warning"
    never = "never"


DeepOption = Annotated[bool, typer.Option("--deep", help="Read every voxel: checksums, NaN, label values.")]
HeadersOption = Annotated[bool, typer.Option("--headers-only", help="Read no voxels, not even of small labels.")]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", min=1, help="Processes that read files. Default: the CPUs granted here.")
]
FailOnOption = Annotated[FailOn, typer.Option("--fail-on", help="What makes the exit code 1.")]
ReportOption = Annotated[
    Path | None, typer.Option("--report", metavar="FILE", help="Write a report: .html .md .json .sarif .txt.")
]
"""Not -o, which is nnU-Net's output folder."""


def effort(deep: bool, headers_only: bool, workers: int | None) -> Effort:
    """How much is read. Gives up when the options contradict each other."""
    if deep and headers_only:
        give_up("--deep and --headers-only exclude each other", USAGE)
    depth = Depth.deep if deep else Depth.headers if headers_only else None
    return Effort(depth, workers)


def exit_code(found: Diagnosis, fail_on: FailOn) -> int:
    """1 when a finding is as grave as the user minds."""
    minded = {FailOn.error: ("error",), FailOn.warning: ("error", "warning"), FailOn.never: ()}[fail_on]
    return int(any(finding.severity in minded for finding in found.findings))


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar with rate and time left on standard error, where that is a terminal; else nothing."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("cases, {task.fields[rate]}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, rate="")

        def show(done: int, total: int) -> None:
            speed = bar.tasks[0].finished_speed or bar.tasks[0].speed
            bar.update(task, completed=done, total=total, rate=f"{speed:.0f} per second" if speed else "")

        yield show
