"""Options that all checks have, and what they all do at the end."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from nndoctor.checkups.options import Effort, Progress
from nndoctor.cli.problems import UNREADABLE, USAGE, give_up
from nndoctor.cli.progress import Bar
from nndoctor.cli.reports import Format
from nndoctor.diagnosis.model import UNREAD, Diagnosis
from nndoctor.nnunet.examination.records import Depth, ExaminationError


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
FormatOption = Annotated[
    Format | None, typer.Option("--format", help="Report on standard output, or in --report FILE.")
]
FailOnOption = Annotated[FailOn, typer.Option("--fail-on", help="What makes the exit code 1.")]
ReportOption = Annotated[
    Path | None, typer.Option("--report", metavar="FILE", help="Write a report: .html .md .json .sarif .txt.")
]
"""Not -o, which is nnU-Net's output folder."""


def _startable(python: Path | None) -> Path | None:
    """A check that silently left out what another interpreter would tell would look like a sound one."""
    if python is not None and shutil.which(str(python)) is None:
        raise typer.BadParameter(f"{python} is no program that can be started")
    return python


PythonOption = Annotated[
    Path | None,
    typer.Option("--python", callback=_startable, help="Interpreter of nnU-Net's environment, when it is another one."),
]
CacheOption = Annotated[
    bool, typer.Option("--no-cache", help="Read every file again, also those that did not change since they were read.")
]
DaskOption = Annotated[
    str | None,
    typer.Option(
        "--dask", metavar="ADDRESS", help="Let the workers of a Dask cluster read: scheduler address or file."
    ),
]


def effort(
    deep: bool, headers_only: bool, workers: int | None, no_cache: bool = False, dask: str | None = None
) -> Effort:
    """How much is read, and by whom. Gives up when the options contradict each other."""
    if deep and headers_only:
        give_up("--deep and --headers-only exclude each other", USAGE)
    if dask is not None and workers is not None:
        give_up("--dask and --workers exclude each other: the cluster has its own workers", USAGE)
    depth = Depth.deep if deep else Depth.headers if headers_only else None
    return Effort(depth, workers, cache=not no_cache, dask=dask)


def exit_code(found: Diagnosis, fail_on: FailOn, deep: bool = False) -> int:
    """1 when a finding is as grave as the user minds, 3 when --deep was asked for and voxels could not be read."""
    minded = {FailOn.error: ("error",), FailOn.warning: ("error", "warning"), FailOn.never: ()}[fail_on]
    if any(finding.severity in minded for finding in found.findings):
        return 1
    return UNREADABLE if deep and found.checkup is not None and found.checkup.depth == UNREAD else 0


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on standard error, where that is a terminal. Shards and clusters that cannot be used end in one line."""
    bar = Bar() if sys.stderr is not None and sys.stderr.isatty() else None
    try:
        yield (lambda done, total: None) if bar is None else bar.show
    except ExaminationError as problem:
        give_up(str(problem), UNREADABLE)
    finally:
        if bar is not None:
            bar.close()
