"""nnUNet_preprocessed/DATASET is judged: plans, splits, and every preprocessed folder of every plans file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.array_files import ENDINGS, array_problem
from nndoctor.nnunet.bounded_json import read_object
from nndoctor.nnunet.dataset_folders import DatasetFolders
from nndoctor.nnunet.files import BadFileError, files_in, is_folder, subfolders_of
from nndoctor.nnunet.plans import Plans
from nndoctor.nnunet.preprocessed import PreprocessedData
from nndoctor.nnunet.splits import split_problems
from nndoctor.nnunet.staleness import stale_reasons


def preprocessed_problems(folders: DatasetFolders, cases: list[str]) -> Iterator[Problem]:
    """What is wrong with what was made of the dataset; nothing when nothing was made. `cases` are those of the raw data."""
    root = folders.preprocessed
    if root is None or not is_folder(root):
        return
    for detail in stale_reasons(folders, set(cases)):
        yield Problem("preprocessed-stale", str(root), None, {"detail": detail})
    yield from _plans_problems(root)
    data = list(_preprocessed(root))
    for each in data:
        yield from data_problems(each, cases)
    known = set(cases) or {case for each in data for case in each.cases}
    for detail in split_problems(root / "splits_final.json", known):
        yield Problem("splits-problem", str(root / "splits_final.json"), None, {"detail": detail})


def data_problems(data: PreprocessedData, cases: list[str]) -> Iterator[Problem]:
    """What is wrong with one folder of preprocessed cases."""
    for name in (name for name in data.names if name.endswith(ENDINGS)):
        if (words := array_problem(data.folder / name)) is not None:
            yield Problem("preprocessed-corrupt", str(data.folder / name), None, {"detail": words})
    for detail in data.incomplete():
        yield Problem("preprocessed-incomplete", str(data.folder), detail.partition(":")[0], {"detail": detail})
    there = set(data.cases)
    for case in sorted(set(cases) - there) if there else []:
        yield Problem("case-not-preprocessed", str(data.folder), case)
    for case in sorted(there - set(cases)) if cases else []:
        detail = f"the preprocessed case {case} is not in the dataset any more"
        yield Problem("preprocessed-stale", str(data.folder), case, {"detail": detail})


def _preprocessed(root: Path) -> Iterator[PreprocessedData]:
    """Every folder with preprocessed cases."""
    for name in subfolders_of(root):
        try:
            data = PreprocessedData(root / name, files_in(root / name))
        except BadFileError:
            continue
        if name != "gt_segmentations" and any(each.endswith((".npz", ".b2nd", ".pkl")) for each in data.names):
            yield data


def _plans_problems(root: Path) -> Iterator[Problem]:
    """Files that hold configurations are plans, whatever they are called."""
    try:
        names = [name for name in files_in(root) if name.endswith(".json")]
    except BadFileError:
        return
    for name in names:
        yield from _of_plans(root / name)


def _of_plans(path: Path) -> Iterator[Problem]:
    if path.name in ("dataset.json", "dataset_fingerprint.json", "splits_final.json"):
        return
    try:
        content = read_object(path)
    except BadFileError as error:
        yield Problem("plans-problem", str(path), None, {"detail": str(error)})
        return
    if "configurations" in content:
        yield from (
            Problem("plans-problem", str(path), None, {"detail": words}) for words in Plans(path, content).problems()
        )
