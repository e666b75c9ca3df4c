"""The images of a case against the plans of the model: dimensions, spacing, size
(imageio/simpleitk_reader_writer.py, preprocessing/preprocessors/default_preprocessor.py; v2.0 to v2.8.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.bounded_json import as_numbers
from nndoctor.nnunet.checks.grids import numbers
from nndoctor.nnunet.examination.records import CaseRecord
from nndoctor.nnunet.headers import ImageHeader
from nndoctor.nnunet.plans import Plans

FAR = 5.0
"""A spacing this many times off is more often a wrong unit or a lost header than a scanner."""
GIANT = 20.0
"""As many times the voxels of the median training image, after resampling."""
BEYOND = 999
"""SimpleITKIO gives a 2D image 999 times its largest spacing as the spacing between slices."""


@dataclass(frozen=True)
class ModelGrid:
    """What the plans tell of images, axes in the order of nnU-Net's arrays after transposing; spacing in mm.

    spacing   that images are resampled to: two numbers for a 2d configuration
    usual     median spacing of the training images, median: their median size after resampling; empty when not told
    """

    transpose: tuple[int, ...]
    spacing: tuple[float, ...]
    usual: tuple[float, ...]
    median: tuple[float, ...]


def model_grid(plans: Plans, configuration: str) -> ModelGrid | None:
    """The grid of a configuration; None when its plans do not tell spacing and order of axes."""
    content = plans.configuration(configuration)
    order = as_numbers(plans.content.get("transpose_forward"))
    spacing = as_numbers(content.get("spacing"))
    if order is None or sorted(order) != [0, 1, 2]:
        return None
    if spacing is None or len(spacing) not in (2, 3) or min(spacing) <= 0:
        return None
    return ModelGrid(
        transpose=tuple(int(axis) for axis in order),
        spacing=tuple(spacing),
        usual=tuple(as_numbers(plans.content.get("original_median_spacing_after_transp")) or ()),
        median=tuple(as_numbers(content.get("median_image_size_in_voxels")) or ()),
    )


def problems_of_images(record: CaseRecord, grid: ModelGrid) -> Iterator[Problem]:
    """What becomes a giant, a dwarf or nothing by resampling."""
    first = record.images[0] if record.images else None
    header = first.sound if first is not None else None
    if first is None or header is None:
        return
    if _is_flat(header) and len(grid.spacing) == 3:
        yield Problem("flat-image", first.path, record.case, {"shape": numbers(header.shape)})
        return
    yield from _size_problems(record.case, first.path, header, grid)


def _is_flat(header: ImageHeader) -> bool:
    return len(header.shape) == 2


def _size_problems(case: str, path: str, header: ImageHeader, grid: ModelGrid) -> Iterator[Problem]:
    """The spacing against that of the training images, and the shape after resampling."""
    if len(header.spacing) < 3 or len(header.shape) < 3 or not all(step > 0 for step in map(abs, header.spacing)):
        return
    shape = _transposed(header.shape[:3], grid)
    spacing = _transposed([abs(step) for step in header.spacing[:3]], grid)
    wanted = grid.spacing if len(grid.spacing) == 3 else (spacing[0], *grid.spacing)
    new = [round(step / want * size) for step, want, size in zip(spacing, wanted, shape, strict=True)]
    if min(new) < 1:
        values = {"shape": numbers(new), "spacing": numbers(spacing), "wanted": numbers(wanted)}
        yield Problem("resampled-away", path, case, values)
        return
    if len(grid.usual) == 3 and grid.usual[0] < BEYOND and not _near(spacing, grid.usual):
        values = {"spacing": numbers(spacing), "usual": numbers(grid.usual)}
        yield Problem("spacing-unlike-model", path, case, values)
    median = grid.median if len(grid.median) == 3 else ()
    if median and prod(new) > GIANT * prod(median):
        values = {"shape": numbers(new), "median": numbers(median), "times": f"{prod(new) / prod(median):.0f}"}
        yield Problem("image-giant", path, case, values)


def _transposed(axes: Sequence[float], grid: ModelGrid) -> list[float]:
    """x, y, z of the file become z, y, x of the array, and these are transposed as the plans say."""
    array = list(axes)[::-1]
    return [array[axis] for axis in grid.transpose]


def _near(spacing: Sequence[float], usual: Sequence[float]) -> bool:
    return all(known <= 0 or known / FAR <= step <= known * FAR for step, known in zip(spacing, usual, strict=True))
