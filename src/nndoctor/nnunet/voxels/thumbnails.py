"""Small pictures for the report: a slice in grey, and the outlines of its labels in colour."""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from nndoctor.nnunet.files import BadFileError
from nndoctor.nnunet.headers import ImageHeader
from nndoctor.nnunet.voxels.model import MissingLibraryError
from nndoctor.nnunet.voxels.numbers import Numbers
from nndoctor.nnunet.voxels.slices import Cut, largest_cut, middle_cut, plane_axes, slice_at

LONGEST_SIDE = 256
_GREYS = 240
_COLOURS = (
    *((230, 60, 60), (70, 200, 90), (80, 140, 255), (250, 200, 50), (190, 90, 230)),
    *((60, 210, 220), (255, 130, 40), (240, 120, 190), (170, 220, 60), (150, 110, 80)),
)
"""Colours of the labels 1 to 10; label 11 has that of 1 again."""
_MOST_STRETCH = 10.0

Picture: TypeAlias = npt.NDArray[np.uint8]


def thumbnail_png(
    image: Path, image_header: ImageHeader, label: Path | None = None, label_header: ImageHeader | None = None
) -> bytes:
    """A PNG of at most 256 pixels a side: the slice with the most foreground, else the middle one.

    A label that cannot be read, or lies on another grid, is left out. Raises for the image: BadFileError,
    CorruptError, CutShortError; MissingLibraryError when Pillow or numpy is not installed.
    """
    cut, outlines = middle_cut(image_header), None
    if label is not None and label_header is not None and label_header.shape[:3] == image_header.shape[:3]:
        try:
            cut = largest_cut(label, label_header)
            outlines = outline(label, label_header, cut)
        except BadFileError:
            outlines = None
    return _png(middle_slice(image, image_header, cut), outlines)


def middle_slice(path: Path, header: ImageHeader, cut: Cut | None = None) -> Picture:
    """A slice (the middle one when `cut` is None) as grey, 0 to 255 from its 1st to its 99th percentile.

    At most 256 pixels a side, in true proportions. Raises as `slice_at` does.
    """
    cut = cut or middle_cut(header)
    return _resized(_grey(slice_at(path, header, cut)), header, cut, smooth=True)


def outline(path: Path, header: ImageHeader, cut: Cut) -> Picture:
    """The edges of the labels of a slice, as large as `middle_slice` of the same grid: 0 where there is none, else
    1 to 10 by label. Raises as `slice_at` does."""
    labels = slice_at(path, header, cut)
    with np.errstate(all="ignore"):
        whole = np.nan_to_num(labels.astype(np.float64), posinf=0, neginf=0).astype(np.int64)
    colours = np.where(whole > 0, (whole - 1) % len(_COLOURS) + 1, 0).astype(np.uint8)
    return _edges(_resized(colours, header, cut, smooth=False))


def _grey(voxels: Numbers) -> Picture:
    values = voxels.astype(np.float64)
    finite = values[np.isfinite(values)]
    low, high = np.percentile(finite, (1, 99)) if finite.size else (0.0, 0.0)
    if not low < high:
        low, high = (finite.min(), finite.max()) if finite.size else (0.0, 0.0)
    scale = 255 / (high - low) if high > low else 0.0
    return np.clip((np.nan_to_num(values, nan=low, posinf=high, neginf=low) - low) * scale, 0, 255).astype(np.uint8)


def _edges(colours: Picture) -> Picture:
    """Every coloured pixel with a neighbour of another colour above, below, left or right of it."""
    padded = np.pad(colours, 1)
    inside = np.ones(colours.shape, bool)
    for neighbour in (padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]):
        inside &= neighbour == colours
    return np.where(inside, 0, colours).astype(np.uint8)


def _resized(picture: Picture, header: ImageHeader, cut: Cut, smooth: bool) -> Picture:
    """In the proportions of the patient, and with the axes turned to the right and down as radiologists look."""
    try:
        from PIL import Image
    except ImportError as error:
        raise MissingLibraryError("Pillow") from error
    across, down = plane_axes(cut)
    picture = picture[:: _sense(header, down), :: _sense(header, across)]
    size = _size(picture.shape[1], picture.shape[0], _stretch(header, across, down))
    kind = Image.Resampling.BOX if smooth else Image.Resampling.NEAREST
    return np.asarray(Image.fromarray(np.ascontiguousarray(picture)).resize(size, kind), np.uint8)


def _sense(header: ImageHeader, axis: int) -> int:
    """-1 when an axis runs to the right, to the front or down: the picture then shows it turned around."""
    axes = len(header.shape)
    if axis >= axes or len(header.direction) != axes * axes:
        return 1
    along = [header.direction[row * axes + axis] for row in range(min(axes, 3))]
    strongest = max(range(len(along)), key=lambda row: abs(along[row]))
    downwards = -1 if strongest == 2 else 1
    return 1 if along[strongest] * downwards >= 0 else -1


def _stretch(header: ImageHeader, across: int, down: int) -> float:
    """How many times as high as wide a voxel is, within bounds."""
    if len(header.spacing) <= max(across, down):
        return 1.0
    width, height = header.spacing[across], header.spacing[down]
    ratio = height / width if width > 0 and math.isfinite(width) else 1.0
    return ratio if 1 / _MOST_STRETCH <= ratio <= _MOST_STRETCH else 1.0


def _size(columns: int, rows: int, stretch: float) -> tuple[int, int]:
    """Width and height in pixels: no voxel is made larger than it must be, no side longer than 256."""
    width, height = columns * max(1.0, 1 / stretch), rows * max(1.0, stretch)
    shrink = min(1.0, LONGEST_SIDE / max(width, height))
    return max(1, round(width * shrink)), max(1, round(height * shrink))


def _png(grey: Picture, outlines: Picture | None) -> bytes:
    """Greys and colours share one palette: a third of the bytes of RGB."""
    from PIL import Image

    indices = (grey.astype(np.uint16) * (_GREYS - 1) // 255).astype(np.uint8)
    if outlines is not None and outlines.shape == indices.shape:
        indices = np.where(outlines > 0, outlines + (_GREYS - 1), indices).astype(np.uint8)
    picture = Image.frombytes("P", (indices.shape[1], indices.shape[0]), indices.tobytes())
    greys = [round(step * 255 / (_GREYS - 1)) for step in range(_GREYS) for _ in range(3)]
    picture.putpalette(greys + [part for colour in _COLOURS for part in colour])
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()
