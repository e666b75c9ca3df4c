"""Small pictures of a slice: the right slice, the right way up, small, and without the whole image in memory."""

from __future__ import annotations

import io
import sys
import tracemalloc
from pathlib import Path

import pytest

from nndoctor.nnunet.files import BadFileError, CutShortError
from nndoctor.nnunet.headers import read_header
from nndoctor.nnunet.voxels import MissingLibraryError
from tests.nnunet.folders import cut

np = pytest.importorskip("numpy", reason="slices are cut by numpy")
sitk = pytest.importorskip("SimpleITK", reason="SimpleITK writes the images of these tests")
Image = pytest.importorskip("PIL.Image", reason="Pillow writes the pictures")

from nndoctor.nnunet.voxels.slices import Cut, largest_cut, middle_cut, slice_at  # noqa: E402
from nndoctor.nnunet.voxels.thumbnails import middle_slice, outline, thumbnail_png  # noqa: E402

FORMATS = [".nii", ".nii.gz", ".nrrd", ".mha", ".mhd", ".gipl"]


def _write(path: Path, array: np.ndarray, spacing: tuple[float, ...] = (1.0, 1.0, 1.0), vector: bool = False) -> Path:
    image = sitk.GetImageFromArray(array, isVector=vector)
    image.SetSpacing((*spacing, 1.0)[: image.GetDimension()])
    sitk.WriteImage(image, str(path), path.suffix != ".nii")
    return path


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_slice_is_that_of_the_array(tmp_path: Path, ending: str, axis: int) -> None:
    array = np.random.default_rng(2).integers(0, 999, (6, 7, 8), np.int16)
    path = _write(tmp_path / f"a{ending}", array)
    found = slice_at(path, read_header(path), Cut(axis, 3))
    assert np.array_equal(found, array.take(3, axis=2 - axis))


def test_planes_larger_than_a_chunk(tmp_path: Path) -> None:
    array = np.random.default_rng(2).integers(0, 9, (3, 700, 601), np.int16)
    path = _write(tmp_path / "a.nii.gz", array)
    assert np.array_equal(slice_at(path, read_header(path), Cut(2, 2)), array[2])


