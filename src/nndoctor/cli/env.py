"""`nndoctor env`: what a maintainer would ask about this computer; a snapshot for `nndoctor diagnose --env FILE`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from nndoctor.cli.language import LangOption, language
from nndoctor.cli.options import PythonOption, RedactOption
from nndoctor.cli.problems import USAGE, flush_output, give_up, one_line_problems
from nndoctor.diagnosis.model import Diagnosis
from nndoctor.report.words import Language


def env(
    markdown: Annotated[bool, typer.Option("--markdown", help="For a ticket.")] = False,
    json: Annotated[
        bool, typer.Option("--json", help="A snapshot: nndoctor diagnose LOG --env FILE reads it.")
    ] = False,
    python: PythonOption = None,
    redact: RedactOption = None,
    lang: LangOption = None,
) -> None:
    """Show versions, variables, memory, GPUs, disks and limits of this computer as nnU-Net meets them."""
    from nndoctor.consultation import this_computer
    from nndoctor.report import redact as without_names

    if markdown and json:
        give_up("--markdown and --json exclude each other", USAGE)
    spoken = language(lang)
    with one_line_problems():
        found = this_computer(None if python is None else str(python))
    wanted = (markdown or json) if redact is None else redact
    _show(without_names(found) if wanted else found, markdown, json, spoken)
    flush_output()


def _show(found: Diagnosis, markdown: bool, json: bool, lang: Language) -> None:
    from nndoctor.report import render_json
    from nndoctor.report.environment import environment_markdown, print_environment

    if json:
        sys.stdout.write(render_json(found) + "\n")
    elif markdown:
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        sys.stdout.write(environment_markdown(found, lang) + "\n")
    else:
        print_environment(found, lang)
