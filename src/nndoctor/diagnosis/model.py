"""What a consultation ends with: a ranked Diagnosis. The types that every report renders and JSON carries."""

from __future__ import annotations

from typing import Literal

import msgspec

from nndoctor.facts import Fact, Missing

Status = Literal["diagnosed", "undetermined", "no-failure", "not-nnunet"]
Severity = Literal["error", "warning", "info"]
FixKind = Literal["check", "setting", "copy-of-data", "environment", "destructive"]
Treats = Literal["cause", "works-around", "diagnostic"]
FIX_ORDER: tuple[FixKind, ...] = ("check", "setting", "copy-of-data", "environment", "destructive")


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """One sign that holds. `line` counts from 1 in `source`; `weight` is log-odds in decibans, negative against."""

    kind: Literal["exception", "message", "code", "fact"]
    source: str
    text: str
    weight: float
    line: int | None = None
    says: str | None = None


class NotSeen(msgspec.Struct, frozen=True, omit_defaults=True):
    """A fact that would have counted, why it is missing, and the command that settles it."""

    fact: str
    meaning: str
    reason: str
    command: str | None = None


class Fix(msgspec.Struct, frozen=True, omit_defaults=True):
    """One piece of advice. `condition` is set when the facts cannot say whether it applies."""

    kind: FixKind
    treats: Treats
    text: str
    command: str | None = None
    effect: str | None = None
    cost: str | None = None
    undo: str | None = None
    source: str | None = None
    condition: str | None = None


class Finding(msgspec.Struct, frozen=True):
    """One cause. `confidence` is a probability in [0, 1]; `chain` leads from the root to what the user saw last."""

    rank: int
    cause: str
    title: str
    confidence: float
    severity: Severity
    explanation: str
    evidence: list[Evidence]
    against: list[Evidence]
    not_seen: list[NotSeen]
    chain: list[str]
    fixes: list[Fix]


class InputRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """One text that was read: its name, size in bytes, encoding and number of lines."""

    name: str
    size: int
    lines: int
    encoding: str
    notes: list[str] = []


class Excerpt(msgspec.Struct, frozen=True):
    """One line of the original text that a report may show around its evidence."""

    source: str
    line: int
    text: str


class Diagnosis(msgspec.Struct, frozen=True):
    """The whole result. `environment` says whether this machine's facts were used, and why."""

    status: Status
    findings: list[Finding]
    signature: str | None
    facts: list[Fact]
    missing: list[Missing]
    inputs: list[InputRecord]
    environment: str
    notes: list[str]
    excerpts: list[Excerpt]
