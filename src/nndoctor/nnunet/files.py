"""Looking at files that may be missing, forbidden, endless or hostile. Nothing here raises but BadFileError."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO

MOST_ENTRIES = 100_000

_DISGUISES = (
    (b"version https://git-lfs", "a git-lfs pointer, not the file itself (git lfs pull)"),
    (b"<!DOCTYPE", "a web page, not the file itself"),
    (b"<!doctype", "a web page, not the file itself"),
    (b"<html", "a web page, not the file itself"),
)


class BadFileError(Exception):
    """A file that cannot be used; the text is the reason in one line."""


class CutShortError(BadFileError):
    """A file that ends before its own header says it should."""


def is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def files_in(folder: Path) -> list[str]:
    """The sorted names in a folder that are no folders, of at most 100,000. Raises BadFileError."""
    return sorted(name for name, is_dir in _entries(folder) if not is_dir)


def subfolders_of(folder: Path) -> list[str]:
    """The sorted names of the folders in a folder, of at most 100,000; empty when it cannot be listed."""
    try:
        return sorted(name for name, is_dir in _entries(folder) if is_dir)
    except BadFileError:
        return []


def _entries(folder: Path) -> list[tuple[str, bool]]:
    try:
        with os.scandir(folder) as entries:
            return [(entry.name, _is_folder(entry)) for entry in islice(entries, MOST_ENTRIES)]
    except (OSError, ValueError) as error:
        raise BadFileError(reason(error)) from error


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


@contextmanager
def opened(path: Path) -> Iterator[tuple[BinaryIO, int]]:
    """A regular file opened for reading and its size in bytes. Raises BadFileError, also while it is read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise BadFileError("not a regular file")
        with path.open("rb") as stream:
            yield stream, os.fstat(stream.fileno()).st_size
    except (OSError, ValueError) as error:
        raise BadFileError(reason(error)) from error


def disguise(head: bytes) -> str | None:
    """What the first bytes of a file betray when it is no data at all: a pointer, a web page; else None."""
    return next((words for magic, words in _DISGUISES if head.lstrip().startswith(magic)), None)


def reason(error: Exception) -> str:
    """An error of the operating system in a few words, without the path."""
    if isinstance(error, FileNotFoundError):
        return "does not exist"
    if isinstance(error, PermissionError):
        return "permission denied"
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(words).splitlines()[0][:200]
