"""Text becomes lines: carriage returns resolved, colours and prefixes off, original numbers kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nndoctor.logs.model import Line
from nndoctor.logs.prefixes import strip_ansi, strip_bar, strip_prefixes

LONGEST = 8192


def numbered(text: str) -> Iterator[tuple[int, str]]:
    """Line number and line. Lines end at newlines; only a text without any newline is cut at lone returns."""
    if "\n" not in text and "\r" in text:
        text = text.replace("\r", "\n")
    yield from enumerate(text.split("\n"), 1)


def read_lines(numbered_lines: Iterable[tuple[int, str]]) -> list[Line]:
    """Cleaned lines in order; progress bars are dropped, what followed them on the line is kept."""
    return [line for number, raw in numbered_lines for line in _segments(number, raw)]


def _segments(number: int, raw: str) -> Iterator[Line]:
    raw = raw.rstrip("\r")
    if "\r" not in raw:
        yield _line(number, raw)
        return
    for piece in raw.split("\r"):
        line = _line(number, piece)
        if line.text.strip():
            yield line


def _line(number: int, raw: str) -> Line:
    if len(raw) > LONGEST:
        raw = raw[:LONGEST]
    shown = strip_bar(strip_ansi(raw)).rstrip().expandtabs(4)
    return Line(number, strip_prefixes(shown), shown)


def is_wrapped(lines: list[Line]) -> bool:
    """Whether a mail client broke the lines: nothing is long and many lines end near the 80th column."""
    lengths = [len(line.shown) for line in lines if line.text.strip()]
    if len(lengths) < 4 or max(lengths) > 100:
        return False
    return sum(60 <= length <= 80 for length in lengths) >= max(3, len(lengths) // 4)
