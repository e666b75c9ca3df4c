"""Files that nndoctor makes once and reads again: in the user's cache folder, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
import zlib
from contextlib import suppress
from pathlib import Path

_CHECK = 12


def load(name: str) -> bytes | None:
    """The cached bytes of that name, or None. A file that was damaged, or that is another user's, is not believed."""
    try:
        path = _folder() / name
        if not path.is_file() or (hasattr(os, "geteuid") and path.stat().st_uid != os.geteuid()):
            return None
        kept = path.read_bytes()
    except (OSError, RuntimeError):
        return None
    data = kept[_CHECK:]
    return data if kept[:_CHECK] == _check(data) else None


def store(name: str, data: bytes) -> None:
    """Write beside, then rename, so that a reader never sees half a file. Where nothing can be written, do without."""
    with suppress(OSError, RuntimeError):
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            beside = Path(file.name)
            try:
                file.write(_check(data) + data)
                file.close()
                beside.replace(folder / name)
            except OSError:
                beside.unlink(missing_ok=True)


def own_file(name: str) -> Path:
    """Where a file that is not read and written as a whole lies; its folder is there afterwards.

    Raises OSError when the folder cannot be made or the file is another user's, RuntimeError when there is no home.
    """
    path = _folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if hasattr(os, "geteuid") and path.exists() and path.stat().st_uid != os.geteuid():
        raise OSError("the cache belongs to another user")
    return path


def _check(data: bytes) -> bytes:
    """Against damage, not against an enemy: whoever can write here can write anything. CRC-32 and length."""
    return zlib.crc32(data).to_bytes(4, "big") + len(data).to_bytes(8, "big")


def _folder() -> Path:
    """Raises RuntimeError when the user has no home. A relative folder does not count, as XDG has it."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache") / "nndoctor"
