"""The files that a training reads, found as nnUNetv2_train finds them (run/run_training.py, v2.0 to v2.8.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.bounded_json import read_object
from nndoctor.nnunet.checks.train_request import TrainRequest
from nndoctor.nnunet.dataset_folders import DatasetFolders, dataset_facts
from nndoctor.nnunet.dataset_json import DatasetJson, find_dataset_json
from nndoctor.nnunet.files import BadFileError, files_in, is_file, is_folder, subfolders_of
from nndoctor.nnunet.plans import Plans, read_plans
from nndoctor.nnunet.request import Request
from nndoctor.nnunet.stating import Statement
from nndoctor.nnunet.variables import Variables

OTHER_JSON = ("dataset.json", "dataset_fingerprint.json", "splits_final.json")
NAMED = 8


@dataclass(frozen=True)
class TrainWorld:
    """What was found, the facts about it, and what keeps the training from beginning."""

    facts: list[Statement]
    folders: DatasetFolders
    plans: Plans | None
    dataset: DatasetJson | None
    problems: list[Problem]


def look_for_training(asked: TrainRequest) -> TrainWorld:
    """The dataset, its plans and its dataset.json in nnUNet_preprocessed, where training reads them. Raises nothing."""
    variables = Variables(asked.environ)
    request = Request(dataset=asked.dataset, configuration=asked.configuration, environ=asked.environ)
    named, folders = dataset_facts(request, variables)
    root = folders.preprocessed
    if root is None or not is_folder(root):
        return TrainWorld(named, folders, None, None, list(_nowhere(asked, named, folders, variables)))
    planned, plans = read_plans(root / f"{asked.plans}.json", asked.configuration)
    declared, dataset = find_dataset_json([root])
    return TrainWorld(
        [*named, *planned, *declared], folders, plans, dataset, list(_unreadable(asked, root, plans, dataset))
    )


def _nowhere(
    asked: TrainRequest, named: list[Statement], folders: DatasetFolders, variables: Variables
) -> Iterator[Problem]:
    """No dataset below nnUNet_preprocessed: it is unknown, ambiguous (told by facts), or nothing was made of it yet."""
    where = variables.get("nnUNet_preprocessed")
    if where is None:
        return
    if folders.preprocessed is not None:
        detail = "there is no such folder"
        yield Problem("train-not-preprocessed", str(folders.preprocessed), None, {"detail": detail})
    elif not any(each.name == "dataset.ambiguous" and getattr(each, "value", False) for each in named):
        near = ", ".join(subfolders_of(Path(where))[:NAMED]) or "no folders"
        yield Problem("dataset-not-found", where, None, {"asked": asked.dataset, "looked": where, "near": near})


def _unreadable(asked: TrainRequest, root: Path, plans: Plans | None, dataset: DatasetJson | None) -> Iterator[Problem]:
    """Plans or dataset.json that are missing, or no JSON."""
    if plans is None:
        yield from _no_plans(root / f"{asked.plans}.json")
    if dataset is None:
        path = root / "dataset.json"
        detail = "it cannot be read as JSON" if is_file(path) else "there is no such file"
        yield Problem("train-dataset-json", str(path), None, {"detail": detail})


def _no_plans(path: Path) -> Iterator[Problem]:
    if not is_file(path):
        yield Problem(
            "train-plans-missing", str(path), None, {"there": ", ".join(_plans_in(path.parent)) or "no others"}
        )
        return
    try:
        read_object(path)
    except BadFileError as error:
        yield Problem("plans-problem", str(path), None, {"detail": str(error)})


def _plans_in(root: Path) -> list[str]:
    try:
        names = [name for name in files_in(root) if name.endswith(".json") and name not in OTHER_JSON]
    except BadFileError:
        return []
    return [name.removesuffix(".json") for name in names][:NAMED]
