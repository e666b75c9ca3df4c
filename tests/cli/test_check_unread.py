"""A check never says more than it saw: a library is missing, an interpreter is not there, a variable is not set."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
import SimpleITK

from tests.cli.running import ROOT, nndoctor


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """nnUNet_raw with a dataset of five cases; one image holds a NaN, which only its voxels tell."""
    root = tmp_path / "raw" / "Dataset005_A"
    for folder in ("imagesTr", "labelsTr"):
        (root / folder).mkdir(parents=True)
    for number in range(5):
        voxels = np.random.default_rng(number).random((8, 9, 10), dtype=np.float32)
        voxels[0, 0, 0] = np.nan if number == 3 else 0
        SimpleITK.WriteImage(SimpleITK.GetImageFromArray(voxels), root / "imagesTr" / f"c{number}_0000.nrrd")
        label = SimpleITK.GetImageFromArray((voxels > 0.5).astype(np.uint8))
        SimpleITK.WriteImage(label, root / "labelsTr" / f"c{number}.nrrd")
    labels = {"background": 0, "a": 1}
    content = {"channel_names": {"0": "CT"}, "labels": labels, "numTraining": 5, "file_ending": ".nrrd"}
    (root / "dataset.json").write_text(json.dumps(content))
    return root.parent


@pytest.fixture
def without_numpy(tmp_path: Path) -> str:
    """A PYTHONPATH on which numpy cannot be imported, as where nndoctor was installed without its images."""
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "numpy.py").write_text("raise ModuleNotFoundError('numpy')\n")
    return os.pathsep.join((str(tmp_path / "bare"), str(ROOT / "src")))


def test_deep_without_numpy_does_not_claim_that_voxels_were_read(raw: Path, without_numpy: str) -> None:
    env = {"nnUNet_raw": str(raw), "PYTHONPATH": without_numpy, "COLUMNS": "300", "LC_ALL": "C.UTF-8"}
    done = nndoctor("check", "dataset", "-d", "5", "--deep", "--no-cache", env=env)
    text = done.stdout.decode()
    assert done.returncode == 3
    assert "Voxels could not be read" in text
    assert "10 files: reading voxels needs numpy" in text
    assert "Every voxel was read" not in text


def test_without_deep_missing_numpy_is_only_told(raw: Path, without_numpy: str) -> None:
    env = {"nnUNet_raw": str(raw), "PYTHONPATH": without_numpy, "COLUMNS": "300", "LC_ALL": "C.UTF-8"}
    done = nndoctor("check", "dataset", "-d", "5", "--no-cache", env=env)
    assert done.returncode == 0
    assert "5 files: reading voxels needs numpy" in done.stdout.decode()


def test_deep_with_numpy_reads_every_voxel(raw: Path) -> None:
    env = {"nnUNet_raw": str(raw), "LC_ALL": "C.UTF-8"}
    done = nndoctor("check", "dataset", "-d", "5", "--deep", "--no-cache", env=env)
    assert done.returncode == 1
    assert "Every voxel was read." in done.stdout.decode()
    assert "c3_0000.nrrd: 1 NaN" in done.stdout.decode()


def test_interpreter_that_cannot_be_started_is_wrong_usage(tmp_path: Path) -> None:
    done = nndoctor("check", "env", "--python", tmp_path / "no-python")
    assert done.returncode == 2
    assert not done.stdout
    assert "is no program that can be started" in done.stderr.decode()


def test_unset_variable_is_the_first_thing_that_is_said() -> None:
    done = nndoctor("check", "dataset", "-d", "5", "--format", "json", env={"nnUNet_raw": ""})
    assert [each["problem"] for each in json.loads(done.stdout)["findings"]] == ["env-raw-unset"]
