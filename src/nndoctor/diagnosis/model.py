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
    """One cause. `confidence` is a probability in [0, 1]; `chain` leads from the root to what the user saw last.

    A check names the kind of `problem` in its table, and `count`, how often it was seen.
    """

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
    problem: str | None = None
    count: int | None = None


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


class Forecast(msgspec.Struct, frozen=True):
    """The memory that one stage of a run will take, in bytes, as a whole process tree at its peak (docs/memory.md).

    case          the case that needs most; `one` is what one worker needs for it
    workers       how many nnU-Net will start
    total         the sum of RSS over all processes, as psutil, top and htop add it up
    charged       the same with shared pages counted once, as a cgroup counts: this is held against `granted`
    granted       bytes that may be used here; None when that is not known
    option        what sets the number of workers: -np, -npp, -nps, nnUNet_n_proc_DA
    safe_workers  the most that fit, 0 when not even one does; `safe_total` is what they take
    formula       where docs/memory.md derives it
    configuration the configuration that the row is about, where it is one of several
    """

    stage: str
    case: str | None
    one: int
    workers: int
    total: int
    charged: int
    granted: int | None
    option: str | None
    safe_workers: int | None
    safe_total: int | None
    formula: str
    configuration: str | None = None

    @property
    def fits(self) -> bool:
        return self.granted is None or self.charged <= self.granted


class CaseEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A case in the table of a check: shape in voxels (x, y, z), spacing in mm, the kinds of its problems.

    `files` are all of its files, `label` is which of them is the label.
    """

    case: str
    files: list[str]
    shape: list[int] = []
    spacing: list[float] = []
    channels: int = 0
    problems: list[str] = []
    label: str | None = None


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """One place of a kind of problem: a file or folder, its case, the sentence, and the values that stand in it."""

    kind: str
    where: str
    text: str
    case: str | None = None
    values: dict[str, str] = {}


UNREAD = "unread"
"""The depth of a check that lacked a library to read the voxels of some files."""


class Checkup(msgspec.Struct, frozen=True):
    """What a check looked at: the command, the folder, how many files, how deep, how long in seconds.

    `places` holds at most 200 of each kind of problem; the findings say how many there are.
    """

    command: Literal["dataset", "predict", "train", "env"]
    subject: str
    cases: int
    files: int
    reused: int
    depth: str
    seconds: float
    table: list[CaseEntry]
    forecast: list[Forecast]
    places: list[Place] = []


class Diagnosis(msgspec.Struct, frozen=True):
    """The whole result. `environment` says whether this machine's facts were used, and why.

    `thumbnails` are PNG pictures by case, for HTML only: JSON never carries them, and redaction drops them.
    """

    status: Status
    findings: list[Finding]
    signature: str | None
    facts: list[Fact]
    missing: list[Missing]
    inputs: list[InputRecord]
    environment: str
    notes: list[str]
    excerpts: list[Excerpt]
    checkup: Checkup | None = None
    thumbnails: dict[str, bytes] = {}
