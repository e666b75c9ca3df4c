"""A folder of a trained model is judged by its files: JSON files, folds, checkpoints
(nnUNetPredictor.initialize_from_trained_model_folder, inference/predict_from_raw_data.py; v2.0 to v2.8.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.bounded_json import as_object, read_object
from nndoctor.nnunet.checkpoints import checkpoint_problem, damaged_members
from nndoctor.nnunet.dataset_json import DatasetJson, json_problems
from nndoctor.nnunet.files import BadFileError, files_in, is_file, subfolders_of
from nndoctor.nnunet.model_folder import NEEDED, ModelFolder
from nndoctor.nnunet.plan_problems import configuration_problems
from nndoctor.nnunet.plans import Plans

DEFAULT_FOLDS = ("0", "1", "2", "3", "4")
"""What nnUNetv2_predict takes without -f, whether they are there or not."""
FINAL = "checkpoint_final.pth"
OF_V1 = (".model", ".model.pkl")
PLANS_KEYS = ("configurations", "image_reader_writer", "transpose_forward", "transpose_backward")


def nowhere(path: Path) -> Iterator[Problem]:
    """The model folder is not there: an archive instead, or the models that are."""
    if is_file(path):
        yield Problem("model-is-file", str(path))
        return
    siblings = [name for name in subfolders_of(path.parent) if "__" in name]
    there = ", ".join(siblings[:8]) if siblings else "no model folders"
    yield Problem("model-not-found", str(path), None, {"there": there, "parent": str(path.parent)})


def misplaced(path: Path) -> Problem | None:
    """A folder that is the wrong level of nnUNet_results, or of nnU-Net v1."""
    if is_file(path / "plans.json"):
        return None
    if _of_v1(path):
        return Problem("model-of-v1", str(path))
    if path.name.startswith("fold_") and is_file(path.parent / "plans.json"):
        return Problem("model-is-fold", str(path), None, {"right": str(path.parent)})
    trainers = [name for name in subfolders_of(path) if name.count("__") == 2 and is_file(path / name / "plans.json")]
    if trainers:
        return Problem("model-is-dataset", str(path), None, {"there": ", ".join(trainers[:8])})
    return None


def _of_v1(path: Path) -> bool:
    folders = [path, *(path / name for name in subfolders_of(path) if name.startswith("fold_"))]
    return is_file(path / "plans.pkl") or any(name.endswith(OF_V1) for folder in folders for name in _names(folder))


def _names(folder: Path) -> list[str]:
    try:
        return files_in(folder)
    except BadFileError:
        return []


def json_file_problems(path: Path) -> Iterator[Problem]:
    """dataset.json and plans.json of a model: there, readable, and with what a prediction needs."""
    for name in NEEDED:
        if not is_file(path / name):
            yield Problem("model-file-missing", str(path / name))
            continue
        try:
            content = read_object(path / name)
        except BadFileError as error:
            yield Problem("model-json-broken", str(path / name), None, {"detail": str(error)})
            continue
        details = _dataset_details(content) if name == "dataset.json" else _plans_details(content)
        yield from (Problem("model-json-broken", str(path / name), None, {"detail": each}) for each in details)


def _dataset_details(content: dict[str, object]) -> Iterator[str]:
    """What breaks a prediction."""
    for words in json_problems(_with_numbers(content)):
        if not _harmless(words, content):
            yield words


def _harmless(words: str, content: dict[str, object]) -> bool:
    """Nobody reads numTraining, v1's modality stands for channel_names, and of these only the number counts (2.8.1)."""
    return "numTraining" in words or "has the keys" in words or ("channel_names" in words and "modality" in content)


def _with_numbers(content: dict[str, object]) -> dict[str, object]:
    """Label numbers written as text count: a prediction takes the order of the labels only (seen with 2.8.1)."""
    labels = as_object(content.get("labels"))
    numbered = {
        name: int(value) if isinstance(value, str) and re.fullmatch("[0-9]{1,5}", value) else value
        for name, value in labels.items()
    }
    return {**content, "labels": numbered} if labels else content


def _plans_details(content: dict[str, object]) -> Iterator[str]:
    missing = [key for key in PLANS_KEYS if key not in content]
    if missing:
        yield "missing: " + ", ".join(missing)
    if "configurations" in content and not as_object(content["configurations"]):
        yield "configurations is no object with one entry per configuration"


