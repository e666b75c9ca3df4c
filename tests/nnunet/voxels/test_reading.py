"""All voxels of an image, against SimpleITK and numpy, on real files and on damaged ones."""

from __future__ import annotations

import bz2
import gzip
import struct
import sys
import tracemalloc
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nndoctor.nnunet.files import BadFileError, CutShortError
from nndoctor.nnunet.headers import read_header
from nndoctor.nnunet.voxels import CorruptError, MissingLibraryError, Voxels, read_voxels
from tests.nnunet.folders import cut, nifti_bytes

np = pytest.importorskip("numpy", reason="voxels are read by numpy")
sitk = pytest.importorskip("SimpleITK", reason="SimpleITK is the reader to agree with")

FORMATS = [".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha", ".mhd", ".gipl"]
TYPES = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"]


@pytest.fixture(params=["isal", "zlib"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With isal, and without it."""
    if request.param == "isal":
        pytest.importorskip("isal", reason="no wheel of isal for this platform")
    else:
        monkeypatch.setitem(sys.modules, "isal", None)
    return str(request.param)


def _read(path: Path, is_label: bool = True) -> Voxels:
    return read_voxels(path, read_header(path), is_label)


def _agrees(path: Path) -> None:
    array = sitk.GetArrayFromImage(sitk.ReadImage(str(path)))
    voxels = _read(path)
    assert (voxels.minimum, voxels.maximum) == (array.min(), array.max())
    assert voxels.foreground == np.count_nonzero(array > 0)
    distinct = np.unique(array)
    assert voxels.values == (distinct.tolist() if len(distinct) <= 1000 else None)
    assert voxels.constant == (len(distinct) == 1)
    assert (voxels.nan, voxels.infinite, voxels.surplus) == (0, 0, 0)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32 - 1),
    ending=st.sampled_from(FORMATS),
    datatype=st.sampled_from(TYPES),
    spread=st.sampled_from([0, 1, 3, 100, 120, 30_000]),
    packed=st.booleans(),
)
def test_voxels_are_those_of_simpleitk(
    tmp_path: Path, seed: int, ending: str, datatype: str, spread: int, packed: bool
) -> None:
    random = np.random.default_rng(seed)
    low = 0 if datatype.startswith("u") else -spread
    array = np.repeat(random.integers(low, spread + 1, (7, 11, 3)), 4, 2).clip(-128).astype(datatype)
    path = tmp_path / f"a{ending}"
    sitk.WriteImage(sitk.GetImageFromArray(array), str(path), packed and ending != ".nii")
    _agrees(path)


@pytest.mark.parametrize("datatype", ["int64", "uint64"])
def test_large_numbers(tmp_path: Path, datatype: str) -> None:
    array = np.array([[[0, 5, 2**40, 2**62]]], datatype)
    sitk.WriteImage(sitk.GetImageFromArray(array), str(tmp_path / "a.nrrd"))
    assert _read(tmp_path / "a.nrrd").values == [0, 5, 2**40, 2**62]


@pytest.mark.parametrize("order", ["<", ">"])
def test_both_byte_orders_of_nifti(tmp_path: Path, order: str) -> None:
    (tmp_path / "a.nii.gz").write_bytes(gzip.compress(nifti_bytes((9, 8, 7), order=order)))
    _agrees(tmp_path / "a.nii.gz")


def _scaled(slope: float, intercept: float, datatype: str = "int16") -> bytes:
    array = np.arange(-3, 24, dtype=datatype)
    data = bytearray(nifti_bytes((3, 3, 3))[:352])
    code = {"int16": 4, "float32": 16, "float64": 64}[datatype]
    struct.pack_into("<2h", data, 70, code, array.itemsize * 8)
    struct.pack_into("<2f", data, 112, slope, intercept)
    return bytes(data) + array.tobytes()


@pytest.mark.parametrize("datatype", ["int16", "float32", "float64"])
@pytest.mark.parametrize(("slope", "intercept"), [(0, 0), (0, 5), (1, 0), (0.1, -1), (-2, 3), (np.nan, 2), (1, np.nan)])
def test_slope_and_intercept_are_applied_as_itk_applies_them(
    tmp_path: Path, slope: float, intercept: float, datatype: str
) -> None:
    (tmp_path / "a.nii").write_bytes(_scaled(slope, intercept, datatype))
    _agrees(tmp_path / "a.nii")


def test_nan_and_infinity_are_seen_where_itk_reads_zero(tmp_path: Path, engine: str) -> None:
    array = np.arange(27, dtype=np.float32).reshape(3, 3, 3)
    array[0, 0, :] = np.nan, np.inf, -np.inf
    data = nifti_bytes((3, 3, 3))[:352]
    data = data[:70] + struct.pack("<2h", 16, 32) + data[74:] + array.tobytes()
    (tmp_path / "a.nii.gz").write_bytes(gzip.compress(data))
    assert not np.isnan(sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / "a.nii.gz")))).any()
    voxels = _read(tmp_path / "a.nii.gz")
    assert (voxels.nan, voxels.infinite, voxels.minimum, voxels.maximum) == (1, 2, 3.0, 26.0)
    assert (voxels.values, voxels.foreground, voxels.constant) == (list(range(3, 27)), 24, False)


def test_nothing_but_nan(tmp_path: Path) -> None:
    sitk.WriteImage(sitk.GetImageFromArray(np.full((3, 3, 3), np.nan, np.float32)), str(tmp_path / "a.nrrd"))
    voxels = _read(tmp_path / "a.nrrd")
    assert (voxels.nan, voxels.values, voxels.minimum, voxels.constant) == (27, [], 0.0, True)


def test_an_image_has_no_values(tmp_path: Path) -> None:
    (tmp_path / "a.nii").write_bytes(nifti_bytes((3, 3, 3)))
    voxels = _read(tmp_path / "a.nii", is_label=False)
    assert (voxels.values, voxels.foreground) == (None, None)


def test_more_than_a_thousand_values_are_not_listed(tmp_path: Path) -> None:
    sitk.WriteImage(
        sitk.GetImageFromArray(np.arange(1100, dtype=np.int16).reshape(1, 10, 110)), str(tmp_path / "a.mha")
    )
    voxels = _read(tmp_path / "a.mha")
    assert (voxels.values, voxels.maximum, voxels.foreground) == (None, 1099, 1099)


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
    packed = bytearray(gzip.compress(NOISE, 0))
    packed[90_000] ^= 0x55
    (tmp_path / "a.nii.gz").write_bytes(packed)
    sitk.ReadImage(str(tmp_path / "a.nii.gz"))
    with pytest.raises(CorruptError, match="CRC"):
        _read(tmp_path / "a.nii.gz")


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


def test_several_members_are_one_image(tmp_path: Path, engine: str) -> None:
    members = [gzip.compress(NOISE[start : start + 9_999]) for start in range(0, len(NOISE), 9_999)]
    (tmp_path / "a.nii.gz").write_bytes(b"".join(members))
    _agrees(tmp_path / "a.nii.gz")


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


@pytest.mark.parametrize("name", ["a.nii.gz", "a.nii", "a.nrrd", "a.mha"])
def test_memory_does_not_grow_with_the_image(tmp_path: Path, engine: str, name: str) -> None:
    sitk.WriteImage(sitk.Image([512, 512, 128], sitk.sitkInt16), str(tmp_path / name), name != "a.nii")
    tracemalloc.start()
    voxels = _read(tmp_path / name)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (voxels.values, voxels.constant, voxels.foreground) == ([0], True, 0)
    assert peak < 8 << 20


@pytest.mark.parametrize("datatype", [32, 1536, 1792])
def test_types_that_are_no_numbers_are_named(tmp_path: Path, datatype: int) -> None:
    data = bytearray(nifti_bytes((2, 2, 2)) + bytes(500))
    struct.pack_into("<h", data, 70, datatype)
    (tmp_path / "a.nii").write_bytes(data)
    with pytest.raises(BadFileError, match="voxels of type"):
        _read(tmp_path / "a.nii")


def test_bzip2_in_nrrd_is_left_to_simpleitk(tmp_path: Path) -> None:
    text = b"NRRD0004\ntype: uchar\ndimension: 3\nsizes: 3 3 3\nencoding: %s\n\n"
    (tmp_path / "a.nrrd").write_bytes(text % b"bzip2" + bz2.compress(bytes(range(27))))
    try:
        sitk.ReadImage(str(tmp_path / "a.nrrd"))
    except RuntimeError:
        with pytest.raises(CorruptError, match="SimpleITK cannot read it"):
            _read(tmp_path / "a.nrrd")
    else:
        _agrees(tmp_path / "a.nrrd")
    (tmp_path / "b.nrrd").write_bytes(text % b"ascii" + b" ".join(b"%d" % value for value in range(27)))
    assert _read(tmp_path / "b.nrrd").values == list(range(27))


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.bmp"])
def test_pictures(tmp_path: Path, name: str) -> None:
    array = np.zeros((40, 30), np.uint8)
    array[5:9, 5:9], array[20:22, 1:3] = 7, 255
    sitk.WriteImage(sitk.GetImageFromArray(array), str(tmp_path / name))
    voxels = _read(tmp_path / name)
    assert (voxels.values, voxels.foreground, voxels.maximum) == ([0, 7, 255], 20, 255)
    with pytest.raises(BadFileError):
        _read(cut(tmp_path / name, keep=0.7))


def test_a_palette_is_colours_as_skimage_reads_it(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image", reason="Pillow writes the palette")
    picture = image.frombytes("P", (2, 2), bytes([0, 1, 2, 1]))
    picture.putpalette([0, 0, 0, 250, 10, 20, 30, 200, 40])
    picture.save(tmp_path / "a.png")
    assert _read(tmp_path / "a.png").values == [0, 10, 20, 30, 40, 200, 250]


def test_a_damaged_png(tmp_path: Path) -> None:
    sitk.WriteImage(
        sitk.GetImageFromArray(np.random.default_rng(1).integers(0, 255, (64, 64), np.uint8)), str(tmp_path / "a.png")
    )
    data = bytearray((tmp_path / "a.png").read_bytes())
    data[len(data) // 2] ^= 255
    (tmp_path / "a.png").write_bytes(data)
    with pytest.raises(CorruptError, match="Pillow cannot read it"):
        _read(tmp_path / "a.png")


def test_a_missing_file_of_voxels_is_named(tmp_path: Path) -> None:
    sitk.WriteImage(sitk.Image([3, 3, 3], sitk.sitkUInt8), str(tmp_path / "a.mhd"))
    (tmp_path / "a.raw").unlink()
    with pytest.raises(BadFileError, match="does not exist"):
        _read(tmp_path / "a.mhd")


def test_without_numpy_the_reader_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.nii").write_bytes(nifti_bytes((3, 3, 3)))
    monkeypatch.delitem(sys.modules, "nndoctor.nnunet.voxels.tally", raising=False)
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(MissingLibraryError, match="numpy: pip install 'nndoctor"):
        _read(tmp_path / "a.nii")


def test_without_pillow_a_picture_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sitk.WriteImage(sitk.Image([3, 3], sitk.sitkUInt8), str(tmp_path / "a.png"))
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(MissingLibraryError, match="Pillow: pip install"):
        _read(tmp_path / "a.png")


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
    except BadFileError as error:
        assert str(error) and "\n" not in str(error)
