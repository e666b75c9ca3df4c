"""The table of problems that `nndoctor check` finds: what each means, which cause it leads to. Rows are data."""

from __future__ import annotations

from typing import Literal

import msgspec

from nndoctor.diagnosis.model import Severity
from nndoctor.diagnosis.rule import RuleFix

Command = Literal["dataset", "predict", "train", "env"]


class ProblemRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One kind of problem.

    `says` is the sentence for one place, with the problem's values in its holes; `means` says what nnU-Net does with
    it. A row with `when` is found by comparing facts, for the `commands` that it names: `says` then has facts in its
    holes (a dot becomes _), and `each` names a list of which every item is a problem of its own, as {item}.
    """

    cause: str
    severity: Severity
    title: str
    says: str
    means: str
    source: str
    fixes: list[RuleFix] = []
    when: list[str] = []
    each: str = ""
    commands: list[Command] = []


ProblemTable = dict[str, ProblemRow]
