"""NRRD, MetaImage and GIPL, against files that SimpleITK wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from nndoctor.nnunet.files import BadFileError
from nndoctor.nnunet.headers import Effort, inspect, read_header
from tests.nnunet.folders import cut

sitk = pytest.importorskip("SimpleITK", reason="SimpleITK writes the images of these tests")


def _write(path: Path, image: object, compressed: bool) -> Path:
    sitk.WriteImage(image, str(path), compressed)
    return path


def _noise(kind: int | None = None) -> object:
    image = sitk.AdditiveGaussianNoise(sitk.Image([9, 8, 7], sitk.sitkFloat32), 100.0)
    image.SetSpacing((0.5, 0.75, 3.0))
    return image if kind is None else sitk.Cast(image, kind)


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("ending", [".nrrd", ".mha", ".gipl", ".nii.gz", ".nii"])
def test_every_format_says_the_same_of_the_same_image(tmp_path: Path, ending: str, compressed: bool) -> None:
    header, length = inspect(_write(tmp_path / f"a{ending}", _noise(sitk.sitkInt16), compressed), Effort())
    assert (header.shape, header.spacing) == ((9, 8, 7), (0.5, 0.75, 3.0))
    assert (header.components, header.datatype, header.expected_bytes) == (1, "int16", 9 * 8 * 7 * 2)
    assert length == "whole"


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("ending", [".nrrd", ".mha", ".gipl", ".nii.gz", ".nii"])
def test_every_format_tells_a_cut_file(tmp_path: Path, ending: str, compressed: bool) -> None:
    path = cut(_write(tmp_path / f"a{ending}", _noise(), compressed), keep=0.8)
    assert inspect(path, Effort())[1] == "cut"


@pytest.mark.parametrize("ending", [".nrrd", ".mha", ".nii.gz"])
def test_every_format_tells_vectors(tmp_path: Path, ending: str) -> None:
    header = read_header(_write(tmp_path / f"a{ending}", sitk.Image([4, 5, 6], sitk.sitkVectorUInt8, 4), True))
    assert (header.shape, header.components) == ((4, 5, 6), 4)


@pytest.mark.parametrize("ending", [".nrrd", ".mha", ".nii.gz"])
def test_every_format_tells_four_axes(tmp_path: Path, ending: str) -> None:
    header = read_header(_write(tmp_path / f"a{ending}", sitk.Image([4, 5, 6, 3], sitk.sitkFloat32), True))
    assert (header.shape, header.channels) == ((4, 5, 6, 3), 3)


def test_a_detached_header_says_nothing_about_length(tmp_path: Path) -> None:
    header = read_header(_write(tmp_path / "a.mhd", _noise(), False))
    assert (header.shape, header.complete) == ((9, 8, 7), None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("NRRD0004\ntype: float\n\n", "no 'sizes'"),
        ("NRRD0004\nsizes: 3 x\n\n", "no integers"),
        ("NRRD0004\nsizes: 3 -1\n\n", "impossible shape"),
        ("NRRD0004\nsizes: 3 3\n", "no end"),
        ("ObjectType = Image\nNDims = 3\n", "no ElementDataFile"),
        ("ObjectType = Image\nElementDataFile = LOCAL\n", "no 'DimSize'"),
        ("NDims = 2\nDimSize = 3 99999999999999999999\nElementDataFile = LOCAL\n", "no integers"),
    ],
)
def test_headers_with_holes_are_named(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "a").write_text(text)
    with pytest.raises(BadFileError, match=words):
        read_header(tmp_path / "a")
