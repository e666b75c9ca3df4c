"""splits_final.json: the folds of a dataset (nnUNetTrainer.do_split, v2.0 to v2.8.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from nndoctor.nnunet.bounded_json import as_list, as_object, read_json
from nndoctor.nnunet.files import BadFileError
from nndoctor.nnunet.stating import Statement, absent, listed, state

NAMES = ("splits.folds", "splits.missing_cases", "splits.val_in_train")


def splits_facts(path: Path, cases: Sequence[str] | None, folds: Sequence[str]) -> Iterator[Statement]:
    """The facts of a splits file. `cases` are those that are preprocessed, None when that is unknown."""
    try:
        splits = _checked(read_json(path))
    except BadFileError as error:
        there = str(error) != "does not exist"
        yield state("splits.found", there, path)
        if there:
            yield state("splits.problem", str(error), path)
        yield from absent(NAMES, f"splits_final.json: {error}")
        return
    yield state("splits.found", True, path)
    yield state("splits.folds", len(splits), path)
    yield state("splits.val_in_train", any(train & val for train, val in splits), path)
    asked = [int(fold) for fold in folds if fold.isascii() and fold.isdigit() and len(fold) < 9]
    if asked:
        yield state("splits.fold_in_range", all(fold < len(splits) for fold in asked), path)
    yield from _missing_cases(splits, cases, path)


def _checked(value: object) -> list[tuple[set[str], set[str]]]:
    """Train and validation cases of each fold. Raises BadFileError when it is no list of such."""
    if not isinstance(value, list):
        raise BadFileError("no list of folds")
    return [(_cases(fold, "train"), _cases(fold, "val")) for fold in value]


def _cases(fold: object, part: str) -> set[str]:
    cases = as_object(fold).get(part)
    if not isinstance(cases, list) or any(not isinstance(case, str) for case in cases):
        raise BadFileError(f"a fold without a list of '{part}' cases")
    return {case for case in as_list(cases) if isinstance(case, str)}


def _missing_cases(
    splits: list[tuple[set[str], set[str]]], cases: Sequence[str] | None, path: Path
) -> Iterator[Statement]:
    if cases is None:
        yield from absent(["splits.missing_cases"], "the preprocessed cases are not known")
        return
    named = {case for train, val in splits for case in train | val}
    yield from listed("splits.missing_cases", sorted(named - set(cases)), path)


def split_problems(path: Path, cases: set[str]) -> Iterator[str]:
    """What is wrong with a splits file, in words; nothing when there is none. `cases` are those of the dataset."""
    try:
        splits = _checked(read_json(path))
    except BadFileError as error:
        if str(error) != "does not exist":
            yield str(error)
        return
    if not splits:
        yield "no folds in it"
    for fold, (train, val) in enumerate(splits):
        if both := sorted(train & val):
            yield f"fold {fold}: {len(both)} cases are in training and in validation, {both[0]} first"
        if cases and (gone := sorted((train | val) - cases)):
            yield f"fold {fold}: {len(gone)} cases are not in the dataset, {gone[0]} first"
        if not train or not val:
            yield f"fold {fold}: no cases for {'training' if not train else 'validation'}"
    left = sorted(cases - {case for train, val in splits for case in train | val}) if splits else []
    if left:
        yield f"{len(left)} cases of the dataset are in no fold, {left[0]} first"
