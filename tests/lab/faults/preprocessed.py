"""Splits and preprocessed data: missing, broken, or of other cases."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.lab.faults.commands import PREPROCESS, TRAIN, says
from tests.lab.model import TRAINER, Fault, Scene

NOT_THERE = "not-preprocessed"
CORRUPT = "preprocessed-data-corrupt"
SPLITS = "splits-invalid"
DATA_ERROR = (
    r"BadZipFile|EOFError|UnpicklingError|mmap length|cannot reshape|No data left|RuntimeError: blosc2|zlib\.error"
    r"|pickle data was truncated|Ran out of input|ValueError|RuntimeError: (Could|Error|Cannot)|Magic number|zipfile"
)


def split(change: Callable[[list[Any]], object]) -> Callable[[Scene], None]:
    return lambda scene: scene.edit(scene.preprocessed / "splits_final.json", change)


def few_cases(scene: Scene) -> None:
    """Four cases can't be split five ways."""
    (scene.preprocessed / "splits_final.json").unlink()
    for path in scene.data.iterdir():
        if path.name.startswith(("lesion_005", "lesion_006")):
            path.unlink()


def remove_configuration_data(scene: Scene) -> None:
    shutil.rmtree(scene.data)


def remove_plans(scene: Scene) -> None:
    (scene.preprocessed / "nnUNetPlans.json").unlink()


def training_case(scene: Scene, suffix: str) -> Path:
    """A file of a case that fold 0 trains on."""
    content = json.loads((scene.preprocessed / "splits_final.json").read_text())
    return scene.data / f"{content[0]['train'][0]}{suffix}"


def forget_unpacked(scene: Scene) -> None:
    """Up to 2.5 training unpacks npz to npy once; without the npy it has to read the npz again."""
    for path in scene.data.glob("*.npy"):
        path.unlink()


def truncated_case(scene: Scene) -> None:
    forget_unpacked(scene)
    found = [path for path in scene.data.iterdir() if path.suffix in {".npz", ".b2nd"} and "_seg" not in path.name]
    for path in found:
        scene.truncate(path)


def truncated_properties(scene: Scene) -> None:
    for path in scene.data.glob("*.pkl"):
        scene.truncate(path)


def empty_case(scene: Scene) -> None:
    forget_unpacked(scene)
    for suffix in (".npz", ".b2nd"):
        if training_case(scene, suffix).exists():
            training_case(scene, suffix).write_bytes(b"")


def case_removed(scene: Scene) -> None:
    for path in scene.data.glob(f"{training_case(scene, '').name}*"):
        path.unlink()


FAULTS = (
    Fault(
        "train-not-preprocessed",
        NOT_THERE,
        "nothing of the dataset is in nnUNet_preprocessed",
        TRAIN,
        says(r"Dataset101_Lesion/nnUNetPlans\.json|Could not find a dataset", "dataset-not-found"),
        lambda scene: scene.forget_plans(),
    ),
    Fault(
        "train-no-plans",
        NOT_THERE,
        "the plans are not there",
        TRAIN,
        says(r"nnUNetPlans\.json"),
        remove_plans,
    ),
    Fault(
        "train-other-plans",
        NOT_THERE,
        "-p names plans that were not made",
        f"{TRAIN} -p nnUNetResEncUNetLPlans",
        says(r"nnUNetResEncUNetLPlans\.json"),
    ),
    Fault(
        "train-data-missing",
        NOT_THERE,
        "planned, but the configuration was not preprocessed",
        TRAIN,
        says(r"nnUNetPlans_3d_fullres|Did you preprocess", SPLITS),
        remove_configuration_data,
    ),
    Fault(
        "preprocess-no-plans",
        NOT_THERE,
        "nnUNetv2_preprocess before planning",
        PREPROCESS,
        says(r"nnUNetPlans\.json"),
        lambda scene: scene.forget_plans(),
    ),
    Fault(
        "train-truncated-data",
        CORRUPT,
        "the preprocessed images are cut at half their length",
        TRAIN,
        says(DATA_ERROR),
        truncated_case,
        symptom=True,
    ),
    Fault(
        "train-empty-data",
        CORRUPT,
        "one preprocessed image has no bytes",
        TRAIN,
        says(DATA_ERROR),
        empty_case,
        symptom=True,
    ),
    Fault(
        "train-truncated-properties",
        CORRUPT,
        "the .pkl files are cut at half their length",
        TRAIN,
        says(DATA_ERROR),
        truncated_properties,
        symptom=True,
    ),
    Fault(
        "train-case-removed",
        SPLITS,
        "a case of splits_final.json is no longer among the preprocessed data",
        TRAIN,
        says(r"No such file|does not exist|FileNotFoundError", CORRUPT, NOT_THERE, "stale-preprocessed"),
        case_removed,
    ),
    Fault(
        "train-split-unknown-case",
        SPLITS,
        "splits_final.json names a case that does not exist",
        TRAIN,
        says(r"lesion_099", NOT_THERE, "stale-preprocessed"),
        split(lambda folds: folds[0]["train"].append("lesion_099")),
    ),
    Fault("train-few-cases", SPLITS, "four cases for five folds", TRAIN, says("n_splits=5"), few_cases),
    Fault(
        "train-split-not-a-list",
        SPLITS,
        "splits_final.json lacks 'train' in fold 0",
        TRAIN,
        says(r"KeyError: 'train'"),
        split(lambda folds: folds[0].pop("train")),
    ),
    Fault(
        "train-fold-not-a-number",
        "cli-usage-error",
        "fold 'five'",
        f"nnUNetv2_train 101 3d_fullres five -tr {TRAINER} -device cpu",
        says("Unable to convert given value for fold to int|invalid literal"),
    ),
)
