"""`nndoctor diagnose`: logs in, a ranked diagnosis out."""

from __future__ import annotations

import sys
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from nndoctor.cli.language import LangOption, language
from nndoctor.cli.options import PythonOption, RedactOption
from nndoctor.cli.problems import USAGE, give_up, one_line_problems
from nndoctor.cli.reports import Format, hand_over
from nndoctor.consultation import consult
from nndoctor.witnesses import Options


class DiagnoseFormat(str, Enum):
    """Without SARIF, which lists places in files."""

    terminal = "terminal"
    html = "html"
    markdown = "markdown"
    json = "json"


def diagnose(
    texts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="LOG...",
            help="Logs, folders of logs, .gz, .zip, notebooks; - is standard input: COMMAND 2>&1 | nndoctor diagnose -",
        ),
    ] = None,
    input_folder: Annotated[
        Path | None, typer.Option("-i", metavar="INPUT", help="Folder of the images to predict.")
    ] = None,
    dataset: Annotated[str | None, typer.Option("-d", metavar="DATASET", help="Dataset id or name.")] = None,
    model: Annotated[
        Path | None, typer.Option("-m", metavar="MODEL_FOLDER", help="Folder of the trained model.")
    ] = None,
    configuration: Annotated[
        str | None, typer.Option("-c", metavar="CONFIG", help="Configuration, e.g. 3d_fullres.")
    ] = None,
    folds: Annotated[list[str] | None, typer.Option("-f", metavar="FOLD", help="Fold; may be given again.")] = None,
    plans: Annotated[str | None, typer.Option("-p", metavar="PLANS", help="Plans identifier.")] = None,
    trainer: Annotated[str | None, typer.Option("-tr", metavar="TRAINER", help="Trainer class.")] = None,
    checkpoint: Annotated[str | None, typer.Option("-chk", metavar="NAME", help="Checkpoint file name.")] = None,
    env: Annotated[
        str,
        typer.Option(
            "--env",
            metavar="auto|here|none|FILE",
            help="Whether this machine's facts count; FILE: a .json report made on the machine that crashed.",
        ),
    ] = "auto",
    python: PythonOption = None,
    format_: Annotated[
        DiagnoseFormat | None, typer.Option("--format", help="Report on standard output, or in -o FILE.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", metavar="FILE", help="Write a report: .html .md .json .txt.")
    ] = None,
    redact: RedactOption = None,
    lang: LangOption = None,
    rules: Annotated[
        Path | None, typer.Option("--rules", metavar="DIR", help="Rules to use instead of nndoctor's own.")
    ] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 1 when a failure is found.")] = False,
) -> None:
    """Diagnose nnU-Net crashes: what happened, the lines that prove it, what to do first."""
    texts, spoken = texts or _piped(), language(lang)
    options = Options(
        texts, env, input_folder, model, dataset, configuration, folds, trainer, plans, checkpoint,
        None if python is None else str(python), rules, spoken,
    )  # fmt: skip
    if output is not None:
        _spare(output, texts)
    with one_line_problems():
        found = consult(options)
        hand_over(found, Format(format_.value) if format_ else None, output, redact, spoken)
    if exit_code and found.status in ("diagnosed", "undetermined"):
        raise typer.Exit(1)


def _piped() -> list[str]:
    if sys.stdin is None or sys.stdin.isatty():
        give_up("no log given. Name a file, or pipe the text in: COMMAND 2>&1 | nndoctor diagnose -", USAGE)
    return ["-"]


def _spare(output: Path, texts: list[str]) -> None:
    """A report never replaces the log that it is about."""
    for text in texts:
        with suppress(OSError, ValueError):
            if output.is_file() and output.samefile(text):
                give_up(f"-o {output} is the log itself. Name another file for the report", USAGE)
