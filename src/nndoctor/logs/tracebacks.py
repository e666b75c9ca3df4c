"""Lines become exceptions: a state machine over headers, frames, source lines and exception lines."""

from __future__ import annotations

import re
from itertools import takewhile

from nndoctor.logs import frames as shapes
from nndoctor.logs.model import ExceptionEvent, Frame, Line

MESSAGE_LINES = 25
MESSAGE_LENGTH = 20_000
MANY = 3000
PASTED_BELOW = 2
_NEW_TEXT = re.compile(
    r"^\s*$|Traceback \(most recent|^During handling of|^The above exception|^\s*\"\"\"|^\d{4}-\d\d-\d\d |^\S+[$#>] "
    r"|^(?:Exception in|Process) "
)


class TracebackReader:
    """Reads one text's lines in order. `events` holds what was found, `truncated` says the text ends in a traceback."""

    def __init__(self, lines: list[Line], wrapped: bool) -> None:
        self.lines = lines
        self.wrapped = wrapped
        self.events: list[ExceptionEvent] = []
        self._open = False
        self._frames: list[Frame] = []
        self._first = 0
        self._label = ""
        self._announced = ""
        self._grouped = False

    @property
    def truncated(self) -> bool:
        return self._open

    def read(self) -> list[ExceptionEvent]:
        position = 0
        while position < len(self.lines):
            position += self._step(position)
        if self._open and self._frames and not self._belongs_above():
            self._close("", "", self.lines[-1].number, [])
            self._open = True
        return self.events

    def _belongs_above(self) -> bool:
        """Frames pasted below the exception's own line are that exception's."""
        above = self.events[-1] if self.events else None
        if above is None or not above.bare or above.frames or not 0 < self._first - above.number <= PASTED_BELOW:
            return False
        above.frames, above.bare = self._frames, False
        self._open, self._frames, self._first = False, [], 0
        return True

    def _step(self, position: int) -> int:
        """Take the line at `position`; returns how many lines were used."""
        line = self.lines[position]
        text = self._ungrouped(line.text)
        if shapes.HEADER.search(text):
            return self._header(line, text)
        if shapes.LABEL.match(text):
            self._label = text.strip()
            return 1 + self._worker_message(position, text)
        used = self._frame(position, text)
        if used:
            return used
        return self._inside(position, text) if self._open else self._outside(position, text)

    def _worker_message(self, position: int, text: str) -> int:
        """batchgenerators prints the message of a worker's exception here, without its type; newer ones a traceback."""
        following = [line.text for line in self.lines[position + 1 : position + 6]]
        if not shapes.WORKER.match(text) or not following or not following[0][:1].isspace() or not following[0].strip():
            return 0
        own = takewhile(lambda each: not shapes.LABEL.match(each), following)
        if any(shapes.HEADER.search(each) for each in own):
            return 0
        below = self.lines[position + 1]
        event = ExceptionEvent("", below.text.strip(), below.number, below.number, label=text.strip(), bare=True)
        self.events.append(event)
        self._label, below.role = "", "exception"
        return 1

    def _ungrouped(self, text: str) -> str:
        if shapes.GROUP.match(text):
            self._grouped = True
        if self._grouped and re.match(r"^\s*[|+]", text):
            return re.sub(r"^\s*(?:\+-[-+\s\d.]*|[|+]\s?)", "", text)
        return text

    def _header(self, line: Line, text: str) -> int:
        if not self._open or self._frames:
            self._flush(line.number)
        named = shapes.IPYTHON_HEADER.match(text.strip())
        self._announced = named.group(1) if named else ""
        self._open, self._frames, self._first = True, [], line.number
        line.role = "header"
        return 1

    def _flush(self, number: int) -> None:
        """A new traceback starts inside an open one: another worker's text. Keep the frames as a cut traceback."""
        if self._open and self._frames and not self._belongs_above():
            self._close("", "", number, [])

    def _frame(self, position: int, text: str) -> int:
        frame, used = self._parse_frame(position, text)
        if frame is None:
            return 0
        if not self._open:
            self._open, self._frames, self._first, self._announced = True, [], frame.number, ""
        for line in self.lines[position : position + used]:
            line.role = "frame"
        self._frames.append(frame)
        return used + self._source(position + used, frame)

    def _parse_frame(self, position: int, text: str) -> tuple[Frame | None, int]:
        number = self.lines[position].number
        frame = shapes.parse_frame(text, number)
        if frame is not None or not shapes.OPEN_FRAME.match(text):
            return frame, 1
        joined = text
        for extra, line in enumerate(self.lines[position + 1 : position + 4], 2):
            glue = "" if joined.rstrip().count('"') == 1 else " "
            joined = joined.rstrip() + glue + line.text.strip()
            frame = shapes.parse_frame(joined, number)
            if frame is not None:
                return frame, extra
        return None, 1

    def _source(self, position: int, frame: Frame) -> int:
        """Source line and carets below a plain frame; returns how many lines they take."""
        if position >= len(self.lines):
            return 0
        line = self.lines[position]
        text = self._ungrouped(line.text)
        if not text.strip() or self._ends(text) or shapes.HEADER.search(text) or shapes.parse_frame(text, 0):
            return 0
        if shapes.ARROW.match(text) or shapes.CONTEXT.match(text) or shapes.OPEN_FRAME.match(text):
            return 0
        if shapes.CARETS.match(text) or shapes.REPEATED.match(text) or shapes.LABEL.match(text):
            return 0
        frame.code, frame.code_number = text.strip(), line.number
        line.role = "code"
        return 1

    def _ends(self, text: str) -> bool:
        return not text[:1].isspace() and shapes.EXCEPTION.match(text) is not None

    def _inside(self, position: int, text: str) -> int:
        line = self.lines[position]
        if self._is_source(text):
            self._take_source(line, text)
            return 1
        found = self._exception(text)
        if found is None:
            return 1
        if self._belongs_above():
            return 0
        message_lines = self._message(position)
        message = " ".join([found.group("message") or "", *(each.text.strip() for each in message_lines)]).strip()
        self._close(found.group("type"), message, line.number, [each.number for each in message_lines])
        line.role = "exception"
        return 1

    def _is_source(self, text: str) -> bool:
        if shapes.ARROW.match(text) or shapes.CONTEXT.match(text) or shapes.CARETS.match(text):
            return True
        return (
            bool(self._frames) and text[:1].isspace() and self._exception(text.strip()) is None and bool(text.strip())
        )

    def _take_source(self, line: Line, text: str) -> None:
        line.role = "code"
        arrow = shapes.ARROW.match(text)
        if arrow is not None and self._frames:
            self._frames[-1].code, self._frames[-1].code_number = arrow.group(2).strip(), line.number
            self._frames[-1].lineno = self._frames[-1].lineno or int(arrow.group(1))

    def _exception(self, text: str) -> re.Match[str] | None:
        pytest_end = shapes.PYTEST_END.match(text)
        if pytest_end is not None:
            text = pytest_end.group("rest")
        found = shapes.EXCEPTION.match(text.strip())
        if found is not None:
            return found
        if text[:1].isspace() or not self._frames:
            return None
        loose = shapes.ANY_EXCEPTION.match(text)
        if loose is None or not ("." in loose.group("type") or loose.group("type")[:1].isupper()):
            return None
        return loose if loose.group("type") == self._announced or self._plausible(loose) else None

    def _plausible(self, loose: re.Match[str]) -> bool:
        return loose.group("message") is not None and " " not in loose.group("type") and len(loose.group("type")) > 5

    def _message(self, position: int) -> list[Line]:
        """The lines that go on with a message; few where a text holds so many exceptions that it repeats itself."""
        following = self.lines[position + 1 : position + 1 + (MESSAGE_LINES if len(self.events) < MANY else 1)]
        taken: list[Line] = []
        room = MESSAGE_LENGTH
        for line in following:
            if _NEW_TEXT.search(line.text) or shapes.parse_frame(line.text, 0) or shapes.EXCEPTION.match(line.text):
                break
            room -= len(line.text)
            if room < 0:
                break
            taken.append(line)
        return taken

    def _close(self, kind: str, message: str, number: int, message_lines: list[int]) -> None:
        kind = kind or self._announced
        event = ExceptionEvent(kind, message, number, self._first or number, self._frames, message_lines, self._label)
        self.events.append(event)
        self._open, self._frames, self._label, self._announced, self._first = False, [], "", "", 0

    def _outside(self, position: int, text: str) -> int:
        line = self.lines[position]
        found = self._exception_alone(text) or self._mention(text)
        if found is None:
            return 1
        message_lines = self._message(position)
        message = " ".join([found.group("message") or "", *(each.text.strip() for each in message_lines)]).strip()
        event = ExceptionEvent(found.group("type"), message, line.number, line.number, label=self._label, bare=True)
        event.message_lines = [each.number for each in message_lines]
        self._label = ""
        self.events.append(event)
        line.role = "exception"
        return 1

    def _exception_alone(self, text: str) -> re.Match[str] | None:
        pytest_end = shapes.PYTEST_END.match(text)
        stripped = (pytest_end.group("rest") if pytest_end else text).strip()
        found = shapes.EXCEPTION.match(stripped)
        if found is None or found.group("type").endswith("Warning"):
            return None
        named = found.group("message") or found.group("type").endswith(shapes.BARE)
        return found if named else None

    def _mention(self, text: str) -> re.Match[str] | None:
        return (
            shapes.MENTION.search(text) if "Error: " in text or "Exception: " in text or "Interrupt: " in text else None
        )
