"""`nndoctor check train`: the arguments of nnUNetv2_train, and what will come of them."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from nndoctor.checkups.options import Common, Effort
from nndoctor.cli.check_options import (
    FailOn,
    FailOnOption,
    FormatOption,
    PythonOption,
    ReportOption,
    WorkersOption,
    exit_code,
    progress_bar,
)
from nndoctor.cli.language import LangOption, language
from nndoctor.cli.options import RedactOption
from nndoctor.cli.problems import one_line_problems
from nndoctor.cli.reports import hand_over
from nndoctor.nnunet.checks.train_request import TrainRequest


def check_train(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="Dataset id or name.")],
    configuration: Annotated[str, typer.Argument(metavar="CONFIGURATION", help="2d, 3d_fullres, ...")],
    fold: Annotated[str, typer.Argument(metavar="FOLD", help="0 to 4, or all.")],
    trainer: Annotated[str, typer.Option("-tr", metavar="TRAINER", help="Trainer class.")] = "nnUNetTrainer",
    plans: Annotated[str, typer.Option("-p", metavar="PLANS", help="Plans identifier.")] = "nnUNetPlans",
    pretrained: Annotated[
        str | None, typer.Option("-pretrained_weights", metavar="FILE", help="Checkpoint to begin with.")
    ] = None,
    num_gpus: Annotated[int, typer.Option("-num_gpus", help="GPUs to train on.")] = 1,
    npz: Annotated[bool, typer.Option("--npz", help="Save probabilities of the validation.")] = False,
    continues: Annotated[bool, typer.Option("--c", help="Continue the training.")] = False,
    validates: Annotated[bool, typer.Option("--val", help="Run the validation only.")] = False,
    val_best: Annotated[bool, typer.Option("--val_best", help="Validate with checkpoint_best.")] = False,
    disable_checkpointing: Annotated[
        bool, typer.Option("--disable_checkpointing", help="Write no checkpoints.")
    ] = False,
    device: Annotated[str, typer.Option("-device", help="cuda, cpu or mps.")] = "cuda",
    workers: WorkersOption = None,
    python: PythonOption = None,
    format_: FormatOption = None,
    report: ReportOption = None,
    fail_on: FailOnOption = FailOn.error,
    redact: RedactOption = None,
    lang: LangOption = None,
) -> None:
    """Check a training: plans, preprocessed data, fold, checkpoints, trainer, this computer."""
    from nndoctor.checkups.train import check_train as run

    asked = TrainRequest(
        dataset=dataset,
        configuration=configuration,
        fold=fold,
        trainer=trainer,
        plans=plans,
        continues=continues,
        validates=validates,
        val_best=val_best,
        disable_checkpointing=disable_checkpointing,
        num_gpus=num_gpus,
        pretrained=pretrained,
        device=device,
        saves_probabilities=npz,
        environ=dict(os.environ),
    )
    spoken = language(lang)
    common = Common(Effort(workers=workers), None if python is None else str(python), language=spoken)
    with one_line_problems():
        with progress_bar() as progress:
            found = run(asked, common, progress)
        hand_over(found, format_, report, redact, spoken)
    raise typer.Exit(exit_code(found, fail_on))
