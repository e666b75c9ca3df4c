"""Problems that a user can cause end in one line and an exit code, never in a traceback."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

USAGE = 2
UNREADABLE = 3


def give_up(message: str, code: int) -> NoReturn:
    """One line on standard error, safe for any console, then exit."""
    say(message)
    sys.exit(code)


def say(message: str) -> None:
    """One line on standard error, where somebody listens."""
    if sys.stderr is None or not message:
        return
    line = "".join(char if char.isprintable() else "?" for char in " ".join(message.split()))
    encoding = sys.stderr.encoding or "ascii"
    with suppress(OSError):
        sys.stderr.write(f"nndoctor: {line}\n".encode(encoding, "backslashreplace").decode(encoding))


def flush_output() -> None:
    """Write out what is still to be written. A reader that left early is no problem; a full disk is one."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()
    except OSError as problem:
        _discard_output()
        give_up(f"standard output: could not be written ({problem.strerror or problem})", UNREADABLE)


def _discard_output() -> None:
    """What is still in the buffer goes nowhere, so that the interpreter does not try again at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def in_one_line(problem: Exception) -> tuple[str, int]:
    """Message and exit code of what nobody caught: wrong usage (typer's own), a full disk, or a bug of nndoctor."""
    usage = getattr(problem, "format_message", None)
    if usage is not None:
        said = usage().split("\n\n")[0]
        return f"{said} See: nndoctor --help" if said else "", getattr(problem, "exit_code", USAGE)
    if isinstance(problem, OSError):
        _discard_output()
        reason = problem.strerror or problem
        known = None if problem.filename is None else f"{problem.filename}: {reason}"
        return known or f"standard output: could not be written ({reason})", UNREADABLE
    frame = traceback.extract_tb(problem.__traceback__)[-1]
    where = f"{Path(frame.filename).name}:{frame.lineno}"
    return f"a bug in nndoctor, please report it: {type(problem).__name__}: {problem} ({where})", UNREADABLE


@contextmanager
def one_line_problems() -> Iterator[None]:
    """Turn what the user can mend into its line and exit code."""
    try:
        yield
    except MemoryError:
        give_up("out of memory while reading", UNREADABLE)
    except Exception as problem:
        from nndoctor.diagnosis.rulebook import RuleError
        from nndoctor.logs import SourceError

        if isinstance(problem, (RuleError, SourceError)):
            give_up(str(problem), UNREADABLE)
        raise
