"""Where texts come from: files, folders, standard input, gzip, zip, notebooks. Hostile sizes are bounded."""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol, cast

import msgspec

from nndoctor.logs.decode import PROBE, detect_encoding, is_binary

SUFFIXES = (".txt", ".log", ".out", ".err", ".md", ".ipynb", ".gz", ".traceback", ".stdout", ".stderr")
FOLDER_FILES = 200
FOLDER_DEPTH = 4
UNPACKED_LIMIT = 4 * 2**30
ZIP_MEMBERS = 100
STDIN = "-"
ZIP = b"PK\x03\x04"


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


def open_sources(arguments: list[str], skipped: list[str] | None = None) -> Iterator[Source]:
    """Every text that the arguments name, opened one after the other. Raises SourceError.

    What lies in a folder or an archive beside readable texts and cannot be read is not an error: `skipped` says it.
    """
    skipped = [] if skipped is None else skipped
    for argument in arguments:
        if argument == STDIN:
            yield _stdin()
        elif not argument:
            raise SourceError("an empty name. Give the path of the log, or - to read standard input")
        else:
            paths = _files(Path(argument), skipped)
            opened = (_open_file(path, str(path), skipped) for path in paths)
            yield from (next(opened) if paths == [Path(argument)] else _readable(opened, skipped))


def _stdin() -> Source:
    if sys.stdin is None:
        raise SourceError(
            "standard input is closed. Name a file, or pipe the text in: COMMAND 2>&1 | nndoctor diagnose -"
        )
    return _source("stdin", sys.stdin.buffer)


def _readable(many: Iterable[Iterator[Source]], skipped: list[str]) -> Iterator[Source]:
    """All that can be read; the first problem is raised when nothing can."""
    problems: list[str] = []
    readable = 0
    for each in many:
        try:
            for source in each:
                readable += 1
                yield source
        except SourceError as problem:
            problems.append(str(problem))
    if problems and not readable:
        raise SourceError(problems[0])
    skipped += [f"not read: {problem}" for problem in problems]


def _files(path: Path, skipped: list[str]) -> list[Path]:
    try:
        if path.is_dir():
            return _folder(path, skipped)
        if not path.exists():
            raise SourceError(f"{path}: no such file. Give the path of the log, or - to read standard input")
    except OSError as problem:
        raise SourceError(f"{path}: {problem.strerror or problem}") from None
    return [path]


def _folder(folder: Path, skipped: list[str]) -> list[Path]:
    found = sorted(
        path for path in _walk(folder, FOLDER_DEPTH, skipped) if path.suffix.lower() in SUFFIXES or ".o" in path.suffix
    )
    if not found:
        raise SourceError(f"{folder}: no logs here (looked for {' '.join(SUFFIXES[:7])}, {FOLDER_DEPTH} folders deep)")
    if len(found) > FOLDER_FILES:
        raise SourceError(f"{folder}: {len(found)} texts are more than {FOLDER_FILES}. Name the ones that matter")
    return found


def _walk(folder: Path, depth: int, skipped: list[str]) -> Iterator[Path]:
    """The regular files below; folders that may not be read are named in `skipped`."""
    try:
        for entry in sorted(folder.iterdir()):
            if entry.is_file():
                yield entry
            elif depth > 1 and entry.is_dir() and not entry.is_symlink():
                yield from _walk(entry, depth - 1, skipped)
    except OSError as problem:
        if depth == FOLDER_DEPTH:
            raise
        skipped.append(f"not read: {folder}: {problem.strerror or problem}")


def _open_file(path: Path, name: str, skipped: list[str]) -> Iterator[Source]:
    try:
        with path.open("rb") as stream:
            start = stream.read(len(ZIP))
            if start == ZIP and path.is_file():
                yield from _zip_members(path, name, skipped)
                return
            yield _source(name, Prepended(start, stream))
    except OSError as problem:
        raise SourceError(f"{name}: {problem.strerror or problem}") from None


def _zip_members(path: Path, name: str, skipped: list[str]) -> Iterator[Source]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [each for each in archive.infolist() if not each.is_dir() and _suffix(each) in SUFFIXES[:-3]]
            if not members:
                raise SourceError(f"{name}: a zip archive without a log in it")
            allowance = Allowance()
            opened = (_zip_member(archive, each, name, allowance) for each in members[:ZIP_MEMBERS])
            yield from _readable(opened, skipped)
            if len(members) > ZIP_MEMBERS:
                skipped.append(f"not read: {name}: {len(members) - ZIP_MEMBERS} texts after the first {ZIP_MEMBERS}")
    except SourceError:
        raise
    except Exception as problem:  # whatever a hostile archive makes zipfile raise
        raise SourceError(
            f"{name}: a zip archive that cannot be opened ({problem}). Unpack it and name the log"
        ) from None


