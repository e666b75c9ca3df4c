"""JSON files of any origin, read within bounds of size and depth."""

from __future__ import annotations

import json
from pathlib import Path

from nndoctor.nnunet.files import BadFileError, disguise, opened

MOST_BYTES = 32 * 1024 * 1024
DEEPEST = 64


def read_object(path: Path) -> dict[str, object]:
    """The JSON object in a file of at most 32 MiB and 64 levels. Raises BadFileError with the reason.

    Read as UTF-8 by Python's json module, as nnU-Net does (batchgenerators load_json): NaN and Infinity pass.
    """
    value = read_json(path)
    if not isinstance(value, dict):
        raise BadFileError("no JSON object but " + type(value).__name__)
    return value


def read_json(path: Path) -> object:
    """The JSON value in a file of at most 32 MiB and 64 levels. Raises BadFileError with the reason."""
    with opened(path) as (stream, size):
        if size > MOST_BYTES:
            raise BadFileError(f"{size} bytes: too large for this kind of file")
        return parse(stream.read(MOST_BYTES))


def parse(data: bytes) -> object:
    """The JSON value in `data`. Raises BadFileError when it is none, or deeper than 64 levels."""
    if not data.strip():
        raise BadFileError("empty file")
    if (words := disguise(data)) is not None:
        raise BadFileError(words)
    if depth(data) > DEEPEST:
        raise BadFileError(f"nested deeper than {DEEPEST} levels")
    try:
        value: object = json.loads(data.decode("utf-8"))
    except json.JSONDecodeError as error:
        raise BadFileError(f"invalid JSON: {error.msg} (line {error.lineno}, column {error.colno})") from error
    except UnicodeDecodeError as error:
        raise BadFileError(f"not UTF-8: byte {error.start}") from error
    except (ValueError, RecursionError) as error:
        raise BadFileError("invalid JSON: a number or a nesting beyond all bounds") from error
    return value


def depth(data: bytes) -> int:
    """How deep brackets nest outside of strings; time grows linearly with the bytes."""
    unescaped = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    outside = b"".join(unescaped.split(b'"')[::2])
    brackets = outside.translate(None, bytes(set(range(256)) - set(b"[]{}")))
    level = deepest = 0
    for bracket in brackets:
        level += 1 if bracket in b"[{" else -1
        deepest = max(deepest, level)
    return deepest


def as_object(value: object) -> dict[str, object]:
    """`value` when it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """`value` when it is a JSON array, else an empty one."""
    return value if isinstance(value, list) else []


def as_int(value: object) -> int | None:
    """`value` when it is an integer of at most 63 bits, and no bool."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if abs(value) < 2**63 else None


def as_str(value: object) -> str | None:
    return value if isinstance(value, str) else None


def as_numbers(value: object) -> list[float] | None:
    """The numbers of a JSON array of numbers alone, else None."""
    numbers = [as_number(item) for item in as_list(value)]
    found = [number for number in numbers if number is not None]
    return found if found and len(found) == len(numbers) else None


def as_number(value: object) -> float | None:
    if isinstance(value, float):
        return value
    whole = as_int(value)
    return None if whole is None else float(whole)


def as_strings(value: object) -> list[str]:
    return [item for item in as_list(value) if isinstance(item, str)]
