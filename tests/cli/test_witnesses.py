"""The seed's crash, confirmed by the model and the images: which case has how many channels."""

from __future__ import annotations

import gzip
import json
import struct
import sys
from pathlib import Path

import pytest

from tests.cli.running import SEED, nndoctor


def write_nifti(path: Path) -> None:
    """A whole NIfTI-1 file of 4 x 5 x 6 voxels (header by the NIfTI-1 standard, 348 bytes)."""
    header = bytearray(352)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, 3, 4, 5, 6, 1, 1, 1, 1)
    struct.pack_into("<2h", header, 70, 4, 16)
    struct.pack_into("<8f", header, 76, 1, 1, 1, 1, 0, 0, 0, 0)
    struct.pack_into("<f", header, 108, 352)
    header[344:348] = b"n+1\0"
    path.write_bytes(gzip.compress(bytes(header) + bytes(2 * 4 * 5 * 6)))


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "nnUNetTrainer__nnUNetPlans__3d_fullres"
    (folder / "fold_0").mkdir(parents=True)
    configuration = {
        "normalization_schemes": ["ZScoreNormalization"] * 2,
        "patch_size": [4, 4, 4],
        "spacing": [1, 1, 1],
    }
    plans = {
        "dataset_name": "Dataset001_Lab",
        "plans_name": "nnUNetPlans",
        "configurations": {"3d_fullres": configuration},
    }
    dataset = {"channel_names": {"0": "a", "1": "b"}, "labels": {"background": 0, "x": 1}, "file_ending": ".nii.gz"}
    (folder / "plans.json").write_text(json.dumps(plans), encoding="utf-8")
    (folder / "dataset.json").write_text(json.dumps(dataset), encoding="utf-8")
    return folder


def images(folder: Path, channels: dict[str, int]) -> Path:
    folder.mkdir()
    for case, count in channels.items():
        for channel in range(count):
            write_nifti(folder / f"{case}_{channel:04}.nii.gz")
    return folder


def diagnose(model: Path, inputs: Path) -> dict[str, dict[str, object]]:
    done = nndoctor("diagnose", SEED, "--env", "none", "-i", inputs, "-m", model, "--format", "json", "--no-redact")
    assert done.returncode == 0, done.stderr.decode()
    result = json.loads(done.stdout)
    return {"finding": result["findings"][0], "facts": result["facts"]}


def test_confirmed(tmp_path: Path, model: Path) -> None:
    found = diagnose(model, images(tmp_path / "in", {"liver_1": 2, "liver_2": 3}))
    facts = found["facts"]
    assert facts["input.channels"]["value"] == 3  # type: ignore[index]
    assert facts["model.channels"]["value"] == 2  # type: ignore[index]
    assert facts["input.differing_case"]["value"] == "liver_2"  # type: ignore[index]
    finding = found["finding"]
    assert finding["cause"] == "channel-count-mismatch"
    assert any(each["kind"] == "fact" and "input.channels" in each["text"] for each in finding["evidence"])  # type: ignore[attr-defined]


def test_images_that_fit_speak_against(tmp_path: Path, model: Path) -> None:
    found = diagnose(model, images(tmp_path / "in", {"liver_1": 2, "liver_2": 2}))
    assert found["finding"]["against"]


def test_another_machine_is_not_asked() -> None:
    result = json.loads(nndoctor("diagnose", SEED, "--format", "json").stdout)
    assert result["environment"].startswith("none")
    assert not any(name.startswith(("memory.", "gpu.")) for name in result["facts"])


def test_this_machine_is_asked_when_the_user_says_so() -> None:
    result = json.loads(nndoctor("diagnose", SEED, "--env", "here", "--format", "json").stdout)
    assert result["environment"].startswith("here")
    assert result["facts"]["memory.total"]["value"] > 2**28


def test_here_is_found_by_the_paths(tmp_path: Path) -> None:
    text = SEED.read_text(encoding="utf-8")
    for name in ("a.py", "b.py", "c.py"):
        (tmp_path / name).write_text("", encoding="utf-8")
    frames = "".join(f'  File "{tmp_path / name}", line 1, in f\n' for name in ("a.py", "b.py", "c.py"))
    path = tmp_path / "log.txt"
    path.write_text("Traceback (most recent call last):\n" + frames + text.splitlines()[-1], encoding="utf-8")
    result = json.loads(nndoctor("diagnose", path, "--format", "json").stdout)
    assert result["environment"].startswith("here")


def test_snapshot_of_another_machine(tmp_path: Path) -> None:
    path = tmp_path / "snapshot.json"
    path.write_text(
        json.dumps({"facts": {"shm.size": {"value": 67108864, "unit": "bytes", "from": "x"}}}), encoding="utf-8"
    )
    result = json.loads(nndoctor("diagnose", SEED, "--env", path, "--format", "json", "--no-redact").stdout)
    assert result["facts"]["shm.size"]["value"] == 67108864
    assert str(path) in result["environment"]


def test_versions_of_another_environment_are_not_claimed(tmp_path: Path) -> None:
    """nndoctor in an environment of its own says nothing about the packages of nnU-Net's, unless it is named."""
    site = tmp_path / "venv" / "lib" / "python3.11" / "site-packages" / "nnunetv2"
    site.mkdir(parents=True)
    for name in ("a.py", "b.py"):
        (site / name).write_text("", encoding="utf-8")
    frames = "".join(f'  File "{site / name}", line 1, in f\n' for name in ("a.py", "b.py"))
    path = tmp_path / "log.txt"
    path.write_text("Traceback (most recent call last):\n" + frames + "ValueError: x\n", encoding="utf-8")
    result = json.loads(nndoctor("diagnose", path, "--format", "json", "--no-redact").stdout)
    assert result["environment"].startswith("here")
    assert "memory.total" in result["facts"] and "numpy.version" not in result["facts"]
    reasons = {each["name"]: each["reason"] for each in result["missing"]}
    assert "--python" in reasons["numpy.version"]
    named = nndoctor("diagnose", path, "--python", sys.executable, "--format", "json", "--no-redact")
    assert "numpy.version" in json.loads(named.stdout)["facts"]
