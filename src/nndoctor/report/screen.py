"""A sheet of terminal text: wraps what is read, leaves alone what is copied, and knows what the stream can show."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from io import StringIO
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from nndoctor.report.visible import clip, visible
from nndoctor.report.wrapping import break_offsets

GLYPHS: Mapping[bool, Mapping[str, str]] = {
    True: {"arrow": "→", "full": "█", "empty": "░", "rule": "─", "bullet": "•"},
    False: {"arrow": "->", "full": "#", "empty": ".", "rule": "-", "bullet": "*"},
}
WIDEST = 100
NARROWEST = 30
LONGEST = 1500


class Screen:
    """Collects lines as rich draws them. Text goes in as data: nothing in it is markup, nothing in it acts."""

    def __init__(self, width: int, color: bool, unicode: bool) -> None:
        self.width = max(NARROWEST, min(width, WIDEST))
        self.unicode = unicode
        self.glyphs = GLYPHS[unicode]
        self._sheet = StringIO()
        self._console = Console(
            file=self._sheet,
            width=self.width,
            force_terminal=color,
            color_system="standard" if color else None,
            legacy_windows=False,
            markup=False,
            highlight=False,
            emoji=False,
            _environ={},
        )

    def text(self, *parts: tuple[str, str]) -> Text:
        """A Text of (string, style) parts in which every control character has become visible."""
        return Text.assemble(*((clip(visible(part, unicode=self.unicode), LONGEST), style) for part, style in parts))

    def blank(self) -> None:
        self._sheet.write("\n")

    def heading(self, title: str) -> None:
        self.blank()
        self._console.print(self.text((title, "bold cyan")))

    def wrapped(self, text: Text, first: Text | str = "  ", indent: int | None = None) -> None:
        """Print `text` after `first`; further lines stand under its beginning, or `indent` columns in."""
        head = Text(first) if isinstance(first, str) else first
        hang = head.cell_len if indent is None else indent
        room = max(10, self.width - max(hang, head.cell_len))
        lines = [line for part in text.split("\n") for line in part.divide(break_offsets(part.plain, room))]
        for number, line in enumerate(lines or [Text()]):
            line.rstrip()
            before = head if number == 0 else Text(" " * hang)
            self._console.print(Text.assemble(before, line), soft_wrap=True)

    def fits(self, *parts: Text) -> bool:
        return sum(part.cell_len for part in parts) <= self.width

    def whole(self, *parts: Text) -> None:
        """One line as it is, however long: an address that was cut in two cannot be followed."""
        self._console.print(Text.assemble(*parts), soft_wrap=True)

    def copyable(self, command: str, indent: int) -> None:
        """A command on lines of its own, never wrapped and without a prompt, so that it can be selected as it is."""
        for line in command.strip("\n").split("\n"):
            self.whole(Text(" " * indent), Text(visible(line, unicode=self.unicode), "bold green"))

    def rule(self) -> None:
        self._console.print(self.text((self.glyphs["rule"] * self.width, "dim")))

    def write_to(self, stream: TextIO) -> None:
        """Write the sheet; what the stream's encoding lacks becomes an escape."""
        encoding = stream_encoding(stream)
        stream.write(self._sheet.getvalue().encode(encoding, "backslashreplace").decode(encoding))


def width_of(text: str) -> int:
    """Columns that `text` takes in a terminal; a Chinese character takes two."""
    return cell_len(text)


def terminal_width() -> int:
    return shutil.get_terminal_size((80, 24)).columns


def wants_color(stream: TextIO) -> bool:
    """NO_COLOR beats FORCE_COLOR beats TERM=dumb beats what the stream is."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    if os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty() and not _old_windows()


def shows_unicode(stream: TextIO) -> bool:
    return encodable("".join(GLYPHS[True].values()), stream) and os.environ.get("TERM") != "dumb"


def encodable(text: str, stream: TextIO) -> bool:
    """Whether the stream's encoding has every character of `text`."""
    try:
        text.encode(stream_encoding(stream))
    except UnicodeEncodeError:
        return False
    return True


def stream_encoding(stream: TextIO) -> str:
    return getattr(stream, "encoding", None) or "utf-8"


def _old_windows() -> bool:
    from rich.console import detect_legacy_windows

    return detect_legacy_windows()
