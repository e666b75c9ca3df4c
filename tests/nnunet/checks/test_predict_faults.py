"""Every fault with the one kind of problem that must be found, and nothing worse besides."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nndoctor.nnunet.examination.records import Depth
from tests.nnunet.checkpoint_files import SHAPES, content, write_trained
from tests.nnunet.checks.predictions import Patient, patient
from tests.nnunet.folders import CONFIGURATION, PLANS, cut, write_image, write_json

Fault = Callable[[Patient], object]


def _rename(old: str, new: str) -> Fault:
    return lambda each: (each.input / old).rename(each.input / new)


def _dataset(**changes: object) -> Fault:
    return lambda each: each.edit("dataset.json", lambda dataset: dataset.update(changes))


def _plans(**changes: object) -> Fault:
    return lambda each: each.edit("plans.json", lambda plans: plans.update(changes))


def _options(**changes: object) -> Fault:
    return lambda each: each.options.update(changes)


def _trained(**changes: object) -> Fault:
    return lambda each: write_trained(each.checkpoint, **changes)


def _both(one: Fault, other: Fault) -> Fault:
    return lambda each: (one(each), other(each))


def _all_images(shape: tuple[int, ...], spacing: tuple[float, ...]) -> Fault:
    return lambda each: [each.image(path.name, shape, spacing=spacing) for path in each.input.iterdir()]


def _cascade(each: Patient) -> None:
    """A cascade with its previous stage; the weights then have one channel more for each label."""
    configurations = {"3d_fullres": {**CONFIGURATION, "previous_stage": "3d_lowres"}}
    each.edit("plans.json", lambda plans: plans.update(configurations=configurations))
    write_trained(
        each.checkpoint, network_weights={**SHAPES, "encoder.stages.0.0.convs.0.conv.weight": (32, 3, 3, 3, 3)}
    )


def _with_previous(each: Patient, **header: tuple[float, ...]) -> None:
    each.options["previous"] = each.root / "previous"
    for case in "ab":
        write_image(each.root / "previous", f"{case}.nii.gz", (8, 8, 8), **{"spacing": (1.0, 1.0, 3.0), **header})


def _other_fold(each: Patient) -> None:
    weights = {**SHAPES, "encoder.stages.0.0.convs.0.conv.bias": (64,)}
    write_trained(each.model / "fold_1" / "checkpoint_final.pth", network_weights=weights)
    each.options["folds"] = ["0", "1"]


def _damaged(each: Patient) -> None:
    data = bytearray(each.checkpoint.read_bytes())
    data[data.index(b"\x02" * 3000) + 1000] = 0
    each.checkpoint.write_bytes(data)


def _leftover(each: Patient) -> None:
    each.options["continue_prediction"] = True
    cut(write_image(each.output, "a.nii.gz"), 0.4)


def _leftover_of_another(each: Patient) -> None:
    each.options["continue_prediction"] = True
    write_image(each.output, "a.nii.gz")
    write_json(each.output / "plans.json", {"plans_name": "another"})


def _nan(each: Patient) -> None:
    path = each.input / "a_0000.nii.gz"
    data = bytearray(gzip.decompress(path.read_bytes()))
    data[70:74] = (16).to_bytes(2, "little") + (32).to_bytes(2, "little")
    voxels = bytearray(8 * 8 * 8 * 4)
    voxels[0:4] = bytes.fromhex("0000c07f")
    voxels[4:8] = bytes.fromhex("0000803f")
    path.write_bytes(gzip.compress(bytes(data[:352]) + bytes(voxels)))


FAULTS: dict[str, tuple[str, Fault]] = {
    "part beyond the last": ("bad-argument", _options(part_id=2, num_parts=2)),
    "no process": ("bad-argument", _options(npp=0, nps=3)),
    "both zero with a folder": ("bad-argument", _options(npp=0, nps=0)),
    "fold with its prefix": ("bad-argument", _options(folds=["fold_0"])),
    "no model folder": ("model-not-found", lambda each: shutil.rmtree(each.model)),
    "model is a zip": ("model-is-file", lambda each: _options(model=each.checkpoint)(each)),
    "model is a fold": ("model-is-fold", lambda each: _options(model=each.model / "fold_0")(each)),
    "model is a dataset": ("model-is-dataset", lambda each: _options(model=each.model.parent)(each)),
    "no plans.json": ("model-file-missing", lambda each: (each.model / "plans.json").unlink()),
    "no dataset.json": ("model-file-missing", lambda each: (each.model / "dataset.json").unlink()),
    "plans.json is cut": ("model-json-broken", lambda each: cut(each.model / "plans.json")),
    "no file_ending": ("model-json-broken", lambda each: each.edit("dataset.json", lambda d: d.pop("file_ending"))),
    "no background": ("model-json-broken", _dataset(labels={"a": 0, "tumour": 1})),
    "labels with a gap": ("model-json-broken", _dataset(labels={"background": 0, "tumour": 5})),
    "no transpose": ("model-json-broken", lambda each: each.edit("plans.json", lambda p: p.pop("transpose_forward"))),
    "configuration not in plans": ("model-configuration-missing", _plans(configurations={"2d": CONFIGURATION})),
    "patch that cannot be pooled": ("model-plans-problem", lambda each: each.configuration(patch_size=[32, 63, 64])),
    "one scheme too few": (
        "model-plans-problem",
        lambda each: each.configuration(normalization_schemes=["CTNormalization"]),
    ),
    "five folds wanted, one there": ("default-folds", _options(folds=None)),
    "only fold all": (
        "default-folds",
        _both(_options(folds=None), lambda each: (each.model / "fold_0").rename(each.model / "fold_all")),
    ),
    "no folds": ("no-folds", _both(_options(folds=None), lambda each: shutil.rmtree(each.model / "fold_0"))),
    "fold 4": ("fold-missing", _options(folds=["0", "4"])),
    "training that was stopped": (
        "training-unfinished",
        lambda each: each.checkpoint.rename(each.checkpoint.with_name("checkpoint_latest.pth")),
    ),
    "checkpoint without ending": ("checkpoint-missing", _options(checkpoint="checkpoint_best")),
    "checkpoint is cut": ("checkpoint-unreadable", lambda each: cut(each.checkpoint, 0.7)),
    "checkpoint is a web page": (
        "checkpoint-unreadable",
        lambda each: each.checkpoint.write_bytes(b"<!DOCTYPE html>"),
    ),
    "checkpoint with other bytes": ("checkpoint-damaged", _damaged),
    "weights only": ("checkpoint-foreign", _trained(trainer_name=None, init_args=None)),
    "other configuration in the checkpoint": (
        "model-configuration-missing",
        _trained(init_args={**content()["init_args"], "configuration": "2d"}),  # type: ignore[dict-item]
    ),
    "features of another training": (
        "weights-do-not-fit",
        lambda each: each.architecture(features_per_stage=[16, 32, 64]),
    ),
    "strides of another training": (
        "weights-do-not-fit",
        lambda each: each.architecture(strides=[[1, 1, 1], [1, 2, 2], [1, 2, 2]]),
    ),
    "one label more": ("weights-do-not-fit", _dataset(labels={"background": 0, "tumour": 1, "oedema": 2})),
    "one label more than the weights have": (
        "weights-do-not-fit",
        _both(
            _dataset(labels={"background": 0, "tumour": 1, "oedema": 2}),
            _trained(init_args={"configuration": "3d_fullres", "plans": PLANS}),
        ),
    ),
    "folds of two networks": ("folds-differ", _other_fold),
    "input is not there": ("input-missing", lambda each: shutil.rmtree(each.input)),
    "input is a file": ("input-missing", lambda each: _options(input=each.checkpoint)(each)),
    "another ending everywhere": ("nothing-matches", _dataset(file_ending=".nrrd")),
    "one case of another ending": ("case-passed-over", lambda each: each.image("c_0000.nii")),
    "no channel number": ("no-channel-number", lambda each: each.image("c.nii.gz")),
    "hidden file of macOS": ("hidden-file", lambda each: (each.input / "._a_0000.nii.gz").write_bytes(b"\0\5\x16\7")),
    "a channel is missing": ("channel-count", lambda each: (each.input / "b_0001.nii.gz").unlink()),
    "a channel too many": ("channel-count", lambda each: each.image("b_0002.nii.gz")),
    "channels of two shapes": ("channel-shape", lambda each: each.image("a_0001.nii.gz", (8, 8, 7))),
    "channels of two spacings": ("channel-spacing", lambda each: each.image("a_0001.nii.gz", spacing=(1.0, 1.0, 2.0))),
    "image is cut": ("image-truncated", lambda each: cut(each.input / "b_0000.nii.gz")),
    "image is empty": ("image-truncated", lambda each: (each.input / "b_0000.nii.gz").write_bytes(b"")),
    "not a number": ("nan-voxels", _nan),
    "spacing in metres": ("resampled-away", _all_images((8, 8, 8), (0.001, 0.001, 0.003))),
    "2D images": ("flat-image", _all_images((8, 8), (1.0, 1.0))),
    "cascade without its first stage": ("previous-not-given", _cascade),
    "first stage without a cascade": ("previous-superfluous", _with_previous),
    "first stage is not there": (
        "previous-folder-missing",
        lambda each: (_cascade(each), _options(previous=each.root / "x")(each)),
    ),
    "first stage lacks a case": (
        "previous-missing",
        lambda each: (_cascade(each), _with_previous(each), (each.root / "previous" / "b.nii.gz").unlink()),
    ),
    "first stage is cut": (
        "previous-unreadable",
        lambda each: (_cascade(each), _with_previous(each), cut(each.root / "previous" / "b.nii.gz")),
    ),
    "first stage of other images": (
        "previous-shape",
        lambda each: (_cascade(each), _with_previous(each), write_image(each.root / "previous", "b.nii.gz", (8, 8, 4))),
    ),
    "output is a file": ("output-is-file", lambda each: each.output.write_text("x")),
    "output below a file": ("output-is-file", lambda each: _options(output=each.checkpoint / "out")(each)),
    "a prediction was cut": ("leftover-broken", _leftover),
    "predictions of another model": ("leftover-other-model", _leftover_of_another),
    "mps away from Apple": ("no-mps", _options(device="mps")),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(fault: str, tmp_path: Path) -> None:
    kind, break_it = FAULTS[fault]
    each = patient(tmp_path)
    break_it(each)
    found = each.found()
    assert [name for name, severity in found.items() if severity == "error"] == [kind]


WARNINGS: dict[str, tuple[str, Fault]] = {
    "plans changed": ("plans-changed-since", lambda each: each.configuration(spacing=[2.0, 1.0, 1.0])),
    "labels have other names": ("plans-changed-since", _dataset(labels={"background": 0, "oedema": 1})),
    "folder was renamed": (
        "folder-other-trainer",
        _trained(trainer_name="nnUNetTrainerNoMirroring"),
    ),
    "spacing eight times as large": ("spacing-unlike-model", _all_images((8, 8, 8), (8.0, 8.0, 24.0))),
    "far larger images": (
        "image-giant",
        lambda each: each.configuration(median_image_size_in_voxels=[2, 2, 2]),
    ),
    "output is the input": ("output-is-input", lambda each: _options(output=each.input)(each)),
    "labels in the output": ("output-overwrites", lambda each: write_image(each.output, "a.nii.gz")),
    "no GPU": ("no-gpu-here", _options(device="cuda")),
}


@pytest.mark.parametrize("fault", WARNINGS)
def test_what_runs_on_is_a_warning(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    kind, change = WARNINGS[fault]
    each = patient(tmp_path)
    change(each)
    assert each.found() == {kind: "warning"}


HEALTHY: dict[str, Fault] = {
    "as it should be": lambda each: None,
    "five folds": lambda each: (
        [write_trained(each.model / f"fold_{fold}" / "checkpoint_final.pth") for fold in range(5)],
        _options(folds=None)(each),
    ),
    "fold all": lambda each: (
        (each.model / "fold_0").rename(each.model / "fold_all"), _options(folds=["all"])(each),
    ),
    "a second run into the same folder": lambda each: (
        write_image(each.output, "a.nii.gz"), write_json(each.output / "predict_from_raw_data_args.json", {}),
    ),
    "continued": lambda each: (write_image(each.output, "a.nii.gz"), _options(continue_prediction=True)(each)),
    "a cascade": lambda each: (_cascade(each), _with_previous(each)),
    "labels as text": _both(
        _dataset(labels={"background": "0", "tumour": "1"}), _trained(init_args={"configuration": "3d_fullres"}),
    ),
    "odd keys of channels": _both(
        _dataset(channel_names={"0": "T1", "2": "T2"}), _trained(init_args={"configuration": "3d_fullres"}),
    ),
    "a network of ones own with two heads more": _trained(
        network_weights={**SHAPES, "decoder.seg_layers.0.weight": (4, 64, 1, 1, 1)}
    ),
    "headers only": lambda each: (_damaged(each), _nan(each), setattr(each, "depth", Depth.headers)),
    "no numTraining": lambda each: each.edit("dataset.json", lambda dataset: dataset.pop("numTraining")),
    "more schemes than channels": lambda each: (
        each.configuration(use_mask_for_norm=[False] * 3, batch_size=0),
        _trained(init_args={"configuration": "3d_fullres"})(each),
    ),
    "notes beside the images": lambda each: (each.input / "readme.txt").write_text("x"),
    "checkpoint of an unknown layout": lambda each: each.checkpoint.write_bytes(b"\x80\x02\x8a\x0al\xfc\x9c" + bytes(99)),
}  # fmt: skip


@pytest.mark.parametrize("case", HEALTHY)
def test_nothing_is_said_of_what_is_sound(case: str, tmp_path: Path) -> None:
    each = patient(tmp_path)
    HEALTHY[case](each)
    assert [kind for kind, severity in each.found().items() if severity != "info"] == []
