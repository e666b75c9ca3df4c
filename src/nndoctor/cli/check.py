"""`nndoctor check`: what will make a run fail, or lie, before it starts."""

from __future__ import annotations

from typing import Annotated

import typer

from nndoctor.checkups.options import Common
from nndoctor.cli.check_env import check_env
from nndoctor.cli.check_merge import ShardFileOption, ShardOption, check_merge, write_shard
from nndoctor.cli.check_options import (
    CacheOption,
    DaskOption,
    DeepOption,
    FailOn,
    FailOnOption,
    FormatOption,
    HeadersOption,
    PythonOption,
    ReportOption,
    WorkersOption,
    effort,
    exit_code,
    progress_bar,
)
from nndoctor.cli.check_predict import check_predict
from nndoctor.cli.check_train import check_train
from nndoctor.cli.language import LangOption, language
from nndoctor.cli.options import RedactOption
from nndoctor.cli.problems import one_line_problems
from nndoctor.cli.reports import hand_over

check = typer.Typer(
    name="check", no_args_is_help=True, help="Find what will make a run fail, or lie, before it starts."
)

check.command("env")(check_env)
check.command("predict")(check_predict)
check.command("merge")(check_merge)
check.command("train")(check_train)


@check.command("dataset")
def check_dataset(
    dataset: Annotated[str, typer.Option("-d", metavar="ID|DIR", help="Dataset id, name, or folder.")],
    deep: DeepOption = False,
    headers_only: HeadersOption = False,
    workers: WorkersOption = None,
    no_cache: CacheOption = False,
    dask: DaskOption = None,
    python: PythonOption = None,
    shard: ShardOption = None,
    shard_file: ShardFileOption = None,
    format_: FormatOption = None,
    report: ReportOption = None,
    fail_on: FailOnOption = FailOn.error,
    redact: RedactOption = None,
    lang: LangOption = None,
) -> None:
    """Check a dataset: dataset.json, every file, splits, plans, preprocessed data."""
    from nndoctor.checkups.dataset import check_dataset as run

    spoken = language(lang)
    common = Common(
        effort(deep, headers_only, workers, no_cache, dask), None if python is None else str(python), language=spoken
    )
    if shard is not None or shard_file is not None:
        write_shard(dataset, common.effort, shard, shard_file, report)
        return
    with one_line_problems():
        with progress_bar() as progress:
            found = run(dataset, common, progress)
        hand_over(found, format_, report, redact, spoken)
    raise typer.Exit(exit_code(found, fail_on, deep))
