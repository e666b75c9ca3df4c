"""A stable name for a failure that no rule knows: exception, in-app functions, message without its particulars."""

from __future__ import annotations

import hashlib
import re

from nndoctor.diagnosis.ownership import Upstream, in_app_functions
from nndoctor.logs import ExceptionEvent

VERSION = 1
_PARTICULARS = (
    (re.compile(r"0x[0-9a-fA-F]+"), "<address>"),
    (re.compile(r"(?:[A-Za-z]:)?[\\/][^\s'\",;:)\]]+"), "<path>"),
    (re.compile(r"'[^']*'|\"[^\"]*\""), "<text>"),
    (re.compile(r"\d+(?:\.\d+)?"), "<n>"),
)


def mask(message: str) -> str:
    """The message with addresses, paths, quoted texts and numbers replaced."""
    for pattern, name in _PARTICULARS:
        message = pattern.sub(name, message)
    return " ".join(message.split())[:200]


def signature(event: ExceptionEvent, upstream: Upstream) -> str:
    """`v1:<8 hex digits> Type in a > b > c: masked message`; the digits are the same for the same failure."""
    path = in_app_functions(event, upstream)[-4:]
    where = " > ".join(path) or "?"
    words = f"{event.name or 'cut traceback'} in {where}: {mask(event.message)}"
    digest = hashlib.blake2b(words.encode(), digest_size=4).hexdigest()
    return f"v{VERSION}:{digest} {words}"
