"""Texts become Logs: small ones whole, large ones by their windows."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterable, Iterator

import msgspec

from nndoctor.logs.chains import link_chains
from nndoctor.logs.decode import decode
from nndoctor.logs.lines import is_wrapped, numbered, read_lines
from nndoctor.logs.model import Line, Log
from nndoctor.logs.notebook import notebook_cells
from nndoctor.logs.prefilter import Words, make_engine
from nndoctor.logs.sources import Source, read_up_to
from nndoctor.logs.tracebacks import TracebackReader
from nndoctor.logs.windows import CHUNK, WindowReader

WHOLE = 4 * 2**20
MOST_LINES = 100_000
MOST_ERRORS = 1500
NOTEBOOK = 48 * 2**20
NOTEBOOK_HEAD = 4096


class Reading(msgspec.Struct):
    """What became of one source: its logs, its size in bytes and lines, and what was odd about it."""

    name: str
    logs: list[Log]
    size: int
    lines: int
    encoding: str
    notes: list[str]


def read_text(text: str, name: str = "text") -> Log:
    """The Log of a whole text. Never raises, whatever the text holds."""
    whole = text.encode("utf-8", "replace").decode()  # a lone surrogate could not be written anywhere
    return read_log(read_lines(numbered(whole)), name)


def read_log(lines: list[Line], name: str) -> Log:
    """The Log of cleaned lines, which need not be all lines of the original."""
    wrapped = is_wrapped(lines)
    reader = TracebackReader(lines, wrapped)
    events = link_chains(lines, reader.read())
    return Log(name, lines, events, reader.truncated, wrapped)


def read_source(source: Source, words: Iterable[str], hidden: Iterable[str] = (), whole: int = WHOLE) -> Reading:
    """Read one opened source. What is larger than `whole` bytes, or crowded, is searched for `words`;

    `hidden` are those of the words that stand inside healthy words.
    """
    start = read_up_to(source.stream, whole + 1)
    if start.lstrip()[:1] == b"{":
        if b'"cells"' in start[:NOTEBOOK_HEAD]:
            start += read_up_to(source.stream, NOTEBOOK - len(start))
        cells = notebook_cells(start)
        if cells is not None:
            return _read_notebook(source, len(start), cells, Words(words, hidden))
    if len(start) <= whole and not _crowded(start):
        return _read_whole(source, start)
    return _read_large(source, start, Words(words, hidden))


def _read_notebook(source: Source, size: int, cells: list[tuple[int, str]], wanted: Words) -> Reading:
    logs = [_read_cell(f"{source.name}[cell {index}]", text, wanted) for index, text in cells]
    notes = source.notes if logs else [*source.notes, "a notebook without any output"]
    return Reading(source.name, logs, size, sum(len(log.lines) for log in logs), "notebook", notes)


def _read_cell(name: str, text: str, wanted: Words) -> Log:
    data = text.encode("utf-8", "replace")
    if len(data) <= WHOLE and not _crowded(data):
        return read_text(text, name)
    return _read_large(Source(name, io.BytesIO(), b"", "utf-8", []), data, wanted).logs[0]


def _crowded(data: bytes) -> bool:
    """Whether these bytes hold so many lines or errors that they repeat themselves."""
    return data.count(b"\n") + data.count(b"\r") > MOST_LINES or data.count(b"Error") > MOST_ERRORS


def _read_whole(source: Source, data: bytes) -> Reading:
    text, encoding = decode(data)
    log = read_text(text, source.name)
    return Reading(source.name, [log], len(data), log.lines[-1].number if log.lines else 0, encoding, source.notes)


def _read_large(source: Source, start: bytes, wanted: Words) -> Reading:
    reader = WindowReader(wanted, make_engine(wanted))
    counted = Counted(_pieces(source, start))
    pieces = _as_utf8(counted, source.encoding)
    if b"\r" in start and b"\n" not in start:
        pieces = (piece.replace(b"\r", b"\n") for piece in pieces)
    kept = reader.read(pieces)
    log = read_log(read_lines(kept), source.name)
    note = f"{reader.lines:,} lines: read by windows around the lines that can matter"
    return Reading(source.name, [log], counted.size, reader.lines, source.encoding, [*source.notes, note])


class Counted:
    """Passes pieces on and counts their bytes."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.size += len(piece)
            yield piece


def _pieces(source: Source, start: bytes) -> Iterator[bytes]:
    for position in range(0, len(start), CHUNK):
        yield start[position : position + CHUNK]
    while piece := source.stream.read(CHUNK):
        yield piece


def _as_utf8(pieces: Iterable[bytes], encoding: str) -> Iterable[bytes]:
    if encoding in ("utf-8", "utf-8-sig"):
        return pieces
    return _transcoded(pieces, encoding)


def _transcoded(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for piece in pieces:
        yield decoder.decode(piece).encode()
    yield decoder.decode(b"", True).encode()
