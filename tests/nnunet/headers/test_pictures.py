"""PNG, BMP and TIFF, against files that SimpleITK wrote, and TIFFs made by the specification."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from nndoctor.nnunet.files import CutShortError
from nndoctor.nnunet.headers import Effort, inspect, read_header
from tests.nnunet.folders import cut

sitk = pytest.importorskip("SimpleITK", reason="SimpleITK writes the images of these tests")


def _write(path: Path, size: list[int], kind: int, components: int = 0) -> Path:
    sitk.WriteImage(sitk.Image(size, kind, components), str(path))
    return path


def test_grey_png_of_16_bits(tmp_path: Path) -> None:
    header, length = inspect(_write(tmp_path / "a.png", [20, 10], sitk.sitkUInt16), Effort())
    assert (header.shape, header.components, header.datatype, length) == ((20, 10), 1, "uint16", "whole")


@pytest.mark.parametrize("components", [3, 4])
@pytest.mark.parametrize("ending", [".png", ".tif"])
def test_colours_are_components(tmp_path: Path, ending: str, components: int) -> None:
    header = read_header(_write(tmp_path / f"a{ending}", [20, 10], sitk.sitkVectorUInt8, components))
    assert (header.shape, header.components, header.channels) == ((20, 10), components, components)


@pytest.mark.parametrize(("kind", "components", "wanted"), [("sitkUInt8", 0, 1), ("sitkVectorUInt8", 3, 3)])
def test_bmp(tmp_path: Path, kind: str, components: int, wanted: int) -> None:
    header, length = inspect(_write(tmp_path / "a.bmp", [21, 10], getattr(sitk, kind), components), Effort())
    assert (header.shape, header.components, length) == ((21, 10), wanted, "whole")


def test_tiff_pages_are_a_third_axis(tmp_path: Path) -> None:
    header, length = inspect(_write(tmp_path / "a.tif", [20, 10, 7], sitk.sitkUInt16), Effort())
    assert (header.shape, header.components, header.datatype, length) == ((20, 10, 7), 1, "uint16", "whole")


@pytest.mark.parametrize("name", ["a.png", "a.bmp"])
def test_cut_pictures(tmp_path: Path, name: str) -> None:
    path = cut(_write(tmp_path / name, [64, 64], sitk.sitkUInt8), keep=0.8)
    assert inspect(path, Effort())[1] == "cut"


def test_a_cut_tiff_has_lost_its_directory_or_its_pages(tmp_path: Path) -> None:
    path = cut(_write(tmp_path / "a.tif", [64, 64, 9], sitk.sitkUInt16), keep=0.5)
    try:
        assert inspect(path, Effort())[1] == "cut"
    except CutShortError as error:
        assert "directory" in str(error)


def test_a_picture_that_ends_inside_its_header(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    with pytest.raises(CutShortError, match="PNG header"):
        read_header(tmp_path / "a.png")


def big_tiff(order: str, description: bytes, slices: int = 1) -> bytes:
    """A BigTIFF of one page of 4 x 3 uint16 pixels and a description; further slices follow without a page."""
    tags = [(256, 3, 1, 4), (257, 3, 1, 3), (258, 3, 1, 16), (270, 2, len(description), 200), (273, 4, 1, 400)]
    tags += [(279, 4, 1, 24)]
    body = struct.pack(f"{order}Q", len(tags))
    for tag, kind, count, value in tags:
        letter = {3: "H", 4: "I"}.get(kind, "Q")
        body += struct.pack(f"{order}HHQ", tag, kind, count) + struct.pack(f"{order}{letter}", value).ljust(8, b"\0")
    mark = b"II" if order == "<" else b"MM"
    head = mark + struct.pack(f"{order}HHHQ", 43, 8, 0, 16) + body + bytes(8)
    return head.ljust(200, b"\0") + description.ljust(200, b"\0") + bytes(24 * slices)


@pytest.mark.parametrize("order", ["<", ">"])
def test_bigtiff_with_the_slices_in_imagejs_description(tmp_path: Path, order: str) -> None:
    data = big_tiff(order, b"ImageJ=1.53\nimages=5\nslices=5\n\0", 5)
    (tmp_path / "a.tif").write_bytes(data)
    header = read_header(tmp_path / "a.tif")
    assert (header.shape, header.datatype, header.complete) == ((4, 3, 5), "uint16", True)
    (tmp_path / "a.tif").write_bytes(data[:-1])
    assert inspect(tmp_path / "a.tif", Effort())[1] == "cut"


def test_a_tiff_whose_strips_lie_beyond_its_end(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(big_tiff("<", b"x")[:-1])
    assert read_header(tmp_path / "a.tif").complete is False
