"""Plans, splits and preprocessed data: missing, broken, edited, or of another version."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.lab.faults.commands import PREDICT, PREPROCESS, TRAIN, says
from tests.lab.model import TRAINER, Fault, Scene

NOT_THERE = "not-preprocessed"
CORRUPT = "preprocessed-data-corrupt"
EDITED = "plans-edited"
SPLITS = "splits-invalid"
DATA_ERROR = (
    r"BadZipFile|EOFError|UnpicklingError|mmap length|cannot reshape|No data left|RuntimeError: blosc2|zlib\.error"
    r"|pickle data was truncated|Ran out of input|ValueError|RuntimeError: (Could|Error|Cannot)|Magic number|zipfile"
)


def plans(change: Callable[[dict[str, Any], dict[str, Any]], object]) -> Callable[[Scene], None]:
    """A change of the plans; `change` gets the whole and the configuration."""

    def edit(scene: Scene) -> None:
        path = scene.preprocessed / "nnUNetPlans.json"
        scene.edit(path, lambda content: change(content, content["configurations"]["3d_fullres"]))

    return edit


def kernel_sizes(configuration: dict[str, Any]) -> list[Any]:
    keywords = configuration.get("architecture", {}).get("arch_kwargs", {})
    found: list[Any] = keywords.get("kernel_sizes") or configuration["conv_kernel_sizes"]
    return found


def forget_architecture(content: dict[str, Any], configuration: dict[str, Any]) -> None:
    configuration.pop("architecture", None)
    configuration.pop("UNet_class_name", None)


def cascade(content: dict[str, Any], configuration: dict[str, Any]) -> None:
    """A cascade as the planner writes it for large images."""
    configurations = content["configurations"]
    low = {"inherits_from": "3d_fullres", "next_stage": "3d_cascade_fullres"}
    configurations["3d_lowres"] = low
    configurations["3d_cascade_fullres"] = {"inherits_from": "3d_fullres", "previous_stage": "3d_lowres"}


def second_stage(scene: Scene) -> None:
    """Make the trained model the second stage of a cascade: its input has two more channels."""
    import torch

    def change(content: dict[str, Any]) -> None:
        content["configurations"]["3d_lowres"] = {"inherits_from": "2d", "next_stage": "3d_fullres"}
        content["configurations"]["3d_fullres"]["previous_stage"] = "3d_lowres"

    scene.edit(scene.model / "plans.json", change)
    path = scene.fold / "checkpoint_final.pth"
    content = torch.load(path, weights_only=False)
    for name, weights in content["network_weights"].items():
        if weights.dim() == 5 and weights.shape[1] == 2:
            content["network_weights"][name] = weights.repeat(1, 2, 1, 1, 1)
    torch.save(content, path)


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


def plans_of_28(scene: Scene) -> None:
    """Plans as 2.8.1 writes them, for a version that does not know 'architecture'."""

    def change(content: dict[str, Any], configuration: dict[str, Any]) -> None:
        for key in [key for key in configuration if key.startswith(("UNet", "unet", "n_conv", "pool_op", "conv_"))]:
            del configuration[key]
        configuration["architecture"] = {"network_class_name": "PlainConvUNet", "arch_kwargs": {}}

    plans(change)(scene)


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
        "train-no-such-configuration",
        "configuration-not-in-plans",
        "3d_lowres is not in the plans: the images are small",
        TRAIN.replace("3d_fullres", "3d_lowres"),
        says("is not registered in|The configuration|KeyError: '3d_lowres'|configurations"),
    ),
    Fault(
        "train-cascade-alone",
        "cascade-previous-stage-missing",
        "the cascade's second stage is trained before its first",
        TRAIN.replace("3d_fullres", "3d_cascade_fullres"),
        says(r"predicted_next_stage|previous stage|previous_stage|prev_stage"),
        plans(cascade),
    ),
    Fault(
        "train-plans-without-architecture",
        "plans-incompatible",
        "the plans lack the network's description",
        TRAIN,
        says("KeyError", EDITED),
        plans(forget_architecture),
    ),
    Fault(
        "train-plans-of-newer-version",
        "plans-incompatible",
        "plans in the form of 2.3 and later",
        TRAIN,
        says("KeyError", EDITED),
        plans_of_28,
        when=lambda scene: scene.release < (2, 3),
    ),
    Fault(
        "train-patch-not-divisible",
        EDITED,
        "patch_size 30 x 42 x 40 is not divisible by the strides",
        TRAIN,
        says(r"Sizes of tensors must match|must match the size of tensor|not divisible"),
        plans(lambda content, configuration: configuration.update(patch_size=[30, 42, 40])),
    ),
    Fault(
        "train-kernel-sizes-short",
        EDITED,
        "one kernel size is missing",
        TRAIN,
        says(r"AssertionError|IndexError|kernel_sizes|ValueError"),
        plans(lambda content, configuration: kernel_sizes(configuration).pop()),
    ),
    Fault(
        "train-patch-two-dimensional",
        EDITED,
        "patch_size has two entries in a 3D configuration",
        TRAIN,
        says(r"Error: .+|AssertionError"),
        plans(lambda content, configuration: configuration.update(patch_size=[32, 40])),
    ),
    Fault(
        "train-normalization-unknown",
        EDITED,
        "a normalization scheme that does not exist",
        PREPROCESS,
        says("Unable to locate class|NoneType", "trainer-not-found"),
        plans(lambda content, configuration: configuration.update(normalization_schemes=["MyNormalization"] * 2)),
    ),
    Fault(
        "predict-cascade-without-previous",
        "cascade-previous-stage-missing",
        "a model whose configuration needs the previous stage's predictions gets none",
        PREDICT,
        says("prev_stage_predictions|previous stage|prev"),
        second_stage,
    ),
    Fault(
        "train-fold-not-a-number",
        "cli-usage-error",
        "fold 'five'",
        f"nnUNetv2_train 101 3d_fullres five -tr {TRAINER} -device cpu",
        says("Unable to convert given value for fold to int|invalid literal"),
    ),
)
