"""The rulebook: rules compiled into one file, found by words, decoded only when a text calls for them."""

from __future__ import annotations

from typing import Literal

import msgspec

from nndoctor.diagnosis.model import Severity
from nndoctor.diagnosis.problem_table import ProblemTable
from nndoctor.diagnosis.releases import Release
from nndoctor.diagnosis.rule import Prior, Rule, Sign

FORMAT = 17
Side = Literal["for", "against"]


class RuleError(Exception):
    """A rule file that cannot be used; the message names the file."""


class Card(msgspec.Struct, frozen=True):
    """What ranking needs of a rule; the rest stays undecoded in `body`."""

    id: str
    family: str
    prior: Prior
    severity: Severity
    symptom: bool
    late: bool
    candidates: dict[str, float]
    explains: list[str]
    excludes: list[str]
    body: msgspec.Raw

    def rule(self) -> Rule:
        """The whole rule."""
        return msgspec.json.decode(self.body, type=Rule)


class FiledSign(msgspec.Struct, frozen=True):
    """A sign and the rule it speaks for or against. Signs of consequences and of nnU-Net itself have no rule."""

    rule: int
    side: Side
    sign: Sign


class Marker(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A printed text or a source file that only some nnunetv2 versions have: it dates the text."""

    text: str = ""
    file: str = ""
    min: str = ""
    max: str = ""
    note: str = ""


class Hint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A note for reports: shown when the fact holds and the first finding advises such a command."""

    fact: str
    command: str
    note: str


class Common(msgspec.Struct, frozen=True):
    """Knowledge that no single cause owns."""

    nnunet: list[str] = []
    consequences: list[Sign] = []
    failures: list[str] = []
    markers: list[Marker] = []
    upstream: dict[str, list[str]] = {}
    dependencies: list[str] = []
    others: list[str] = []
    hints: list[Hint] = []
    releases: list[Release] = []
    calibration: list[tuple[float, float]] = []


class Rulebook(msgspec.Struct):
    """All rules. `text_words` and `exception_words` lead from a word to the signs that need it.

    `rare_words` are the text words that no healthy run prints, which is what large logs are searched for;
    `hidden_words` are those of them that stand inside words of healthy runs.
    """

    format: int
    stamp: str
    cards: list[Card]
    signs: list[msgspec.Raw]
    text_words: dict[str, list[int]]
    exception_words: dict[str, list[int]]
    fact_names: dict[str, list[int]]
    common: msgspec.Raw
    healthy: msgspec.Raw = msgspec.Raw(b"[]")
    checks: msgspec.Raw = msgspec.Raw(b"{}")
    rare_words: list[str] = []
    hidden_words: list[str] = []
    problems: list[str] = []

    def sign(self, index: int) -> FiledSign:
        return msgspec.json.decode(self.signs[index], type=FiledSign)

    def common_knowledge(self) -> Common:
        return msgspec.json.decode(self.common, type=Common)

    def problem_table(self) -> ProblemTable:
        return msgspec.json.decode(self.checks, type=ProblemTable)

    def card(self, cause: str) -> Card | None:
        return next((card for card in self.cards if card.id == cause), None)


def as_list(words: str | list[str]) -> list[str]:
    return [words] if isinstance(words, str) else words
