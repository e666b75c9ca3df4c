from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nndoctor.nnunet.checkpoints import OLD_PICKLE, checkpoint_problem
from nndoctor.nnunet.headers import Source
from nndoctor.nnunet.zip_directory import zip_problem
from tests.nnunet.folders import cut, write_checkpoint


def test_a_whole_checkpoint(tmp_path: Path) -> None:
    assert checkpoint_problem(write_checkpoint(tmp_path / "checkpoint_final.pth")) is None


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9, 0.999])
def test_a_cut_checkpoint(tmp_path: Path, keep: float) -> None:
    problem = checkpoint_problem(cut(write_checkpoint(tmp_path / "a.pth"), keep))
    assert problem is not None
    assert "truncated" in problem


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty file"),
        (b"version https://git-lfs.github.com/spec/v1\n", "git-lfs"),
        (b"<!DOCTYPE html>", "web page"),
        (b"hello", "no zip file"),
    ],
)
def test_what_is_no_checkpoint_is_named(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "a.pth").write_bytes(data)
    assert words in str(checkpoint_problem(tmp_path / "a.pth"))


def test_pickles_of_old_torch_are_not_accused(tmp_path: Path) -> None:
    (tmp_path / "a.pth").write_bytes(OLD_PICKLE + bytes(100))
    assert checkpoint_problem(tmp_path / "a.pth") is None


def test_a_middle_that_is_lost_shifts_the_directory(tmp_path: Path) -> None:
    path = write_checkpoint(tmp_path / "a.pth")
    data = path.read_bytes()
    path.write_bytes(data[:1000] + data[4000:])
    assert checkpoint_problem(path) is not None


def test_zip64(tmp_path: Path) -> None:
    path = tmp_path / "a.pth"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(66_000):
            archive.writestr(str(number), b"")
    assert checkpoint_problem(path) is None
    assert "truncated" in str(checkpoint_problem(cut(path, 0.9)))


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300), st.sampled_from([b"", b"PK\x05\x06", b"PK\x01\x02", b"PK\x06\x07"]), st.binary(max_size=80)
)
def test_no_bytes_raise(start: bytes, mark: bytes, end: bytes) -> None:
    data = b"PK\x03\x04" + start + mark + end
    zip_problem(Source(io.BytesIO(data), len(data)))
