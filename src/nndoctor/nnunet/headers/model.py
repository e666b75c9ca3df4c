"""What the header of an image file says, whatever the format."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import BinaryIO

import msgspec

from nndoctor.nnunet.files import BadFileError

LARGEST_AXIS = 2**40


class ImageHeader(msgspec.Struct, frozen=True):
    """One image file as its header describes it.

    shape           voxels per axis in the file's own order (x, y, z, t); at least one axis
    spacing         mm per axis, as many as the header states; empty when it states none
    components      numbers per voxel: 3 for RGB, 4 for RGBA, n for a vector image
    datatype        the type of one number: uint8, int16, float32, ...
    expected_bytes  bytes of voxel data before compression; None when the format does not fix it
    complete        False when the file is shorter than it says, True when it is long enough;
                    None when the header alone cannot tell
    gzip_start      offset in bytes of the gzip stream that holds the voxels; None when there is none
    gzip_bytes      bytes that this stream must hold before compression
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

    @property
    def voxels(self) -> int:
        return prod(self.shape)

    @property
    def channels(self) -> int:
        """Channels that the file adds to its case: the fourth axis times the numbers per voxel."""
        return prod(self.shape[3:]) * self.components


@dataclass(frozen=True)
class Source:
    """An image file that can be read anywhere; `size` in bytes."""

    stream: BinaryIO
    size: int

    def at(self, offset: int, count: int) -> bytes:
        """At most `count` bytes from `offset`; fewer at the end of the file, none beyond it."""
        if not 0 <= offset < self.size or count <= 0:
            return b""
        self.stream.seek(offset)
        return self.stream.read(min(count, self.size - offset))


def checked_shape(axes: tuple[int, ...]) -> tuple[int, ...]:
    """The axes, when an image can have them. Raises BadFileError when one is not positive, or absurd."""
    if not axes or len(axes) > 16:
        raise BadFileError(f"{len(axes)} axes in the header")
    if any(not 0 < axis < LARGEST_AXIS for axis in axes):
        raise BadFileError(f"impossible shape {list(axes)} in the header")
    return axes


def without_trailing_ones(axes: tuple[int, ...], keep: int = 3) -> tuple[int, ...]:
    """Axes of length one after the `keep`th are dropped, as ITK does when it reads NIfTI."""
    end = len(axes)
    while end > keep and axes[end - 1] == 1:
        end -= 1
    return axes[:end]
