"""Confidence against accuracy, by bins."""

from __future__ import annotations

from typing import NamedTuple

from nndoctor.evaluation.outcomes import Outcome

BINS = 10


class Bin(NamedTuple):
    """Answers said with a confidence of `low` to `high`: how many, how sure on average, the share that was right."""

    low: float
    high: float
    cases: int
    confidence: float
    accuracy: float


def reliability(outcomes: list[Outcome]) -> list[Bin]:
    """Ten equal bins (Naeini et al. 2015), empty ones with zeros."""
    return [_bin(place, [each for each in outcomes if bin_of(each.confidence) == place]) for place in range(BINS)]


def bin_of(confidence: float) -> int:
    return min(int(confidence * BINS), BINS - 1)


def _bin(place: int, inside: list[Outcome]) -> Bin:
    count = max(1, len(inside))
    confidence, right = sum(each.confidence for each in inside), sum(each.top1 for each in inside)
    return Bin(place / BINS, (place + 1) / BINS, len(inside), confidence / count, right / count)


def expected_calibration_error(outcomes: list[Outcome]) -> float:
    """ECE: mean gap of confidence and accuracy, weighted by the size of the bins."""
    bins = reliability(outcomes)
    return sum(abs(each.accuracy - each.confidence) * each.cases for each in bins) / max(1, len(outcomes))
