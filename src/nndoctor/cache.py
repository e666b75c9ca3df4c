"""Files that nndoctor makes once and reads again: in the user's cache folder, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def load(name: str) -> bytes | None:
    """The cached bytes of that name, or None."""
    try:
        return (_folder() / name).read_bytes()
    except (OSError, RuntimeError):
        return None


def store(name: str, data: bytes) -> None:
    """Write beside, then rename, so that a reader never sees half a file. Where nothing can be written, do without."""
    with suppress(OSError, RuntimeError):
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as beside:
            beside.write(data)
        Path(beside.name).replace(folder / name)


def _folder() -> Path:
    """Raises RuntimeError when the user has no home."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".cache") / "nndoctor"
