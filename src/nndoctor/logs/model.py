"""What a text becomes: lines with their original numbers, and the exceptions that they tell of."""

from __future__ import annotations

from typing import Literal

import msgspec

Role = Literal["print", "header", "frame", "code", "exception"]


class Line(msgspec.Struct):
    """One line. `number` counts from 1 in the original text; `text` is bare of prefixes, `shown` is not."""

    number: int
    text: str
    shown: str
    role: Role = "print"


class Frame(msgspec.Struct):
    """One frame of a traceback. `path` has forward slashes; `number` is the log's line that shows the frame."""

    path: str
    lineno: int | None
    function: str
    number: int
    code: str = ""
    code_number: int | None = None


class ExceptionEvent(msgspec.Struct):
    """One exception as printed. `number` is the line of its type and message, `first` where its traceback starts.

    `frames` run from the outermost call to the innermost. `bare` means that no traceback stood before it,
    `leads_to` is the index of the exception that followed from it, `label` names the thread or worker.
    """

    type: str
    message: str
    number: int
    first: int
    frames: list[Frame] = []
    message_lines: list[int] = []
    label: str = ""
    bare: bool = False
    leads_to: int | None = None

    @property
    def name(self) -> str:
        """The type without its module."""
        return self.type.rpartition(".")[2]


class Log(msgspec.Struct):
    """One text, read. `exceptions` stand in the order of the text."""

    name: str
    lines: list[Line]
    exceptions: list[ExceptionEvent]
    truncated: bool = False
    wrapped: bool = False
