"""One slice of an image, read without keeping more of the image than a plane."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nndoctor.nnunet.files import BadFileError, CutShortError
from nndoctor.nnunet.headers import ImageHeader
from nndoctor.nnunet.voxels.numbers import Numbers, as_numbers, stored_type
from nndoctor.nnunet.voxels.streams import Stream, voxel_bytes

MOST_PLANE_BYTES = 256 * 1024**2
_THICK = 2.0
"""An axis whose spacing is this many times the others' is the one that is cut through."""


class Cut(NamedTuple):
    """A slice: the axis of the file that it lies across (0 x, 1 y, 2 z), and its number there."""

    axis: int
    number: int


def middle_cut(header: ImageHeader) -> Cut:
    """The slice in the middle, across the axis with the thickest slices, else across the last."""
    axis = _thick_axis(header)
    return Cut(axis, (header.shape[axis] if axis < len(header.shape) else 1) // 2)


def largest_cut(path: Path, header: ImageHeader) -> Cut:
    """The slice of a label with the most voxels greater than 0; the middle one when there are none.

    Raises as `slice_at` does.
    """
    middle = middle_cut(header)
    if middle.axis == 2:
        areas = np.array([np.count_nonzero(np.greater(plane, 0)) for plane in planes(path, header)])
    else:
        areas = sum((np.greater(plane, 0).sum(axis=middle.axis) for plane in planes(path, header)), np.zeros(1, int))
    return Cut(middle.axis, int(areas.argmax())) if areas.any() else middle


def slice_at(path: Path, header: ImageHeader, cut: Cut) -> Numbers:
    """The voxels of a slice, rows by columns; of several volumes or components the first.

    Raises BadFileError, CorruptError, CutShortError, MissingLibraryError.
    """
    if cut.axis != 2:
        return np.stack(
            [plane[cut.number] if cut.axis == 1 else plane[:, cut.number] for plane in planes(path, header)]
        )
    for at, plane in enumerate(planes(path, header)):
        if at == cut.number:
            return plane
    raise CutShortError(f"has no slice {cut.number}")


def planes(path: Path, header: ImageHeader) -> Iterator[Numbers]:
    """The planes (y, x) of the first volume, in the order of the file. Raises as `slice_at` does."""
    columns, rows, depth = (*header.shape, 1, 1)[:3]
    inner = header.components if _interleaved(header) else 1
    size = columns * rows * inner
    if size * 8 > MOST_PLANE_BYTES:
        raise BadFileError(f"slices of {columns} x {rows} voxels, too large for a picture")
    for taken, voxels in enumerate(_runs(path, header, size), 1):
        yield voxels.reshape(rows, columns, inner)[:, :, 0]
        if taken == depth:
            return


def _runs(path: Path, header: ImageHeader, size: int) -> Iterator[Numbers]:
    """Runs of `size` voxels."""
    if header.storage is None:
        from nndoctor.nnunet.voxels.libraries import whole_array

        whole = whole_array(path, header).reshape(-1)
        yield from (whole[start : start + size] for start in range(0, whole.size - size + 1, size))
        return
    stored, held, count = stored_type(header, header.storage), [], 0
    for data in voxel_bytes(path, header, stored.itemsize, Stream()):
        held.append(data)
        count += len(data)
        if count >= size * stored.itemsize:
            joined = b"".join(held)
            for start in range(0, count - size * stored.itemsize + 1, size * stored.itemsize):
                yield as_numbers(joined[start : start + size * stored.itemsize], stored, header.storage)
            held = [joined[count - count % (size * stored.itemsize) :]]
            count = len(held[0])


def _interleaved(header: ImageHeader) -> bool:
    """Whether the components of a voxel lie side by side: always, but in NIfTI only those of colours."""
    return header.format != "NIfTI" or (header.components in (3, 4) and header.datatype == "uint8")


def _thick_axis(header: ImageHeader) -> int:
    steps = header.spacing[:3]
    if len(header.shape) < 3 or len(steps) < 3 or not all(0 < step < math.inf for step in steps):
        return 2
    thickest = max(range(3), key=lambda axis: steps[axis])
    others = max(step for axis, step in enumerate(steps) if axis != thickest)
    return thickest if steps[thickest] > _THICK * others else 2


def plane_axes(cut: Cut) -> tuple[int, int]:
    """The axes of the file along the columns (left to right) and rows (top to bottom) of a slice."""
    return ((1, 2), (0, 2), (0, 1))[cut.axis]
