"""Too many and too few channels: the most frequent mistake, and the one that nnU-Net words worst."""

from __future__ import annotations

import shutil

from tests.lab.faults.commands import PLAN, PREDICT, TRAIN, VERIFY, says
from tests.lab.model import Fault, Scene

CAUSE = "channel-count-mismatch"
TOO_MANY = (*says(r"normalization_schemes\[c\]"), *says("IndexError: list index out of range"))
TOO_FEW = says(r"expected input\[.*\] to have \d+ channels, but got \d+ channels")
VERIFIED = says("Unexpected number of modalities", "missing-label-or-image")


def extra_channel(scene: Scene) -> None:
    for path in sorted(scene.input.glob("*_0001.nii.gz")):
        shutil.copy(path, str(path).replace("_0001", "_0002"))


def extra_channel_in_one(scene: Scene) -> None:
    path = sorted(scene.input.glob("*_0001.nii.gz"))[1]
    shutil.copy(path, str(path).replace("_0001", "_0002"))


def one_channel(scene: Scene) -> None:
    for path in scene.input.glob("*_0001.nii.gz"):
        path.unlink()


def one_channel_in_one(scene: Scene) -> None:
    sorted(scene.input.glob("*_0001.nii.gz"))[1].unlink()


def training_extra(scene: Scene) -> None:
    scene.forget_plans()
    for path in sorted((scene.raw / "imagesTr").glob("*_0001.nii.gz")):
        shutil.copy(path, str(path).replace("_0001", "_0002"))


def training_missing(scene: Scene) -> None:
    scene.forget_plans()
    sorted((scene.raw / "imagesTr").glob("*_0001.nii.gz"))[2].unlink()


def three_names(scene: Scene) -> None:
    scene.forget_plans()
    scene.edit_dataset(channel_names={"0": "T1", "1": "FLAIR", "2": "T2"})


def model_of_three(scene: Scene) -> None:
    """The dataset.json beside the preprocessed data was edited after preprocessing."""
    names = {"0": "T1", "1": "FLAIR", "2": "T2"}
    scene.edit(scene.preprocessed / "dataset.json", lambda content: content.update(channel_names=names))


FAULTS = (
    Fault("predict-extra-channel", CAUSE, "each case to predict has a third channel", PREDICT, TOO_MANY, extra_channel),
    Fault(
        "predict-extra-channel-one-case",
        CAUSE,
        "one of two cases to predict has a third channel",
        PREDICT,
        TOO_MANY,
        extra_channel_in_one,
    ),
    Fault("predict-missing-channel", CAUSE, "the cases to predict lack channel 0001", PREDICT, TOO_FEW, one_channel),
    Fault(
        "predict-missing-channel-one-case",
        CAUSE,
        "one of two cases to predict lacks the channel 0001",
        PREDICT,
        TOO_FEW,
        one_channel_in_one,
    ),
    Fault(
        "predict-modelfolder-extra-channel",
        CAUSE,
        "each case to predict has a third channel; nnUNetv2_predict_from_modelfolder",
        "nnUNetv2_predict_from_modelfolder -i {input} -o {output} -m {model} -f 0 -device cpu --disable_tta",
        TOO_MANY,
        extra_channel,
    ),
    Fault("verify-extra-channel", CAUSE, "training images have a third channel", VERIFY, VERIFIED, training_extra),
    Fault(
        "preprocess-extra-channel",
        CAUSE,
        "training images have a third channel that dataset.json does not name; not verified",
        PLAN,
        TOO_MANY,
        training_extra,
    ),
    Fault("verify-missing-channel", CAUSE, "one case lacks channel 0001", VERIFY, VERIFIED, training_missing),
    Fault(
        "verify-channel-names", CAUSE, "dataset.json names three channels, there are two", VERIFY, VERIFIED, three_names
    ),
    Fault(
        "preprocess-channel-names",
        CAUSE,
        "dataset.json names three channels, there are two; not verified",
        PLAN,
        says(r"foreground_intensity_properties|KeyError|IndexError"),
        three_names,
    ),
    Fault(
        "train-channel-names",
        CAUSE,
        "three channels in the preprocessed folder's dataset.json, two were preprocessed",
        TRAIN,
        says(r"expected input\[.*\] to have \d+ channels, but got \d+ channels", "stale-preprocessed"),
        model_of_three,
    ),
)
