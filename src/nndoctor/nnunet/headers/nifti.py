"""NIfTI-1 and NIfTI-2, both byte orders, plain or gzipped (nifti1.h of 2007, nifti2.h of 2011, nifti.nimh.nih.gov)."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import Literal

from nndoctor.nnunet.files import BadFileError, CutShortError
from nndoctor.nnunet.headers.model import ImageHeader, Source, checked_shape, without_trailing_ones

HEADER_BYTES = 540
_DATATYPES = {
    2: ("uint8", 1, 1),
    4: ("int16", 2, 1),
    8: ("int32", 4, 1),
    16: ("float32", 4, 1),
    32: ("complex64", 8, 1),
    64: ("float64", 8, 1),
    128: ("uint8", 3, 3),
    256: ("int8", 1, 1),
    512: ("uint16", 2, 1),
    768: ("uint32", 4, 1),
    1024: ("int64", 8, 1),
    1280: ("uint64", 8, 1),
    1536: ("float128", 16, 1),
    1792: ("complex128", 16, 1),
    2048: ("complex256", 32, 1),
    2304: ("uint8", 4, 4),
}
"""NIfTI datatype code: name of one number, bytes per voxel, numbers per voxel."""


@dataclass(frozen=True)
class _Fields:
    dims: tuple[int, ...]
    pixdim: tuple[float, ...]
    datatype: int
    data_offset: int
    detached: bool


def byte_order(head: bytes) -> Literal["<", ">"] | None:
    """The byte order of a NIfTI header, told by its own length (348 or 540) in its first four bytes; else None."""
    if len(head) < 4:
        return None
    if struct.unpack("<i", head[:4])[0] in (348, 540):
        return "<"
    return ">" if struct.unpack(">i", head[:4])[0] in (348, 540) else None


def read(head: bytes, source: Source, gzipped: bool) -> ImageHeader:
    """The header in `head` (the first bytes after decompression). Raises BadFileError, CutShortError.

    A fifth axis is a vector, as in ITK and in nifti1.h; `gzip_bytes` counts the header as well.
    """
    fields = _fields(head)
    dims = checked_shape(fields.dims)
    name, voxel_bytes, components = _datatype(fields.datatype)
    axes = dims[:4] + dims[5:]
    expected = math.prod(dims) * voxel_bytes
    end = None if fields.detached else fields.data_offset + expected
    return ImageHeader(
        format="NIfTI",
        shape=without_trailing_ones(axes),
        spacing=tuple(abs(step) for step in fields.pixdim[: min(len(without_trailing_ones(axes)), 3)]),
        components=components * (dims[4] if len(dims) > 4 else 1),
        datatype=name,
        expected_bytes=expected,
        complete=None if gzipped or end is None else source.size >= end,
        gzip_start=0 if gzipped else None,
        gzip_bytes=end if gzipped else None,
    )


def _fields(head: bytes) -> _Fields:
    order = byte_order(head)
    if order is None:
        raise BadFileError("no NIfTI header: its length field is neither 348 nor 540")
    length = int(struct.unpack(f"{order}i", head[:4])[0])
    if len(head) < length:
        raise CutShortError(f"ends after {len(head)} of the {length} bytes of its header")
    return _of_nifti1(head, order) if length == 348 else _of_nifti2(head, order)


def _of_nifti1(head: bytes, order: str) -> _Fields:
    dims = struct.unpack_from(f"{order}8h", head, 40)
    (datatype,) = struct.unpack_from(f"{order}h", head, 70)
    pixdim = struct.unpack_from(f"{order}8f", head, 76)
    (offset,) = struct.unpack_from(f"{order}f", head, 108)
    detached = head[344:347] != b"n+1"
    start = int(offset) if math.isfinite(offset) and offset >= 352 else 352
    return _Fields(_used(dims), pixdim[1:], datatype, start, detached)


def _of_nifti2(head: bytes, order: str) -> _Fields:
    dims = struct.unpack_from(f"{order}8q", head, 16)
    (datatype,) = struct.unpack_from(f"{order}h", head, 12)
    pixdim = struct.unpack_from(f"{order}8d", head, 104)
    (offset,) = struct.unpack_from(f"{order}q", head, 168)
    return _Fields(_used(dims), pixdim[1:], datatype, max(offset, 544), head[4:7] != b"n+2")


def _used(dims: tuple[int, ...]) -> tuple[int, ...]:
    if not 1 <= dims[0] <= 7:
        raise BadFileError(f"the header claims {dims[0]} dimensions")
    return dims[1 : dims[0] + 1]


def _datatype(code: int) -> tuple[str, int, int]:
    if code not in _DATATYPES:
        raise BadFileError(f"unknown NIfTI datatype {code}")
    return _DATATYPES[code]
