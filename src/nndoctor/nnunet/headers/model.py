"""What the header of an image file says, whatever the format."""

from __future__ import annotations

from math import prod
from typing import BinaryIO, Literal

import msgspec

from nndoctor.nnunet.files import BadFileError

LARGEST_AXIS = 2**40


class Storage(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the voxels lie in the file, for whoever reads them.

    start      offset in bytes of the first voxel; in a file that is one gzip stream, offset after decompression
    encoding   raw; gzip or zlib: a stream that begins at `start`; gzipped-file: the whole file is one gzip stream;
               any other word is the format's own name of an encoding
    order      byte order of the numbers, little (<) or big (>) endian
    slope      the factor that the reader multiplies every voxel with, and
    intercept  what it adds afterwards (NIfTI: scl_slope and scl_inter)
    file       name of the file that holds the voxels, as the header writes it; None: the file of the header itself
    stored     bytes of the stored voxels when the header states them, else None
    """

    start: int
    encoding: str = "raw"
    order: Literal["<", ">"] = "<"
    slope: float = 1.0
    intercept: float = 0.0
    file: str | None = None
    stored: int | None = None


class ImageHeader(msgspec.Struct, frozen=True, omit_defaults=True):
    """One image file as its header describes it. All numbers are finite, so that it can be stored as JSON.

    shape           voxels per axis in the file's own order (x, y, z, t); at least one axis
    spacing         mm per axis, as many as the header states; empty when it states none; 0.0 where the file has 0 or
                    no finite number (in NIfTI ITK takes 1 mm for those, and says nothing)
    components      numbers per voxel: 3 for RGB, 4 for RGBA, n for a vector image
    datatype        the type of one number: uint8, int16, float32, ...
    expected_bytes  bytes of voxel data before compression; None when the format does not fix it
    complete        False when the file is shorter than it says, True when it is long enough;
                    None when the header alone cannot tell
    gzip_start      offset in bytes of the gzip stream that holds the voxels; None when there is none
    gzip_bytes      bytes that this stream must hold before compression
    origin          mm, as SimpleITK's GetOrigin (LPS): one number per axis; empty when the format states none
    direction       direction cosines, as SimpleITK's GetDirection: row by row; empty when the format states none,
                    and when ITK finds none that it accepts
    orthonormal     False when ITK refuses to read the file because of its directions ("ITK only supports orthonormal
                    direction cosines", "Bad direction, determinant is 0"); None when the format states none
    variant         NIfTI-2 (ITK 5.4, and so SimpleITK, cannot read it), Analyze 7.5, or empty
    storage         how the voxels lie in the file; None when only a library can read them
    """

    format: str
    shape: tuple[int, ...]
    spacing: tuple[float, ...]
    components: int
    datatype: str
    expected_bytes: int | None = None
    complete: bool | None = None
    gzip_start: int | None = None
    gzip_bytes: int | None = None
    origin: tuple[float, ...] = ()
    direction: tuple[float, ...] = ()
    orthonormal: bool | None = None
    variant: str = ""
    storage: Storage | None = None

    @property
    def voxels(self) -> int:
        return prod(self.shape)

    @property
    def channels(self) -> int:
        """Channels that the file adds to its case: the fourth axis times the numbers per voxel."""
        return prod(self.shape[3:]) * self.components


class Source:
    """A file that can be read anywhere; `size` in bytes."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self.size = size

    def at(self, offset: int, count: int) -> bytes:
        """At most `count` bytes from `offset`; fewer at the end of the file, none beyond it."""
        if not 0 <= offset < self.size or count <= 0:
            return b""
        return self._read(offset, min(count, self.size - offset))

    def _read(self, offset: int, count: int) -> bytes:
        self._stream.seek(offset)
        return self._stream.read(count)


def checked_shape(axes: tuple[int, ...]) -> tuple[int, ...]:
    """The axes, when an image can have them. Raises BadFileError when one is not positive, or absurd."""
    if not axes or len(axes) > 16:
        raise BadFileError(f"{len(axes)} axes in the header")
    if min(axes) <= 0 or max(axes) >= LARGEST_AXIS:
        raise BadFileError(f"impossible shape {list(axes)} in the header")
    return axes


def without_trailing_ones(axes: tuple[int, ...], keep: int = 3) -> tuple[int, ...]:
    """Axes of length one after the `keep`th are dropped, as ITK does when it reads NIfTI."""
    end = len(axes)
    while end > keep and axes[end - 1] == 1:
        end -= 1
    return axes[:end]
