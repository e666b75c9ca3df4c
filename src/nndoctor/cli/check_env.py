"""`nndoctor check env`: variables, versions, memory, disks and compilers, judged."""

from __future__ import annotations

import typer

from nndoctor.checkups.options import Common
from nndoctor.cli.check_options import FailOn, FailOnOption, FormatOption, PythonOption, ReportOption, exit_code
from nndoctor.cli.language import LangOption, language
from nndoctor.cli.options import RedactOption
from nndoctor.cli.problems import one_line_problems
from nndoctor.cli.reports import hand_over


def check_env(
    python: PythonOption = None,
    format_: FormatOption = None,
    report: ReportOption = None,
    fail_on: FailOnOption = FailOn.error,
    redact: RedactOption = None,
    lang: LangOption = None,
) -> None:
    """Check this computer: variables, versions, memory, disks, compilers."""
    from nndoctor.checkups.environment import check_environment

    spoken = language(lang)
    with one_line_problems():
        found = check_environment(Common(python=None if python is None else str(python), language=spoken))
        hand_over(found, format_, report, redact, spoken)
    raise typer.Exit(exit_code(found, fail_on))
