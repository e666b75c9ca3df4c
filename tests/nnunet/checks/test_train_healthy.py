"""Trainings that work: no error. What is worth a look is a warning."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nndoctor.facts import FactValue
from tests.nnunet.checks.judging import Arguments, asked_of, judged
from tests.nnunet.folders import CONFIGURATION, PLANS, write_json
from tests.nnunet.trainings import (
    CASES,
    NAME,
    Training,
    change,
    npy,
    splits,
    write_b2nd,
    write_log,
    write_text,
    write_trained,
    write_training,
)

EXTERNAL = "from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer\nclass Mine(nnUNetTrainer): pass\n"


def _cascade(training: Training) -> None:
    """A cascade whose first stage was trained in all folds."""
    stage = {"inherits_from": "3d_fullres", "previous_stage": "3d_lowres"}
    stages = {"3d_fullres": CONFIGURATION, "3d_lowres": CONFIGURATION, "3d_cascade_fullres": stage}
    write_json(training.base / "nnUNetPlans.json", {**PLANS, "dataset_name": NAME, "configurations": stages})
    folder = (
        training.model.parent / "nnUNetTrainer__nnUNetPlans__3d_lowres" / "predicted_next_stage" / "3d_cascade_fullres"
    )
    for case in CASES:
        write_b2nd(folder, case)


def _copied(training: Training) -> None:
    """Copying makes the raw images younger than all that was made of them."""
    for path in (training.raw / "imagesTr").iterdir():
        os.utime(path, (2e9, 2e9))


def _other_plans(training: Training) -> None:
    """ResEnc plans share the data of the default plans."""
    plans = {**PLANS, "dataset_name": NAME, "plans_name": "nnUNetResEncUNetMPlans"}
    write_json(training.base / "nnUNetResEncUNetMPlans.json", plans)


def _one_image_touched(training: Training) -> None:
    os.utime(training.raw / "imagesTr" / "case_2_0001.nii.gz", (2e9, 2e9))


def _held_back(training: Training) -> None:
    write_json(training.base / "splits_final.json", [{"train": list(CASES[:3]), "val": list(CASES[3:5])}])


def _same_cases(training: Training) -> None:
    write_json(training.base / "splits_final.json", [{"train": list(CASES), "val": list(CASES)}])


def _finished(training: Training) -> None:
    write_trained(training, "checkpoint_final.pth", 1000)
    write_log(training.fold, 1000, done=True)


def _renamed(training: Training) -> None:
    change(training.raw / "dataset.json", lambda c: c.update(labels={"background": 0, "Tumor": 1}))  # type: ignore[attr-defined]


Prepare = Callable[[Training], object]
HEALTHY: list[tuple[str, Prepare, Arguments, dict[str, FactValue], str]] = [
    ("as preprocessed", lambda t: None, {}, {}, ""),
    ("fold all", lambda t: None, {"fold": "all"}, {}, ""),
    (
        "fold all of three cases without splits",
        lambda t: (t.base / "splits_final.json").unlink(),
        {"fold": "all"},
        {},
        "",
    ),
    ("no splits yet", lambda t: (t.base / "splits_final.json").unlink(), {"fold": "4"}, {}, ""),
    ("the raw data are gone", lambda t: shutil.rmtree(t.raw), {}, {}, ""),
    ("version not known", lambda t: None, {}, {"nnunetv2.location": "/nowhere"}, ""),
    ("ResEnc plans", _other_plans, {"plans": "nnUNetResEncUNetMPlans"}, {}, ""),
    ("trainer of the package", lambda t: None, {"trainer": "nnUNetTrainer_250epochs"}, {}, ""),
    ("cascade", _cascade, {"configuration": "3d_cascade_fullres"}, {}, ""),
    ("raw data copied later", _copied, {}, {}, ""),
    ("labels renamed", _renamed, {}, {}, ""),
    ("validation again", _finished, {"validates": True}, {}, ""),
    ("finished and continued", _finished, {"continues": True}, {}, "train-has-ended"),
    ("trained again", _finished, {}, {}, "train-overwrites"),
    ("one image touched", _one_image_touched, {}, {}, "preprocessed-older"),
    ("test cases held back", _held_back, {}, {}, "splits-left-out"),
    ("same cases twice", _same_cases, {}, {}, "splits-same-cases"),
    (
        "two GPUs",
        lambda t: None,
        {"device": "cuda", "num_gpus": 2, "environ": {"CUDA_VISIBLE_DEVICES": "0,1"}},
        {"gpu.count": 2},
        "",
    ),
]


@pytest.mark.parametrize(
    ("prepare", "arguments", "machine", "warning"), [row[1:] for row in HEALTHY], ids=[row[0] for row in HEALTHY]
)
def test_no_error(
    tmp_path: Path, prepare: Prepare, arguments: Arguments, machine: dict[str, FactValue], warning: str
) -> None:
    training = write_training(tmp_path)
    prepare(training)
    found = judged(training, arguments, machine)[1]
    assert (found["error"], found["warning"]) == (set(), set(warning.split()))


@pytest.mark.parametrize("version", ["2.1", "2.5.2", "2.6.0", "2.8.1"])
def test_packed_data_suit_every_release(tmp_path: Path, version: str) -> None:
    training = write_training(tmp_path, packed=True)
    (training.data / "case_1.npy").write_bytes(npy((2, 4, 5, 6), "<f4"))
    old = version < "2.6"
    if old:
        write_text(training.data / ".DS_Store", "x")
        write_json(training.base / "nnUNetPlans.json", _old_plans())
    assert judged(training, {}, {"nnunetv2.version": version})[1]["error"] == set()


def _old_plans() -> dict[str, object]:
    network = {
        "UNet_class_name": "PlainConvUNet",
        "n_conv_per_stage_encoder": [2, 2, 2],
        "n_conv_per_stage_decoder": [2, 2],
    }
    strides = {"pool_op_kernel_sizes": [[1, 1, 1], [2, 2, 2], [1, 2, 2]], "conv_kernel_sizes": [[3, 3, 3]] * 3}
    kept = {key: value for key, value in CONFIGURATION.items() if key != "architecture"}
    return {**PLANS, "dataset_name": NAME, "configurations": {"3d_fullres": {**kept, **network, **strides}}}


def test_an_external_trainer_since_2_8(tmp_path: Path) -> None:
    training = write_training(tmp_path)
    write_text(tmp_path / "own" / "mine.py", EXTERNAL)
    outside = {**training.environ, "nnUNet_extTrainer": f"/nowhere{os.pathsep}{tmp_path / 'own'}"}
    arguments: Arguments = {"trainer": "Mine", "environ": outside}
    assert judged(training, arguments, {})[1]["error"] == set()
    assert judged(training, arguments, {"nnunetv2.version": "2.7.0", "nnunetv2.location": str(training.package)})[1][
        "error"
    ] == {"trainer-outside"}


@pytest.mark.parametrize(
    ("checkpoint", "epoch", "first"), [("checkpoint_latest.pth", 150, 150), ("checkpoint_best.pth", 161, 161)]
)
def test_where_a_training_continues(tmp_path: Path, checkpoint: str, epoch: int, first: int) -> None:
    training = write_training(tmp_path)
    write_trained(training, checkpoint, epoch, epochs=173)
    facts, found = judged(training, {"continues": True}, {})
    assert facts.value("train.first_epoch") == first
    assert facts.value("train.epochs_left") == 1000 - first
    assert facts.value("train.epoch_seconds") == 100.0
    assert found == {"error": set(), "warning": set(), "info": {"train-continues"}}


def test_the_fold_is_named_as_python_reads_it(tmp_path: Path) -> None:
    asked = asked_of(Training(tmp_path), {"fold": "00"})
    assert asked.fold_name == "0"
    assert splits()[int(asked.fold_name)]["val"] == ["case_1", "case_6"]


def test_continuing_without_a_checkpoint_begins_anew(tmp_path: Path) -> None:
    found = judged(write_training(tmp_path), {"continues": True}, {})[1]
    assert found["error"] == {"train-nothing-to-continue"}


def test_an_unpacked_file_that_is_cut_is_unpacked_again(tmp_path: Path) -> None:
    training = write_training(tmp_path, packed=True)
    for name in ("case_1.npy", "case_1_seg.npy"):
        (training.data / name).write_bytes(npy((2, 4, 5, 6), "<f4")[:-40])
    found = judged(training, {}, {"nnunetv2.version": "2.5.2"})[1]
    assert found["error"] == set()
    assert "preprocessed-unpacked-cut" in found["warning"]
