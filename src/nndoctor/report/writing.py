"""Writing a report so that a reader of the file sees the old one or the new one, never half of one."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_report(path: Path | str, text: str) -> None:
    """Write `text` as UTF-8 beside `path`, force it to disk, then move it over `path` in one step."""
    target = Path(path)
    if target.is_symlink():
        target = Path(os.path.realpath(target))
    if target.exists() and not target.is_file():
        target.write_bytes(_encoded(text))
        return
    beside = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.tmp")
    try:
        _write_to_disk(beside, _encoded(text))
        os.replace(beside, target)  # noqa: PTH105 - the one step that the promise rests on, by its known name
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def _write_to_disk(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
