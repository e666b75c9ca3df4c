"""What a training reads: the preprocessed cases, the segmentations of the stage before, the labels of its validation
(training/dataloading/nnunet_dataset.py and nnUNetTrainer.perform_actual_validation, v2.0 to v2.8.1)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.array_files import array_problem
from nndoctor.nnunet.array_headers import array_header
from nndoctor.nnunet.checks.train_places import Places
from nndoctor.nnunet.checks.train_splits import split_of
from nndoctor.nnunet.files import BadFileError, files_in, is_folder
from nndoctor.nnunet.preprocessed import PreprocessedData
from nndoctor.nnunet.splits import FILE as SPLITS

ARRAYS = (".b2nd", ".npz")


def read_data(places: Places) -> PreprocessedData | None:
    """The folder of the configuration; None when it is not there or cannot be listed."""
    try:
        return PreprocessedData(places.data, files_in(places.data))
    except BadFileError:
        return None


def missing_data_problems(places: Places, data: PreprocessedData | None) -> Iterator[Problem]:
    """No folder for this configuration, or none with cases."""
    if data is None or not data.cases:
        detail = "there is no such folder" if data is None else "no case is in it"
        yield Problem("train-not-preprocessed", str(places.data), None, {"detail": detail})


def previous_stage_problems(places: Places, cases: list[str]) -> Iterator[Problem]:
    """A cascade needs what the stage before predicted in its validation, of every case."""
    if places.previous is None:
        return
    if not is_folder(places.previous):
        yield Problem("previous-stage-missing", str(places.previous), None, {"detail": "there is no such folder"})
        return
    for case in cases:
        there = [path for path in (places.previous / f"{case}{ending}" for ending in ARRAYS) if path.exists()]
        problem = "there is none" if not there else array_problem(there[0])
        if problem is not None:
            yield Problem("previous-stage-missing", str(places.previous), case, {"detail": f"{case}: {problem}"})


def validation_label_problems(
    places: Places, fold: str, ending: str | None, data: PreprocessedData
) -> Iterator[Problem]:
    """After the last epoch the predictions of the validation cases are compared with gt_segmentations."""
    folder = places.base / "gt_segmentations"
    if not is_folder(folder) or ending is None:
        return
    split = split_of(places.base / SPLITS, fold)
    try:
        there = set(files_in(folder))
    except BadFileError:
        return
    for case in sorted(split.val) if split is not None else data.cases:
        if f"{case}{ending}" not in there and case in data.cases:
            yield Problem("gt-case-missing", str(folder), case, {"file": f"{case}{ending}"})


def unpacked_bytes(data: PreprocessedData) -> int:
    """Room for the .npy files that training up to v2.5.2 writes beside each .npz, as far as they are not there yet:
    the image by its header, and one byte per voxel for the segmentation (int8; int16 is rare)."""
    present, total = set(data.names), 0
    for case in data.cases:
        header = array_header(data.folder / f"{case}.npz")
        if header is not None and f"{case}.npy" not in present and header.shape:
            total += header.bytes + header.bytes // max(1, header.shape[0] * max(1, header.itemsize))
    return total


def writable(folder: Path | None) -> bool | None:
    """Whether a folder can be written, or made below the first of its parents that is there; None without a folder."""
    if folder is None:
        return None
    try:
        there = next((each for each in (folder, *folder.parents) if each.exists()), None)
    except OSError:
        return False
    return there is not None and there.is_dir() and os.access(there, os.W_OK | os.X_OK)
