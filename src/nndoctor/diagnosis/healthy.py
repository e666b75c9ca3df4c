"""What healthy runs print: lines that none of them prints, and how far a run came that says nothing of its end."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

import msgspec

from nndoctor.diagnosis.comparison import contradicted, release_bounds
from nndoctor.diagnosis.matching import Place, Texts
from nndoctor.diagnosis.template import TemplateError, anchor_words, collapse, template, tokens
from nndoctor.facts import Facts

LOOKED_AT = 4000


class HealthyLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of healthy runs of the releases `min` to `max`.

    With `always`, every healthy run prints it; with `always_without`, every one whose text holds none of these words.
    `means` says what has been reached then.
    """

    text: str
    unless: list[str] = []
    min: str = ""
    max: str = ""
    always: bool = False
    always_without: list[str] = []
    means: str = ""

    def matches(self, text: str) -> bool:
        """Whether the collapsed text is such a line."""
        if template(self.text).match(text) is None:
            return False
        return not any(template(each).match(text) is not None for each in self.unless)

    def may_be_of(self, facts: Facts) -> bool:
        """Whether the release that ran may print it; an unknown release may."""
        return not contradicted(release_bounds(self.min, self.max), facts)


class HealthyRun(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one console script prints in order; `any` is what each of them may print."""

    command: str
    lines: list[HealthyLine]


class Reached(NamedTuple):
    """The last step of a healthy run that a text shows, and the step that every healthy run would go on with."""

    place: Place
    step: HealthyLine
    next: HealthyLine | None


class Healthy:
    """The lines of all healthy runs, found by word."""

    def __init__(self, runs: list[HealthyRun]) -> None:
        self.runs = {run.command: run.lines for run in runs}
        self._by_word: dict[str, list[HealthyLine]] = {}
        self._wordless: list[HealthyLine] = []
        for line in {line.text: line for run in runs for line in run.lines}.values():
            try:
                self._by_word.setdefault(max(anchor_words(line.text), key=len), []).append(line)
            except TemplateError:
                self._wordless.append(line)

    def knows(self, shown: str) -> bool:
        """Whether some healthy run prints this line."""
        text = collapse(shown)
        named = (line for word in tokens(text) for line in self._by_word.get(word, ()))
        return any(line.matches(text) for line in named) or any(line.matches(text) for line in self._wordless)

    def familiar(self, texts: Texts) -> tuple[list[Place], list[Place]]:
        """Places of the printed lines that some healthy run prints, and of those that none does; of the last ones."""
        known: list[Place] = []
        unknown: list[Place] = []
        printed = (
            (place, line) for place, line in reversed(texts.entries) if line.role == "print" and line.text.strip()
        )
        for place, line in islice(printed, LOOKED_AT):
            (known if any(map(self.knows, {line.text, line.shown})) else unknown).append(place)
        return known[::-1], unknown[::-1]

    def reached(self, command: str, texts: Texts, facts: Facts) -> Reached | None:
        """How far the run of this command came; None when the text shows no step that every healthy run has."""
        steps = [line for line in self.runs.get(command, []) if line.means and line.may_be_of(facts)]
        steps = [step for step in steps if step.always or not _says(step.always_without, texts, facts)]
        places = [_last_place(step, texts) for step in steps]
        seen = [(place, index) for index, place in enumerate(places) if place is not None]
        if not seen:
            return None
        place, index = max(seen, key=lambda each: each[1])
        return Reached(place, steps[index], next(iter(steps[index + 1 :]), None))


def _says(words: Iterable[str], texts: Texts, facts: Facts) -> bool:
    """Whether the command line has one of these words, or a line of the text one of these phrases."""
    typed = str(facts.value("log.command_line") or "").split()
    return any(word in typed or (" " in word and bool(texts.find(word))) for word in words)


def _last_place(step: HealthyLine, texts: Texts) -> Place | None:
    try:
        found = texts.find(step.text)
    except TemplateError:
        return None
    return next((place for place, shown, _ in reversed(found) if step.matches(collapse(shown))), None)
