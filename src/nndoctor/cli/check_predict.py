"""`nndoctor check predict`: the options of nnUNetv2_predict, and what the check itself takes."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from nndoctor.checkups.options import Common
from nndoctor.checkups.predict_options import Prediction
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
from nndoctor.cli.language import LangOption, language
from nndoctor.cli.options import RedactOption
from nndoctor.cli.problems import USAGE, give_up, one_line_problems
from nndoctor.cli.reports import hand_over

OF_PREDICT = "nnUNetv2_predict"


class Device(str, Enum):
    cuda = "cuda"
    cpu = "cpu"
    mps = "mps"


def check_predict(
    source: Annotated[Path, typer.Option("-i", metavar="INPUT", help="Images.", rich_help_panel=OF_PREDICT)],
    output: Annotated[
        Path | None, typer.Option("-o", metavar="OUTPUT", help="Predictions.", rich_help_panel=OF_PREDICT)
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(
            "-m", metavar="FOLDER", help="Model folder (predict_from_modelfolder).", rich_help_panel=OF_PREDICT
        ),
    ] = None,
    dataset: Annotated[
        str | None, typer.Option("-d", metavar="DATASET", help="Dataset id or name.", rich_help_panel=OF_PREDICT)
    ] = None,
    configuration: Annotated[
        str | None, typer.Option("-c", metavar="CONFIG", help="Configuration.", rich_help_panel=OF_PREDICT)
    ] = None,
    plans: Annotated[
        str | None, typer.Option("-p", metavar="PLANS", help="Plans identifier.", rich_help_panel=OF_PREDICT)
    ] = None,
    trainer: Annotated[
        str | None, typer.Option("-tr", metavar="TRAINER", help="Trainer class.", rich_help_panel=OF_PREDICT)
    ] = None,
    folds: Annotated[
        list[str] | None,
        typer.Option("-f", metavar="FOLD...", help="Folds: numbers, or all.", rich_help_panel=OF_PREDICT),
    ] = None,
    more_folds: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
    checkpoint: Annotated[
        str | None, typer.Option("-chk", metavar="NAME", help="Name of the checkpoint.", rich_help_panel=OF_PREDICT)
    ] = None,
    previous: Annotated[
        Path | None,
        typer.Option(
            "-prev_stage_predictions", metavar="DIR", help="What a cascade needs.", rich_help_panel=OF_PREDICT
        ),
    ] = None,
    npp: Annotated[
        int | None, typer.Option("-npp", metavar="N", help="Preprocessing processes.", rich_help_panel=OF_PREDICT)
    ] = None,
    nps: Annotated[
        int | None, typer.Option("-nps", metavar="N", help="Export processes.", rich_help_panel=OF_PREDICT)
    ] = None,
    save_probabilities: Annotated[
        bool, typer.Option("--save_probabilities", help="Probabilities are saved too.", rich_help_panel=OF_PREDICT)
    ] = False,
    continue_prediction: Annotated[
        bool,
        typer.Option("--continue_prediction", "--c", help="Finished cases are skipped.", rich_help_panel=OF_PREDICT),
    ] = False,
    device: Annotated[
        Device, typer.Option("-device", help="Where the network runs.", rich_help_panel=OF_PREDICT)
    ] = Device.cuda,
    num_parts: Annotated[
        int, typer.Option("-num_parts", metavar="N", help="Parts of the work.", rich_help_panel=OF_PREDICT)
    ] = 1,
    part_id: Annotated[
        int, typer.Option("-part_id", metavar="N", help="Which part, from 0.", rich_help_panel=OF_PREDICT)
    ] = 0,
    step_size: Annotated[
        float,
        typer.Option("-step_size", metavar="X", min=0.01, max=1, help="As nnU-Net's.", rich_help_panel=OF_PREDICT),
    ] = 0.5,
    disable_tta: Annotated[
        bool, typer.Option("--disable_tta", help="No mirroring.", rich_help_panel=OF_PREDICT)
    ] = False,
    not_on_device: Annotated[
        bool, typer.Option("--not_on_device", help="Results stay in main memory.", rich_help_panel=OF_PREDICT)
    ] = False,
    said: Annotated[
        bool,
        typer.Option("--verbose", "--disable_progress_bar", help="Change nothing here.", rich_help_panel=OF_PREDICT),
    ] = False,
    python: PythonOption = None,
    deep: DeepOption = False,
    headers_only: HeadersOption = False,
    workers: WorkersOption = None,
    no_cache: CacheOption = False,
    dask: DaskOption = None,
    format_: FormatOption = None,
    report: ReportOption = None,
    fail_on: FailOnOption = FailOn.error,
    redact: RedactOption = None,
    lang: LangOption = None,
) -> None:
    """Check a prediction: the model, every image, the output folder, what is installed."""
    from nndoctor.checkups.predict import check_predict as run

    _usage(model, dataset, configuration, num_parts)
    asked = Prediction(
        source, output, model, dataset, configuration, plans, trainer, _all_folds(folds, more_folds), checkpoint,
        previous, npp, nps,
        save_probabilities, continue_prediction, device.value, part_id, num_parts,
        step_size, not disable_tta, not not_on_device,
    )  # fmt: skip
    spoken = language(lang)
    common = Common(
        effort(deep, headers_only, workers, no_cache, dask), None if python is None else str(python), language=spoken
    )
    with one_line_problems():
        with progress_bar() as progress:
            found = run(asked, common, progress)
        hand_over(found, format_, report, redact, spoken)
    raise typer.Exit(exit_code(found, fail_on, deep))


def _all_folds(folds: list[str] | None, more: list[str] | None) -> list[str] | None:
    """-f takes several folds as nnU-Net's does; all but the first arrive as arguments."""
    if more and not folds:
        give_up(f"unexpected argument: {more[0]}", USAGE)
    return [*folds, *(more or [])] if folds else None


def _usage(model: Path | None, dataset: str | None, configuration: str | None, num_parts: int) -> None:
    """Gives up where nnU-Net's own commands would not even begin."""
    if (model is None) == (dataset is None):
        give_up("either -m MODEL_FOLDER, or -d DATASET with -c CONFIG", USAGE)
    if dataset is not None and configuration is None:
        give_up("-d DATASET needs -c CONFIG", USAGE)
    if model is not None and num_parts != 1:
        give_up("nnUNetv2_predict_from_modelfolder (-m) has no -num_parts", USAGE)
