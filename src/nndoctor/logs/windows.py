"""A large log is reduced to its head, its tail and windows around the lines that can matter."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator

from nndoctor.logs.prefilter import Engine, Words

CHUNK = 256 * 1024
HEAD = 1500
TAIL = 1500
BEFORE = 4
AFTER = 60
SAME_SHAPE = 40
KEPT_LINES = 60_000
KEPT_BYTES = 16 * 2**20
PER_LINE = 64
LINE_BYTES = 64 * 1024


def cut_at_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in chunks of whole lines; a line longer than a chunk is cut."""
    rest = b""
    for piece in pieces:
        cut = piece.rfind(b"\n") + 1
        if not cut:
            rest += piece
            if len(rest) < CHUNK:
                continue
            yield rest
            rest = b""
            continue
        yield rest + piece[:cut]
        rest = piece[cut:]
    if rest:
        yield rest


def _split(chunk: bytes) -> list[bytes]:
    """Lines of a chunk; what stands behind its last newline counts only when it is not empty."""
    lines = chunk.split(b"\n")
    return lines if lines[-1] else lines[:-1]


class WindowReader:
    """Feeds chunks to an engine and keeps what can matter. `lines` is the number of newlines read so far."""

    def __init__(self, words: Words, engine: Engine) -> None:
        self._words = words
        self._engine = engine
        self._kept: dict[int, bytes] = {}
        self._shapes: Counter[bytes] = Counter()
        self._last: deque[tuple[int, bytes]] = deque(maxlen=3)
        self._until = HEAD
        self._room = KEPT_BYTES
        self.lines = 0

    def read(self, pieces: Iterable[bytes]) -> list[tuple[int, str]]:
        """Line numbers (from 1) and text of every line that is kept, in order."""
        for chunk in cut_at_lines(pieces):
            self._take(chunk)
        self._keep_tail()
        return [(number, self._kept[number].decode("utf-8", "replace")) for number in sorted(self._kept)]

    def _take(self, chunk: bytes) -> None:
        proposed = self._engine.propose(chunk)
        if proposed or self._until > self.lines:
            self._keep(chunk, proposed)
        self._last.append((self.lines, chunk))
        self.lines += chunk.count(b"\n")

    def _keep(self, chunk: bytes, proposed: list[int]) -> None:
        lines = _split(chunk)
        for index in range(min(len(lines), self._until - self.lines)):
            self._store(self.lines + index + 1, lines[index])
        for index in proposed:
            if index < len(lines) and self._words.in_line(lines[index]) and self._is_new(lines[index]):
                self._keep_around(lines, index)

    def _is_new(self, line: bytes) -> bool:
        shape = line[:512].translate(None, b"0123456789")
        if len(self._shapes) > KEPT_LINES:
            self._shapes.clear()
        self._shapes[shape] += 1
        return self._shapes[shape] <= SAME_SHAPE

    def _keep_around(self, lines: list[bytes], index: int) -> None:
        end = index + AFTER + 1
        for place in range(max(0, index - BEFORE), min(len(lines), end)):
            self._store(self.lines + place + 1, lines[place])
        self._until = max(self._until, self.lines + end)

    def _store(self, number: int, line: bytes) -> None:
        if len(self._kept) < KEPT_LINES and self._room > 0:
            self._kept[number] = line[:LINE_BYTES]
            self._room -= _cost(self._kept[number])

    def _keep_tail(self) -> None:
        """The last lines are kept in any case, from the end on as far as their own room goes."""
        room = KEPT_BYTES
        for first, chunk in reversed(self._last):
            lines = _split(chunk)
            for index in range(len(lines) - 1, max(-1, self.lines - TAIL - first - 1), -1):
                if room > 0:
                    self._kept[first + index + 1] = lines[index][:LINE_BYTES]
                    room -= _cost(lines[index][:LINE_BYTES])


def _cost(line: bytes) -> int:
    """About how many bytes a line takes once it is read; each return in it makes another line."""
    return len(line) + PER_LINE * (1 + line.count(b"\r"))
