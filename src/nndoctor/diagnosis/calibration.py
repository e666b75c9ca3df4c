"""Confidence that means what it says: a share of the odds becomes the share that was right where it was said."""

from __future__ import annotations

from bisect import bisect_right

Knots = list[tuple[float, float]]


def calibrated(confidence: float, knots: Knots) -> float:
    """Linear between the knots (raw, right), which rise in both; the same number beyond them and without any.

    Niculescu-Mizil and Caruana 2005, "Predicting good probabilities with supervised learning": isotonic regression.
    """
    if not knots or not knots[0][0] <= confidence <= knots[-1][0]:
        return confidence
    place = min(bisect_right([raw for raw, _ in knots], confidence), len(knots) - 1)
    (left, low), (right, high) = knots[place - 1], knots[place]
    return low + (high - low) * (confidence - left) / (right - left)
