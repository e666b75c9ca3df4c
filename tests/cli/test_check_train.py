"""`nndoctor check train` as it is typed, on real files."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.cli.running import ROOT, Done, nndoctor
from tests.nnunet.folders import cut
from tests.nnunet.trainings import Training, write_training


@pytest.fixture
def training(tmp_path: Path) -> Training:
    return write_training(tmp_path)


def _check(training: Training, *arguments: str) -> Done:
    return nndoctor("check", "train", "4", *arguments, env={**training.environ, "LC_ALL": "C.UTF-8"})


def test_a_training_that_can_begin(training: Training) -> None:
    done = _check(training, "3d_fullres", "0", "-device", "cpu")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "6 cases, 18 files" in done.stdout.decode()


def test_one_that_cannot(training: Training) -> None:
    cut(training.data / "case_3.b2nd")
    done = _check(training, "3d_fullres", "7", "-device", "cpu")
    text = " ".join(done.stdout.decode().split())
    assert done.returncode == 1
    assert "fold 7 is asked for, splits_final.json has folds 0 to 4" in text
    assert "case_3.b2nd" in text


def test_json_counts_the_preprocessed_cases(training: Training) -> None:
    cut(training.data / "case_3.b2nd")
    done = _check(
        training, "3d_fullres", "0", "-device", "cpu", "--format", "json", "--fail-on", "never", "--no-redact"
    )
    found = json.loads(done.stdout)
    assert done.returncode == 0
    assert (found["checkup"]["command"], found["checkup"]["cases"], found["checkup"]["files"]) == ("train", 6, 18)
    assert [entry["case"] for entry in found["checkup"]["table"]] == ["case_3"]
    assert [each["problem"] for each in found["findings"] if each["severity"] == "error"] == ["preprocessed-corrupt"]


def test_the_report_goes_into_a_file(training: Training, tmp_path: Path) -> None:
    shutil.rmtree(training.data)
    report = tmp_path / "report.md"
    done = _check(training, "3d_fullres", "0", "-device", "cpu", "--report", str(report))
    assert done.returncode == 1
    assert "The configuration was not preprocessed" in report.read_text(encoding="utf-8")


def test_trainers_are_looked_for_where_nnunetv2_is_installed(training: Training) -> None:
    path = os.pathsep.join([str(ROOT / "src"), str(training.package.parent)])
    arguments = ("3d_fullres", "0", "-device", "cpu", "--python", sys.executable, "--format", "json", "-tr")

    def found(trainer: str) -> dict[str, str]:
        environ = {**training.environ, "PYTHONPATH": path}
        done = nndoctor("check", "train", "4", *arguments, trainer, env=environ)
        return {each["problem"]: each["severity"] for each in json.loads(done.stdout)["findings"]}

    assert found("nnUNetTrainer_250epoch")["trainer-missing"] == "error"
    assert "trainer-missing" not in found("nnUNetTrainer_250epochs")


def test_without_nnunetv2_that_is_said(training: Training) -> None:
    done = _check(training, "3d_fullres", "0", "-device", "cpu", "-tr", "Nobody")
    assert b"nnunetv2 was not found" in done.stdout


def test_probabilities_take_room(training: Training) -> None:
    def needed(*arguments: str) -> int:
        done = _check(training, "3d_fullres", "0", "-device", "cpu", "--format", "json", *arguments)
        return int(json.loads(done.stdout)["facts"]["train.results_needed"]["value"])

    assert needed("--npz") - needed() == 2 * 2 * 4 * 5 * 6 * 4


def test_variables_that_are_not_set(training: Training, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("nnUNet_results", raising=False)
    environ = {name: value for name, value in training.environ.items() if name != "nnUNet_results"}
    done = nndoctor("check", "train", "4", "3d_fullres", "0", "-device", "cpu", env=environ)
    assert done.returncode == 1
    assert b"nnUNet_results is not set" in done.stdout


def test_usage() -> None:
    assert nndoctor("check", "train", "4", "3d_fullres").returncode == 2
    assert b"nnUNetv2_train" not in nndoctor("check", "train", "--help").stderr
