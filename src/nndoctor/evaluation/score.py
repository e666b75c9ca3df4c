"""Figures over labelled cases: accuracy, calibration, abstention, confident mistakes."""

from __future__ import annotations

import msgspec

from nndoctor.evaluation.outcomes import Outcome
from nndoctor.evaluation.reliability import expected_calibration_error

NAMED = 0.5


class Score(msgspec.Struct, frozen=True):
    """The figures; shares are in [0, 1]."""

    cases: int
    top1: float
    top3: float
    ece: float
    confidently_wrong: int
    named_wrong: int
    undetermined: float
    evidence_line: float | None


def score(outcomes: list[Outcome]) -> Score:
    """The figures of these outcomes; there must be at least one."""
    count = len(outcomes)
    lines = [each.line_right for each in outcomes if each.line_right is not None]
    return Score(
        cases=count,
        top1=sum(each.top1 for each in outcomes) / count,
        top3=sum(each.top3 for each in outcomes) / count,
        ece=expected_calibration_error(outcomes),
        confidently_wrong=sum(each.confidently_wrong for each in outcomes),
        named_wrong=sum(not each.top1 and each.confidence >= NAMED for each in outcomes),
        undetermined=sum(each.status == "undetermined" for each in outcomes) / count,
        evidence_line=sum(lines) / len(lines) if lines else None,
    )
