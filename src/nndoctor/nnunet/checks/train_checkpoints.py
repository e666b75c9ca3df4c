"""With which weights a training begins: --c, --val, -pretrained_weights, or none
(maybe_load_checkpoint in nnunetv2/run/run_training.py, v2.0 to v2.8.1). Checkpoints are never unpickled."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.checkpoints import checkpoint_problem
from nndoctor.nnunet.checks.train_logs import History
from nndoctor.nnunet.checks.train_places import Places
from nndoctor.nnunet.checks.train_request import TrainRequest
from nndoctor.nnunet.files import BadFileError, is_file, opened, subfolders_of

FINAL, LATEST, BEST = "checkpoint_final.pth", "checkpoint_latest.pth", "checkpoint_best.pth"
ORDER = (FINAL, LATEST, BEST)
"""What --c looks for, in this order."""
_SEARCHED = 16 * 1024 * 1024
_EPOCH = re.compile(rb"current_epoch(?:q.|r.{4}|\x94)?(?:K(.)|M(..)|J(....))", re.DOTALL)


def checkpoint_of(asked: TrainRequest, fold: Path | None) -> Path | None:
    """The checkpoint that the training loads first; None when it begins with random weights."""
    if fold is None or not (asked.continues or asked.validates):
        return None
    names = ORDER if asked.continues else (FINAL,)
    return next((fold / name for name in names if is_file(fold / name)), None)


def epoch_of(checkpoint: Path) -> int | None:
    """`current_epoch` of a checkpoint: the epoch that comes next. The number behind that word in the pickle is read,
    in the first 16 MiB; nothing is executed (opcodes BININT1, BININT2 and BININT of Lib/pickle.py)."""
    try:
        with opened(checkpoint) as (stream, _):
            found = _EPOCH.search(stream.read(_SEARCHED))
    except BadFileError:
        return None
    if found is None:
        return None
    one, two, four = found.groups()
    return one[0] if one else int(struct.unpack("<H", two)[0] if two else struct.unpack("<i", four)[0])


def checkpoint_problems(asked: TrainRequest, places: Places, history: History) -> Iterator[Problem]:
    """What is wrong with the weights that the training begins with, and what it will overwrite."""
    if places.fold is None:
        return
    chosen = checkpoint_of(asked, places.fold)
    if chosen is not None:
        yield from _whole(chosen, "checkpoint-broken")
    elif asked.validates:
        yield Problem("train-not-finished", str(places.fold / FINAL))
    elif asked.continues:
        yield _nothing_to_continue(asked, places.fold, history)
    else:
        yield from _overwritten(places.fold, history)
    if asked.validates and asked.val_best:
        yield from _best(places.fold)
    if asked.pretrained is not None and asked.trains and not asked.continues:
        yield from _whole(Path(asked.pretrained), "train-pretrained-unusable")


def _whole(path: Path, kind: str) -> Iterator[Problem]:
    problem = checkpoint_problem(path)
    if problem is not None:
        yield Problem(kind, str(path), None, {"detail": problem})


def _best(fold: Path) -> Iterator[Problem]:
    if not is_file(fold / BEST):
        yield Problem("train-not-finished", str(fold / BEST))
    else:
        yield from _whole(fold / BEST, "checkpoint-broken")


def _nothing_to_continue(asked: TrainRequest, fold: Path, history: History) -> Problem:
    """Worse when there was a training: here without its checkpoints, or under another trainer or plans."""
    if history.finished is not None:
        return Problem("train-restarts", str(fold), None, {"detail": f"its logs show {history.finished} epochs"})
    elsewhere = _elsewhere(fold, asked.configuration)
    if elsewhere is not None:
        return Problem("train-restarts", str(fold), None, {"detail": f"there are checkpoints in {elsewhere}"})
    return Problem("train-nothing-to-continue", str(fold))


def _elsewhere(fold: Path, configuration: str) -> Path | None:
    """The same fold of this configuration, trained by another trainer or other plans."""
    dataset = fold.parent.parent
    names = [
        name for name in subfolders_of(dataset) if name.endswith(f"__{configuration}") and name != fold.parent.name
    ]
    folders = (dataset / name / fold.name for name in names)
    return next((folder for folder in folders if any(is_file(folder / name) for name in ORDER)), None)


def _overwritten(fold: Path, history: History) -> Iterator[Problem]:
    there = [name for name in ORDER if is_file(fold / name)]
    if there:
        epochs = f"; epochs by its logs: {history.finished}" if history.finished is not None else ""
        yield Problem("train-overwrites", str(fold), None, {"detail": ", ".join(there) + epochs})
