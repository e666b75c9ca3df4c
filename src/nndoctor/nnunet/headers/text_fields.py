"""What the text headers of NRRD and MetaImage have in common."""

from __future__ import annotations

import re
from math import prod

from nndoctor.nnunet.files import BadFileError

_NUMBER = re.compile(r"[-+]?(?:\d{1,40}\.?\d{0,40}|\.\d{1,40})(?:[eE][-+]?\d{1,3})?|nan", re.IGNORECASE)


def integers(text: str) -> tuple[int, ...]:
    """Integers of up to 18 digits, separated by blanks. Raises BadFileError when a word is none."""
    words = text.split()
    if not words or any(not re.fullmatch(r"[-+]?\d{1,18}", word) for word in words):
        raise BadFileError(f"no integers in the header: {text[:60]!r}")
    return tuple(int(word) for word in words)


def reals(text: str) -> tuple[float, ...]:
    """The numbers in a text, whatever stands between them; none when there are none."""
    return tuple(float(word) for word in _NUMBER.findall(text[:10_000]))


def required(fields: dict[str, str], key: str) -> str:
    """The value of a field that every header has. Raises BadFileError when it is not there."""
    if key not in fields:
        raise BadFileError(f"the header has no '{key}'")
    return fields[key]


def data_bytes(shape: tuple[int, ...], components: int, number_bytes: int | None) -> int | None:
    """Bytes of the voxels before compression; None when the type has no fixed size."""
    return None if number_bytes is None else prod(shape) * components * number_bytes
