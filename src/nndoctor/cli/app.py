"""The command line: every command is a module of this folder, imported when it is called."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Annotated

import typer

from nndoctor import __version__
from nndoctor.cli.problems import flush_output, give_up, in_one_line

app = typer.Typer(
    name="nndoctor",
    help="Crash analyzer and log doctor for nnU-Net.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


COMMANDS = ("diagnose", "env", "explain", "evaluate")
GROUPS = ("check", "rules")


def _register(arguments: Iterable[str]) -> None:
    """The command that is called, or all of them where that is none: importing them all takes longer than a check."""
    called, known = next(iter(arguments), ""), (*COMMANDS, *GROUPS)
    for name in [called] if called in known else known:
        member = getattr(import_module(f"nndoctor.cli.{name}"), name)
        if name in GROUPS:
            app.add_typer(member, name=name)
        else:
            app.command()(member)


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
    gc.set_threshold(50_000)  # a tenth of the time of a short command went into looking for garbage that is not there
    try:
        _register(sys.argv[1:])
        code = app(standalone_mode=False)
        flush_output()
    except (KeyboardInterrupt, typer.Abort):
        give_up("stopped", 130)
    except Exception as problem:
        give_up(*in_one_line(problem))
    sys.exit(code if isinstance(code, int) else 0)
