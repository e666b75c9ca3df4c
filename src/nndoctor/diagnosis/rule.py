"""A rule as its author writes it: how one cause is recognised, what it means, how it is fixed."""

from __future__ import annotations

from typing import Literal

import msgspec

from nndoctor.diagnosis.model import FixKind, Severity, Treats

Weight = Literal["decisive", "strong", "moderate", "weak"]
Prior = Literal["common", "uncommon", "rare"]
Where = Literal["user", "nnunet", "library", "python"]
Words = str | list[str]


class Sign(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One sign: an exception, a line of text, or a comparison of facts. All its conditions must hold at once.

    It loses weight where the facts contradict `applies_if`. `bug` and `tells` (names for titles) are set for the signs
    of known bugs.
    """

    weight: Weight
    exception: Words = []
    message: Words = []
    function: Words = msgspec.field(default=[], name="in")
    file: Words = []
    code: Words = []
    raised: list[Where] = []
    text: Words = []
    fact: str | None = None
    together: Words = msgspec.field(default=[], name="with")
    unless: Words = []
    applies_if: list[str] = []
    says: str | None = None
    bug: str = ""
    tells: dict[str, str] = {}


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What to look at when the evidence is short, with the one command that shows it."""

    text: str
    command: str | None = None


class Confusion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another cause that looks alike, and how to tell the two apart."""

    cause: str
    how: str


class RuleFix(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Advice. `command` is one for every shell, or one per shell (bash, powershell, cmd).

    Advice of a known `bug` is given when one of its signs holds; `certain` advice only where `applies_if` is known to
    hold; none where one of its `needs` is known not to.
    """

    kind: FixKind
    treats: Treats
    text: str
    command: str | dict[str, str] | None = None
    applies_if: list[str] = []
    effect: str | None = None
    cost: str | None = None
    undo: str | None = None
    source: str | None = None
    bug: str = ""
    certain: bool = False
    needs: list[str] = []


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One file of rules/. `id` and `family` must agree with the file's name and folder."""

    id: str
    title: str
    explanation: str
    prior: Prior
    evidence: list[Sign]
    title_if: Words = []
    see: str | None = None
    why: str | None = None
    severity: Severity = "error"
    symptom: bool = False
    late: bool = False
    candidates: dict[str, float] = {}
    against: list[Sign] = []
    explains: list[str] = []
    excludes: list[str] = []
    confused_with: list[Confusion] = []
    ask: list[Ask] = []
    fixes: list[RuleFix] = []
    versions: str | None = None
