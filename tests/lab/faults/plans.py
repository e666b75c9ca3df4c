"""Plans that are edited, of another version, or lack the configuration that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.lab.faults.commands import PREDICT, PREPROCESS, TRAIN, says
from tests.lab.model import Fault, Scene

EDITED = "plans-edited"


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


def plans_of_28(scene: Scene) -> None:
    """Plans as 2.8.1 writes them, for a version that does not know 'architecture'."""

    def change(content: dict[str, Any], configuration: dict[str, Any]) -> None:
        for key in [key for key in configuration if key.startswith(("UNet", "unet", "n_conv", "pool_op", "conv_"))]:
            del configuration[key]
        configuration["architecture"] = {"network_class_name": "PlainConvUNet", "arch_kwargs": {}}

    plans(change)(scene)


FAULTS = (
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
        says("Unable to locate class|NoneType", "trainer-not-found", "plans-incompatible"),
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
)