@pytest.mark.parametrize(
    ("steps", "axis"), [((1, 1, 1), 2), ((1, 1, 5), 2), ((5, 1, 1), 0), ((1, 5, 1), 1), ((0.9, 1.2, 0.9), 2)]
)
def test_the_cut_goes_across_the_thick_slices(tmp_path: Path, steps: tuple[float, ...], axis: int) -> None:
    path = _write(tmp_path / "a.nii", np.zeros((6, 7, 8), np.int16), steps)
    assert middle_cut(read_header(path)) == Cut(axis, (8, 7, 6)[axis] // 2)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_the_slice_with_the_most_foreground_is_shown(tmp_path: Path, axis: int) -> None:
    label = np.zeros((10, 10, 10), np.uint8)
    np.moveaxis(label, 2 - axis, 0)[7, 2:6, 2:6] = 3
    np.moveaxis(label, 2 - axis, 0)[1, 2:4, 2:4] = 1
    steps = [1.0, 1.0, 1.0]
    steps[axis] = 4.0
    path = _write(tmp_path / "a.nii.gz", label, tuple(steps))
    assert largest_cut(path, read_header(path)) == Cut(axis, 7)


def test_an_empty_label_is_shown_in_the_middle(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.nii.gz", np.zeros((9, 8, 7), np.uint8))
    assert largest_cut(path, read_header(path)) == Cut(2, 4)


def test_greys_run_from_the_first_to_the_last_percentile(tmp_path: Path) -> None:
    array = np.tile(np.arange(100, dtype=np.float32), (3, 100, 1))
    array[1, 0, 0], array[1, 0, 1], array[1, 0, 2] = np.nan, np.inf, 1e30
    path = _write(tmp_path / "a.nrrd", array)
    grey = middle_slice(path, read_header(path))
    assert (grey.dtype, grey.shape) == (np.uint8, (100, 100))
    assert (grey[50, 0], grey[50, 99], grey[0, 0], grey[0, 1]) == (0, 255, 0, 255)
    assert 120 < grey[50, 50] < 135


def test_a_constant_image_is_black(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.nrrd", np.full((3, 4, 5), -1000, np.int16))
    assert not middle_slice(path, read_header(path)).any()


@pytest.mark.parametrize(
    ("shape", "spacing", "size"),
    [
        ((3, 512, 512), (1, 1, 1), (256, 256)),
        ((3, 100, 400), (1, 1, 1), (64, 256)),
        ((3, 60, 60), (0.5, 1.0, 1), (120, 60)),
        ((3, 60, 60), (1, 1000, 1), (60, 60)),
        ((64, 64), (1, 1), (64, 64)),
    ],
)
def test_pictures_are_small_and_in_true_proportions(
    tmp_path: Path, shape: tuple[int, ...], spacing: tuple[float, ...], size: tuple[int, int]
) -> None:
    path = _write(tmp_path / "a.nii", np.zeros(shape, np.int16), spacing)
    assert middle_slice(path, read_header(path), Cut(2, 0)).shape == size


@pytest.mark.parametrize(
    ("direction", "row", "column"), [((1, 0, 0, 0, 1, 0, 0, 0, 1), 1, 2), ((-1, 0, 0, 0, -1, 0, 0, 0, 1), 8, 7)]
)
def test_the_patients_left_is_on_the_right_and_the_back_below(
    tmp_path: Path, direction: tuple[int, ...], row: int, column: int
) -> None:
    array = np.zeros((3, 10, 10), np.int16)
    array[1, 1, 2] = 100
    image = sitk.GetImageFromArray(array)
    image.SetDirection(direction)
    sitk.WriteImage(image, str(tmp_path / "a.nii.gz"))
    grey = middle_slice(tmp_path / "a.nii.gz", read_header(tmp_path / "a.nii.gz"))
    assert np.argwhere(grey == grey.max()).tolist() == [[row, column]]


def test_the_outline_is_the_edge_of_each_label(tmp_path: Path) -> None:
    label = np.zeros((3, 12, 12), np.uint8)
    label[1, 2:7, 2:7], label[1, 8:10, 8:10] = 1, 12
    path = _write(tmp_path / "a.nii.gz", label)
    edges = outline(path, read_header(path), Cut(2, 1))
    wanted = label[1].copy()
    wanted[3:6, 3:6] = 0
    wanted[wanted == 12] = 2
    assert np.array_equal(edges, wanted)


def test_a_thumbnail_shows_image_and_outline(tmp_path: Path) -> None:
    array = np.random.default_rng(0).integers(0, 900, (20, 300, 300), np.int16)
    label = np.zeros((20, 300, 300), np.uint8)
    label[15, 100:200, 100:200] = 1
    image, mask = _write(tmp_path / "a.nii.gz", array), _write(tmp_path / "b.nii.gz", label)
    png = thumbnail_png(image, read_header(image), mask, read_header(mask))
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    assert picture.size == (256, 256)
    colours = {colour for _, colour in picture.getcolors(70_000) if len(set(colour)) > 1}
    assert colours == {(230, 60, 60)}
    assert len(png) < 80_000


def test_a_label_on_another_grid_or_damaged_is_left_out(tmp_path: Path) -> None:
    image = _write(tmp_path / "a.nii.gz", np.zeros((5, 6, 7), np.int16))
    other = _write(tmp_path / "b.nii.gz", np.ones((5, 6, 8), np.uint8))
    damaged = _write(tmp_path / "c.nii", np.ones((5, 6, 7), np.uint8))
    header = read_header(cut(damaged, keep=0.8))
    plain = thumbnail_png(image, read_header(image))
    assert thumbnail_png(image, read_header(image), other, read_header(other)) == plain
    assert thumbnail_png(image, read_header(image), damaged, header) == plain


def test_an_image_cut_before_its_middle_is_an_error(tmp_path: Path) -> None:
    path = cut(_write(tmp_path / "a.nii", np.ones((50, 60, 70), np.int16)), keep=0.3)
    with pytest.raises(CutShortError):
        thumbnail_png(path, read_header(path))


def test_an_image_cut_after_its_middle_is_shown(tmp_path: Path) -> None:
    path = cut(_write(tmp_path / "a.nii", np.ones((50, 60, 70), np.int16)), keep=0.7)
    assert thumbnail_png(path, read_header(path)).startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["a.png", "a.bmp", "a.tif"])
def test_pictures_become_thumbnails(tmp_path: Path, name: str) -> None:
    sitk.WriteImage(
        sitk.GetImageFromArray(np.random.default_rng(0).integers(0, 255, (40, 30, 3), np.uint8), isVector=True),
        str(tmp_path / name),
    )
    png = thumbnail_png(tmp_path / name, read_header(tmp_path / name))
    assert Image.open(io.BytesIO(png)).size == (30, 40)


@pytest.mark.parametrize("ending", [".nii.gz", ".nrrd", ".mha"])
def test_several_volumes_and_components_show_the_first(tmp_path: Path, ending: str) -> None:
    array = np.random.default_rng(0).integers(0, 999, (4, 5, 6, 3), np.int16)
    path = _write(tmp_path / f"a{ending}", array, vector=True)
    assert np.array_equal(slice_at(path, read_header(path), Cut(2, 2)), array[2, :, :, 0])
    path = _write(tmp_path / f"b{ending}", array)
    assert np.array_equal(slice_at(path, read_header(path), Cut(2, 2)), array[0, 2])


def test_no_more_than_the_planes_that_are_needed_is_kept(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.nii.gz", np.zeros((128, 512, 512), np.int16))
    header = read_header(path)
    middle_slice(path, header)
    tracemalloc.start()
    middle_slice(path, header)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 << 20


def test_planes_too_large_for_a_picture_are_refused(tmp_path: Path) -> None:
    text = "NRRD0004\ntype: uchar\ndimension: 3\nsizes: 100000 100000 3\nencoding: raw\n\n"
    (tmp_path / "a.nrrd").write_bytes(text.encode() + bytes(9))
    with pytest.raises(BadFileError, match="too large"):
        thumbnail_png(tmp_path / "a.nrrd", read_header(tmp_path / "a.nrrd"))


def test_without_pillow_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _write(tmp_path / "a.nii", np.zeros((3, 4, 5), np.int16))
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(MissingLibraryError, match="Pillow"):
        thumbnail_png(path, read_header(path))
