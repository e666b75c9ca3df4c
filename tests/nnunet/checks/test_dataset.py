"""`check dataset` on real files: nothing is said of healthy datasets, and every fault is named with its file."""

from __future__ import annotations

import gzip
import json
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("SimpleITK", reason="writes real images: pip install nndoctor[images]")

from nndoctor.checkups.dataset import check_dataset
from nndoctor.checkups.options import Common, Effort
from nndoctor.diagnosis.model import Diagnosis
from nndoctor.nnunet.examination.records import Depth
from tests.nnunet.checks.raw_dataset import SPACING, RawDataset, mask, voxels

FLIPPED = (-1, 0, 0, 0, -1, 0, 0, 0, 1)
TILTED = (0.99875, -0.04998, 0, 0.04998, 0.99875, 0, 0, 0, 1)
CASE = "case_03"
Fault = Callable[[RawDataset], object]


@pytest.fixture(autouse=True)
def _own_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def checked(root: Path, depth: Depth | None = Depth.deep) -> Diagnosis:
    return check_dataset(str(root), Common(Effort(depth, workers=1)), lambda done, total: None)


def kinds(found: Diagnosis, *severities: str) -> set[str | None]:
    return {each.problem for each in found.findings if each.severity in severities}


@pytest.mark.parametrize("ending", [".nii.gz", ".nii", ".nrrd", ".mha", ".gipl", ".png", ".bmp"])
@pytest.mark.parametrize("depth", [None, Depth.headers, Depth.deep])
def test_a_healthy_dataset_is_sound(tmp_path: Path, ending: str, depth: Depth | None) -> None:
    found = checked(RawDataset(tmp_path / "Dataset004_Test", ending).root, depth)
    assert (found.findings, found.status) == ([], "no-failure")
    assert found.checkup is not None and (found.checkup.cases, found.checkup.files) == (6, 18)


def rewrite(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


def without_header_of(data: bytes) -> bytes:
    return gzip.compress(data, 6)


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0x55]) + data[middle + 1 :]


def with_nan(data: RawDataset) -> None:
    array = voxels(1).astype(np.float32)
    array[2, 3, 4] = np.nan
    data.write(data.image(CASE), array)


def renamed(data: RawDataset) -> None:
    data.image(CASE, 0).rename(data.root / "imagesTr" / f"{CASE}.nii.gz")
    data.image(CASE, 1).unlink()


def unpacked(data: RawDataset) -> None:
    data.write_json(dataset={name: {"images": [f"imagesTr/{name}_0000.nii.gz"], "label": "x.nii.gz"} for name in "ab"})


