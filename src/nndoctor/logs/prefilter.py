"""Large logs: which lines can matter, found without looking at each line twice.

A line can matter when it holds one of the rulebook's words or looks like a part of a traceback. Healthy logs repeat
a few line shapes millions of times, so the plain engine takes the digits off a chunk, keeps the set of shapes and
asks each new shape once: its cost hardly depends on the number of rules. The Hyperscan engine (`nndoctor[fast]`)
searches all words at once. Both only propose lines; one exact test decides, so both find the same lines.
"""

from __future__ import annotations

import hashlib
import platform
import re
from collections.abc import Iterable, Set
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from nndoctor import cache

if TYPE_CHECKING:
    import hyperscan

STRUCTURE = (b"Traceback", b"Error", b"Exception")
SHAPES_KEPT = 100_000
SHAPE_LENGTH = 256
_TOKEN = re.compile(rb"[A-Za-z0-9_]+")
_DIGITS = b"0123456789"
_RETURNS = bytes(10 if byte == 13 else byte for byte in range(256))


class Words:
    """The words to look for, and the exact test of one line."""

    def __init__(self, words: Iterable[str], hidden: Iterable[str] = ()) -> None:
        """`hidden` are those of the words that often stand inside longer, healthy words."""
        self.plain: Set[bytes] = frozenset(word.encode() for word in words)
        self.hidden: Set[bytes] = frozenset(word.encode() for word in hidden)
        self.shapes: Set[bytes] = frozenset(word.translate(None, _DIGITS) for word in self.plain)

    def in_line(self, line: bytes) -> bool:
        """Whether this line can matter."""
        return any(mark in line for mark in STRUCTURE) or not self.plain.isdisjoint(_TOKEN.findall(line))

    def in_shape(self, shape: bytes) -> bool:
        """Whether a line of this shape (the line without its digits) could matter."""
        return any(mark in shape for mark in STRUCTURE) or not self.shapes.isdisjoint(_TOKEN.findall(shape))


class Engine(Protocol):
    """Proposes lines of a chunk, by index from 0; every line that matters is among them."""

    def propose(self, chunk: bytes) -> list[int]: ...


class ShapeEngine:
    """The default engine: the standard library alone."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._dull: set[bytes] = set()

    def propose(self, chunk: bytes) -> list[int]:
        shapes = set(chunk.translate(_RETURNS, _DIGITS).split(b"\n")) - self._dull
        telling = {shape for shape in shapes if self._words.in_shape(shape)}
        if len(self._dull) > SHAPES_KEPT:
            self._dull.clear()
        self._dull |= {shape for shape in shapes - telling if len(shape) <= SHAPE_LENGTH}
        return _places(chunk, telling) if telling else []


def _places(chunk: bytes, telling: set[bytes]) -> list[int]:
    lines = chunk.translate(None, _DIGITS).split(b"\n")
    return [
        index
        for index, shape in enumerate(lines)
        if shape in telling or (b"\r" in shape and not telling.isdisjoint(shape.split(b"\r")))
    ]


class HyperscanEngine:
    """All words at once by Hyperscan (vectorscan on ARM). Raises ImportError where it is not installed."""

    def __init__(self, words: Words) -> None:
        bounded = [rb"\b" + word + rb"\b" for word in sorted(words.plain & words.hidden)]
        self._database = _database([*STRUCTURE, *sorted(words.plain - words.hidden), *bounded])

    def propose(self, chunk: bytes) -> list[int]:
        ends: list[int] = []

        def note(identity: int, start: int, end: int, flags: int, context: object) -> None:
            ends.append(end)

        self._database.scan(chunk, match_event_handler=note)
        return _line_indexes(chunk, sorted(set(ends)))


def _database(expressions: list[bytes]) -> hyperscan.Database:
    """The compiled database; compiling takes longer than reading 100 MB, so it is cached. Raises ImportError."""
    import importlib.metadata

    import hyperscan

    version = f"{importlib.metadata.version('hyperscan')}{platform.machine()}".encode()
    name = hashlib.blake2b(b"\0".join([version, *expressions]), digest_size=12).hexdigest() + ".hs"
    known = cache.load(name)
    if known is not None:
        with suppress(hyperscan.error):
            loaded = hyperscan.loadb(known, mode=hyperscan.HS_MODE_BLOCK)
            loaded.scratch = hyperscan.Scratch(loaded)
            return loaded
    database = hyperscan.Database()
    database.compile(expressions=expressions, ids=list(range(len(expressions))), elements=len(expressions))
    cache.store(name, hyperscan.dumpb(database))
    return database


def _line_indexes(chunk: bytes, ends: list[int]) -> list[int]:
    """Indexes of the lines in which these offsets lie; the offsets are in order."""
    found: list[int] = []
    line = position = 0
    for end in ends:
        line += chunk.count(b"\n", position, end)
        position = end
        if not found or found[-1] != line:
            found.append(line)
    return found


def make_engine(words: Words) -> Engine:
    """Hyperscan where it is installed, else the standard library."""
    try:
        return HyperscanEngine(words)
    except ImportError:
        return ShapeEngine(words)
