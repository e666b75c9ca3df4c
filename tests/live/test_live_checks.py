"""Checks of what the installed nnU-Net itself made: nothing is said of a sound base, and what it does not see is seen."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.lab.model import DATASET, TRAINER
from tests.live.lab import REPOSITORY, run

pytestmark = pytest.mark.live
BUILD = "import sys; from pathlib import Path; from tests.lab import base, runner; runner.preload(); print(base.build(Path(sys.argv[1])))"
PREDICT = ["predict", "-d", "101", "-c", "3d_fullres", "-f", "0", "-tr", TRAINER, "-device", "cpu"]
TRAIN = ["train", "101", "3d_fullres", "1", "-tr", TRAINER, "-device", "cpu"]
VERIFY = "from nnunetv2.experiment_planning.verify_dataset_integrity import verify_dataset_integrity as verify\nimport sys\nif __name__ == '__main__':\n    verify(sys.argv[1], 1)\n"


@pytest.fixture(scope="module")
def base(lab_python: str, lab_work: Path) -> Path:
    done = run([lab_python, "-c", BUILD, str(lab_work)], PYTHONPATH=str(REPOSITORY))
    assert done.returncode == 0, done.stdout + done.stderr
    return Path(done.stdout.splitlines()[-1])


def check(root: Path, lab_python: str, *arguments: str) -> tuple[int, dict[str, Any]]:
    folders = {name: str(root / name) for name in ("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results")}
    command = [sys.executable, "-m", "nndoctor", "check", *arguments, "--python", lab_python]
    done = run([*command, "--format", "json", "--no-redact"], **folders, XDG_CACHE_HOME=str(root / "cache"))
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


def errors(report: dict[str, Any]) -> set[str]:
    return {finding["problem"] for finding in report["findings"] if finding["severity"] == "error"}


@pytest.mark.parametrize("command", ["dataset", "predict", "train"])
def test_a_sound_base(base: Path, lab_python: str, command: str) -> None:
    arguments = {
        "dataset": ["dataset", "-d", "101", "--deep"],
        "predict": [*PREDICT, "-i", str(base / "imagesTs")],
        "train": TRAIN,
    }[command]
    code, report = check(base, lab_python, *arguments)
    assert (code, errors(report)) == (0, set())
    assert report["checkup"]["forecast"]


def test_a_cut_image_that_nnunet_itself_finds_sound(base: Path, lab_python: str, tmp_path: Path) -> None:
    root = tmp_path / "cut"
    shutil.copytree(base, root)
    image = sorted((root / "nnUNet_raw" / DATASET / "imagesTr").iterdir())[0]
    image.write_bytes(image.read_bytes()[:-200])
    script = tmp_path / "verify.py"
    script.write_text(VERIFY, encoding="utf-8")
    verified = run([lab_python, str(script), str(image.parents[1])])
    assert verified.returncode == 0, verified.stderr
    assert "most likely OK" in verified.stdout
    code, report = check(root, lab_python, "dataset", "-d", "101")
    assert code == 1
    assert image.name in json.dumps([each for each in report["findings"] if each["problem"] == "image-truncated"])


def test_a_third_channel_and_a_cut_array(base: Path, lab_python: str, tmp_path: Path) -> None:
    root = tmp_path / "broken"
    shutil.copytree(base, root)
    image = sorted((root / "imagesTs").glob("*_0001.nii.gz"))[0]
    shutil.copy(image, image.with_name(image.name.replace("_0001", "_0002")))
    array = sorted((root / "nnUNet_preprocessed" / DATASET / "nnUNetPlans_3d_fullres").glob("*.b2nd"))[0]
    array.write_bytes(array.read_bytes()[:-50])
    assert "channel-count" in errors(check(root, lab_python, *PREDICT, "-i", str(root / "imagesTs"))[1])
    assert "preprocessed-corrupt" in errors(check(root, lab_python, *TRAIN)[1])
