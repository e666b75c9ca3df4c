from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nndoctor.nnunet.input_folder import InputFolder, ending_of, read_input_folder
from tests.nnunet.folders import gaps, values


def _folder(tmp_path: Path, *names: str) -> Path:
    for name in names:
        (tmp_path / name).touch()
    return tmp_path


def test_cases_and_their_files(tmp_path: Path) -> None:
    names = ("a_0000.nii.gz", "a_0001.nii.gz", "b_b_0000.nii.gz", "notes.txt", ".DS_Store")
    statements, folder = read_input_folder(_folder(tmp_path, *names), ".nii.gz")
    facts = values(statements)
    assert folder is not None
    assert folder.cases() == {"a": ["a_0000.nii.gz", "a_0001.nii.gz"], "b_b": ["b_b_0000.nii.gz"]}
    assert (facts["input.files"], facts["input.matching_files"], facts["input.cases"]) == (4, 3, 2)
    assert facts["input.file_endings"] == [".nii.gz", ".txt"]


def test_files_without_a_channel_number(tmp_path: Path) -> None:
    names = ("a.nii.gz", "b_0000.nii.gz", "c_000.nii.gz", "d.0000.nii.gz", "._b_0000.nii.gz")
    facts = values(read_input_folder(_folder(tmp_path, *names), ".nii.gz")[0])
    assert facts["input.without_suffix"] == ["a.nii.gz", "c_000.nii.gz", "d.0000.nii.gz"]
    assert facts["input.hidden_files"] == ["._b_0000.nii.gz"]
    assert facts["input.cases"] == 1


def test_another_ending_than_the_models(tmp_path: Path) -> None:
    facts = values(read_input_folder(_folder(tmp_path, "a_0000.nii", "b_0000.NII.GZ"), ".nii.gz")[0])
    assert (facts["input.matching_files"], facts["input.cases"]) == (0, 0)
    assert set(facts["input.file_endings"]) == {".nii", ".NII.GZ"}  # type: ignore[arg-type]


def test_without_a_model_the_commonest_ending_counts(tmp_path: Path) -> None:
    facts = values(read_input_folder(_folder(tmp_path, "a_0000.png", "b_0000.png", "x.txt", "y.txt", "z.txt"), None)[0])
    assert (facts["input.file_ending"], facts["input.cases"]) == (".png", 2)


def test_channels_with_a_gap(tmp_path: Path) -> None:
    names = ("a_0000.nii", "a_0002.nii", "b_0001.nii", "c_0000.nii")
    facts = values(read_input_folder(_folder(tmp_path, *names), ".nii")[0])
    assert facts["input.oddly_numbered_cases"] == ["a", "b"]


def test_an_empty_folder(tmp_path: Path) -> None:
    facts = values(read_input_folder(tmp_path, None)[0])
    assert (facts["input.exists"], facts["input.files"], facts["input.cases"]) == (True, 0, 0)


def test_no_folder(tmp_path: Path) -> None:
    statements, folder = read_input_folder(tmp_path / "none", None)
    assert folder is None
    assert values(statements) == {"input.exists": False}
    assert "is no folder" in gaps(statements)["input.cases"]


@pytest.mark.parametrize(
    ("name", "ending"),
    [("a.nii.gz", ".nii.gz"), ("a.NII.GZ", ".NII.GZ"), ("a.b.nii", ".nii"), ("a.dcm", ".dcm"), ("a", ""), ("", "")],
)
def test_endings(name: str, ending: str) -> None:
    assert ending_of(name) == ending


@given(st.lists(st.text(alphabet="a_0.ni½\ud800", max_size=14), max_size=8), st.sampled_from([".nii", "", "i", None]))
def test_no_names_raise(names: list[str], ending: str | None) -> None:
    folder = InputFolder(Path(), names, ending)
    folder.cases(), folder.oddly_numbered(), folder.without_suffix, folder.hidden
