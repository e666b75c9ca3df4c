"""Model folders and checkpoints: missing, broken, or of another network."""

from __future__ import annotations

from typing import Any

from tests.lab.faults.commands import FAST, MODEL, PREDICT, TRAIN, says
from tests.lab.model import TRAINER, Fault, Scene

MISSING = "checkpoint-missing"
BROKEN = "checkpoint-corrupt"
MISMATCH = "checkpoint-mismatch"
BROKEN_FILE = (
    r"PytorchStreamReader failed|EOFError|UnpicklingError|invalid load key|unexpected EOF|pickle data was truncated"
)


def checkpoint(scene: Scene) -> Any:
    return scene.fold / "checkpoint_final.pth"


def pointer(scene: Scene) -> None:
    """What git leaves of a large file when git-lfs is not installed."""
    lines = ["version https://git-lfs.github.com/spec/v1", "oid sha256:4d7a214614ab2935c943f9e0ff69d22e"]
    checkpoint(scene).write_text("\n".join(lines) + "\nsize 246894512\n")


def page(scene: Scene) -> None:
    checkpoint(scene).write_text("<!DOCTYPE html><html><title>Sign in</title></html>")


def strict(scene: Scene) -> None:
    """As every user of an old nnU-Net with a new torch has it: no variable that turns weights_only off."""
    scene.env.pop("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD")


def wider(scene: Scene) -> None:
    """The plans beside the model describe a network with more features than the checkpoint holds."""

    def change(content: Any) -> None:
        configuration = content["configurations"]["3d_fullres"]
        if "architecture" in configuration:
            keywords = configuration["architecture"]["arch_kwargs"]
            keywords["features_per_stage"] = [2 * number for number in keywords["features_per_stage"]]
        else:
            configuration.update(UNet_base_num_features=8, unet_max_num_features=16)

    scene.edit(scene.model / "plans.json", change)


def third_label(scene: Scene) -> None:
    """The dataset.json beside the model got a label after training."""
    scene.edit(scene.model / "dataset.json", lambda content: content["labels"].update(necrosis=3))


def scaled(scene: Scene) -> None:
    """Weights so large that the logits leave the range of half precision."""
    import torch

    content = torch.load(checkpoint(scene), weights_only=False)
    for name, weights in content["network_weights"].items():
        if "seg_layers" in name:
            weights.mul_(1e9)
    torch.save(content, checkpoint(scene))


def foreign_weights(scene: Scene) -> None:
    """Weights of a network with other layers, as pretrained weights."""
    import torch

    weights = {f"backbone.{number}.weight": torch.zeros(4, 2, 3, 3, 3) for number in range(4)}
    torch.save({"network_weights": weights}, scene.root / "pretrained.pth")


def not_finished(scene: Scene) -> None:
    checkpoint(scene).rename(scene.fold / "checkpoint_latest.pth")


FAULTS = (
    Fault(
        "predict-no-final-checkpoint",
        MISSING,
        "checkpoint_final.pth is not there",
        PREDICT,
        says(r"FileNotFoundError.*checkpoint_final\.pth", "training-incomplete"),
        not_finished,
    ),
    Fault(
        "predict-no-such-checkpoint",
        MISSING,
        "-chk names a file that is not there",
        f"{PREDICT} -chk checkpoint_epoch100.pth",
        says(r"FileNotFoundError.*checkpoint_epoch100\.pth"),
    ),
    Fault(
        "predict-all-folds",
        MISSING,
        "no -f: five folds are asked for, one was trained",
        PREDICT.replace("-f 0 ", ""),
        says(r"FileNotFoundError.*fold_1", "training-incomplete"),
    ),
    Fault(
        "predict-configuration-not-trained",
        MISSING,
        "-c 2d, only 3d_fullres was trained",
        PREDICT.replace("3d_fullres", "2d"),
        says(r"FileNotFoundError.*__2d/dataset\.json", "training-incomplete"),
    ),
    Fault(
        "predict-default-trainer",
        MISSING,
        "-tr is forgotten: the model was trained with another trainer",
        PREDICT.replace(f"-tr {TRAINER} ", ""),
        says(r"FileNotFoundError.*nnUNetTrainer__nnUNetPlans__3d_fullres/dataset\.json", "training-incomplete"),
    ),
    Fault(
        "predict-no-such-model-folder",
        MISSING,
        "-m names a folder that is not there",
        "nnUNetv2_predict_from_modelfolder -i {input} -o {output} -m {root}/models/lesion -f 0 -device cpu",
        says(r"FileNotFoundError.*models/lesion/dataset\.json", "path-problem"),
    ),
    Fault(
        "predict-truncated-checkpoint",
        BROKEN,
        "the checkpoint is cut at half its length",
        PREDICT,
        says(BROKEN_FILE),
        lambda scene: scene.truncate(checkpoint(scene)),
    ),
    Fault(
        "predict-empty-checkpoint",
        BROKEN,
        "the checkpoint has no bytes",
        PREDICT,
        says(BROKEN_FILE),
        lambda scene: checkpoint(scene).write_bytes(b""),
    ),
    Fault("predict-lfs-pointer", BROKEN, "the checkpoint is a git-lfs pointer", PREDICT, says(BROKEN_FILE), pointer),
    Fault("predict-html-checkpoint", BROKEN, "the checkpoint is a web page", PREDICT, says(BROKEN_FILE), page),
    Fault(
        "train-continue-truncated",
        BROKEN,
        "--c with a truncated checkpoint",
        f"{TRAIN} --c",
        says(BROKEN_FILE),
        lambda scene: scene.truncate(checkpoint(scene)),
    ),
    Fault(
        "predict-wider-plans",
        MISMATCH,
        "plans.json beside the model describes a wider network",
        PREDICT,
        says("size mismatch for"),
        wider,
    ),
    Fault(
        "predict-label-added",
        MISMATCH,
        "dataset.json beside the model has one label more than the checkpoint",
        PREDICT,
        says("size mismatch for"),
        third_label,
    ),
    Fault(
        "train-foreign-pretrained-weights",
        MISMATCH,
        "-pretrained_weights of another architecture",
        f"{TRAIN} -pretrained_weights {{root}}/pretrained.pth",
        says(r"is missing in the pretrained model weights"),
        foreign_weights,
    ),
    Fault(
        "predict-weights-only",
        "weights-only-load",
        "an old nnU-Net with torch 2.6 or newer",
        PREDICT,
        says("Weights only load failed"),
        strict,
        when=lambda scene: scene.release < (2, 5, 2),
    ),
    Fault(
        "train-continue-weights-only",
        "weights-only-load",
        "an old nnU-Net with torch 2.6 or newer; --c",
        f"{TRAIN} --c",
        says("Weights only load failed"),
        strict,
        when=lambda scene: scene.release < (2, 5, 2),
    ),
    Fault(
        "predict-overflow",
        "numerical-overflow",
        "the last layer's weights are so large that the logits become infinite",
        f"nnUNetv2_predict -i {{input}} -o {{output}} {MODEL} {FAST}",
        says("Encountered inf in predicted array"),
        scaled,
    ),
)
