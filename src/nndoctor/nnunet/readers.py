"""The classes that read images: which endings each lists, and what it takes (nnunetv2/imageio, v2.8.1; earlier releases
list fewer: .gipl and .nii came with v2.5.1)."""

from __future__ import annotations

from typing import Literal, NamedTuple

Axes = Literal[2, 3]


class Reader(NamedTuple):
    """The endings that a reader lists, and the axes that its images must have; None for either."""

    endings: tuple[str, ...]
    axes: Axes | None


READERS = {
    "NaturalImage2DIO": Reader((".png", ".bmp", ".tif"), 2),
    "SimpleITKIO": Reader((".nii.gz", ".nrrd", ".mha", ".gipl"), None),
    "SimpleITKIOWithReorient": Reader((".nii.gz", ".nrrd", ".mha", ".gipl"), None),
    "Tiff3DIO": Reader((".tif", ".tiff"), 3),
    "NibabelIO": Reader((".nii", ".nii.gz"), 3),
    "NibabelIOWithReorient": Reader((".nii", ".nii.gz"), 3),
}
FORMATS = {
    ".nii": "NIfTI",
    ".nii.gz": "NIfTI",
    ".nrrd": "NRRD",
    ".mha": "MetaImage",
    ".gipl": "GIPL",
}
"""What ITK and nibabel expect behind an ending: they choose by the name and then refuse other content."""


def ending_problem(ending: str, reader: str | None) -> str | None:
    """Why no reader will be found for files of this ending, in words; a reader that is named is not asked."""
    if reader is not None:
        return None
    listed = sorted({each for found in READERS.values() for each in found.endings})
    return None if ending.lower() in listed else f"no reader of nnU-Net lists {ending}; they list {', '.join(listed)}"


def reader_problem(format_: str, ending: str, axes: int, reader: str | None) -> str | None:
    """Why the reader that dataset.json or the plans name refuses an image, in words. ITK's take whatever ITK reads."""
    if reader not in READERS:
        return None
    if reader.startswith("SimpleITKIO"):
        return f"{reader} cannot read NIfTI-2" if format_ == "NIfTI-2" else None
    found = READERS[reader]
    if found.axes is not None and axes != found.axes:
        return f"{reader} takes images of {found.axes} axes, this one has {axes}"
    foreign = reader.startswith("NibabelIO") and not format_.startswith("NIfTI")
    if foreign or (reader == "Tiff3DIO" and ending not in found.endings):
        return f"{reader} reads {', '.join(found.endings)}, not {format_}"
    return None
