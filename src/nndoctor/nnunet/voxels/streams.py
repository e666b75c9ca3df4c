"""The bytes of an image's voxels, chunk by chunk, from wherever the header says that they lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nndoctor.nnunet.files import BadFileError, CutShortError
from nndoctor.nnunet.headers import ImageHeader, Source, Storage
from nndoctor.nnunet.headers.open_file import OpenFile
from nndoctor.nnunet.voxels.inflating import CHUNK, inflated
from nndoctor.nnunet.voxels.model import CorruptError

MOST_SURPLUS = 1024 * 1024


@dataclass
class Stream:
    """What reading to the end of a stream left to tell: see Voxels.surplus."""

    surplus: int = 0


def voxel_bytes(path: Path, header: ImageHeader, item: int, end: Stream) -> Iterator[bytes]:
    """Exactly the bytes of the voxels, in chunks that hold whole numbers of `item` bytes.

    The stream is read on to its checksum; at most 1 MiB that follows the voxels is unpacked, however much there is.
    Raises BadFileError, CorruptError and CutShortError (but not when only the checksum is cut off:
    ITK reads such a file, and all voxels are there).
    """
    storage, expected = header.storage, header.expected_bytes
    if storage is None or expected is None:
        raise BadFileError(f"voxels of unknown type '{header.datatype}'")
    with OpenFile(path if storage.file is None else path.parent / storage.file) as source:
        yield from _aligned(_bounded(_chunks(source, storage, expected), expected, end), item)


def _chunks(source: Source, storage: Storage, expected: int) -> Iterator[bytes]:
    if storage.encoding == "gzipped-file":
        return _without_start(inflated(source, 0, "gzip"), storage.start)
    if storage.encoding in ("gzip", "zlib"):
        gzip = source.at(storage.start, 2) == b"\x1f\x8b"
        return inflated(source, storage.start, "gzip" if gzip else "zlib")
    return _raw(source, storage.start, storage.start + expected)


def _raw(source: Source, start: int, end: int) -> Iterator[bytes]:
    while start < end and (block := source.at(start, min(CHUNK, end - start))):
        start += len(block)
        yield block


def _without_start(chunks: Iterator[bytes], start: int) -> Iterator[bytes]:
    for chunk in chunks:
        if start < len(chunk):
            yield chunk[start:] if start else chunk
        start = max(0, start - len(chunk))


def _bounded(chunks: Iterator[bytes], expected: int, end: Stream) -> Iterator[bytes]:
    """The first `expected` bytes; what follows is counted in `end`."""
    given = 0
    try:
        for chunk in chunks:
            if given < expected:
                yield chunk if given + len(chunk) <= expected else chunk[: expected - given]
            given += len(chunk)
            end.surplus = max(0, given - expected)
            if end.surplus > MOST_SURPLUS:
                return
    except CutShortError:
        if given < expected:
            raise
        if given > expected:
            raise CorruptError("the compressed stream goes on beyond the voxels and never ends") from None
    if given < expected:
        raise CutShortError(f"holds {given:,} of the {expected:,} bytes of its voxels")


def _aligned(chunks: Iterator[bytes], item: int) -> Iterator[bytes]:
    """The same bytes in chunks whose lengths are multiples of `item`."""
    rest = b""
    for chunk in chunks:
        whole = rest + chunk if rest else chunk
        end = len(whole) - len(whole) % item
        rest = whole[end:]
        if end:
            yield whole if not rest else whole[:end]
