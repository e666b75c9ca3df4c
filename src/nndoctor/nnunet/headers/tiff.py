"""TIFF and BigTIFF: what skimage.io and tifffile make of the pages (nnU-Net's NaturalImage2DIO and Tiff3DIO)."""

from __future__ import annotations

import re

from nndoctor.nnunet.headers.model import ImageHeader, Source, Storage, checked_shape
from nndoctor.nnunet.headers.tiff_directories import Directory, directories

MAGICS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_WIDTH, _HEIGHT, _BITS, _DESCRIPTION, _SAMPLES, _FORMAT = 256, 257, 258, 270, 277, 339
_COMPRESSION, _OFFSETS = 259, 273
_SEGMENTS = ((_OFFSETS, 279), (324, 325))
"""Tags of the offsets and byte counts of strips and of tiles."""


def read(source: Source) -> ImageHeader:
    """Columns, rows and pages in voxels. The spacing is not in the file: Tiff3DIO reads it from a .json beside it.

    Raises BadFileError, CutShortError.
    """
    pages, chained = directories(source)
    first = pages[0]
    depth = _depth(first, len(pages))
    shape = (first.number(_WIDTH, 0), first.number(_HEIGHT, 0))
    samples, bits = first.number(_SAMPLES, 1), first.number(_BITS, 1)
    voxels = checked_shape((*shape, depth, samples))
    expected = voxels[0] * voxels[1] * depth * samples * bits // 8
    storage = _stack(first, len(pages), depth)
    whole = chained and all(_holds_its_data(page, source.size) for page in (first, pages[-1]))
    return ImageHeader(
        format="TIFF",
        shape=(*shape, depth) if depth > 1 else shape,
        spacing=(),
        components=samples,
        datatype=_datatype(first.number(_FORMAT, 1), bits),
        expected_bytes=expected,
        complete=whole and (storage is None or source.size >= storage.start + expected),
        storage=storage,
    )


def _stack(first: Directory, pages: int, depth: int) -> Storage | None:
    """ImageJ writes large stacks with a single directory: the slices follow the first one, unpacked."""
    offsets = first.numbers(_OFFSETS)
    if pages != 1 or depth == 1 or not offsets or first.number(_COMPRESSION, 1) != 1:
        return None
    return Storage(offsets[0], order="<" if first.layout.order == "<" else ">")


def _depth(first: Directory, pages: int) -> int:
    """The number of slices: the pages, or what ImageJ writes into the description of its only page."""
    text = first.text(_DESCRIPTION)
    images = re.search(r"^images=(\d{1,9})\s*$", text, re.MULTILINE) if text.startswith("ImageJ=") else None
    return max(pages, int(images[1])) if images else pages


def _datatype(sample_format: int, bits: int) -> str:
    return {2: "int", 3: "float"}.get(sample_format, "uint") + str(bits)


def _holds_its_data(page: Directory, size: int) -> bool:
    """Whether every strip or tile of a page lies within the file."""
    for offsets, counts in _SEGMENTS:
        ends = (start + count for start, count in zip(page.numbers(offsets), page.numbers(counts), strict=False))
        if any(end > size for end in ends):
            return False
    return True
