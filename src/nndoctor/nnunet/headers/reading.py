"""An image file of any format that nnU-Net reads becomes an ImageHeader, by its content and not by its name."""

from __future__ import annotations

import struct
from pathlib import Path

from nndoctor.nnunet.files import BadFileError, CutShortError, disguise
from nndoctor.nnunet.headers import bmp, gipl, gzipped, metaimage, nifti, nrrd, png, tiff
from nndoctor.nnunet.headers.gzipped import Effort, Length
from nndoctor.nnunet.headers.model import ImageHeader, Source
from nndoctor.nnunet.headers.open_file import OpenFile

HEAD_BYTES = 4096


def read_header(path: Path) -> ImageHeader:
    """The header of an image file. Reads at most 1 MiB of it. Raises BadFileError, CutShortError."""
    with OpenFile(path) as source:
        return header_of(source)


def inspect(path: Path | str, effort: Effort) -> tuple[ImageHeader, Length]:
    """The header, and whether the file (or the one that it names for its voxels) is as long as it says.

    Raises BadFileError, CutShortError.
    """
    with OpenFile(path) as source:
        header = header_of(source)
        if header.storage is not None and header.storage.file is not None:
            return header, _detached_length(Path(path), header, effort)
        return header, length(header, source, effort)


def length(header: ImageHeader, source: Source, effort: Effort) -> Length:
    if header.gzip_start is not None and header.gzip_bytes is not None:
        return gzipped.length_of(source, header.gzip_start, header.gzip_bytes, effort)
    return "cut" if header.complete is False else "whole"


def _detached_length(path: Path, header: ImageHeader, effort: Effort) -> Length:
    """Whether the file that holds the voxels is long enough. Raises BadFileError when it cannot be opened."""
    storage, expected = header.storage, header.expected_bytes
    if storage is None or storage.file is None:
        return "whole"
    with OpenFile(path.parent / storage.file) as source:
        if storage.encoding == "gzip" and expected is not None:
            return gzipped.length_of(source, storage.start, expected, effort)
        needed = expected if storage.encoding == "raw" else storage.stored
        return "cut" if needed is not None and source.size < storage.start + needed else "whole"


def header_of(source: Source) -> ImageHeader:
    """The header of an opened image file. Raises BadFileError, CutShortError."""
    head = source.at(0, HEAD_BYTES)
    if not head:
        raise CutShortError("empty file")
    try:
        return _by_content(head, source)
    except (struct.error, ValueError, OverflowError) as error:
        raise BadFileError(f"broken header: {error}"[:200]) from error


def _by_content(head: bytes, source: Source) -> ImageHeader:
    if head.startswith(gzipped.MAGIC):
        return nifti.read(gzipped.head_of(source, head, nifti.HEADER_BYTES), source, gzipped=True)
    if head.startswith(nrrd.MAGIC):
        return nrrd.read(source)
    if head.startswith(png.MAGIC):
        return png.read(head, source)
    if head.startswith(tiff.MAGICS):
        return tiff.read(source)
    if head.startswith(bmp.MAGIC):
        return bmp.read(head, source)
    if metaimage.looks_like(head):
        return metaimage.read(source)
    if gipl.looks_like(head) and nifti.byte_order(head) is None:
        return gipl.read(head, source)
    if nifti.byte_order(head) is not None:
        return nifti.read(head, source, gzipped=False)
    raise BadFileError(_what_else(head))


def _what_else(head: bytes) -> str:
    if (words := disguise(head)) is not None:
        return words
    if head[128:132] == b"DICM":
        return "a DICOM file: convert it first"
    if head.startswith(b"\xff\xd8\xff"):
        return "a JPEG file, which nnU-Net does not read"
    if not head.strip(b"\0"):
        return "begins with nothing but zero bytes"
    return "no image format that nnU-Net reads"
