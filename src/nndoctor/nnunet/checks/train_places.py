"""Where a training reads and writes (nnUNetTrainer.__init__, v2.0 to v2.8.1): names come from inside the plans."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nndoctor.nnunet.bounded_json import as_str
from nndoctor.nnunet.checks.train_request import TrainRequest
from nndoctor.nnunet.dataset_folders import DatasetFolders
from nndoctor.nnunet.plans import Plans


@dataclass(frozen=True)
class Places:
    """base      the dataset below nnUNet_preprocessed, by the name that the plans hold
    data      the preprocessed cases of the configuration
    model     the trainer folder below nnUNet_results; None when that variable is not set
    previous  the segmentations that the stage before left for this one; None without a cascade
    """

    base: Path
    data: Path
    model: Path | None
    fold: Path | None
    previous: Path | None


def places_of(asked: TrainRequest, folders: DatasetFolders, plans: Plans) -> Places | None:
    """The folders of a training; None when the dataset has none below nnUNet_preprocessed."""
    if folders.preprocessed is None:
        return None
    dataset = as_str(plans.content.get("dataset_name")) or folders.preprocessed.name
    base = folders.preprocessed.parent / dataset
    model = _model(asked, folders, plans, dataset, asked.configuration)
    before = as_str(plans.configuration(asked.configuration).get("previous_stage"))
    stage = _model(asked, folders, plans, dataset, before) if before is not None else None
    return Places(
        base=base,
        data=base / plans.data_identifier(asked.configuration),
        model=model,
        fold=None if model is None else model / f"fold_{asked.fold_name}",
        previous=None if stage is None else stage / "predicted_next_stage" / asked.configuration,
    )


def _model(asked: TrainRequest, folders: DatasetFolders, plans: Plans, dataset: str, stage: str) -> Path | None:
    if folders.results is None:
        return None
    named = as_str(plans.content.get("plans_name")) or asked.plans
    return folders.results.parent / dataset / f"{asked.trainer}__{named}__{stage}"
