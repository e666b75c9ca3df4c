from __future__ import annotations

import io
import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nndoctor.nnunet.array_files import ENDINGS, array_problem, stream_problem
from nndoctor.nnunet.headers import Source
from tests.nnunet.folders import cut
from tests.nnunet.trainings import frame

np = pytest.importorskip("numpy", reason="numpy writes the arrays of these tests")


def _write(path: Path) -> Path:
    array = np.random.default_rng(0).random((1, 20, 20, 20), np.float32)
    if path.suffix == ".npz":
        np.savez_compressed(path, data=array, seg=array.astype(np.int8))
    elif path.suffix == ".npy":
        np.save(path, array)
    elif path.suffix == ".pkl":
        path.write_bytes(pickle.dumps({"spacing": [1.0, 1.0, 1.0], "shape": (20, 20, 20)}))
    else:
        blosc2 = pytest.importorskip("blosc2", reason="blosc2 is not installed")
        blosc2.asarray(array, urlpath=str(path), chunks=(1, 10, 20, 20), blocks=(1, 5, 10, 10))
    return path


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_whole_file(tmp_path: Path, ending: str) -> None:
    assert array_problem(_write(tmp_path / f"case{ending}")) is None


@pytest.mark.parametrize("keep", [0.2, 0.9])
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_cut_file(tmp_path: Path, ending: str, keep: float) -> None:
    assert "truncated" in str(array_problem(cut(_write(tmp_path / f"case{ending}"), keep)))


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_empty_file(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"case{ending}").touch()
    assert array_problem(tmp_path / f"case{ending}") == "empty file"


@pytest.mark.parametrize("ending", [".npz", ".npy", ".b2nd"])
def test_other_bytes(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"case{ending}").write_bytes(b"hello" * 20)
    assert "other bytes" in str(array_problem(tmp_path / f"case{ending}"))


@pytest.mark.parametrize("dtype", ["<f4", ">i2", "|u1", "float64", "complex64", "bool"])
@pytest.mark.parametrize("shape", [(), (7,), (3, 0), (2, 3, 4)])
def test_npy_of_every_shape_and_type(tmp_path: Path, shape: tuple[int, ...], dtype: str) -> None:
    np.save(tmp_path / "a.npy", np.zeros(shape, dtype))
    assert array_problem(tmp_path / "a.npy") is None


def test_an_npy_of_objects_is_not_accused(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([{}], dtype=object), allow_pickle=True)
    assert array_problem(tmp_path / "a.npy") is None


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(ENDINGS),
    st.sampled_from([b"", b"\x93NUMPY\1\0", b"\x93NUMPY\2\0", b"\x9e\xa8b2frame\0", b"PK\x03\x04"]),
    st.binary(max_size=200),
)
def test_no_bytes_raise(ending: str, start: bytes, rest: bytes) -> None:
    stream_problem(ending, Source(io.BytesIO(start + rest), len(start + rest)))


def test_a_frame_whose_end_was_overwritten_with_zeros(tmp_path: Path) -> None:
    whole = frame((1, 4, 4, 4))
    (tmp_path / "a.b2nd").write_bytes(whole)
    (tmp_path / "b.b2nd").write_bytes(whole[:-60] + bytes(60))
    assert array_problem(tmp_path / "a.b2nd") is None
    assert "end mark" in str(array_problem(tmp_path / "b.b2nd"))
