from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import Done, nndoctor
from tests.nnunet.checks.predictions import Patient, patient


def _check(each: Patient, *arguments: str | Path) -> Done:
    env = {"nnUNet_results": str(each.root / "results"), "XDG_CACHE_HOME": str(each.root / "cache")}
    options = ("-i", each.input, "-o", each.output, "-device", "cpu", "--headers-only")
    return nndoctor("check", "predict", *options, *arguments, env=env)


@pytest.mark.parametrize("model", [("-d", "4", "-c", "3d_fullres"), ("-d", "Dataset004_Test", "-c", "3d_fullres"), ()])
def test_a_prediction_that_will_run(tmp_path: Path, model: tuple[str, ...]) -> None:
    each = patient(tmp_path)
    done = _check(each, *(model or ("-m", each.model)), "-f", "0")
    assert (done.returncode, done.stderr) == (0, b"")
    assert not each.output.exists()


def test_several_folds_after_one_option(tmp_path: Path) -> None:
    each = patient(tmp_path)
    done = _check(each, "-f", "0", "2", "all", "-m", each.model, "--format", "json")
    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert [finding["problem"] for finding in told["findings"]] == ["fold-missing"]
    assert [("fold_2" in line["text"], "fold_all" in line["text"]) for line in told["findings"][0]["evidence"]] == [
        (True, False), (False, True),
    ]  # fmt: skip
    assert told["checkup"]["command"] == "predict"


def test_all_faults_at_once(tmp_path: Path) -> None:
    each = patient(tmp_path)
    (each.input / "b_0001.nii.gz").unlink()
    (each.model / "dataset.json").unlink()
    each.output.write_text("a file")
    report = tmp_path / "report.json"
    done = _check(each, "-m", each.model, "--report", report)
    assert done.returncode == 1
    kinds = {finding["problem"] for finding in json.loads(report.read_text())["findings"]}
    assert {"model-file-missing", "default-folds", "output-is-file"} <= kinds


def test_results_that_are_not_set(tmp_path: Path) -> None:
    each = patient(tmp_path)
    arguments = ("check", "predict", "-i", each.input, "-d", "4", "-c", "3d_fullres", "--format", "json")
    done = nndoctor(*arguments, env={"nnUNet_results": ""})
    assert "results-not-set" in {finding["problem"] for finding in json.loads(done.stdout)["findings"]}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("-f", "0"), b"either -m"),
        (("-d", "4"), b"needs -c"),
        (("-m", "x", "-num_parts", "2"), b"-num_parts"),
        (("-m", "x", "y"), b"unexpected argument: y"),
        (("-m", "x", "--deep"), b"exclude each other"),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: tuple[str, ...], words: bytes) -> None:
    done = _check(Patient(tmp_path), *arguments)
    assert done.returncode == 2
    assert words in done.stderr
