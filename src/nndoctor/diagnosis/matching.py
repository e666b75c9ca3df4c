"""Signs meet texts: which of a rulebook's signs hold in these logs, and the lines that prove it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from functools import cached_property
from itertools import islice
from typing import Literal

import msgspec

from nndoctor.diagnosis.ownership import Upstream, raised_by
from nndoctor.diagnosis.rule import Sign
from nndoctor.diagnosis.rulebook import Rulebook, as_list
from nndoctor.diagnosis.template import anchor_words, collapse, literal_start, template, tokens
from nndoctor.logs import ExceptionEvent, Frame, Line, Log

UNPRINTED = ("frame", "code")
PROOFS = 3


class Place(msgspec.Struct, frozen=True, order=True):
    """A position in the texts: which log, which line. The order is the order of reading."""

    log: int
    line: int


class Proof(msgspec.Struct, frozen=True):
    """A line that makes a sign hold."""

    kind: Literal["exception", "message", "code"]
    place: Place
    text: str


class Hit(msgspec.Struct, frozen=True):
    """A sign that holds. `event` names the exception or line, so that one event counts once per rule."""

    index: int
    sign: Sign
    event: Place
    proofs: list[Proof]
    captures: dict[str, str]
    times: int = 1


class Texts:
    """All logs of one consultation, indexed by word."""

    def __init__(self, logs: list[Log], upstream: Upstream) -> None:
        self.logs = logs
        self.upstream = upstream
        self._found: dict[str, list[tuple[Place, str, dict[str, str]]]] = {}
        self.entries: list[tuple[Place, Line]] = [
            (Place(index, line.number), line)
            for index, log in enumerate(logs)
            for line in log.lines
            if line.role not in UNPRINTED
        ]
        self._joined = {
            (index, event.number): f"{event.type}: {event.message}"
            for index, log in enumerate(logs)
            for event in log.exceptions
            if event.message_lines
        }

    @cached_property
    def words(self) -> dict[str, list[int]]:
        """Word to the entries that hold it."""
        found: dict[str, list[int]] = {}
        for index, (_, line) in enumerate(self.entries):
            for word in tokens(line.shown):
                found.setdefault(word, []).append(index)
        return found

    def line(self, log: int, number: int) -> Line | None:
        """The printed line of that number; the last piece where returns cut it into several."""
        return self._by_number[log].get(number)

    def shown(self, name: str, number: int | None) -> str | None:
        """The text of a line of the log of that name."""
        line = next((self.line(index, number or 0) for index, log in enumerate(self.logs) if log.name == name), None)
        return None if line is None else line.shown.strip()

    @cached_property
    def _by_number(self) -> list[dict[int, Line]]:
        return [{line.number: line for line in log.lines} for log in self.logs]

    def exceptions(self) -> Iterator[tuple[int, ExceptionEvent]]:
        for index, log in enumerate(self.logs):
            for event in log.exceptions:
                yield index, event

    def find(self, source: str) -> list[tuple[Place, str, dict[str, str]]]:
        """Every line that the template matches: place, shown text, captures. Found once, then remembered."""
        if source not in self._found:
            self._found[source] = self._search(source)
        return self._found[source]

    def _search(self, source: str) -> list[tuple[Place, str, dict[str, str]]]:
        first, space, _ = literal_start(source).partition(" ")
        if space and not tokens(first) <= self.words.keys():
            return []
        candidates = min((self.words.get(word, []) for word in anchor_words(source)), key=len)
        found = []
        for index in candidates:
            captures = self._match(source, index)
            if captures is not None:
                place, line = self.entries[index]
                found.append((place, line.shown, captures))
        return found

    def _match(self, source: str, index: int) -> dict[str, str] | None:
        place, line = self.entries[index]
        for text in self._readings(place, line, index):
            captures = template(source).match(collapse(text))
            if captures is not None:
                return captures
        return None

    def _readings(self, place: Place, line: Line, index: int) -> Iterator[str]:
        yield line.text
        if line.shown != line.text:
            yield line.shown
        if line.role == "exception" and (place.log, place.line) in self._joined:
            yield self._joined[place.log, place.line]
        if self.logs[place.log].wrapped:
            yield " ".join(each.text for _, each in self.entries[max(index - 1, 0) : index + 3])

    def holds_anywhere(self, sources: Iterable[str]) -> bool:
        return any(self.find(source) for source in sources)


Found = tuple[Place, str, dict[str, str]]


def match_signs(book: Rulebook, texts: Texts) -> list[Hit]:
    """Every text and exception sign that holds, in the order of the rulebook."""
    wanted = {index for word in texts.words.keys() & book.text_words.keys() for index in book.text_words[word]}
    hits = [hit for index in wanted if (hit := _match_text(index, book.sign(index).sign, texts)) is not None]
    for log, event in texts.exceptions():
        hits += _match_event(book, texts, log, event)
    return sorted(_once(hits), key=lambda hit: (hit.index, hit.event))


def _once(hits: list[Hit]) -> list[Hit]:
    """A sign that holds many times is one hit, at its first place."""
    first: dict[int, Hit] = {}
    for hit in sorted(hits, key=lambda each: each.event):
        known = first.get(hit.index)
        first[hit.index] = hit if known is None else msgspec.structs.replace(known, times=known.times + hit.times)
    return list(first.values())


def _match_text(index: int, sign: Sign, texts: Texts) -> Hit | None:
    told = [found for source in as_list(sign.text) if (found := texts.find(source))]
    if not told or not context_holds(sign, texts):
        return None
    firsts = sorted((first for found in told for first in _firsts(found, texts)), key=lambda each: each[0])
    proofs = list({place: Proof("message", place, shown) for place, shown, _ in firsts}.values())
    times = len({place for found in told for place, _, _ in found})
    return Hit(index, sign, proofs[0].place, proofs[:PROOFS], firsts[0][2], times)


def _firsts(found: list[Found], texts: Texts) -> Iterator[Found]:
    """The first line, and the first that is an exception's: a warning may say the same before."""
    yield found[0]
    lines = ((each, texts.line(each[0].log, each[0].line)) for each in found[1:])
    yield from islice((each for each, line in lines if line is not None and line.role == "exception"), 1)


