"""Damaged, cut and strange files: what is wrong is said, what is whole is not accused."""

from __future__ import annotations

import gzip
import struct
import tracemalloc
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nndoctor.nnunet.files import BadFileError, CutShortError
from nndoctor.nnunet.headers import read_header
from nndoctor.nnunet.voxels import CorruptError, UnsupportedError, Voxels, read_voxels
from tests.nnunet.folders import cut, nifti_bytes

np = pytest.importorskip("numpy", reason="voxels are read by numpy")
sitk = pytest.importorskip("SimpleITK", reason="SimpleITK is the reader to agree with")


def _read(path: Path, is_label: bool = True) -> Voxels:
    return read_voxels(path, read_header(path), is_label)


NOISE = nifti_bytes((60, 50, 40))
MEMBER = gzip.compress(bytes(700), mtime=0)


@pytest.mark.parametrize("at", [500, 20_000, -6, -2])
def test_damage_and_a_wrong_checksum_are_seen(tmp_path: Path, engine: str, at: int) -> None:
    packed = bytearray(gzip.compress(NOISE, 1))
    packed[at] ^= 0x55
    (tmp_path / "a.nii.gz").write_bytes(packed)
    with pytest.raises((CorruptError, CutShortError), match="gzip stream"):
        _read(tmp_path / "a.nii.gz")


def test_damage_of_which_simpleitk_says_nothing(tmp_path: Path, engine: str) -> None:
    """One stored byte is another: the checksum tells, and ITK never looks at it."""
    path = tmp_path / "a.nii.gz"
    array = np.random.default_rng(1).integers(0, 999, (40, 128, 128), np.int16)
    sitk.WriteImage(sitk.GetImageFromArray(array), str(path))
    packed = bytearray(gzip.compress(gzip.decompress(path.read_bytes()), 0))
    packed[900_000] ^= 0x55
    path.write_bytes(packed)
    assert (sitk.GetArrayFromImage(sitk.ReadImage(str(path))) != array).sum() == 1
    with pytest.raises(CorruptError, match="CRC"):
        _read(path)


def test_damage_in_a_later_member_is_seen(tmp_path: Path, engine: str) -> None:
    second = bytearray(gzip.compress(NOISE[100_000:]))
    second[-5] ^= 1
    (tmp_path / "a.nii.gz").write_bytes(gzip.compress(NOISE[:100_000]) + second)
    with pytest.raises(CorruptError, match="CRC"):
        _read(tmp_path / "a.nii.gz")


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("ending", [".nii.gz", ".nii", ".nrrd", ".mha", ".gipl"])
def test_cut_files_are_told_in_every_format(tmp_path: Path, engine: str, ending: str, packed: bool) -> None:
    path = tmp_path / f"a{ending}"
    sitk.WriteImage(
        sitk.GetImageFromArray(np.random.default_rng(1).integers(0, 99, (30, 40, 50), np.int16)), str(path), packed
    )
    with pytest.raises(CutShortError):
        _read(cut(path, keep=0.7))


def test_zlib_damage_in_metaimage(tmp_path: Path, engine: str) -> None:
    path = tmp_path / "a.mha"
    sitk.WriteImage(
        sitk.GetImageFromArray(np.random.default_rng(1).integers(0, 99, (30, 40, 50), np.int16)), str(path), True
    )
    data = bytearray(path.read_bytes())
    data[-2] ^= 1
    path.write_bytes(data)
    with pytest.raises(CorruptError, match="zlib stream"):
        _read(path)


@pytest.mark.parametrize("tail", [bytes(512), b"garbage", gzip.compress(b"", mtime=0), MEMBER])
def test_what_follows_the_voxels_is_no_accusation(tmp_path: Path, engine: str, tail: bytes) -> None:
    (tmp_path / "a.nii.gz").write_bytes(gzip.compress(NOISE) + tail)
    sitk.ReadImage(str(tmp_path / "a.nii.gz"))
    assert _read(tmp_path / "a.nii.gz").surplus == (700 if tail == MEMBER else 0)


