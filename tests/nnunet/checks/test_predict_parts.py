"""What a prediction depends on besides its folders: releases, classes, device, room, rights."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from nndoctor.facts import Fact, Facts, FactValue
from nndoctor.facts.model import Provenance
from nndoctor.nnunet.checkpoints import Checkpoint
from nndoctor.nnunet.checks import predict_output
from nndoctor.nnunet.checks.model_classes import plans_classes, trainer_problems
from nndoctor.nnunet.checks.model_content import Named, read_checkpoints
from nndoctor.nnunet.checks.model_versions import version_problems
from nndoctor.nnunet.checks.predict_device import device_problems
from nndoctor.nnunet.checks.predict_input import InputFiles
from nndoctor.nnunet.checks.predict_output import Output, folder_problems, room_problems
from nndoctor.nnunet.plans import Plans
from tests.nnunet.checkpoint_files import content, write_trained
from tests.nnunet.checks.predictions import patient
from tests.nnunet.folders import PLANS


def _facts(**values: FactValue) -> Facts:
    return Facts(
        Fact(name.replace("_", ".", 1), value, Provenance("machine", "test")) for name, value in values.items()
    )


def _named(path: Path, **changes: object) -> Named:
    found, problems = read_checkpoints([write_trained(path / "checkpoint_final.pth", **changes)])
    assert problems == []
    return found[0]


@pytest.mark.parametrize(
    ("torch", "nnunetv2", "forced", "found"),
    [
        ("2.6.0+cu124", "2.5.1", "", ["weights-only"]),
        ("2.13.0", "2.2.1", "0", ["weights-only"]),
        ("2.13.0", "2.2.1", "1", []),
        ("2.5.1", "2.5.1", "", []),
        ("2.13.0", "2.5.2", "", []),
        ("2.13.0", "2.8.1", "", []),
    ],
)
def test_torch_that_loads_weights_only(
    tmp_path: Path, torch: str, nnunetv2: str, forced: str, found: list[str]
) -> None:
    facts = _facts(torch_version=torch, nnunetv2_version=nnunetv2)
    problems = version_problems(_named(tmp_path), facts, {"TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD": forced})
    assert [problem.kind for problem in problems] == found


@pytest.mark.parametrize(("numpy", "found"), [("1.25.2", ["numpy-too-old"]), ("1.26.4", []), ("2.4.6", [])])
def test_numbers_of_numpy_2(tmp_path: Path, numpy: str, found: list[str]) -> None:
    checkpoint = Named(tmp_path, Checkpoint(content(), {"numpy._core.multiarray scalar"}))
    assert [problem.kind for problem in version_problems(checkpoint, _facts(numpy_version=numpy), {})] == found


def _package(root: Path, external: bool) -> Path:
    """The files of an installed nnunetv2 that are searched for names."""
    texts = {
        "training/nnUNetTrainer/__init__.py": "",
        "training/nnUNetTrainer/nnUNetTrainer.py": "class nnUNetTrainer(object):\n    pass\n",
        "imageio/simpleitk_reader_writer.py": "class SimpleITKIO(BaseReaderWriter):\n    pass\n",
        "preprocessing/preprocessors/__init__.py": "",
        "preprocessing/preprocessors/default_preprocessor.py": "class DefaultPreprocessor(object):\n    pass\n",
        "preprocessing/normalization/default.py": "class ZScoreNormalization(ImageNormalization):\n    pass\n",
        "preprocessing/resampling/default_resampling.py": "def resample_data_or_seg_to_shape(data):\n    return data\n",
        **({"utilities/find_objects.py": ""} if external else {}),
    }
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def test_a_trainer_of_ones_own(tmp_path: Path) -> None:
    old, new = (_package(tmp_path / name, external=name == "new") for name in ("old", "new"))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "trainer.py").write_text("class Mine(nnUNetTrainer):\n    pass\n")
    environ = {"nnUNet_extTrainer": str(tmp_path / "mine")}
    assert trainer_problems("nnUNetTrainer", tmp_path, new, {}) == []
    assert trainer_problems("Mine", tmp_path, new, environ) == []
    assert [problem.kind for problem in trainer_problems("Mine", tmp_path, new, {})] == ["trainer-not-installed"]
    assert [problem.kind for problem in trainer_problems("Mine", tmp_path, old, environ)] == ["trainer-not-installed"]


@pytest.mark.parametrize(
    ("trainer", "folder", "found"),
    [
        ("nnUNetTrainer_250epochs", "nnUNetTrainer__nnUNetPlans__2d", []),
        ("Mine", "Mine__nnUNetPlans__2d", ["trainer-not-seen"]),
        ("Mine", "my_model", ["trainer-not-seen"]),
        ("Mine", "nnUNetTrainer__nnUNetPlans__2d", ["trainer-unknown"]),
    ],
)
def test_a_trainer_without_an_installation(tmp_path: Path, trainer: str, folder: str, found: list[str]) -> None:
    checkpoint = tmp_path / folder / "fold_0" / "checkpoint_final.pth"
    assert [problem.kind for problem in trainer_problems(trainer, checkpoint, None, {})] == found


def test_a_reader_without_an_installation(tmp_path: Path) -> None:
    plans = Plans(tmp_path, {**PLANS, "image_reader_writer": "MyReader"})
    assert [problem.values["name"] for problem in plans_classes(plans, "3d_fullres", None)] == ["MyReader"]


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, []),
        ({"normalization_schemes": ["ZScoreNormalization", "Mine"]}, ["Mine"]),
        ({"preprocessor_name": "ZScoreNormalization"}, ["ZScoreNormalization"]),
        ({"resampling_fn_data": "resample_data_or_seg_to_shape"}, []),
        ({"resampling_fn_data": "mine"}, ["mine"]),
    ],
)
def test_classes_that_plans_name(tmp_path: Path, changes: dict[str, object], missing: list[str]) -> None:
    configuration = {**PLANS["configurations"]["3d_fullres"], **changes}  # type: ignore[index]
    plans = Plans(tmp_path, {**PLANS, "configurations": {"3d_fullres": configuration}})
    problems = plans_classes(plans, "3d_fullres", _package(tmp_path / "nnunetv2", True))
    assert [problem.values["name"] for problem in problems] == missing


@pytest.mark.parametrize(
    ("device", "facts", "found"),
    [
        ("cpu", {"torch_build": "cpu"}, []),
        ("cuda", {"torch_build": "cpu", "torch_version": "2.13.0+cpu"}, ["torch-without-cuda"]),
        ("cuda", {"torch_build": "cuda", "gpu_driver_state": "loaded", "gpu_count": 1}, []),
        ("cuda", {"torch_build": "cuda", "gpu_driver_state": "library-not-found"}, ["no-gpu-here"]),
        ("cuda", {"gpu_visible_devices": "-1"}, ["no-gpu-here"]),
        ("mps", {"os_name": "macos"}, []),
        ("mps", {"os_name": "linux"}, ["no-mps"]),
    ],
)
def test_devices(device: str, facts: dict[str, FactValue], found: list[str]) -> None:
    assert [problem.kind for problem in device_problems(device, _facts(**facts))] == found


@pytest.mark.parametrize(
    ("free", "probabilities", "found"),
    [
        (10**9, False, []),
        (40_000_000, False, ["output-little-room"]),
        (900_000, False, ["output-no-room"]),
        (4 * 10**9, True, ["output-little-room"]),
    ],
)
def test_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, probabilities: bool, found: list[str]
) -> None:
    monkeypatch.setattr(predict_output.shutil, "disk_usage", lambda path: SimpleNamespace(free=free))
    output = Output(tmp_path / "out", ".nii.gz", False, probabilities)
    assert [problem.kind for problem in room_problems(output, 10**9, 3)] == found


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights of POSIX")
def test_a_folder_of_somebody_else(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    output = Output(tmp_path / "new" / "out", ".nii.gz", False, False)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        found = list(folder_problems(output, tmp_path / "input", None))
    finally:
        if root:
            os.seteuid(0)
        tmp_path.chmod(0o755)
    assert [problem.kind for problem in found] == ["output-not-writable"]


def test_parts_are_cut_as_nnunet_cuts_them(tmp_path: Path) -> None:
    for case in ("a", "b", "c", "d", "e"):
        (tmp_path / f"{case}_0000.nii.gz").touch()
    files = InputFiles(tmp_path, ".nii.gz")
    assert [case.case for case in files.cases(None, 1, 2)] == ["b", "d"]


def test_a_mask_beside_its_image_is_only_passed_over(tmp_path: Path) -> None:
    """Seen with 2.8.1: the prediction runs, and ignores the file."""
    for name in ("lesion_001_0000.nii.gz", "lesion_001_mask.nii.gz", "lesion_002.nii.gz"):
        (tmp_path / name).touch()
    kinds = {Path(problem.where).name: problem.kind for problem in InputFiles(tmp_path, ".nii.gz").problems}
    assert kinds == {"lesion_001_mask.nii.gz": "file-passed-over", "lesion_002.nii.gz": "no-channel-number"}


def test_the_checkpoint_says_which_configuration_counts(tmp_path: Path) -> None:
    """The folder may have any name: then nothing but the checkpoint tells."""
    each = patient(tmp_path)
    renamed = each.model.rename(each.model.with_name("my_model"))
    each.options["model"] = renamed
    assert each.found() == {}
    told = content()["init_args"]
    write_trained(renamed / "fold_0" / "checkpoint_final.pth", init_args={**told, "configuration": "2d"})  # type: ignore[dict-item]
    assert each.found() == {"model-configuration-missing": "error"}


def test_what_is_there_instead_is_named(tmp_path: Path) -> None:
    each = patient(tmp_path)
    each.options["folds"] = None
    assert "-f 0" in each.words("default-folds")
    each.options["model"] = each.model.with_name("nnUNetTrainer__nnUNetPlans__2d")
    assert "nnUNetTrainer__nnUNetPlans__3d_fullres" in each.words("model-not-found")
