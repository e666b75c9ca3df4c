"""What the memory forecast says of the run that is looked at (docs/memory.md)."""

from __future__ import annotations

from nndoctor.facts.model import FactSpec

_HOW = "nndoctor check predict -i INPUT -m MODEL_FOLDER"

SPECS: tuple[FactSpec, ...] = (
    FactSpec("forecast.stage", "str", None, "the stage of this run that needs most memory, by the forecast", how=_HOW),
    FactSpec("forecast.case", "str", None, "the case that needs most in that stage", how=_HOW),
    FactSpec("forecast.needed", "int", "bytes", "memory that this run needs at its peak, by the forecast", how=_HOW),
    FactSpec("forecast.share", "float", None, "that memory divided by what is granted here; above 1 it is short", _HOW),
)
