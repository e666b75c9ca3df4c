"""Will nnU-Net find the trainer, and can it be started? (utilities/find_objects.py and run/run_training.py, v2.8.1)"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.checks.train_classes import SourceFolder, TrainerClass
from nndoctor.nnunet.checks.train_request import TrainRequest
from nndoctor.nnunet.files import is_folder

ROOT = "nnUNetTrainer"
EPOCHS = 1000
VARIABLE = "nnUNet_extTrainer"
EXTERNAL_SINCE = (2, 8)
DEEPEST = 20
Release = tuple[float, ...]


@dataclass(frozen=True)
class Trainer:
    """The class that was found, those that it descends from, and nnU-Net's own, as far as their source is there."""

    lineage: list[TrainerClass]
    root: TrainerClass | None
    problems: list[Problem]

    @property
    def path(self) -> Path | None:
        return self.lineage[0].path if self.lineage else None

    @property
    def own_schedule(self) -> bool:
        """Whether a class below nnUNetTrainer sets the optimizer and its schedule."""
        return any(each.own_schedule for each in self.lineage if each.name != ROOT)

    @property
    def epochs(self) -> int | None:
        """What the nearest class sets num_epochs to, 1000 where none does; None where it is no plain number."""
        return next((each.epochs for each in self.lineage if each.epochs is not None), EPOCHS) or None


def trainer_of(asked: TrainRequest, package: Path | None, release: Release | None) -> Trainer | None:
    """The trainer as nnU-Net finds it; None where the installation of nnunetv2 is not known."""
    if package is None or not is_folder(package / "training" / "nnUNetTrainer"):
        return None
    own = SourceFolder(package / "training" / "nnUNetTrainer")
    outside = [SourceFolder(folder) for folder in _external(asked)]
    searched = [own, *(outside if release is None or release >= EXTERNAL_SINCE else [])]
    root = own.find(ROOT)
    lineage = list(_lineage(asked.trainer, searched))
    if not lineage:
        return Trainer([], root, [_missing(asked.trainer, searched, outside)])
    return Trainer(lineage, root, list(_problems(lineage, root)))


def _external(asked: TrainRequest) -> list[Path]:
    folders = asked.environ.get(VARIABLE, "").split(os.pathsep)
    return [Path(folder) for folder in folders if folder.strip() and is_folder(Path(folder))]


def _lineage(name: str, searched: list[SourceFolder]) -> Iterator[TrainerClass]:
    """The class and its first bases, as far as they are found."""
    seen: set[str] = set()
    while name not in seen and len(seen) < DEEPEST:
        seen.add(name)
        found = next((each for folder in searched if (each := folder.find(name)) is not None), None)
        if found is None:
            return
        yield found
        name = found.bases[0] if found.bases else ""


def _missing(name: str, searched: list[SourceFolder], outside: list[SourceFolder]) -> Problem:
    where = ", ".join(str(folder.folder) for folder in searched)
    if any(folder.find(name) is not None for folder in outside):
        return Problem("trainer-outside", where, None, {"trainer": name})
    known = [each for folder in searched for each in folder.names()]
    close = get_close_matches(name, known, n=3, cutoff=0.6)
    hint = f"; close to it: {', '.join(close)}" if close else ""
    return Problem("trainer-missing", where, None, {"trainer": name, "hint": hint})


def _problems(lineage: list[TrainerClass], root: TrainerClass | None) -> Iterator[Problem]:
    own = lineage[0]
    if own.broken is not None:
        yield Problem("trainer-broken", str(own.path), None, {"trainer": own.name, "detail": own.broken})
        return
    if lineage[-1].name != ROOT and not lineage[-1].bases:
        yield Problem("trainer-not-derived", str(own.path), None, {"trainer": own.name})
    init = next((each for each in lineage if each.parameters is not None), None)
    if root is not None and init is not None and init.parameters is not None and root.parameters is not None:
        yield from _signature(own, init, root)


def _signature(own: TrainerClass, init: TrainerClass, root: TrainerClass) -> Iterator[Problem]:
    """nnU-Net passes its own parameters by name, and looks each parameter of the class up among its own."""
    found, wanted = init.parameters or (), root.parameters or ()
    more = [name for name in found if name not in wanted]
    fewer = [name for name in wanted if name not in found]
    if not more and not (fewer and not any(name.startswith("**") for name in found)):
        return
    detail = "; ".join(
        words
        for words in (f"{', '.join(more)} too much" if more else "", f"{', '.join(fewer)} missing" if fewer else "")
        if words
    )
    yield Problem("trainer-signature", str(init.path), None, {"trainer": own.name, "detail": detail})
