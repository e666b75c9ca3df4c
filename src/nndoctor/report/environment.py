"""The facts of a computer, group by group: what a maintainer asks for, in the terminal and as Markdown for a ticket."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TextIO

from nndoctor.diagnosis.model import Diagnosis
from nndoctor.facts import Fact, Missing, vocabulary
from nndoctor.report.markdown_text import code, prose
from nndoctor.report.phrases import in_language
from nndoctor.report.screen import Screen, shows_unicode, terminal_width, wants_color
from nndoctor.report.view import value_text
from nndoctor.report.words import Language, words

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("env.variables", ("env.",)),
    ("env.memory", ("memory.", "shm.", "cgroup.memory")),
    ("env.processors", ("cpu.", "limit.", "cgroup.")),
    ("env.gpu", ("gpu.",)),
    ("env.disks", ("disk.",)),
    ("env.system", ("os.", "container.", "scheduler.")),
    ("env.packages", ("",)),
)
COUNT = "_count"


class Group(NamedTuple):
    """One heading with its facts; `unknown` are the reasons why others are missing, with the names they hold for."""

    heading: str
    facts: list[Fact]
    unknown: dict[str, list[str]]


def groups(d: Diagnosis, lang: Language) -> Iterator[Group]:
    """Every fact and every gap in its group; a group without either is left out."""
    text = words(lang)
    for key, _ in (GROUPS[-1], *GROUPS[:-1]):
        facts = [fact for fact in d.facts if _group(fact.name) == key and not fact.name.endswith(COUNT)]
        gaps = [gap for gap in d.missing if _group(gap.name) == key and not gap.name.endswith(COUNT)]
        if facts or gaps:
            yield Group(text[key], facts, _by_reason(gaps))


def _group(name: str) -> str:
    return next(key for key, prefixes in GROUPS if name.startswith(prefixes))


def _by_reason(gaps: Iterable[Missing]) -> dict[str, list[str]]:
    reasons: dict[str, list[str]] = {}
    for gap in gaps:
        reasons.setdefault(gap.reason, []).append(gap.name)
    return reasons


def print_environment(d: Diagnosis, lang: Language, stream: TextIO | None = None) -> None:
    """Write the groups to `stream`, as wide as the terminal."""
    out = sys.stdout if stream is None else stream
    screen = Screen(terminal_width(), wants_color(out), shows_unicode(out))
    d = in_language(d, lang)
    for group in groups(d, lang):
        screen.heading(group.heading)
        for fact in group.facts:
            screen.wrapped(screen.text((_value(fact), "")), screen.text((f"  {fact.name:28} ", "bold")))
        for reason, names in group.unknown.items():
            screen.wrapped(screen.text((f"{', '.join(names)}{words(lang)['colon']}{reason}", "dim")))
    for note in d.notes:
        screen.wrapped(screen.text((note, "")))
    screen.write_to(out)


def environment_markdown(d: Diagnosis, lang: Language) -> str:
    """The groups as lists that GitHub shows; what is unknown is folded away."""
    blocks: list[str] = []
    d = in_language(d, lang)
    for group in groups(d, lang):
        facts = [f"- {code(fact.name)} {code(_value(fact))}" for fact in group.facts]
        unknown = [f"- {', '.join(map(code, names))}: {prose(reason)}" for reason, names in group.unknown.items()]
        blocks.append(f"**{group.heading}**\n\n" + "\n".join(facts or ["-"]))
        if unknown:
            heading = words(lang)["missing"]
            blocks.append(f"<details><summary>{heading}</summary>\n\n" + "\n".join(unknown) + "\n\n</details>")
    return "\n\n".join([*blocks, *(prose(note) for note in d.notes)])


def _value(fact: Fact) -> str:
    spec = vocabulary().get(fact.name)
    return value_text(fact.value, None if spec is None else spec.unit) or "-"
