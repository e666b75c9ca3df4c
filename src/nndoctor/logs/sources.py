"""Where texts come from: files, folders, standard input, gzip, zip, notebooks. Hostile sizes are bounded."""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import msgspec

from nndoctor.logs.decode import PROBE, detect_encoding, is_binary

SUFFIXES = (".txt", ".log", ".out", ".err", ".md", ".ipynb", ".gz", ".traceback", ".stdout", ".stderr")
FOLDER_FILES = 200
FOLDER_DEPTH = 4
UNPACKED_LIMIT = 4 * 2**30
ZIP_MEMBERS = 100
STDIN = "-"


class Stream(Protocol):
    """Anything that gives bytes."""

    def read(self, size: int = -1, /) -> bytes: ...


class SourceError(Exception):
    """A text that cannot be read: one line that says what, where and what to do."""


class Source(msgspec.Struct):
    """One readable text: `stream` gives its unpacked bytes from the start, `head` repeats the first of them."""

    name: str
    stream: Stream
    head: bytes
    encoding: str
    notes: list[str]


def open_sources(arguments: list[str]) -> Iterator[Source]:
    """Every text that the arguments name, opened one after the other. Raises SourceError."""
    for argument in arguments:
        if argument == STDIN:
            yield _source("stdin", sys.stdin.buffer)
            continue
        for path in _files(Path(argument)):
            yield from _open_file(path, str(path))


def _files(path: Path) -> list[Path]:
    try:
        if path.is_dir():
            return _folder(path)
        if not path.exists():
            raise SourceError(f"{path}: no such file. Give the path of the log, or - to read standard input")
    except OSError as problem:
        raise SourceError(f"{path}: {problem.strerror or problem}") from None
    return [path]


def _folder(folder: Path) -> list[Path]:
    found = sorted(
        path for path in _walk(folder, FOLDER_DEPTH) if path.suffix.lower() in SUFFIXES or ".o" in path.suffix
    )
    if not found:
        raise SourceError(f"{folder}: no logs here (looked for {' '.join(SUFFIXES[:7])}, {FOLDER_DEPTH} folders deep)")
    if len(found) > FOLDER_FILES:
        raise SourceError(f"{folder}: {len(found)} texts are more than {FOLDER_FILES}. Name the ones that matter")
    return found


def _walk(folder: Path, depth: int) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as problem:
        raise SourceError(f"{folder}: {problem.strerror or problem}") from None
    for entry in entries:
        if entry.is_file():
            yield entry
        elif depth > 1 and entry.is_dir() and not entry.is_symlink():
            yield from _walk(entry, depth - 1)


def _open_file(path: Path, name: str) -> Iterator[Source]:
    try:
        with path.open("rb") as stream:
            if stream.read(4) == b"PK\x03\x04":
                yield from _zip_members(path, name)
                return
            stream.seek(0)
            yield _source(name, stream)
    except OSError as problem:
        raise SourceError(f"{name}: {problem.strerror or problem}") from None


def _zip_members(path: Path, name: str) -> Iterator[Source]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [each for each in archive.infolist() if Path(each.filename).suffix.lower() in SUFFIXES[:-3]]
            if not members:
                raise SourceError(f"{name}: a zip archive without a log in it")
            for member in members[:ZIP_MEMBERS]:
                with archive.open(member) as stream:
                    yield _source(f"{name}/{member.filename}", Bounded(stream))
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError) as problem:
        raise SourceError(
            f"{name}: a zip archive that cannot be opened ({problem}). Unpack it and name the log"
        ) from None


def _source(name: str, stream: Stream) -> Source:
    head = _read(stream, PROBE)
    notes: list[str] = []
    if head.startswith(b"\x1f\x8b"):
        stream = Bounded(gzip.GzipFile(fileobj=Prepended(head, stream)), notes)
        head = _unpacked_head(name, stream)
    if not head.strip(b"\0 \t\r\n"):
        raise SourceError(f"{name}: empty. Save the whole output of the command into it: COMMAND 2>&1 | tee log.txt")
    if is_binary(head):
        raise SourceError(f"{name}: a binary file, not a text. Give the log or the pasted traceback")
    return Source(name, Prepended(head, stream), head, detect_encoding(head), notes)


def _unpacked_head(name: str, stream: Stream) -> bytes:
    head = _read(stream, PROBE)
    if not head:
        raise SourceError(f"{name}: gzip data that cannot be unpacked. Copy the file again, or give the unpacked log")
    return head


def _read(stream: Stream, size: int) -> bytes:
    """Up to `size` bytes; a pipe may give fewer at once."""
    pieces = []
    while size > 0 and (piece := stream.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


class Prepended(io.RawIOBase):
    """A stream that begins with bytes already taken from it."""

    def __init__(self, head: bytes, rest: Stream) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._head:
            return self._rest.read(size)
        cut = len(self._head) if size < 0 else size
        piece, self._head = self._head[:cut], self._head[cut:]
        return piece + (self._rest.read() if size < 0 else b"")


class Bounded(io.RawIOBase):
    """An unpacking stream that stops at a limit, and at the first broken byte, instead of raising."""

    def __init__(self, stream: Stream, notes: list[str] | None = None) -> None:
        self._stream = stream
        self._left = UNPACKED_LIMIT
        self._notes = notes if notes is not None else []

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self._left <= 0:
            return self._stop("more than 4 GiB when unpacked: the rest was not read")
        try:
            piece = self._stream.read(min(size if size >= 0 else self._left, self._left))
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as problem:
            return self._stop(f"broken inside, read up to there ({problem})")
        self._left -= len(piece)
        return piece

    def _stop(self, note: str) -> bytes:
        self._left = 0
        if note not in self._notes:
            self._notes.append(note)
        return b""
