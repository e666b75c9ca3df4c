"""What reading all voxels of an image shows, and why it may fail."""

from __future__ import annotations

import msgspec

from nndoctor.nnunet.files import BadFileError

MOST_VALUES = 1_000
INSTALL = "pip install 'nndoctor[images]'"


class Voxels(msgspec.Struct, frozen=True):
    """What reading all voxels of one file showed, as nnU-Net sees them: after the rescaling that a NIfTI header asks
    for. NaN and infinite voxels are counted as the file holds them (ITK turns those of NIfTI into zero).

    minimum     the smallest finite voxel; 0.0 when there is none
    maximum     the largest finite voxel; 0.0 when there is none
    nan         how many voxels are NaN
    infinite    how many voxels are infinite
    values      labels only: the distinct finite values, sorted; None when it is no label, or has more than 1,000
    foreground  labels only: how many voxels are greater than 0
    constant    whether all voxels are equal
    surplus     bytes that follow the voxels in the stream, counted up to 1 MiB; ITK ignores them
    """

    minimum: float
    maximum: float
    nan: int
    infinite: int
    values: list[int | float] | None
    foreground: int | None
    constant: bool
    surplus: int = 0


class CorruptError(BadFileError):
    """A file whose compressed stream is damaged, or whose checksum is wrong."""


class MissingLibraryError(Exception):
    """A library that reading voxels needs is not installed; the text names it and how it is installed."""

    def __init__(self, library: str) -> None:
        super().__init__(f"reading voxels needs {library}: {INSTALL}")


class UnsupportedError(MissingLibraryError):
    """No library that is used here reads these voxels, though nnU-Net's reader may; the text says what is special."""

    def __init__(self, what: str) -> None:
        Exception.__init__(self, f"its voxels were not looked at: {what}")