def configuration_details(plans: Plans, configuration: str) -> Iterator[Problem]:
    """The configuration of the model, in its own plans; what only a training needs does not count.

    Lists with one entry per channel: see channel_details.
    """
    path = str(plans.path)
    if configuration not in plans.configurations:
        there = ", ".join(list(plans.configurations)[:12]) or "none"
        yield Problem("model-configuration-missing", path, None, {"wanted": configuration, "there": there})
        return
    needed = {**plans.configuration(configuration), "data_identifier": "", "batch_size": 1}
    for words in configuration_problems(needed):
        if not words.endswith("use_mask_for_norm"):
            yield Problem("model-plans-problem", path, None, {"detail": f"{configuration}: {words}"})


def channel_details(plans: Plans, configuration: str, dataset: DatasetJson | None) -> Iterator[Problem]:
    """Every channel needs its normalization scheme; superfluous schemes do no harm (seen with 2.8.1)."""
    declared, content = dataset.channels if dataset is not None else None, plans.configuration(configuration)
    for key in ("normalization_schemes", "use_mask_for_norm"):
        entries = content.get(key)
        if isinstance(entries, list) and declared is not None and len(entries) < declared:
            detail = f"{configuration}: {len(entries)} {key}, but dataset.json declares {declared} channels"
            yield Problem("model-plans-problem", str(plans.path), None, {"detail": detail})


def fold_problems(model: ModelFolder, folds: Sequence[str] | None, wanted: str) -> Iterator[Problem]:
    """The folds that would be used, and the checkpoint in each. `folds` None: those that nnU-Net takes by itself."""
    there = list(model.checkpoints)
    if folds is None and set(DEFAULT_FOLDS) - set(there):
        yield _default_folds(model, wanted)
    for fold in folds if folds is not None else [fold for fold in DEFAULT_FOLDS if fold in there]:
        if fold != "all" and not fold.isdigit():
            detail = f"-f {fold[:40]}: nnU-Net takes numbers such as 0, or all"
            yield Problem("bad-argument", "-f", None, {"detail": detail})
        elif fold not in there:
            values = {"fold": fold, "there": ", ".join(there[:12]) or "none"}
            yield Problem("fold-missing", str(model.path / f"fold_{fold}"), None, values)
        elif wanted not in model.checkpoints[fold]:
            yield _no_checkpoint(model, fold, wanted)


def _default_folds(model: ModelFolder, wanted: str) -> Problem:
    """Not all of the folds 0 to 4 were trained, and none was asked for."""
    usable = [fold for fold, names in model.checkpoints.items() if wanted in names] or list(model.checkpoints)
    if not usable:
        return Problem("no-folds", str(model.path))
    numbered = [fold for fold in usable if fold != "all"]
    values = {"there": ", ".join(usable[:12]), "option": "-f " + " ".join(numbered[:12] or ["all"])}
    return Problem("default-folds", str(model.path), None, values)


def _no_checkpoint(model: ModelFolder, fold: str, wanted: str) -> Problem:
    others = model.checkpoints[fold]
    where, there = str(model.path / f"fold_{fold}" / wanted), ", ".join(others[:8]) or "no checkpoint at all"
    kind = "training-unfinished" if others and wanted == FINAL else "checkpoint-missing"
    return Problem(kind, where, None, {"fold": fold, "wanted": wanted, "there": there})


def used_checkpoints(model: ModelFolder, folds: Sequence[str] | None, wanted: str) -> list[Path]:
    """The checkpoints that a prediction loads, as far as they are there, in nnU-Net's order."""
    asked = folds if folds is not None else DEFAULT_FOLDS
    return [model.path / f"fold_{fold}" / wanted for fold in asked if wanted in model.checkpoints.get(fold, [])]


def file_problems(checkpoints: Sequence[Path], most_bytes: int) -> Iterator[Problem]:
    """Checkpoints that torch cannot load, and those that it loads though their bytes changed.

    At most `most_bytes` are read to tell the latter: the first checkpoints, as many as are that large together.
    """
    left = most_bytes
    for path in checkpoints:
        left -= path.stat().st_size if is_file(path) else 0
        if (words := checkpoint_problem(path)) is not None:
            yield Problem("checkpoint-unreadable", str(path), None, {"detail": words})
        elif left >= 0:
            yield from _damage(path)


def _damage(path: Path) -> Iterator[Problem]:
    try:
        wrong = damaged_members(path)
    except BadFileError as error:
        yield Problem("checkpoint-unreadable", str(path), None, {"detail": str(error)})
        return
    if wrong:
        yield Problem("checkpoint-damaged", str(path), None, {"members": str(len(wrong)), "first": wrong[0][:80]})
