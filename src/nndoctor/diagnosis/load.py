"""Finds the rules: the wheel's compiled book, a checkout's YAML (compiled once, then cached), or the user's folder."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import msgspec

from nndoctor import cache
from nndoctor.diagnosis.rulebook import FORMAT, Rulebook

_PACKAGE = Path(__file__).resolve().parent.parent


def rules_folder() -> Path:
    """Where the YAML rules lie: inside the installed package, or at the top of a checkout."""
    packaged = _PACKAGE / "rules"
    return packaged if packaged.is_dir() else _PACKAGE.parent.parent / "rules"


def load_rulebook(folder: Path | None = None, language: str = "en") -> Rulebook:
    """The Rulebook of `folder`, or of nndoctor itself, in that language. Raises RuleError when no rule is whole."""
    chosen = folder or rules_folder()
    shipped = None if folder else _shipped(chosen, language)
    if shipped is not None:
        return shipped
    stamp = f"{_stamp(chosen)}.{language}"
    return _decode(cache.load(f"{stamp}.json")) or _compile(chosen, stamp, language)


def book_name(language: str) -> str:
    """The file of a wheel that holds the compiled rules in that language."""
    return f"rulebook.{language}.json"


def _shipped(folder: Path, language: str) -> Rulebook | None:
    try:
        return _decode((folder / book_name(language)).read_bytes())
    except OSError:
        return None


def _decode(data: bytes | None) -> Rulebook | None:
    try:
        book = msgspec.json.decode(data or b"", type=Rulebook)
    except msgspec.DecodeError:
        return None
    return book if book.format == FORMAT else None


def _stamp(folder: Path) -> str:
    """A name for the folder's present state: paths, sizes and times of its YAML files."""
    digest = hashlib.blake2b(os.fsencode(folder) + bytes([FORMAT]), digest_size=12)
    for group in sorted(os.scandir(folder), key=lambda entry: entry.name) if folder.is_dir() else []:
        for entry in sorted(os.scandir(group.path), key=lambda each: each.name) if group.is_dir() else []:
            state = entry.stat()
            digest.update(os.fsencode(f"{entry.path}|{state.st_size}|{state.st_mtime_ns}"))
    return digest.hexdigest()


def _compile(folder: Path, stamp: str, language: str) -> Rulebook:
    from nndoctor.diagnosis.compile import compile_rules

    book = compile_rules(folder, stamp, language)
    cache.store(f"{stamp}.json", msgspec.json.encode(book))
    return book
