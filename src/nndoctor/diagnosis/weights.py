"""The named weights and priors, and how log-odds become a probability. Log-odds are in decibans (10 log10)."""

from __future__ import annotations

import math
from collections.abc import Mapping

from nndoctor.diagnosis.rule import Prior, Weight

WEIGHTS: Mapping[Weight, float] = {"decisive": 36.0, "strong": 20.0, "moderate": 12.0, "weak": 6.0}
PRIORS: Mapping[Prior, float] = {"common": -10.0, "uncommon": -14.0, "rare": -18.0}
REPEATED = 0.25
REPEATED_CAP = 8.0


def odds(decibans: float) -> float:
    """Odds of log-odds; bounded, so that nothing overflows."""
    return float(10 ** (max(-90.0, min(90.0, decibans)) / 10))


def probability(decibans: float) -> float:
    """Probability of log-odds."""
    return odds(decibans) / (1 + odds(decibans))


def decibans(chance: float) -> float:
    """Log-odds of a probability, which is kept within [0.001, 0.999]."""
    bounded = max(0.001, min(0.999, chance))
    return 10 * math.log10(bounded / (1 - bounded))


def combine(weights: list[float]) -> float:
    """Several signs of one witness are not independent: the heaviest counts in full, the rest a quarter, capped."""
    ordered = sorted(weights, reverse=True)
    return sum(ordered[:1]) + min(REPEATED_CAP, REPEATED * sum(ordered[1:]))
