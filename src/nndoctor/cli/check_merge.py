"""A dataset is checked by many tasks: `check dataset --shard i/N` writes a part, `check merge` judges all parts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from nndoctor.checkups.options import Common, Effort
from nndoctor.cli.check_options import FailOn, FailOnOption, FormatOption, ReportOption, exit_code, progress_bar
from nndoctor.cli.language import LangOption, language
from nndoctor.cli.options import RedactOption
from nndoctor.cli.problems import USAGE, give_up, one_line_problems, say
from nndoctor.cli.reports import hand_over

ShardOption = Annotated[
    str | None,
    typer.Option("--shard", metavar="i/N", help="Read only every Nth case, from the ith (1 to N), into -o FILE."),
]
ShardFileOption = Annotated[
    Path | None, typer.Option("-o", metavar="FILE.jsonl", help="Where --shard writes; nndoctor check merge reads it.")
]


def check_merge(
    shards: Annotated[list[Path], typer.Argument(metavar="SHARD.jsonl...", help="All shards of a dataset.")],
    format_: FormatOption = None,
    report: ReportOption = None,
    fail_on: FailOnOption = FailOn.error,
    redact: RedactOption = None,
    lang: LangOption = None,
) -> None:
    """Judge the shards of check dataset --shard as if one run had read everything."""
    from nndoctor.checkups.shards import merge_shards

    spoken = language(lang)
    with one_line_problems():
        with progress_bar() as progress:
            found = merge_shards(shards, Common(language=spoken), progress)
        hand_over(found, format_, report, redact, spoken)
    raise typer.Exit(exit_code(found, fail_on))


def write_shard(dataset: str, effort: Effort, shard: str | None, target: Path | None, report: Path | None) -> None:
    """One part of a dataset is read and written; it is judged when all parts are merged."""
    from nndoctor.checkups.shards import write_dataset_shard

    if shard is None or target is None:
        give_up("--shard i/N and -o FILE.jsonl belong together; a report goes to --report FILE", USAGE)
    if report is not None:
        give_up("a shard is no report: nndoctor check merge writes one of all shards", USAGE)
    with one_line_problems(), progress_bar() as progress:
        done = write_dataset_shard(dataset, effort, _number_of(shard), target, progress)
    say(done)


def _number_of(shard: str) -> tuple[int, int]:
    """3/8 as (3, 8). Gives up on anything else."""
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", shard)
    number, shards = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= number <= shards:
        give_up(f"--shard {shard}: it is i/N, with i from 1 to N", USAGE)
    return number, shards
