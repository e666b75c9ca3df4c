"""splits_final.json: the folds of a dataset (nnUNetTrainer.do_split, v2.0 to v2.8.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nndoctor.nnunet.bounded_json import as_list, as_object, read_json
from nndoctor.nnunet.files import BadFileError
from nndoctor.nnunet.stating import Statement, absent, listed, state

FILE = "splits_final.json"
NAMES = ("splits.folds", "splits.missing_cases", "splits.val_in_train")


@dataclass(frozen=True)
class Split:
    """The cases of one fold."""

    train: frozenset[str]
    val: frozenset[str]

    @property
    def cases(self) -> frozenset[str]:
        return self.train | self.val


def read_splits(path: Path) -> list[Split] | None:
    """The folds of a splits file; None when there is no such file. Raises BadFileError when it is no list of folds."""
    try:
        value = read_json(path)
    except BadFileError as error:
        if str(error) == "does not exist":
            return None
        raise
    if not isinstance(value, list):
        raise BadFileError("no list of folds")
    return [Split(_cases(fold, "train"), _cases(fold, "val")) for fold in value]


def _cases(fold: object, part: str) -> frozenset[str]:
    cases = as_object(fold).get(part)
    if not isinstance(cases, list) or any(not isinstance(case, str) for case in cases):
        raise BadFileError(f"a fold without a list of '{part}' cases")
    return frozenset(case for case in as_list(cases) if isinstance(case, str))


def splits_facts(path: Path, cases: Sequence[str] | None, folds: Sequence[str]) -> Iterator[Statement]:
    """The facts of a splits file. `cases` are those that are preprocessed, None when that is unknown."""
    try:
        splits = read_splits(path)
    except BadFileError as error:
        yield state("splits.found", True, path)
        yield state("splits.problem", str(error), path)
        yield from absent(NAMES, f"{FILE}: {error}")
        return
    yield state("splits.found", splits is not None, path)
    if splits is None:
        yield from absent(NAMES, f"{FILE}: does not exist")
        return
    yield state("splits.folds", len(splits), path)
    yield state("splits.val_in_train", any(split.train & split.val for split in splits), path)
    asked = [int(fold) for fold in folds if fold.isascii() and fold.isdigit() and len(fold) < 9]
    if asked:
        yield state("splits.fold_in_range", all(fold < len(splits) for fold in asked), path)
    yield from _missing_cases(splits, cases, path)


def _missing_cases(splits: list[Split], cases: Sequence[str] | None, path: Path) -> Iterator[Statement]:
    if cases is None:
        yield from absent(["splits.missing_cases"], "the preprocessed cases are not known")
        return
    named = {case for split in splits for case in split.cases}
    yield from listed("splits.missing_cases", sorted(named - set(cases)), path)
