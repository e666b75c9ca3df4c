"""What was seen of the files of a case. Records travel between processes and machines, as JSON lines too."""

from __future__ import annotations

from enum import Enum

import msgspec

from nndoctor.nnunet.headers import ImageHeader, Length
from nndoctor.nnunet.voxels import Voxels


class ExaminationError(Exception):
    """Cases that cannot be read in the way that was asked for; the text says why in one line."""


class Depth(str, Enum):
    """How much of the files is read: headers only, the voxels of labels too, or every voxel of every file."""

    headers = "headers"
    labels = "labels"
    deep = "deep"

    def reads_voxels(self, is_label: bool) -> bool:
        return self is Depth.deep or (self is Depth.labels and is_label)


class CaseFiles(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The files of a case by their paths; images in the order of their channels."""

    case: str
    images: list[str]
    label: str | None = None


class FileRecord(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One file: its size in bytes and time of change in ns, its header, and its voxels where they were read.

    length   whether it is as long as its header says, and its compressed stream whole; `detail` says more
    trouble  why it cannot be read at all, in words
    unread   why its voxels were not read though they were wanted: a library is missing
    reused   whether an earlier check saw all this, and the file is as it was then
    """

    path: str
    size: int = 0
    modified: int = 0
    depth: Depth = Depth.headers
    header: ImageHeader | None = None
    length: Length = "whole"
    detail: str | None = None
    trouble: str | None = None
    voxels: Voxels | None = None
    unread: str | None = None
    reused: bool = False

    def serves(self, depth: Depth, is_label: bool) -> bool:
        """Whether this shows all that a look of that depth would; what was read deeper serves any other."""
        if not depth.reads_voxels(is_label) or self.length != "whole":
            return True
        return self.voxels is not None and (self.voxels.foreground is not None or not is_label)

    @property
    def sound(self) -> ImageHeader | None:
        """The header of a file that can be read to its end; else None."""
        return self.header if self.trouble is None and self.length in ("whole", "unsettled") else None


class CaseRecord(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A case and its files, as they were seen."""

    case: str
    images: list[FileRecord]
    label: FileRecord | None = None

    @property
    def files(self) -> list[FileRecord]:
        return [*self.images, *([self.label] if self.label is not None else [])]
