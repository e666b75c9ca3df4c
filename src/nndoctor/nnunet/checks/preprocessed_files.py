"""nnUNet_preprocessed/DATASET is judged: plans, splits, and every preprocessed folder of every plans file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.bounded_json import read_object
from nndoctor.nnunet.checks.preprocessed_data import DataCheck, data_problems
from nndoctor.nnunet.checks.train_resampling import other_plans_problems
from nndoctor.nnunet.checks.train_splits import splits_problems
from nndoctor.nnunet.dataset_folders import DatasetFolders
from nndoctor.nnunet.files import BadFileError, files_in, is_file, is_folder, subfolders_of
from nndoctor.nnunet.input_folder import ending_of
from nndoctor.nnunet.label_copies import changed_labels
from nndoctor.nnunet.plans import Plans
from nndoctor.nnunet.preprocessed import PreprocessedData
from nndoctor.nnunet.splits import FILE as SPLITS
from nndoctor.nnunet.staleness import newer_images, staleness

NO_PLANS = ("dataset.json", "dataset_fingerprint.json", SPLITS)


def preprocessed_problems(folders: DatasetFolders, cases: list[str]) -> Iterator[Problem]:
    """What is wrong with what was made of the dataset, if anything was. `cases` are those of the raw data."""
    root = folders.preprocessed
    if root is None or not is_folder(root):
        return
    yield from stale_problems(folders, cases)
    plans = list(_plans(root))
    yield from (problem for path in plans for problem in plans_problems(path))
    data = list(_preprocessed(root))
    if data:
        yield from companion_problems(root)
        yield from copy_problems(root, cases)
    for each in data:
        owner = _owner(plans, each.folder.name)
        channels = owner[0].channels(owner[1]) if owner is not None else None
        yield from data_problems(DataCheck(each, cases, channels))
        yield from other_plans_problems(each, *owner) if owner is not None else ()
    known = set(cases) or {case for each in data for case in each.cases}
    yield from splits_problems(root / SPLITS, known)


def stale_problems(folders: DatasetFolders, cases: list[str]) -> Iterator[Problem]:
    """How the dataset differs from what plans, fingerprint and copies of labels were made of."""
    root = folders.preprocessed
    if root is None:
        return
    seen = staleness(folders, set(cases))
    told = {
        "preprocessed-stale": seen.reasons,
        "preprocessed-renamed": seen.renamed,
        "fingerprint-other-cases": seen.counted,
    }
    for kind, details in told.items():
        yield from (Problem(kind, str(root), None, {"detail": detail}) for detail in details)
    if folders.raw is not None:
        for name in changed_labels(root, folders.raw):
            yield Problem("preprocessed-label-changed", str(folders.raw / "labelsTr" / name))


def companion_problems(root: Path) -> Iterator[Problem]:
    """What training needs beside the preprocessed cases: the fingerprint at its start, the labels at its end."""
    if not is_file(root / "dataset_fingerprint.json"):
        yield Problem("fingerprint-missing", str(root / "dataset_fingerprint.json"))
    if not is_folder(root / "gt_segmentations"):
        yield Problem("gt-missing", str(root / "gt_segmentations"))


def copy_problems(root: Path, cases: list[str]) -> Iterator[Problem]:
    """Cases whose label was not copied to gt_segmentations, where the others were."""
    try:
        names = files_in(root / "gt_segmentations")
    except BadFileError:
        return
    copied = {name.removesuffix(ending_of(name)): ending_of(name) for name in names}
    for case in sorted(set(cases) - copied.keys()) if copied else []:
        file = case + next(iter(copied.values()))
        yield Problem("gt-case-missing", str(root / "gt_segmentations"), case, {"file": file})


def newer_image_problems(folders: DatasetFolders, data: PreprocessedData) -> Iterator[Problem]:
    """Images of the dataset that are younger than what was made of them."""
    for case in newer_images(folders.raw, data):
        yield Problem("preprocessed-older", str(data.folder), case)


def plans_problems(path: Path) -> Iterator[Problem]:
    """What is wrong with a plans file."""
    try:
        content = read_object(path)
    except BadFileError as error:
        yield Problem("plans-problem", str(path), None, {"detail": str(error)})
        return
    if "configurations" in content:
        for words in Plans(path, content).problems():
            yield Problem("plans-problem", str(path), None, {"detail": words})


def _preprocessed(root: Path) -> Iterator[PreprocessedData]:
    """Every folder with preprocessed cases."""
    for name in subfolders_of(root):
        try:
            data = PreprocessedData(root / name, files_in(root / name))
        except BadFileError:
            continue
        if name != "gt_segmentations" and any(each.endswith((".npz", ".b2nd", ".pkl")) for each in data.names):
            yield data


def _plans(root: Path) -> list[Path]:
    """Files that may be plans, whatever they are called."""
    try:
        return [root / name for name in files_in(root) if name.endswith(".json") and name not in NO_PLANS]
    except BadFileError:
        return []


def _owner(plans: list[Path], folder: str) -> tuple[Plans, str] | None:
    """The plans and the configuration whose data lie in this folder: the first plans file that knows it."""
    for path in plans:
        try:
            found = Plans(path, read_object(path))
        except BadFileError:
            continue
        name = next((name for name in found.configurations if found.data_identifier(name) == folder), None)
        if name is not None:
            return found, name
    return None