@pytest.mark.parametrize("lost", [1, 7, 8])
def test_a_lost_checksum_is_no_accusation_as_all_voxels_are_there(tmp_path: Path, engine: str, lost: int) -> None:
    (tmp_path / "a.nii.gz").write_bytes(gzip.compress(NOISE)[:-lost])
    sitk.ReadImage(str(tmp_path / "a.nii.gz"))
    assert _read(tmp_path / "a.nii.gz").surplus == 0


def test_a_bomb_is_left_after_a_mebibyte(tmp_path: Path, engine: str) -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = packer.compress(NOISE) + b"".join(packer.compress(bytes(1 << 20)) for _ in range(300)) + packer.flush()
    (tmp_path / "a.nii.gz").write_bytes(bomb)
    tracemalloc.start()
    voxels = _read(tmp_path / "a.nii.gz")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 1 << 20 < voxels.surplus < 2 << 20
    assert peak < 8 << 20


def test_a_damaged_png(tmp_path: Path) -> None:
    sitk.WriteImage(
        sitk.GetImageFromArray(np.random.default_rng(1).integers(0, 255, (64, 64), np.uint8)), str(tmp_path / "a.png")
    )
    data = bytearray((tmp_path / "a.png").read_bytes())
    data[len(data) // 2] ^= 255
    (tmp_path / "a.png").write_bytes(data)
    with pytest.raises(CorruptError, match="Pillow cannot read it"):
        _read(tmp_path / "a.png")


def test_a_tiff_of_rare_compression_is_not_called_damaged(tmp_path: Path) -> None:
    sitk.WriteImage(sitk.Image([30, 20], sitk.sitkUInt8), str(tmp_path / "a.tif"))
    data = (tmp_path / "a.tif").read_bytes()
    tag = struct.pack("<HHI", 259, 3, 1)
    assert data.count(tag) == 1
    at = data.index(tag) + len(tag)
    (tmp_path / "a.tif").write_bytes(data[:at] + struct.pack("<H", 34712) + data[at + 2 :])
    with pytest.raises(UnsupportedError, match="TIFF with compression 34712"):
        _read(tmp_path / "a.tif")


def test_a_type_that_nobody_knows(tmp_path: Path) -> None:
    text = b"NRRD0004\ntype: shorts\ndimension: 3\nsizes: 3 3 3\nencoding: raw\n\n"
    (tmp_path / "a.nrrd").write_bytes(text + bytes(54))
    with pytest.raises(BadFileError, match="unknown type 'shorts'"):
        _read(tmp_path / "a.nrrd")


def test_more_than_can_be_read_at_once(tmp_path: Path) -> None:
    text = b"NRRD0004\ntype: short\ndimension: 3\nsizes: 30000 30000 9\nencoding: ascii\n\n"
    (tmp_path / "a.nrrd").write_bytes(text + bytes(54))
    with pytest.raises(UnsupportedError, match="16,200,000,000 bytes"):
        _read(tmp_path / "a.nrrd")


def test_a_missing_file_of_voxels_is_named(tmp_path: Path) -> None:
    sitk.WriteImage(sitk.Image([3, 3, 3], sitk.sitkUInt8), str(tmp_path / "a.mhd"))
    (tmp_path / "a.raw").unlink()
    with pytest.raises(BadFileError, match="does not exist"):
        _read(tmp_path / "a.mhd")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), ending=st.sampled_from([".nii.gz", ".nrrd", ".mha", ".gipl", ".nii"]), size=st.integers(0, 900))
def test_no_damage_raises_anything_else(tmp_path: Path, data: st.DataObject, ending: str, size: int) -> None:
    path = tmp_path / f"a{ending}"
    sitk.WriteImage(sitk.GetImageFromArray(np.arange(60, dtype=np.int16).reshape(3, 4, 5)), str(path), ending != ".nii")
    whole = bytearray(path.read_bytes())
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=4)):
        whole[at] = data.draw(st.integers(0, 255))
    path.write_bytes(whole[: max(size, 100)])
    try:
        assert _read(path).nan == 0
    except (BadFileError, UnsupportedError) as error:
        assert str(error) and "\n" not in str(error)
