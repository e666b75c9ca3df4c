"""All voxels of an image, against SimpleITK and numpy, on real files of every format."""

from __future__ import annotations

import bz2
import gzip
import struct
import sys
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nndoctor.nnunet.files import BadFileError
from nndoctor.nnunet.headers import read_header
from nndoctor.nnunet.voxels import CorruptError, MissingLibraryError, UnsupportedError, Voxels, read_voxels
from tests.nnunet.folders import cut, nifti_bytes
from tests.nnunet.headers.test_pictures import big_tiff

np = pytest.importorskip("numpy", reason="voxels are read by numpy")


sitk = pytest.importorskip("SimpleITK", reason="SimpleITK is the reader to agree with")


FORMATS = [".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha", ".mhd", ".gipl"]


TYPES = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"]


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
    path = tmp_path / f"{len(ending)}{ending}"  # beside a.nii, ITK reads the voxels of a.nii.gz from a.nii
    if ending == ".gipl" and datatype.endswith("32"):
        array = array.astype("int16")  # ITK writes 32 bits in GIPL with a type that it cannot read
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


def test_several_members_are_one_image(tmp_path: Path, engine: str) -> None:
    noise = nifti_bytes((60, 50, 40))
    members = [gzip.compress(noise[start : start + 9_999]) for start in range(0, len(noise), 9_999)]
    (tmp_path / "a.nii.gz").write_bytes(b"".join(members))
    _agrees(tmp_path / "a.nii.gz")


@pytest.mark.parametrize("name", ["a.nii.gz", "a.nii", "a.nrrd", "a.mha"])
def test_memory_does_not_grow_with_the_image(tmp_path: Path, engine: str, name: str) -> None:
    sitk.WriteImage(sitk.Image([512, 512, 128], sitk.sitkInt16), str(tmp_path / name), name != "a.nii")
    tracemalloc.start()
    voxels = _read(tmp_path / name)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (voxels.values, voxels.constant, voxels.foreground) == ([0], True, 0)
    assert peak < 8 << 20


@pytest.mark.parametrize(
    ("datatype", "error"),
    [(32, UnsupportedError), (1792, UnsupportedError), (1536, BadFileError), (2048, BadFileError)],
)
def test_types_that_are_no_numbers_are_named(tmp_path: Path, datatype: int, error: type[Exception]) -> None:
    data = bytearray(nifti_bytes((2, 2, 2)) + bytes(500))
    struct.pack_into("<h", data, 70, datatype)
    (tmp_path / "a.nii").write_bytes(data)
    with pytest.raises(error, match=r"voxels of type|complex numbers"):
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


def test_a_png_of_16_bits(tmp_path: Path) -> None:
    array = np.array([[0, 300], [65_535, 7]], np.uint16)
    sitk.WriteImage(sitk.GetImageFromArray(array), str(tmp_path / "a.png"))
    assert _read(tmp_path / "a.png").values == [0, 7, 300, 65_535]


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_stack_of_imagej_in_one_page(tmp_path: Path, order: str) -> None:
    path = tmp_path / "a.tif"
    array = np.arange(60, dtype=f"{order}u2")
    path.write_bytes(big_tiff(order, b"ImageJ=1.53\nimages=5\nslices=5\n\0")[:400] + array.tobytes())
    assert _read(path).values == list(range(60))


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


def test_voxels_that_are_the_end_of_an_nrrd_file(tmp_path: Path) -> None:
    text = b"NRRD0004\ntype: uchar\ndimension: 3\nsizes: 3 3 3\nencoding: raw\nbyte skip: -1\n\n"
    (tmp_path / "a.nrrd").write_bytes(text + b"x" * 50 + bytes(range(27)))
    _agrees(tmp_path / "a.nrrd")


def test_the_end_of_a_file_beside_its_header(tmp_path: Path) -> None:
    text = b"NRRD0004\ntype: uchar\ndimension: 3\nsizes: 3 3 3\nencoding: raw\nbyte skip: -1\ndata file: b.raw\n"
    (tmp_path / "a.nhdr").write_bytes(text)
    (tmp_path / "b.raw").write_bytes(b"x" * 50 + bytes(range(27)))
    _agrees(tmp_path / "a.nhdr")
