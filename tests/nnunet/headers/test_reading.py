"""Any bytes at all: a header or a reason, never another exception."""

from __future__ import annotations

import gzip
import io
import os
import struct
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nndoctor.nnunet.files import BadFileError, CutShortError
from nndoctor.nnunet.headers import Effort, ImageHeader, Source, header_of, read_header
from nndoctor.nnunet.headers.reading import length
from tests.nnunet.folders import nifti_bytes

STARTS = [
    b"",
    b"NRRD0004\n",
    b"NRRD0005\ntype: short\ndimension: 3\nsizes: 3 3 3\nkinds: domain domain vector\nencoding: raw\n\n",
    b"ObjectType = Image\nNDims = 3\nDimSize = 3 3 3\nElementType = MET_SHORT\nElementDataFile = LOCAL\n",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"BM",
    b"II*\0\x08\0\0\0",
    b"MM\0*\0\0\0\x08",
    b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0",
    b"\x1f\x8b\x08\0\0\0\0\0\0\x03",
    nifti_bytes((2, 2, 2))[:44],
    (540).to_bytes(4, "big") + b"n+2\0\r\n\x1a\n",
]


def _survives(data: bytes) -> None:
    source = Source(io.BytesIO(data), len(data))
    try:
        header = header_of(source)
    except BadFileError as error:
        assert str(error) and "\n" not in str(error)
        return
    assert isinstance(header, ImageHeader)
    assert header.voxels > 0
    assert msgspec.json.decode(msgspec.json.encode(header), type=ImageHeader) == header
    assert len(header.direction) in (0, len(header.shape) ** 2)
    assert len(header.origin) in (0, len(header.shape))
    assert header.channels > 0
    assert length(header, source, Effort(100_000)) in ("whole", "cut", "broken", "unsettled")


@settings(max_examples=300, deadline=None)
@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=600))
def test_no_bytes_raise(start: bytes, rest: bytes) -> None:
    _survives(start + rest)
    _survives(gzip.compress(start + rest))


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_no_flipped_byte_raises(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from([nifti_bytes((3, 3, 3)), *(s.ljust(400, b"\1") for s in STARTS)])))
    for at in data.draw(st.lists(st.integers(0, min(len(whole), 400) - 1), max_size=6)):
        whole[at] = data.draw(st.integers(0, 255))
    _survives(bytes(whole))


_NUMBERS = st.sampled_from([0.0, 0.5, 1.0, -1.0, 3e38, -3e38, 1e-45, float("nan"), float("inf")])


@settings(max_examples=300, deadline=None)
@given(
    numbers=st.lists(_NUMBERS, min_size=26, max_size=26),
    codes=st.tuples(*[st.integers(-1, 3)] * 2),
    axes=st.integers(1, 7),
)
def test_no_nifti_directions_raise(numbers: list[float], codes: tuple[int, int], axes: int) -> None:
    data = bytearray(nifti_bytes((2,) * axes))
    struct.pack_into("<8f", data, 76, *numbers[:8])
    struct.pack_into("<2h", data, 252, *codes)
    struct.pack_into("<18f", data, 256, *numbers[8:])
    _survives(bytes(data))


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet='0123456789 -+.eE()none\n:="', max_size=200))
def test_no_text_header_raises(text: str) -> None:
    _survives(f"NRRD0004\nsizes: {text}\nspace directions: {text}\nbyte skip: {text}\n\n".encode())
    _survives(f"NRRD0004\nsizes: 2 2 2\nspace: RAS\nspace directions: {text}\nspace origin: {text}\n\n".encode())
    _survives(
        f"NDims = 3\nDimSize = 2 2 2\nElementType = MET_SHORT\nTransformMatrix = {text}\nOffset = {text}\nElementDataFile = LOCAL\n".encode()
    )
    _survives(f"NDims = {text}\nDimSize = {text}\nElementSpacing = {text}\nElementDataFile = LOCAL\n".encode())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git-lfs"),
        (b"<!DOCTYPE html><html>", "web page"),
        (bytes(128) + b"DICM" + bytes(100), "DICOM"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "JPEG"),
        (bytes(5000), "zero bytes"),
        (b"hello", "no image format"),
    ],
)
def test_what_is_no_image_is_named(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "a.nii.gz").write_bytes(data)
    with pytest.raises(BadFileError, match=words):
        read_header(tmp_path / "a.nii.gz")


def test_an_empty_file_is_cut_short(tmp_path: Path) -> None:
    (tmp_path / "a.nii.gz").touch()
    with pytest.raises(CutShortError, match="empty file"):
        read_header(tmp_path / "a.nii.gz")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.nii.gz")
    with pytest.raises(BadFileError, match="not a regular file"):
        read_header(tmp_path / "a.nii.gz")


@pytest.mark.parametrize("path", [Path("/nowhere/a.nii"), Path("a\0b.nii"), Path("x" * 5000)])
def test_impossible_paths_are_reasons(path: Path) -> None:
    with pytest.raises(BadFileError):
        read_header(path)