def context_holds(sign: Sign, texts: Texts) -> bool:
    """Whether what must also be said is said, and what must not be is not."""
    if sign.together and not texts.holds_anywhere(as_list(sign.together)):
        return False
    return not (sign.unless and texts.holds_anywhere(as_list(sign.unless)))


def _match_event(book: Rulebook, texts: Texts, log: int, event: ExceptionEvent) -> list[Hit]:
    wanted = {
        index for word in event_words(event) & book.exception_words.keys() for index in book.exception_words[word]
    }
    hits = []
    for index in wanted:
        sign = book.sign(index).sign
        captures = exception_holds(sign, event, texts.upstream)
        if captures is not None and context_holds(sign, texts):
            hits.append(Hit(index, sign, Place(log, event.number), _proofs(sign, event, log, texts), captures))
    return hits


def event_words(event: ExceptionEvent) -> Set[str]:
    """Every word by which an exception sign may be found."""
    words = tokens(event.message) | {event.name, "Traceback"}
    for frame in event.frames:
        words |= {frame.function} | tokens(frame.code) | tokens(frame.path.rpartition("/")[2])
    return words


def exception_holds(sign: Sign, event: ExceptionEvent, upstream: Upstream) -> dict[str, str] | None:
    """The captures when every condition of the sign agrees with this exception, else None."""
    if sign.exception and not _of_type(sign, event):
        return None
    if sign.function and not {frame.function for frame in event.frames} & set(as_list(sign.function)):
        return None
    if sign.file and not any(_ends_with(frame.path, name) for frame in event.frames for name in as_list(sign.file)):
        return None
    if sign.raised and raised_by(event, upstream) not in sign.raised:
        return None
    if sign.code and _coded_frame(sign, event) is None:
        return None
    return _first_match(as_list(sign.message), collapse(event.message)) if sign.message else {}


def _of_type(sign: Sign, event: ExceptionEvent) -> bool:
    """Whether the types agree. Where only a message was printed, the message alone has to."""
    if not event.name:
        return bool(event.message and sign.message)
    return event.name in [name.rpartition(".")[2] for name in as_list(sign.exception)]


def _ends_with(path: str, name: str) -> bool:
    return path == name or path.endswith("/" + name.lstrip("/"))


def _first_match(sources: list[str], text: str) -> dict[str, str] | None:
    """Captures of the first template that matches. Its beginning is looked for first: parsing a template costs more."""
    likely = (source for source in sources if literal_start(source) in text)
    return next((found for source in likely if (found := template(source).match(text)) is not None), None)


def _coded_frame(sign: Sign, event: ExceptionEvent) -> Frame | None:
    for frame in reversed(event.frames):
        if frame.code and _first_match(as_list(sign.code), collapse(frame.code)) is not None:
            return frame
    return None


def _proofs(sign: Sign, event: ExceptionEvent, log: int, texts: Texts) -> list[Proof]:
    """The line of the exception's message that matched and the exception's own line, then the source line."""
    lines = {number: line for number in (event.number, *event.message_lines) if (line := texts.line(log, number))}
    numbers = dict.fromkeys((_message_line(sign, event, lines), event.number))
    proofs = [Proof("exception", Place(log, number), lines[number].shown) for number in numbers if number in lines]
    coded = _coded_frame(sign, event) if sign.code else None
    if coded is not None and coded.code_number is not None:
        proofs.append(Proof("code", Place(log, coded.code_number), coded.code))
    return proofs


def _message_line(sign: Sign, event: ExceptionEvent, lines: dict[int, Line]) -> int:
    for number in event.message_lines:
        if number in lines and _first_match(as_list(sign.message), collapse(lines[number].text)) is not None:
            return number
    return event.number
