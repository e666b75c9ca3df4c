"""Has the dataset changed since it was fingerprinted, planned and preprocessed? nnU-Net does not look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nndoctor.nnunet.bounded_json import as_list, as_object, as_str, read_object
from nndoctor.nnunet.dataset_folders import DatasetFolders
from nndoctor.nnunet.files import BadFileError, files_in
from nndoctor.nnunet.input_folder import InputFolder
from nndoctor.nnunet.preprocessed import PreprocessedData
from nndoctor.nnunet.stating import Statement, absent, listed, state

NAMES = ("preprocessed.stale", "preprocessed.unprocessed_cases")
_TELLING_KEYS = ("channel_names", "labels", "regions_class_order", "file_ending")


def staleness_facts(folders: DatasetFolders, data: PreprocessedData | None) -> Iterator[Statement]:
    """Compares nnUNet_raw/DATASET with what was made of it in nnUNet_preprocessed/DATASET."""
    if folders.raw is None or folders.preprocessed is None:
        yield from absent(NAMES, "needs the dataset (-d) below nnUNet_raw and below nnUNet_preprocessed")
        return
    try:
        raw = read_object(folders.raw / "dataset.json")
    except BadFileError as error:
        yield from absent(NAMES, f"{folders.raw / 'dataset.json'}: {error}")
        return
    cases = _raw_cases(folders.raw, raw)
    reasons = [*_json_reasons(raw, folders.preprocessed), *_case_reasons(cases, folders.preprocessed, data)]
    yield state("preprocessed.stale", bool(reasons), folders.preprocessed)
    yield from listed("preprocessed.stale_reasons", reasons, folders.preprocessed)
    if data is not None and cases is not None:
        yield from listed("preprocessed.unprocessed_cases", sorted(cases - set(data.cases)), data.folder)


def stale_reasons(folders: DatasetFolders, cases: set[str]) -> list[str]:
    """How it is known that plans and fingerprint are older than the dataset, by dataset.json and the number of cases."""
    if folders.raw is None or folders.preprocessed is None:
        return []
    try:
        raw = read_object(folders.raw / "dataset.json")
    except BadFileError:
        return []
    return [*_json_reasons(raw, folders.preprocessed), *_case_reasons(cases or None, folders.preprocessed, None)]


def _raw_cases(raw: Path, dataset: dict[str, object]) -> set[str] | None:
    """The training cases, by dataset.json's own list (v2.2 and newer) or by the names in imagesTr."""
    if listed_cases := as_object(dataset.get("dataset")):
        return set(listed_cases)
    try:
        images = InputFolder(raw / "imagesTr", files_in(raw / "imagesTr"), as_str(dataset.get("file_ending")))
    except BadFileError:
        return None
    return set(images.cases()) or None


def _json_reasons(raw: dict[str, object], preprocessed: Path) -> Iterator[str]:
    try:
        copy = read_object(preprocessed / "dataset.json")
    except BadFileError:
        return
    yield from (f"dataset.json has other {key} now" for key in _TELLING_KEYS if raw.get(key) != copy.get(key))


def _case_reasons(cases: set[str] | None, preprocessed: Path, data: PreprocessedData | None) -> Iterator[str]:
    if cases is None:
        return
    fingerprinted = _fingerprinted(preprocessed / "dataset_fingerprint.json")
    if fingerprinted is not None and fingerprinted != len(cases):
        yield f"the fingerprint was made of {fingerprinted} cases, imagesTr has {len(cases)}"
    gone = sorted(set(data.cases) - cases) if data else []
    if gone:
        yield f"{len(gone)} preprocessed cases are not in the dataset any more, {gone[0]} first"


def _fingerprinted(path: Path) -> int | None:
    """How many cases a dataset_fingerprint.json was made of: one spacing each."""
    try:
        return len(as_list(read_object(path).get("spacings"))) or None
    except BadFileError:
        return None
