"""NIfTI headers, against files that nibabel and SimpleITK wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from nndoctor.nnunet.files import BadFileError, CutShortError
from nndoctor.nnunet.headers import Effort, inspect, read_header
from tests.nnunet.folders import cut, nifti_bytes, write_image

nib = pytest.importorskip("nibabel", reason="nibabel writes the NIfTI files of these tests")
np = pytest.importorskip("numpy", reason="nibabel needs numpy")


@pytest.mark.parametrize("ending", [".nii", ".nii.gz"])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", ["Nifti1", "Nifti2"])
def test_shape_spacing_and_type_are_those_that_nibabel_wrote(
    tmp_path: Path, kind: str, order: str, ending: str
) -> None:
    header = getattr(nib, f"{kind}Header")(endianness=order)
    header.set_data_dtype(np.float32)
    image = getattr(nib, f"{kind}Image")(np.zeros((7, 6, 5), np.float32), np.diag([0.5, 0.75, 3, 1]), header)
    nib.save(image, tmp_path / f"a{ending}")
    found, length = inspect(tmp_path / f"a{ending}", Effort())
    assert (found.shape, found.spacing, found.datatype) == ((7, 6, 5), (0.5, 0.75, 3.0), "float32")
    assert (found.components, found.channels, found.expected_bytes, length) == (1, 1, 7 * 6 * 5 * 4, "whole")


@pytest.mark.parametrize("dtype", ["uint8", "int16", "int32", "float64", "uint16"])
def test_the_expected_bytes_are_those_of_the_array(tmp_path: Path, dtype: str) -> None:
    nib.save(nib.Nifti1Image(np.zeros((3, 4, 5), dtype), np.eye(4)), tmp_path / "a.nii")
    header = read_header(tmp_path / "a.nii")
    assert header.expected_bytes == 60 * np.dtype(dtype).itemsize
    assert header.datatype == dtype


def test_a_fourth_axis_is_channels(tmp_path: Path) -> None:
    nib.save(nib.Nifti1Image(np.zeros((3, 4, 5, 2), np.int16), np.eye(4)), tmp_path / "a.nii.gz")
    header = read_header(tmp_path / "a.nii.gz")
    assert (header.shape, header.components, header.channels) == ((3, 4, 5, 2), 1, 2)


def test_a_fourth_axis_of_one_is_dropped_as_simpleitk_drops_it(tmp_path: Path) -> None:
    sitk = pytest.importorskip("SimpleITK", reason="SimpleITK is the reader to agree with")
    nib.save(nib.Nifti1Image(np.zeros((3, 4, 5, 1), np.int16), np.eye(4)), tmp_path / "a.nii.gz")
    assert read_header(tmp_path / "a.nii.gz").shape == sitk.ReadImage(str(tmp_path / "a.nii.gz")).GetSize()


def test_vectors_that_simpleitk_writes_are_components(tmp_path: Path) -> None:
    sitk = pytest.importorskip("SimpleITK", reason="SimpleITK writes the vector image")
    sitk.WriteImage(sitk.Image([4, 5, 6], sitk.sitkVectorFloat32, 3), str(tmp_path / "a.nii.gz"))
    header = read_header(tmp_path / "a.nii.gz")
    assert (header.shape, header.components, header.channels) == ((4, 5, 6), 3, 3)


def test_rgb_is_three_components(tmp_path: Path) -> None:
    rgb = np.zeros((3, 4, 5), np.dtype([("R", "u1"), ("G", "u1"), ("B", "u1")]))
    nib.save(nib.Nifti1Image(rgb, np.eye(4)), tmp_path / "a.nii")
    assert read_header(tmp_path / "a.nii").components == 3


def test_a_tiny_gzipped_image_is_whole(tmp_path: Path) -> None:
    path = write_image(tmp_path, "a.nii.gz", (2, 2, 1))
    assert inspect(path, Effort())[1] == "whole"


def test_the_test_helper_writes_what_nibabel_reads(tmp_path: Path) -> None:
    path = write_image(tmp_path, "a.nii.gz", spacing=(0.5, 1.0, 2.0))
    assert nib.load(path).shape == (6, 5, 4)
    assert nib.load(path).header.get_zooms() == (0.5, 1.0, 2.0)


def test_an_uncompressed_image_that_is_cut(tmp_path: Path) -> None:
    path = cut(write_image(tmp_path, "a.nii"), keep=0.9)
    assert inspect(path, Effort())[1] == "cut"


def test_a_file_that_ends_inside_its_header(tmp_path: Path) -> None:
    (tmp_path / "a.nii").write_bytes(nifti_bytes((4, 4, 4))[:200])
    with pytest.raises(CutShortError, match="200 of the 348 bytes"):
        read_header(tmp_path / "a.nii")


@pytest.mark.parametrize(("at", "value", "words"), [(40, 9, "9 dimensions"), (42, 0, "shape"), (70, 99, "datatype 99")])
def test_impossible_headers_are_named(tmp_path: Path, at: int, value: int, words: str) -> None:
    data = bytearray(nifti_bytes((4, 4, 4)))
    data[at : at + 2] = value.to_bytes(2, "little")
    (tmp_path / "a.nii").write_bytes(data)
    with pytest.raises(BadFileError, match=words):
        read_header(tmp_path / "a.nii")


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_header_whose_own_length_is_damaged_is_read_as_itk_reads_it(tmp_path: Path, order: str) -> None:
    data = bytearray(nifti_bytes((6, 5, 4), (1.0, 2.0, 3.0), order))
    data[:4] = b"\xde\xad\xbe\xef"
    (tmp_path / "a.nii").write_bytes(data)
    header = read_header(tmp_path / "a.nii")
    assert (header.format, header.shape, header.spacing) == ("NIfTI", (6, 5, 4), (1.0, 2.0, 3.0))
