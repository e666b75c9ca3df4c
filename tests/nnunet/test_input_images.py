from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from nndoctor.nnunet import input_images
from nndoctor.nnunet.input_folder import InputFolder, read_input_folder
from nndoctor.nnunet.input_images import image_facts
from tests.nnunet.folders import cut, gaps, nifti_bytes, values, write_image


def _folder(path: Path) -> InputFolder:
    folder = read_input_folder(path, ".nii.gz")[1]
    assert folder is not None
    return folder


def test_two_channels_as_the_model_wants(tmp_path: Path) -> None:
    for name in ("a_0000.nii.gz", "a_0001.nii.gz", "b_0000.nii.gz", "b_0001.nii.gz"):
        write_image(tmp_path, name)
    facts = values(image_facts(_folder(tmp_path), 2))
    assert (facts["input.channels"], facts["input.cases_with_other_channels"]) == (2, [])
    assert (facts["input.has_4d"], facts["input.components"], facts["input.grid_differs"]) == (False, 1, False)
    assert facts["input.truncated"] == facts["input.unreadable"] == facts["input.spacing_invalid"] == []
    assert (facts["input.headers_read"], facts["input.headers_skipped"]) == (4, 0)
    assert facts["input.largest_voxels"] == 120
    assert "input.differing_case" not in facts


def test_the_case_that_differs_gives_the_number(tmp_path: Path) -> None:
    for name in ("a_0000.nii.gz", "a_0001.nii.gz", "b_0000.nii.gz", "b_0001.nii.gz", "b_0002.nii.gz"):
        write_image(tmp_path, name)
    facts = values(image_facts(_folder(tmp_path), 2))
    assert (facts["input.channels"], facts["input.differing_case"]) == (3, "b")
    assert facts["input.cases_with_other_channels"] == ["b: 3"]


def test_without_a_model_the_commonest_number_counts(tmp_path: Path) -> None:
    for name in ("a_0000.nii.gz", "b_0000.nii.gz", "c_0000.nii.gz", "c_0001.nii.gz"):
        write_image(tmp_path, name)
    facts = values(image_facts(_folder(tmp_path), None))
    assert (facts["input.channels"], facts["input.differing_case"]) == (2, "c")


def test_a_4d_file_brings_its_channels_along(tmp_path: Path) -> None:
    write_image(tmp_path, "a_0000.nii.gz", (6, 5, 4, 3))
    facts = values(image_facts(_folder(tmp_path), 1))
    assert (facts["input.channels"], facts["input.has_4d"]) == (3, True)


@pytest.mark.parametrize(("shape", "spacing"), [((6, 5, 5), (1.0, 1.0, 1.0)), ((6, 5, 4), (1.0, 1.0, 1.5))])
def test_channels_on_another_grid(tmp_path: Path, shape: tuple[int, ...], spacing: tuple[float, ...]) -> None:
    write_image(tmp_path, "a_0000.nii.gz", (6, 5, 4))
    write_image(tmp_path, "a_0001.nii.gz", shape, spacing=spacing)
    facts = values(image_facts(_folder(tmp_path), 2))
    assert (facts["input.grid_differs"], facts["input.grid_differing_cases"]) == (True, ["a"])


def test_truncated_and_unreadable_files(tmp_path: Path) -> None:
    cut(write_image(tmp_path, "a_0000.nii.gz", (30, 30, 30)))
    (tmp_path / "b_0000.nii.gz").write_bytes(b"<!DOCTYPE html>")
    (tmp_path / "c_0000.nii.gz").touch()
    facts = values(image_facts(_folder(tmp_path), 1))
    assert facts["input.truncated"] == ["a_0000.nii.gz", "c_0000.nii.gz"]
    assert facts["input.unreadable"] == [
        "b_0000.nii.gz: a web page, not the file itself",
        "c_0000.nii.gz: empty file",
    ]
    assert facts["input.channels"] == 1


def test_truncation_that_simpleitk_does_not_see(tmp_path: Path) -> None:
    sitk = pytest.importorskip("SimpleITK", reason="SimpleITK is the reader that says nothing")
    path = cut(write_image(tmp_path, "a_0000.nii.gz", (30, 30, 30)))
    assert sitk.ReadImage(str(path)).GetSize() == (30, 30, 30)
    assert values(image_facts(_folder(tmp_path), 1))["input.truncated"] == ["a_0000.nii.gz"]


def test_several_gzip_members_are_not_accused(tmp_path: Path) -> None:
    data = nifti_bytes((30, 30, 30))
    packed = b"".join(gzip.compress(data[start : start + 9000]) for start in range(0, len(data), 9000))
    (tmp_path / "a_0000.nii.gz").write_bytes(packed)
    facts = values(image_facts(_folder(tmp_path), 1))
    assert facts["input.truncated"] == facts["input.truncation_unsettled"] == []


def test_a_spacing_of_zero(tmp_path: Path) -> None:
    write_image(tmp_path, "a_0000.nii.gz", spacing=(1.0, 0.0, 1.0))
    write_image(tmp_path, "b_0000.nii.gz", spacing=(1.0, float("nan"), 1.0))
    facts = values(image_facts(_folder(tmp_path), 1))
    assert facts["input.spacing_invalid"] == ["a_0000.nii.gz", "b_0000.nii.gz"]


def test_more_files_than_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(input_images, "MOST_FILES", 2)
    for case in "abc":
        write_image(tmp_path, f"{case}_0000.nii.gz")
    facts = values(image_facts(_folder(tmp_path), 1))
    assert (facts["input.headers_read"], facts["input.headers_skipped"], facts["input.channels"]) == (2, 1, 1)


def test_no_images(tmp_path: Path) -> None:
    assert "no image files" in gaps(image_facts(_folder(tmp_path), 1))["input.channels"]
    assert "-i" in gaps(image_facts(None, 1))["input.channels"]
