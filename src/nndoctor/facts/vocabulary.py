"""The shared vocabulary: every fact name that a witness may state and a rule may use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from nndoctor.facts.model import FactSpec
from nndoctor.facts.names_forecast import SPECS as FORECAST
from nndoctor.facts.names_machine import SPECS as MACHINE
from nndoctor.facts.names_nnunet import SPECS as NNUNET
from nndoctor.facts.names_text import SPECS as TEXT
from nndoctor.facts.names_training import TRAINING


@cache
def vocabulary() -> Mapping[str, FactSpec]:
    """Fact name to its specification. Raises ValueError when two rooms claim one name."""
    specs: dict[str, FactSpec] = {}
    for spec in (*TEXT, *MACHINE, *NNUNET, *FORECAST, *TRAINING):
        if spec.name in specs:
            raise ValueError(f"fact {spec.name} is specified twice")
        specs[spec.name] = spec
    return specs
