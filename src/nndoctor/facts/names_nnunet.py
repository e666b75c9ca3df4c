"""Facts that nnU-Net's own files and the images state."""

from __future__ import annotations

from nndoctor.facts.model import FactSpec

SPECS: tuple[FactSpec, ...] = (
    FactSpec(
        "input.channels", "int", None, "channels of the case that differs, or of all cases", how="-i INPUT -m MODEL"
    ),
    FactSpec("model.channels", "int", None, "channels that the model was trained with", how="-m MODEL_FOLDER"),
)
