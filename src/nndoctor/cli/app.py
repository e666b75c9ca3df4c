"""The command line: every command is a module of this folder, imported when it is called."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from nndoctor import __version__
from nndoctor.cli.check import check
from nndoctor.cli.diagnose import diagnose
from nndoctor.cli.env import env
from nndoctor.cli.evaluate import evaluate
from nndoctor.cli.explain import explain
from nndoctor.cli.problems import flush_output, give_up, in_one_line
from nndoctor.cli.rules import rules
from nndoctor.cli.rules_new import new_rule

app = typer.Typer(
    name="nndoctor",
    help="Crash analyzer and log doctor for nnU-Net.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(diagnose)
app.command()(env)
app.command()(explain)
app.command()(evaluate)
rules.command("new")(new_rule)
app.add_typer(check, name="check")
app.add_typer(rules, name="rules")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"nndoctor {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Crash analyzer and log doctor for nnU-Net."""


def main() -> None:
    """Run the command line. Exit codes: 0 done, 1 a failure was found, 2 wrong usage, 3 input could not be read."""
    try:
        code = app(standalone_mode=False)
        flush_output()
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    except Exception as problem:
        give_up(*in_one_line(problem))
    sys.exit(code if isinstance(code, int) else 0)