def _zip_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, allowance: Allowance) -> Iterator[Source]:
    name = f"{name}/{member.filename}"
    if member.flag_bits & 1:
        raise SourceError(f"{name}: encrypted. Unpack it and name the log")
    try:
        stream = cast("zipfile.ZipExtFile", archive.open(member))
    except Exception as problem:  # whatever a hostile archive makes zipfile raise
        raise SourceError(f"{name}: cannot be unpacked ({problem}). Unpack it and name the log") from None
    with stream:
        notes: list[str] = []
        yield _source(name, Bounded(stream, notes, allowance), notes)


def _suffix(member: zipfile.ZipInfo) -> str:
    return Path(member.filename).suffix.lower()


def _source(name: str, stream: Stream, notes: list[str] | None = None) -> Source:
    notes = [] if notes is None else notes
    head = read_up_to(stream, PROBE)
    if head.startswith(ZIP):
        raise SourceError(
            f"{name}: a zip archive, which is only read from a file of its own. Unpack it and name the log"
        )
    if head.startswith(b"\x1f\x8b"):
        stream = Bounded(gzip.GzipFile(fileobj=Prepended(head, stream)), notes)
        head = _unpacked_head(name, stream)
    if notes and not head:
        raise SourceError(f"{name}: {notes[0]}. Copy the file again, or give the unpacked log")
    if not head.strip(b"\0 \t\r\n"):
        raise SourceError(f"{name}: empty. Save the whole output of the command into it: COMMAND 2>&1 | tee log.txt")
    if is_binary(head):
        raise SourceError(f"{name}: a binary file, not a text. Give the log or the pasted traceback")
    return Source(name, Prepended(head, stream, notes), head, detect_encoding(head), notes)


def _unpacked_head(name: str, stream: Stream) -> bytes:
    head = read_up_to(stream, PROBE)
    if not head:
        raise SourceError(f"{name}: gzip data that cannot be unpacked. Copy the file again, or give the unpacked log")
    return head


def read_up_to(stream: Stream, size: int) -> bytes:
    """Up to `size` bytes; a pipe may give fewer at once."""
    pieces = []
    while size > 0 and (piece := stream.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


class Prepended(io.RawIOBase):
    """A stream that begins with bytes already taken from it."""

    def __init__(self, head: bytes, rest: Stream, notes: list[str] | None = None) -> None:
        """A stream that breaks off ends there, and a note says so, when there are `notes`; else it raises."""
        self._head = head
        self._rest = rest
        self._notes = notes

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._head:
            return self._from_rest(size)
        cut = len(self._head) if size < 0 else size
        piece, self._head = self._head[:cut], self._head[cut:]
        return piece + (self._from_rest(size) if size < 0 else b"")

    def _from_rest(self, size: int) -> bytes:
        try:
            return self._rest.read(size)
        except OSError as problem:
            if self._notes is None:
                raise
            self._notes.append(f"could not be read to its end ({problem.strerror or problem})")
            return b""


class Allowance:
    """How many bytes one archive may still unpack to, all its members together."""

    def __init__(self) -> None:
        self.left = UNPACKED_LIMIT


class Bounded(io.RawIOBase):
    """An unpacking stream that stops at a limit, and at the first broken byte, instead of raising."""

    def __init__(self, stream: io.BufferedIOBase, notes: list[str], allowance: Allowance | None = None) -> None:
        self._stream = stream
        self._allowance = allowance or Allowance()
        self._notes = notes
        self._ended = False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self._ended:
            return b""
        left = self._allowance.left
        if left <= 0:
            return self._stop("more than 4 GiB when unpacked: the rest was not read")
        try:
            piece = self._stream.read1(min(size if size >= 0 else left, left))
        except Exception as problem:  # every way of packing has exceptions of its own
            return self._stop(f"broken inside, read up to there ({problem})")
        self._allowance.left -= len(piece)
        return piece

    def _stop(self, note: str) -> bytes:
        self._ended = True
        if note not in self._notes:
            self._notes.append(note)
        return b""
