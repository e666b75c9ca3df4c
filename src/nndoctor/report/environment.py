"""A computer for readers: what a maintainer asks for, in the terminal and as Markdown for a ticket."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TextIO

from rich.text import Text

from nndoctor.diagnosis.model import Diagnosis
from nndoctor.report.environment_rows import Group, Row, alarms, groups
from nndoctor.report.markdown_text import code, prose
from nndoctor.report.phrases import in_language
from nndoctor.report.screen import Screen, shows_unicode, terminal_width, wants_color
from nndoctor.report.words import Language, words

_LABEL = 20


def print_environment(d: Diagnosis, lang: Language, stream: TextIO | None = None) -> None:
    """Write what is odd, then the groups, to `stream`, as wide as the terminal."""
    out = sys.stdout if stream is None else stream
    screen = Screen(terminal_width(), wants_color(out), shows_unicode(out))
    text, d = words(lang), in_language(d, lang)
    if odd := alarms(d):
        screen.heading(text["env.alarms"])
    for row in odd:
        screen.wrapped(screen.text((row.text(), "yellow")), screen.text((f"! {row.label:{_LABEL}} ", "bold yellow")), 4)
    for group in groups(d):
        _print_group(screen, group, lang)
    for note in d.notes:
        screen.wrapped(screen.text((note, "")))
    screen.write_to(out)


def _print_group(screen: Screen, group: Group, lang: Language) -> None:
    screen.heading(words(lang)[group.heading])
    for row in group.rows:
        screen.wrapped(_packed(screen, row), screen.text((f"  {row.label:{_LABEL}} ", "bold")), _LABEL + 3)
    for reason, names in group.unknown.items():
        screen.wrapped(screen.text((f"{', '.join(names)}{words(lang)['colon']}{reason}", "dim")), indent=4)


def _packed(screen: Screen, row: Row) -> Text:
    """The facts of a row, as many on a line as fit: a name and its value are not parted."""
    packed, used, room = screen.text(("", "")), 0, screen.width - _LABEL - 3
    for number, (name, value) in enumerate(row.parts):
        end = "," if number < len(row.parts) - 1 else ""
        part = screen.text((f"{name} " if name else "", "dim"), (value + end, ""))
        if number and used + 1 + part.cell_len > room:
            packed, used = Text.assemble(packed, "\n"), 0
        packed = Text.assemble(packed, " " if used else "", part)
        used += part.cell_len + (1 if used else 0)
    return packed


def environment_markdown(d: Diagnosis, lang: Language) -> str:
    """What is odd, then the groups, as lists that GitHub shows; what is unknown is folded away at the end."""
    text, d = words(lang), in_language(d, lang)
    found = list(groups(d))
    blocks = [_listed(text[group.heading], _items(group)) for group in found if group.rows]
    if odd := [f"- {code(row.label)} {prose(row.text())}" for row in alarms(d)]:
        blocks.insert(0, _listed(text["env.alarms"], odd))
    if unknown := [line for group in found for line in _unknown(group)]:
        blocks.append(f"<details><summary>{text['missing']}</summary>\n\n" + "\n".join(unknown) + "\n\n</details>")
    return "\n\n".join([*blocks, *(prose(note) for note in d.notes)])


def _listed(heading: str, lines: list[str]) -> str:
    return f"**{heading}**\n\n" + "\n".join(lines)


def _items(group: Group) -> list[str]:
    return [f"- {code(row.label)} {code(row.text())}" for row in group.rows]


def _unknown(group: Group) -> Iterator[str]:
    for reason, names in group.unknown.items():
        yield f"- {', '.join(map(code, names))}: {prose(reason)}"
