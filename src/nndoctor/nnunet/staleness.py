"""Has the dataset changed since it was fingerprinted, planned and preprocessed? nnU-Net does not look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from pathlib import Path

from nndoctor.nnunet.bounded_json import as_list, as_object, as_str, read_object
from nndoctor.nnunet.dataset_folders import DatasetFolders
from nndoctor.nnunet.files import BadFileError, files_in
from nndoctor.nnunet.input_folder import InputFolder
from nndoctor.nnunet.preprocessed import PreprocessedData
from nndoctor.nnunet.stating import Statement, absent, listed, state

NAMES = ("preprocessed.stale", "preprocessed.unprocessed_cases")
_SCHEMES = ("ct", "nonorm", "rescale_to_0_1", "rgb_to_0_1")
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
    cases = _cases_of(folders.raw, raw)
    reasons = [*_json_reasons(raw, folders.preprocessed), *_case_reasons(cases, folders.preprocessed, data)]
    yield state("preprocessed.stale", bool(reasons), folders.preprocessed)
    yield from listed("preprocessed.stale_reasons", reasons, folders.preprocessed)
    if data is not None and cases is not None:
        yield from listed("preprocessed.unprocessed_cases", sorted(cases - set(data.cases)), data.folder)


@dataclass(frozen=True)
class Staleness:
    """reasons  what dataset.json says that the copy of planning does not
    renamed  names in it that changed and mean the same
    counted  that the fingerprint was made of another number of cases
    """

    reasons: list[str]
    renamed: list[str]
    counted: list[str]


def staleness(folders: DatasetFolders, cases: set[str]) -> Staleness:
    """How it is known that plans and fingerprint are older than the dataset. `cases` are those of the raw data, none
    when they are not known."""
    if folders.raw is None or folders.preprocessed is None:
        return Staleness([], [], [])
    try:
        raw = read_object(folders.raw / "dataset.json")
    except BadFileError:
        return Staleness([], [], [])
    return Staleness(
        list(_json_reasons(raw, folders.preprocessed)),
        list(_renamed(raw, folders.preprocessed)),
        list(_case_reasons(cases or None, folders.preprocessed, None)),
    )


def newer_images(raw: Path | None, data: PreprocessedData) -> list[str]:
    """Cases with an image that was changed after they were preprocessed. Nothing when that holds for half of them or
    more: then the dataset was copied, which makes all its files young."""
    if raw is None:
        return []
    ending = _file_ending(raw)
    younger = {case for case, time in _times(raw / "imagesTr", len(ending) + 5).items() if time > _made(data, case)}
    return sorted(younger) if 2 * len(younger) < len(data.cases) else []


def _file_ending(raw: Path) -> str:
    try:
        return as_str(read_object(raw / "dataset.json").get("file_ending")) or ".nii.gz"
    except BadFileError:
        return ".nii.gz"


def _times(folder: Path, cut: int) -> dict[str, float]:
    """The time of the youngest image of each case, in s since 1970."""
    times: dict[str, float] = {}
    try:
        for name in files_in(folder):
            times[name[:-cut]] = max(times.get(name[:-cut], 0.0), (folder / name).stat().st_mtime)
    except (BadFileError, OSError):
        return {}
    return times


def _made(data: PreprocessedData, case: str) -> float:
    """When a case was preprocessed, in s since 1970; endless for one that is not there."""
    try:
        return (data.folder / f"{case}.pkl").stat().st_mtime
    except (OSError, ValueError):
        return inf


def raw_cases(raw: Path | None) -> set[str] | None:
    """The training cases of a dataset folder; None when they cannot be told."""
    try:
        return None if raw is None else _cases_of(raw, read_object(raw / "dataset.json"))
    except BadFileError:
        return None


def _cases_of(raw: Path, dataset: dict[str, object]) -> set[str] | None:
    """The training cases, by dataset.json's own list (v2.2 and newer) or by the names in imagesTr."""
    if listed_cases := as_object(dataset.get("dataset")):
        return set(listed_cases)
    try:
        images = InputFolder(raw / "imagesTr", files_in(raw / "imagesTr"), as_str(dataset.get("file_ending")))
    except BadFileError:
        return None
    return set(images.cases()) or None


def _json_reasons(raw: dict[str, object], preprocessed: Path) -> Iterator[str]:
    """Keys of dataset.json that now mean something else than in the copy that was made at planning."""
    copy = _copy(preprocessed)
    if copy is not None:
        yield from (
            f"dataset.json has other {key} now" for key in _TELLING_KEYS if _meaning(key, raw) != _meaning(key, copy)
        )


def _renamed(raw: dict[str, object], preprocessed: Path) -> Iterator[str]:
    copy = _copy(preprocessed)
    for key in ("channel_names", "labels") if copy is not None else ():
        if copy is not None and raw.get(key) != copy.get(key) and _meaning(key, raw) == _meaning(key, copy):
            yield f"dataset.json names other {key} now, which mean the same"


def _copy(preprocessed: Path) -> dict[str, object] | None:
    try:
        return read_object(preprocessed / "dataset.json")
    except BadFileError:
        return None


def _meaning(key: str, content: dict[str, object]) -> object:
    """What nnU-Net takes from a key. Names of labels mean nothing, names of channels choose a normalization
    (preprocessing/normalization/map_channel_name_to_normalization.py, v2.4 to v2.8.1)."""
    value = content.get(key)
    if key == "labels" and isinstance(value, dict):
        return [(name if name == "ignore" else "", number) for name, number in value.items()]
    if key == "channel_names" and isinstance(value, dict):
        schemes = {number: str(name).lower() for number, name in value.items()}
        return {number: name if name in _SCHEMES else "zscore" for number, name in schemes.items()}
    return value


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
