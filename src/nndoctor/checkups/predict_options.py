"""What nnUNetv2_predict is going to be asked."""

from __future__ import annotations

from pathlib import Path

import msgspec

DEFAULT_WORKERS = 3
"""-npp and -nps without variables (predict_entry_point, v2.0 to v2.8.1)."""


class Prediction(msgspec.Struct, frozen=True):
    """The options of nnUNetv2_predict (with `dataset`) or of nnUNetv2_predict_from_modelfolder (with `model`).

    folds None: none were given, and nnU-Net takes 0 to 4. npp and nps None: the variables nnUNet_npp and nnUNet_nps
    count (v2.6.2 and newer, not with `model`), else three processes.
    """

    input: Path
    output: Path | None = None
    model: Path | None = None
    dataset: str | None = None
    configuration: str | None = None
    plans: str | None = None
    trainer: str | None = None
    folds: list[str] | None = None
    checkpoint: str | None = None
    previous: Path | None = None
    npp: int | None = None
    nps: int | None = None
    save_probabilities: bool = False
    continue_prediction: bool = False
    device: str = "cuda"
    part_id: int = 0
    num_parts: int = 1
    step_size: float = 0.5
    mirroring: bool = True
    on_device: bool = True