FAULTS: dict[str, tuple[str, Fault]] = {
    "cut": ("image-truncated", lambda d: rewrite(d.image(CASE), lambda data: data[: len(data) // 2])),
    "cut-by-a-little": ("image-truncated", lambda d: rewrite(d.image(CASE), lambda data: data[:-100])),
    "label-cut": ("image-truncated", lambda d: rewrite(d.label(CASE), lambda data: data[: len(data) // 2])),
    "one-byte-changed": ("image-corrupt", lambda d: rewrite(d.image(CASE), flipped)),
    "empty": ("image-truncated", lambda d: d.image(CASE).write_bytes(b"")),
    "web-page": ("image-unreadable", lambda d: d.image(CASE).write_bytes(b"<!DOCTYPE html><html>")),
    "lfs-pointer": (
        "image-unreadable",
        lambda d: d.image(CASE).write_bytes(b"version https://git-lfs.github.com/spec/v1\n"),
    ),
    "nan": ("nan-voxels", with_nan),
    "undeclared-label": ("label-unexpected", lambda d: d.write(d.label(CASE), mask(1) * 3)),
    "fractions": ("label-fractional", lambda d: d.write(d.label(CASE), mask(1).astype(np.float32) * 0.75)),
    "no-foreground": ("no-foreground-at-all", lambda d: [d.write(d.label(n), mask(1) * 0) for n in d.names]),
    "label-missing": ("label-missing", lambda d: d.label(CASE).unlink()),
    "channel-missing": ("channel-count", lambda d: d.image(CASE, 1).unlink()),
    "channel-too-many": ("channel-count", lambda d: shutil.copy(d.image(CASE), d.image(CASE, 2))),
    "four-axes": ("channel-count", lambda d: d.image(CASE).write_bytes(four_axes())),
    "other-shape": ("label-shape", lambda d: d.write(d.label(CASE), mask(1)[:-1])),
    "other-spacing": ("label-spacing", lambda d: d.write(d.label(CASE), mask(1), (0.8, 0.8, 3.0))),
    "channel-shape": ("channel-shape", lambda d: d.write(d.image(CASE, 1), voxels(1)[:-1])),
    "channel-spacing": ("channel-spacing", lambda d: d.write(d.image(CASE, 1), voxels(1), (1.0, 1.0, 1.0))),
    "label-turned": ("label-turned", lambda d: d.write(d.label(CASE), mask(1), SPACING, FLIPPED)),
    "cm-for-mm": ("spacing-unit", lambda d: whole_case(d, tuple(step / 10 for step in SPACING))),
    "no-channel-number": ("no-channel-number", renamed),
    "hidden-copies": ("hidden-file", lambda d: (d.root / "imagesTr" / "._case_03_0000.nii.gz").write_bytes(b"x")),
    "num-training": ("num-training", lambda d: d.write_json(numTraining=7)),
    "no-json": ("dataset-json-missing", lambda d: (d.root / "dataset.json").unlink()),
    "broken-json": ("dataset-json-problem", lambda d: (d.root / "dataset.json").write_text("{,}", encoding="utf-8")),
    "gap-in-labels": ("dataset-json-problem", lambda d: d.write_json(labels={"background": 0, "a": 1, "b": 3})),
    "same-number-twice": ("dataset-json-problem", lambda d: d.write_json(labels={"background": 0, "a": 1, "b": 1})),
    "other-ending": ("nothing-matches", lambda d: d.write_json(file_ending=".nrrd")),
    "no-reader": ("no-reader", lambda d: d.write_json(file_ending=".hdr")),
    "wrong-reader": ("reader-refuses", lambda d: d.write_json(overwrite_image_reader_writer="NaturalImage2DIO")),
    "no-images-folder": ("dataset-folder-missing", lambda d: shutil.rmtree(d.root / "imagesTr")),
    "listed-files-missing": ("listed-file-missing", unpacked),
    "plain-nifti-renamed": ("content-not-ending", lambda d: shutil.copy(nrrd_of(d), d.image(CASE))),
}


def four_axes() -> bytes:
    header = bytearray(352)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, 4, 12, 14, 10, 3, 1, 1, 1)
    struct.pack_into("<2h", header, 70, 4, 16)
    struct.pack_into("<8f", header, 76, 1.0, 0.8, 0.8, 2.5, 1.0, 1.0, 1.0, 1.0)
    struct.pack_into("<f", header, 108, 352.0)
    header[344:348] = b"n+1\0"
    return gzip.compress(bytes(header) + bytes(12 * 14 * 10 * 3 * 2))


def whole_case(data: RawDataset, spacing: tuple[float, ...]) -> None:
    for channel in (0, 1):
        data.write(data.image(CASE, channel), voxels(channel), spacing)
    data.write(data.label(CASE), mask(1), spacing)


def nrrd_of(data: RawDataset) -> Path:
    other = RawDataset(data.root.parent / "Dataset005_Nrrd", ".nrrd", cases=1)
    return other.image("case_00")


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_and_its_place_named(tmp_path: Path, name: str) -> None:
    kind, inject = FAULTS[name]
    data = RawDataset(tmp_path / "Dataset004_Test")
    inject(data)
    found = checked(data.root)
    assert kind in kinds(found, "error"), [each.problem for each in found.findings]
    finding = next(each for each in found.findings if each.problem == kind)
    assert finding.evidence and "?" not in finding.evidence[0].text
    assert finding.fixes, "every finding says what to do"


def turned_case(data: RawDataset) -> None:
    for path, array in ((data.image(CASE), voxels(1)), (data.image(CASE, 1), voxels(2)), (data.label(CASE), mask(1))):
        data.write(path, array, SPACING, FLIPPED)


def coarse_case(data: RawDataset) -> None:
    """Ten times coarser, with as many mm as the others: a scan of its own kind, no wrong unit."""
    spacing = tuple(step * 10 for step in SPACING)
    for path, array in ((data.image(CASE), voxels(1)), (data.image(CASE, 1), voxels(2)), (data.label(CASE), mask(1))):
        data.write(path, array[:2, 4:6, 3:5], spacing)


WARNINGS: dict[str, tuple[str, Fault]] = {
    "tilted-label": ("label-direction", lambda d: d.write(d.label(CASE), mask(1), SPACING, TILTED)),
    "shifted-label": ("label-origin", lambda d: d.write(d.label(CASE), mask(1), SPACING, None, (9.0, 9.0, 9.0))),
    "stray-label": ("label-without-image", lambda d: shutil.copy(d.label(CASE), d.label("case_99"))),
    "one-turned-case": ("orientation-outlier", turned_case),
    "a-coarse-scan": ("spacing-outlier", coarse_case),
    "hidden-label": ("label-without-image", lambda d: (d.root / "labelsTr" / "._case_03.nii.gz").write_bytes(b"x")),
    "stray-image": ("other-ending", lambda d: (d.root / "imagesTr" / "case_03_0000.nrrd").write_bytes(b"x")),
    "one-empty-label": ("empty-label", lambda d: d.write(d.label(CASE), mask(1) * 0)),
    "class-never-used": ("label-never-used", lambda d: [d.write(d.label(n), mask(1) // 2) for n in d.names]),
    "zeros": ("constant-image", lambda d: [d.write(d.image(CASE, c), voxels(1) * 0) for c in (0, 1)]),
    "a-mask-among-the-images": (
        "file-passed-over",
        lambda d: shutil.copy(d.label(CASE), d.root / "imagesTr" / f"{CASE}_mask.nii.gz"),
    ),
}


@pytest.mark.parametrize("name", WARNINGS)
def test_what_nnunet_does_not_mind_is_a_warning(tmp_path: Path, name: str) -> None:
    kind, inject = WARNINGS[name]
    data = RawDataset(tmp_path / "Dataset004_Test")
    inject(data)
    found = checked(data.root)
    assert kind in kinds(found, "warning", "info")
    assert not kinds(found, "error")


def test_all_errors_come_in_one_go(tmp_path: Path) -> None:
    data = RawDataset(tmp_path / "Dataset004_Test")
    rewrite(data.image("case_00"), lambda content: content[:300])
    data.label("case_01").unlink()
    data.write(data.label("case_02"), mask(1) * 3)
    data.write_json(numTraining=9)
    assert kinds(checked(data.root), "error") >= {
        "image-truncated",
        "label-missing",
        "label-unexpected",
        "num-training",
    }


def test_small_labels_are_read_without_being_asked_and_large_ones_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = RawDataset(tmp_path / "Dataset004_Test")
    data.write(data.label(CASE), mask(1) * 3)
    assert "label-unexpected" in kinds(checked(data.root, None), "error")
    monkeypatch.setattr("nndoctor.nnunet.examination.affordable.FEW_VOXELS", 1000)
    found = checked(data.root, None)
    assert not kinds(found, "error")
    assert found.checkup is not None and found.checkup.depth == "headers"


def test_a_dataset_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    RawDataset(tmp_path / "nnUNet_raw" / "Dataset004_Test", cases=1)
    found = check_dataset("7", Common(), lambda done, total: None)
    assert [each.problem for each in found.findings] == ["dataset-not-found"]
    assert "Dataset004_Test" in found.findings[0].evidence[0].text


def test_what_was_made_of_another_state_of_the_dataset_is_stale(tmp_path: Path) -> None:
    data = RawDataset(tmp_path / "nnUNet_raw" / "Dataset004_Test")
    made = tmp_path / "nnUNet_preprocessed" / "Dataset004_Test"
    made.mkdir(parents=True)
    (made / "dataset.json").write_text(json.dumps({**data.json, "labels": {"background": 0, "organ": 1}}))
    found = check_dataset("4", Common(), lambda done, total: None)
    assert "preprocessed-stale" in kinds(found, "error")
