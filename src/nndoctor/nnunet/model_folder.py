"""A folder of a trained model: nnUNet_results/DATASET/TRAINER__PLANS__CONFIGURATION (v2.0 to v2.8.1).

nnUNetPredictor.initialize_from_trained_model_folder needs dataset.json, plans.json and fold_X/checkpoint_final.pth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nndoctor.nnunet.checkpoints import checkpoint_problem
from nndoctor.nnunet.files import BadFileError, files_in, is_file, is_folder, subfolders_of
from nndoctor.nnunet.request import Request
from nndoctor.nnunet.stating import Statement, absent, listed, state

NAMES = ("model.folds", "model.checkpoints", "model.has_checkpoint", "model.bad_checkpoints", "model.files_missing")
NEEDED = ("dataset.json", "plans.json")


@dataclass(frozen=True)
class ModelFolder:
    """The folder, and the names of the checkpoints of each of its folds ('0' to '4', 'all')."""

    path: Path
    checkpoints: dict[str, list[str]]

    @property
    def configuration(self) -> str | None:
        parts = self.path.name.split("__")
        return parts[2] if len(parts) == 3 else None

    def folds_to_use(self, request: Request) -> list[str]:
        """The folds asked for; else, as nnU-Net does, those but 'all' that have the checkpoint."""
        if request.folds is not None:
            return [fold.removeprefix("fold_") for fold in request.folds]
        return [fold for fold, names in self.checkpoints.items() if fold != "all" and request.checkpoint_name in names]


def model_facts(request: Request, path: Path | None) -> tuple[list[Statement], ModelFolder | None]:
    """The facts of the model folder, and the folder when it is there. A fold folder stands for its parent."""
    if path is None:
        return absent(["model.exists", *NAMES], "no model was given (-m, or -d with -c)"), None
    if not is_folder(path):
        siblings = listed("model.siblings", [name for name in subfolders_of(path.parent) if "__" in name], path.parent)
        gaps = absent(NAMES, f"the model folder {path} does not exist")
        return [state("model.exists", False, path), *siblings, *gaps], None
    facts = [state("model.exists", True, path), *_misplaced(path)]
    path = path.parent if _is_fold(path) else path
    model = ModelFolder(path, {name.removeprefix("fold_"): _checkpoints(path / name) for name in _folds(path)})
    return [*facts, *_facts(request, model)], model


def _misplaced(path: Path) -> list[Statement]:
    """What the folder is instead of a trainer folder, when that can be told."""
    if is_file(path / "plans.json"):
        return []
    trainers = [name for name in subfolders_of(path) if name.count("__") == 2]
    if _is_fold(path):
        return [state("model.problem", "a fold folder; nnU-Net wants the folder above it", path)]
    if trainers:
        return [state("model.problem", f"the folder above the trainer folder {trainers[0]}", path)]
    return []


def _is_fold(path: Path) -> bool:
    return path.name.startswith("fold_") and not is_file(path / "plans.json") and is_file(path.parent / "plans.json")


def _folds(path: Path) -> list[str]:
    return [name for name in subfolders_of(path) if name.startswith("fold_")]


def _checkpoints(fold: Path) -> list[str]:
    try:
        return [name for name in files_in(fold) if name.endswith(".pth")]
    except BadFileError:
        return []


def _facts(request: Request, model: ModelFolder) -> Iterator[Statement]:
    path, wanted = model.path, request.checkpoint_name
    yield state("model.folder", str(path), path)
    yield from _name_facts(path)
    yield from listed("model.files_missing", [name for name in NEEDED if not is_file(path / name)], path)
    yield state("model.folds", list(model.checkpoints)[:50], path)
    files = [f"fold_{fold}/{name}" for fold, names in model.checkpoints.items() for name in names]
    yield from listed("model.checkpoints", files, path)
    yield state("model.checkpoint", wanted, "-chk" if request.checkpoint else "nnU-Net's default")
    folds = model.folds_to_use(request)
    lacking = [fold for fold in folds if wanted not in model.checkpoints.get(fold, [])]
    yield state("model.has_checkpoint", bool(folds) and not lacking, path)
    yield from listed("model.folds_without_checkpoint", lacking, path)
    yield from listed("model.unfinished_folds", _unfinished(model), path)
    yield from listed("model.bad_checkpoints", _bad(path, files), path)


def _name_facts(path: Path) -> Iterator[Statement]:
    parts = path.name.split("__")
    if len(parts) != 3:
        yield from absent(["model.trainer", "model.plans", "model.configuration"], f"{path.name}: not A__B__C")
        return
    for name, part in zip(("model.trainer", "model.plans", "model.configuration"), parts, strict=True):
        yield state(name, part, path)


def _unfinished(model: ModelFolder) -> list[str]:
    """Folds that were trained, but not to the end: no checkpoint_final.pth."""
    return [fold for fold, names in model.checkpoints.items() if names and "checkpoint_final.pth" not in names]


def _bad(path: Path, files: list[str]) -> list[str]:
    checked = ((name, checkpoint_problem(path / name)) for name in files[:50])
    return [f"{name}: {problem}" for name, problem in checked if problem is not None]
