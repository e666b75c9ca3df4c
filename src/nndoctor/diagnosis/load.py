"""Finds the rules: the wheel's compiled book, a checkout's YAML (compiled once, then cached), or the user's folder."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import msgspec

from nndoctor.diagnosis.rulebook import FORMAT, Rulebook

_PACKAGE = Path(__file__).resolve().parent.parent
BOOK = "rulebook.json"


def rules_folder() -> Path:
    """Where the YAML rules lie: inside the installed package, or at the top of a checkout."""
    packaged = _PACKAGE / "rules"
    return packaged if packaged.is_dir() else _PACKAGE.parent.parent / "rules"


def load_rulebook(folder: Path | None = None) -> Rulebook:
    """The Rulebook of `folder`, or of nndoctor itself. Raises RuleError when a rule is broken."""
    chosen = folder or rules_folder()
    shipped = _decode(chosen / BOOK)
    if shipped is not None:
        return shipped
    stamp = _stamp(chosen)
    cache = _cache_folder() / f"{stamp}.json"
    return _decode(cache) or _compile(chosen, stamp, cache)


def _decode(path: Path) -> Rulebook | None:
    try:
        book = msgspec.json.decode(path.read_bytes(), type=Rulebook)
    except (OSError, msgspec.DecodeError):
        return None
    return book if book.format == FORMAT else None


def _stamp(folder: Path) -> str:
    """A name for the folder's present state: paths, sizes and times of its YAML files."""
    digest = hashlib.blake2b(f"{folder}{FORMAT}".encode(), digest_size=12)
    for group in sorted(os.scandir(folder), key=lambda entry: entry.name) if folder.is_dir() else []:
        for entry in sorted(os.scandir(group.path), key=lambda each: each.name) if group.is_dir() else []:
            state = entry.stat()
            digest.update(f"{entry.path}|{state.st_size}|{state.st_mtime_ns}".encode())
    return digest.hexdigest()


def _cache_folder() -> Path:
    base = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "nndoctor" / "rules"


def _compile(folder: Path, stamp: str, cache: Path) -> Rulebook:
    from nndoctor.diagnosis.compile import compile_rules

    book = compile_rules(folder, stamp)
    try:
        _store(cache, msgspec.json.encode(book))
    except OSError:
        return book
    return book


def _store(path: Path, data: bytes) -> None:
    """Write beside, then rename: a reader never sees half a book. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as beside:
        beside.write(data)
    Path(beside.name).replace(path)
