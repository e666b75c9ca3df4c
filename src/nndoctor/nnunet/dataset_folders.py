"""From a dataset's id or name to its folders, as nnU-Net finds them
(nnunetv2/utilities/dataset_name_id_conversion.py and file_path_utilities.py, v2.0 to v2.8.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from nndoctor.nnunet.files import is_file, is_folder, subfolders_of
from nndoctor.nnunet.request import Request
from nndoctor.nnunet.stating import Statement, absent, listed, state
from nndoctor.nnunet.variables import FOLDERS, Variables


@dataclass(frozen=True)
class DatasetFolders:
    """The folder of one dataset below nnUNet_raw, nnUNet_preprocessed and nnUNet_results; None where unknown."""

    raw: Path | None = None
    preprocessed: Path | None = None
    results: Path | None = None


def dataset_facts(request: Request, variables: Variables) -> tuple[list[Statement], DatasetFolders]:
    """What is known of the dataset that was asked for, and its folders."""
    if request.dataset is None:
        return absent(["dataset.name", "dataset.matches", "dataset.ambiguous"], "no dataset was given (-d)"), _NOWHERE
    if (folder := _as_folder(request.dataset)) is not None:
        facts = [*listed("dataset.matches", [folder.name], folder), state("dataset.ambiguous", False, folder)]
        found = replace(_folders(folder.name, variables), raw=folder)
        return [*facts, state("dataset.name", folder.name, folder)], found
    matches = _matches(request.dataset, variables)
    where = "nnUNet_raw, nnUNet_preprocessed, nnUNet_results"
    facts = [*listed("dataset.matches", matches, where), state("dataset.ambiguous", len(matches) > 1, where)]
    if len(matches) != 1:
        reason = "several folders have this id" if matches else "no folder of this dataset was found"
        return [*facts, *absent(["dataset.name"], reason)], _NOWHERE
    return [*facts, state("dataset.name", matches[0], where)], _folders(matches[0], variables)


def model_folder(request: Request, variables: Variables, folders: DatasetFolders) -> Path | None:
    """MODEL as given, or nnUNet_results/DATASET/TRAINER__PLANS__CONFIGURATION; None when too little is known."""
    if request.model is not None:
        return request.model
    if folders.results is None or request.configuration is None:
        return None
    return folders.results / f"{request.trainer_name}__{request.plans_name}__{request.configuration}"


_NOWHERE = DatasetFolders()


def _as_folder(asked: str) -> Path | None:
    """The folder itself, when the user points at one with a dataset.json or with imagesTr in it."""
    path = Path(asked)
    if not is_folder(path) or not (is_file(path / "dataset.json") or is_folder(path / "imagesTr")):
        return None
    return path.absolute()


def _folders(name: str, variables: Variables) -> DatasetFolders:
    roots = [variables.folder(variable) for variable in FOLDERS]
    return DatasetFolders(*(root / name if root is not None else None for root in roots))


def _matches(asked: str, variables: Variables) -> list[str]:
    """The distinct names of the dataset folders that nnU-Net would take for `asked`."""
    prefix = f"Dataset{int(asked):03d}" if re.fullmatch(r"[0-9]{1,9}", asked.strip()) else None
    roots = [root for variable in FOLDERS if (root := variables.folder(variable)) is not None]
    names = {name for root in roots for name in subfolders_of(root)}
    return sorted(name for name in names if (name.startswith(prefix) if prefix else name == asked))
