"""Faults that make nnUNetv2_train stop, or do something else than was asked: each is found, and nothing else is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nndoctor.facts import FactValue
from tests.nnunet.checks.judging import Arguments, judged
from tests.nnunet.folders import CONFIGURATION, PLANS, cut, write_checkpoint, write_json
from tests.nnunet.trainings import (
    CASES,
    NAME,
    Training,
    change,
    configuration,
    frame,
    splits,
    write_log,
    write_npz,
    write_text,
    write_trained,
    write_training,
)

Break = Callable[[Training], object]


def _nothing(training: Training) -> None:
    """The fault lies in the arguments."""


def _splits(edit: Callable[[list[dict[str, list[str]]]], object]) -> Break:
    def broken(training: Training) -> None:
        content = splits()
        edit(content)
        write_json(training.base / "splits_final.json", content)

    return broken


def _plans(**settings: object) -> Break:
    return lambda training: write_json(training.base / "nnUNetPlans.json", {**PLANS, "dataset_name": NAME, **settings})


def _of_configuration(**settings: object) -> Break:
    return _plans(configurations={"3d_fullres": configuration(**settings)})


def _few_cases(training: Training) -> None:
    (training.base / "splits_final.json").unlink()
    for case in CASES[:3]:
        for path in [*training.raw.glob(f"*/{case}*"), *training.base.glob(f"*/{case}*")]:
            path.unlink()
    write_json(training.base / "dataset_fingerprint.json", {"spacings": [[1, 1, 1]] * 3})


def _cascade(training: Training) -> None:
    stage = {"inherits_from": "3d_fullres", "previous_stage": "3d_lowres"}
    _plans(configurations={"3d_fullres": CONFIGURATION, "3d_lowres": CONFIGURATION, "cascade": stage})(training)


def _no_cases(training: Training) -> None:
    shutil.rmtree(training.data)
    training.data.mkdir()


def _new_trainer(arguments: str, name: str = "T", base: str = "nnUNetTrainer") -> Break:
    source = f"class {name}({base}):\n    def __init__(self, {arguments}):\n        pass\n"
    return lambda training: write_text(training.trainers / "own.py", source)


def _dataset(edit: Callable[[dict[str, object]], object], raw: bool = False) -> Break:
    return lambda training: change((training.raw if raw else training.base) / "dataset.json", edit)  # type: ignore[arg-type]


PLAIN = "plans, configuration, fold, dataset_json, device"
FAULTS: list[tuple[str, Break, Arguments, str]] = [
    ("task of v1", _nothing, {"dataset": "Task004_Test"}, "train-options dataset-not-found"),
    ("fold in words", _nothing, {"fold": "zero"}, "train-options"),
    ("device cuda:1", _nothing, {"device": "cuda:1"}, "train-options"),
    ("two GPUs on the CPU", _nothing, {"num_gpus": 2}, "train-options"),
    ("--c and --val", lambda t: write_trained(t, "checkpoint_final.pth", 1000), {"continues": True, "validates": True},
     "train-options"),
    ("--c and weights", lambda t: write_trained(t, "checkpoint_latest.pth", 50), {"continues": True, "pretrained": "x"},
     "train-options"),
    ("unknown dataset", _nothing, {"dataset": "77"}, "dataset-not-found"),
    ("nothing preprocessed", lambda t: shutil.rmtree(t.base), {}, "train-not-preprocessed"),
    ("other plans", _nothing, {"plans": "nnUNetResEncUNetMPlans"}, "train-plans-missing"),
    ("plans cut", lambda t: cut(t.base / "nnUNetPlans.json"), {}, "plans-problem"),
    ("plans of another dataset", _plans(dataset_name="Dataset005_Other"), {},
     "plans-other-dataset train-not-preprocessed fingerprint-missing gt-missing"),
    ("plans renamed", _plans(plans_name="mine"), {}, "plans-other-name"),
    ("no such configuration", _nothing, {"configuration": "3d_lowres"}, "train-configuration"),
    ("patch not divisible", _of_configuration(patch_size=[30, 63, 64]), {}, "plans-problem"),
    ("reader misspelt", _plans(image_reader_writer="SimpleITKI0"), {}, "plans-unknown-name"),
    ("heirs in a circle", _of_configuration(inherits_from="3d_fullres"), {}, "plans-problem"),
    ("no dataset.json", lambda t: (t.base / "dataset.json").unlink(), {}, "train-dataset-json"),
    ("dataset.json cut", lambda t: cut(t.base / "dataset.json"), {}, "train-dataset-json"),
    ("labels with a gap", _dataset(lambda c: c.update(labels={"background": 0, "a": 2})), {},
     "train-dataset-json preprocessed-stale"),
    ("channel added", _dataset(lambda c: c.update(channel_names={"0": "T1", "1": "T2", "2": "T3"})), {},
     "train-channels preprocessed-stale"),
    ("not this configuration", lambda t: shutil.rmtree(t.data), {}, "train-not-preprocessed"),
    ("no case in it", _no_cases, {}, "train-not-preprocessed"),
    ("array cut", lambda t: cut(t.data / "case_1.b2nd"), {}, "preprocessed-corrupt"),
    ("empty pkl", lambda t: cut(t.data / "case_1.pkl", 0), {}, "preprocessed-corrupt"),
    ("no segmentation", lambda t: (t.data / "case_1_seg.b2nd").unlink(), {}, "preprocessed-incomplete"),
    ("no pkl", lambda t: (t.data / "case_2.pkl").unlink(), {}, "preprocessed-incomplete"),
    ("a case is not preprocessed", lambda t: [path.unlink() for path in t.data.glob("case_6*")], {},
     "case-not-preprocessed splits-unknown-case"),
    ("file of the Finder", lambda t: write_text(t.data / ".DS_Store", "x"), {}, "preprocessed-mixed"),
    ("both formats", lambda t: write_npz(t.data, "case_1"), {}, "preprocessed-mixed"),
    ("segmentation of another run", lambda t: (t.data / "case_1_seg.b2nd").write_bytes(frame((1, 4, 5, 7))), {},
     "preprocessed-shape"),
    ("one channel", lambda t: (t.data / "case_1.b2nd").write_bytes(frame((1, 4, 5, 6))), {}, "preprocessed-channels"),
    ("preprocessed at another spacing", _of_configuration(spacing=[1.5, 0.5, 0.5]), {}, "preprocessed-other-plans"),
    ("no fingerprint", lambda t: (t.base / "dataset_fingerprint.json").unlink(), {}, "fingerprint-missing"),
    ("no gt_segmentations", lambda t: shutil.rmtree(t.base / "gt_segmentations"), {}, "gt-missing"),
    ("one label missing there", lambda t: (t.base / "gt_segmentations" / "case_1.nii.gz").unlink(), {}, "gt-case-missing"),
    ("other labels since", _dataset(lambda c: c.update(labels={"background": 0, "a": 1, "b": 2}), raw=True), {},
     "preprocessed-stale"),
    ("CT since", _dataset(lambda c: c.update(channel_names={"0": "CT", "1": "T2"}), raw=True), {}, "preprocessed-stale"),
    ("label drawn again", lambda t: cut(t.raw / "labelsTr" / "case_3.nii.gz", 0.9), {}, "preprocessed-label-changed"),
    ("a case came later", lambda t: write_text(t.raw / "imagesTr" / "case_7_0000.nii.gz", "x"), {},
     "case-not-preprocessed"),
    ("fold 7", _nothing, {"fold": "7"}, "splits-fold-out-of-range"),
    ("fold 5 without a file", lambda t: (t.base / "splits_final.json").unlink(), {"fold": "5"},
     "splits-fold-out-of-range"),
    ("fold -1", _nothing, {"fold": "-1"}, "splits-fold-negative"),
    ("splits cut", lambda t: cut(t.base / "splits_final.json"), {}, "splits-unreadable"),
    ("splits of another shape", lambda t: write_json(t.base / "splits_final.json", {"0": []}), {}, "splits-unreadable"),
    ("validation in training", _splits(lambda s: s[0]["val"].append(s[0]["train"][0])), {}, "splits-overlap"),
    ("unknown case", _splits(lambda s: s[0]["train"].append("case_0001_0000")), {}, "splits-unknown-case"),
    ("no validation", _splits(lambda s: s[0]["val"].clear()), {}, "splits-empty"),
    ("no training", _splits(lambda s: s[0]["train"].clear()), {}, "splits-empty"),
    ("three cases", _few_cases, {}, "splits-too-few-cases"),
    ("first stage not trained", _cascade, {"configuration": "cascade"}, "previous-stage-missing"),
    ("checkpoint cut", lambda t: cut(write_trained(t, "checkpoint_latest.pth", 50)), {"continues": True},
     "checkpoint-broken"),
    ("checkpoints deleted", lambda t: write_log(t.fold, 70), {"continues": True}, "train-restarts"),
    ("continued with another trainer", lambda t: write_trained(t, "checkpoint_best.pth", 50),
     {"continues": True, "trainer": "nnUNetTrainer_250epochs"}, "train-restarts"),
    ("validated too early", lambda t: write_trained(t, "checkpoint_best.pth", 50), {"validates": True},
     "train-not-finished"),
    ("no best checkpoint", lambda t: write_trained(t, "checkpoint_final.pth", 1000), {"validates": True, "val_best": True},
     "train-not-finished"),
    ("network changed", lambda t: [write_trained(t, "checkpoint_latest.pth", 50),
     _of_configuration(architecture={"arch_kwargs": {}})(t)], {"continues": True}, "train-changed-network"),
    ("no pretrained weights", _nothing, {"pretrained": "/nowhere.pth"}, "train-pretrained-unusable"),
    ("no such trainer", _nothing, {"trainer": "nnUNetTrainer_250epoch"}, "trainer-missing"),
    ("trainer in a plain folder", lambda t: write_text(t.trainers / "mine" / "own.py", "class T(nnUNetTrainer): pass"),
     {"trainer": "T"}, "trainer-missing"),
    ("*args", _new_trainer("*args, **kwargs"), {"trainer": "T"}, "trainer-signature"),
    ("written for 2.5", _new_trainer(PLAIN + ", unpack_dataset=True"), {"trainer": "T"}, "trainer-signature"),
    ("device forgotten", _new_trainer("plans, configuration, fold, dataset_json"), {"trainer": "T"},
     "trainer-signature"),
    ("no trainer", lambda t: write_text(t.trainers / "own.py", "class T: pass"),
     {"trainer": "T"}, "trainer-not-derived"),
    ("no Python", lambda t: write_text(t.trainers / "own.py", "class T(nnUNetTrainer):\n  def"), {"trainer": "T"},
     "trainer-broken"),
    ("results are a file", lambda t: [shutil.rmtree(t.root / "nnUNet_results"),
     write_text(t.root / "nnUNet_results", "x")], {}, "train-results-not-writable"),
]  # fmt: skip


@pytest.mark.parametrize(("broken", "arguments", "wanted"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_fault(tmp_path: Path, broken: Break, arguments: Arguments, wanted: str) -> None:
    training = write_training(tmp_path)
    broken(training)
    assert judged(training, arguments, {})[1]["error"] == set(wanted.split())


GIB = 1024**3
MACHINES: list[tuple[str, Arguments, dict[str, FactValue], str]] = [
    ("no GPU", {"device": "cuda"}, {"gpu.driver_state": "library-not-found", "torch.build": "cuda"}, "train-no-gpu"),
    ("torch for the CPU", {"device": "cuda"}, {"torch.build": "cpu", "torch.version": "2.8.0"}, "train-torch-without-cuda"),
    ("one GPU of two", {"device": "cuda", "num_gpus": 2}, {"gpu.count": 1}, "train-too-few-gpus"),
    ("batch of two on four GPUs", {"device": "cuda", "num_gpus": 4}, {"gpu.count": 8}, "train-batch-below-gpus"),
    ("one visible GPU", {"device": "cuda", "num_gpus": 2, "environ": {"CUDA_VISIBLE_DEVICES": "3"}}, {"gpu.count": 8},
     "train-gpus-hidden"),
    ("no visible GPU", {"device": "cuda", "environ": {"CUDA_VISIBLE_DEVICES": ""}}, {}, "train-gpus-hidden"),
    ("checkpoints that torch refuses", {"pretrained": "PRETRAINED"}, {"nnunetv2.version": "2.5.2", "torch.version": "2.6.0"},
     "train-weights-only preprocessed-too-new"),
    ("mps on Linux", {"device": "mps"}, {"os.name": "linux"}, "train-no-mps"),
    ("small shm", {}, {"workers.augmentation": 12, "cpu.granted": 12, "shm.size": 66 * 1024**2, "shm.free": 66 * 1024**2},
     "train-shm-too-small"),
    ("little room", {}, {"disk.results_free": 9 * 1024**2}, "env-results-disk-full train-results-room"),
    ("plans too new", {}, {"nnunetv2.version": "2.2.1"}, "plans-too-new preprocessed-too-new"),
    ("b2nd for an old release", {}, {"nnunetv2.version": "2.5.2"}, "preprocessed-too-new"),
    ("torch too new", {}, {"nnunetv2.version": "2.5.1", "torch.version": "2.9.1+cu128"},
     "train-torch-too-new preprocessed-too-new"),
    ("no variable", {}, {"env.results_set": False}, "train-results-unset"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "machine", "wanted"), [row[1:] for row in MACHINES], ids=[row[0] for row in MACHINES]
)
def test_machine(tmp_path: Path, arguments: Arguments, machine: dict[str, FactValue], wanted: str) -> None:
    training = write_training(tmp_path)
    if "pretrained" in arguments:
        arguments = {**arguments, "pretrained": str(write_checkpoint(tmp_path / "weights.pth"))}
    assert judged(training, arguments, machine)[1]["error"] == set(wanted.split())


def test_the_job_ends_too_early(tmp_path: Path) -> None:
    training = write_training(tmp_path)
    write_trained(training, "checkpoint_latest.pth", 200, epochs=213)
    facts, found = judged(training, {"continues": True}, {"scheduler.seconds_left": 6 * 3600})
    assert facts.value("train.seconds_needed") == 800 * 100
    assert found == {"error": set(), "warning": {"train-time-limit"}, "info": {"train-continues"}}
    assert (
        "train-no-checkpoint-in-time"
        in judged(training, {"continues": True}, {"scheduler.seconds_left": 3600})[1]["error"]
    )


def test_unpacking_needs_room_up_to_2_5(tmp_path: Path) -> None:
    training = write_training(tmp_path, packed=True)
    machine: dict[str, FactValue] = {"nnunetv2.version": "2.5.1", "disk.preprocessed_free": 200 * 1024**2}
    facts, found = judged(training, {}, machine)
    assert facts.value("train.unpacking_needed") == 6 * (2 * 4 * 5 * 6 * 4 + 4 * 5 * 6)
    assert found["error"] == set()


def test_batches_in_shared_memory(tmp_path: Path) -> None:
    training = write_training(tmp_path)
    batch = round(2 * 32 * 64 * 64 * (4 * 2 + 2 * 8 / 7))
    for device, batches in (("cuda", 12 + 6 + 6 + 3), ("cpu", 12 + 6 + 2 * (6 + 3))):
        facts, _ = judged(training, {"device": device}, {"workers.augmentation": 12})
        assert facts.value("train.shm_needed") == batches * batch
