"""splits_final.json is judged: all folds of a dataset, or the one that is to be trained
(nnUNetTrainer.do_split, v2.0 to v2.8.1)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.files import BadFileError
from nndoctor.nnunet.splits import Split, read_splits

FOLDS = 5
"""Folds that nnU-Net makes itself; fewer cases than folds stop it (utilities/crossval_split.py)."""


def splits_problems(path: Path, cases: set[str]) -> Iterator[Problem]:
    """What is wrong with the folds of a dataset; nothing when there is no file. `cases` are those of the dataset."""
    try:
        splits = read_splits(path)
    except BadFileError as error:
        yield Problem("splits-unreadable", str(path), None, {"detail": str(error)})
        return
    if splits == []:
        yield Problem("splits-unreadable", str(path), None, {"detail": "no folds in it"})
    for number, split in enumerate(splits or []):
        yield from _of_split(path, str(number), split, cases)
    if splits:
        yield from _left_out(path, splits, cases)


def fold_problems(path: Path, fold: str, cases: set[str]) -> Iterator[Problem]:
    """What is wrong with the fold that is to be trained. `cases` are those that are preprocessed."""
    try:
        splits = read_splits(path)
    except BadFileError as error:
        yield Problem("splits-unreadable", str(path), None, {"detail": str(error)})
        return
    if splits is None:
        yield from _made_by_training(path, int(fold), cases)
        return
    if not 0 <= int(fold) < len(splits):
        yield _out_of_range(path, int(fold), len(splits))
        return
    yield from _of_split(path, fold, splits[int(fold)], cases)
    yield from _left_out(path, splits, cases)


def split_of(path: Path, fold: str) -> Split | None:
    """The cases of a fold, where the file tells them."""
    try:
        splits = read_splits(path) or []
    except BadFileError:
        return None
    return splits[int(fold)] if fold.isdigit() and int(fold) < len(splits) else None


def _made_by_training(path: Path, fold: int, cases: set[str]) -> Iterator[Problem]:
    """Without a file nnU-Net makes five folds of the preprocessed cases, and writes them."""
    if 0 < len(cases) < FOLDS:
        yield Problem("splits-too-few-cases", str(path), None, {"found": str(len(cases))})
    elif not 0 <= fold < FOLDS:
        yield _out_of_range(path, fold, FOLDS)


def _out_of_range(path: Path, fold: int, folds: int) -> Problem:
    kind = "splits-fold-negative" if fold < 0 else "splits-fold-out-of-range"
    return Problem(kind, str(path), None, {"fold": str(fold), "folds": str(folds), "last": str(folds - 1)})


def _of_split(path: Path, fold: str, split: Split, cases: set[str]) -> Iterator[Problem]:
    for part, names in (("training", split.train), ("validation", split.val)):
        if not names:
            yield Problem("splits-empty", str(path), None, {"fold": fold, "part": part})
        yield from _unknown(path, fold, part, names - cases if cases else frozenset())
    both = sorted(split.train & split.val)
    if both and split.train == split.val:
        yield Problem("splits-same-cases", str(path), None, {"fold": fold})
    elif both:
        values = {"fold": fold, "count": str(len(both)), "first": both[0]}
        yield Problem("splits-overlap", str(path), both[0], values)


def _unknown(path: Path, fold: str, part: str, gone: frozenset[str]) -> Iterator[Problem]:
    for case in sorted(gone):
        yield Problem("splits-unknown-case", str(path), case, {"fold": fold, "part": part})


def _left_out(path: Path, splits: list[Split], cases: set[str]) -> Iterator[Problem]:
    """Cases that no fold knows: held back on purpose, or added after the file was made."""
    named = {case for split in splits for case in split.cases}
    for case in sorted(cases - named):
        yield Problem("splits-left-out", str(path), case)
