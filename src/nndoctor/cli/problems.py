"""Problems that a user can cause end in one line and an exit code, never in a traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from nndoctor.diagnosis.rulebook import RuleError
from nndoctor.logs import SourceError

USAGE = 2
UNREADABLE = 3


def give_up(message: str, code: int) -> NoReturn:
    """One line on standard error, safe for any console, then exit."""
    line = "".join(char if char.isprintable() else "?" for char in " ".join(message.split()))
    encoding = sys.stderr.encoding or "ascii"
    sys.stderr.write(f"nndoctor: {line}\n".encode(encoding, "backslashreplace").decode(encoding))
    sys.exit(code)


@contextmanager
def one_line_problems() -> Iterator[None]:
    """Turn what the user can mend into its line and exit code."""
    try:
        yield
    except SourceError as problem:
        give_up(str(problem), UNREADABLE)
    except RuleError as problem:
        give_up(str(problem), UNREADABLE)
    except MemoryError:
        give_up("out of memory while reading", UNREADABLE)
