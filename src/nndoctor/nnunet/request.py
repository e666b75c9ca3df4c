"""What the user pointed at: the options that name nnU-Net's folders, and the environment they are looked up in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Request:
    """The options of one consultation. What is None was not given; trainer, plans and checkpoint then have
    nnU-Net's own defaults (nnunetv2/inference/predict_from_raw_data.py, v2.0 to v2.8.1)."""

    input: Path | None = None
    model: Path | None = None
    dataset: str | None = None
    configuration: str | None = None
    folds: list[str] | None = None
    trainer: str | None = None
    plans: str | None = None
    checkpoint: str | None = None
    environ: Mapping[str, str] = field(default_factory=dict)

    @property
    def trainer_name(self) -> str:
        return self.trainer or "nnUNetTrainer"

    @property
    def plans_name(self) -> str:
        return self.plans or "nnUNetPlans"

    @property
    def checkpoint_name(self) -> str:
        return self.checkpoint or "checkpoint_final.pth"
