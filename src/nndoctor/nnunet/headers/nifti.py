"""NIfTI-1 and NIfTI-2, both byte orders, plain or gzipped (nifti1.h of 2007, nifti2.h of 2011, nifti.nimh.nih.gov)."""

from __future__ import annotations

import math
import struct
from typing import Literal, NamedTuple

from nndoctor.nnunet.files import BadFileError, CutShortError
from nndoctor.nnunet.headers.directions import lengths
from nndoctor.nnunet.headers.model import ImageHeader, Source, Storage, checked_shape, without_trailing_ones
from nndoctor.nnunet.headers.nifti_directions import MM, Forms, placement

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
_VECTORS = (1005, 1006, 1007)
"""Intents of a symmetric matrix, a displacement and a vector."""

Order = Literal["<", ">"]
_NIFTI1 = {order: struct.Struct(order + "i36x8h12x2h4x8f3f3xB12xf112x2h6f12f16x4s") for order in ("<", ">")}
_NIFTI2 = {order: struct.Struct(order + "i8sh2x8q24x8dq2d24xd120x2i6d12d4x2i") for order in ("<", ">")}
_LITTLE, _BIG = {(n).to_bytes(4, "little") for n in (348, 540)}, {(n).to_bytes(4, "big") for n in (348, 540)}
_MAGIC = (b"n+1", b"ni1")


class _Fields(NamedTuple):
    """The fields of either version. `start` is the offset of the voxels in bytes."""

    dims: tuple[int, ...]
    intent: int
    datatype: int
    start: int
    slope: float
    intercept: float
    forms: Forms
    detached: bool
    variant: str


def byte_order(head: bytes) -> Order | None:
    """The byte order of a NIfTI header, told by its own length (348 or 540) in its first four bytes; where that is
    damaged, by the number of axes, as ITK tells it, if the magic of NIfTI-1 is there. Else None."""
    first = head[:4]
    if first in _LITTLE:
        return "<"
    if first in _BIG:
        return ">"
    if head[344:347] not in _MAGIC:
        return None
    return "<" if 1 <= int.from_bytes(head[40:42], "little") <= 7 else ">"


def read(head: bytes, source: Source, gzipped: bool) -> ImageHeader:
    """The header in `head` (the first bytes after decompression). Raises BadFileError, CutShortError.

    A fifth axis is a vector, as in ITK and in nifti1.h; `gzip_bytes` counts the header as well.
    """
    order = byte_order(head)
    fields = _fields(head, order)
    dims, forms = checked_shape(fields.dims), fields.forms
    name, voxel_bytes, components = _datatype(fields.datatype)
    axes = dims if len(dims) < 5 else dims[:4] + dims[5:]
    shape = without_trailing_ones(axes, 1 if fields.intent in _VECTORS else 3)
    expected = math.prod(dims) * voxel_bytes
    end = None if fields.detached else fields.start + expected
    place = placement(forms, len(shape))
    scale = MM.get(forms.units & 7, 1.0)
    return ImageHeader(
        format="NIfTI",
        shape=shape,
        spacing=lengths([step * scale for step in forms.pixdim[1 : min(len(shape), 3) + 1]]),
        components=components * (dims[4] if len(dims) > 4 else 1),
        datatype=name,
        expected_bytes=expected,
        complete=None if gzipped or end is None else source.size >= end,
        gzip_start=0 if gzipped else None,
        gzip_bytes=end if gzipped else None,
        origin=place.origin,
        direction=place.direction,
        orthonormal=place.orthonormal,
        variant=fields.variant,
        storage=_storage(fields, order or "<", gzipped),
    )


def _storage(fields: _Fields, order: Order, gzipped: bool) -> Storage | None:
    """ITK rescales unless the slope is 0, and takes a slope or intercept that is not finite for 0."""
    if fields.detached:
        return None
    slope = fields.slope if math.isfinite(fields.slope) and abs(fields.slope) > 2.3e-16 else 1.0
    intercept = fields.intercept if math.isfinite(fields.intercept) else 0.0
    return Storage(fields.start, "gzipped-file" if gzipped else "raw", order, slope, intercept)


def _fields(head: bytes, order: Order | None) -> _Fields:
    if order is None:
        raise BadFileError("no NIfTI header: its length field is neither 348 nor 540")
    length = 540 if head[:4] in (b"\x1c\x02\0\0", b"\0\0\x02\x1c") else 348
    if len(head) < length:
        raise CutShortError(f"ends after {len(head)} of the {length} bytes of its header")
    return _of_nifti1(head, order) if length == 348 else _of_nifti2(head, order)


def _of_nifti1(head: bytes, order: Order) -> _Fields:
    """ITK reads the voxels from vox_offset, but never from before the end of the 348 bytes of the header."""
    v = _NIFTI1[order].unpack_from(head)
    forms = Forms(v[11:19], v[24], v[25], v[26:32], v[32:44], v[22], v[23])
    start = int(v[19]) if 348 <= v[19] < 2**40 else 348
    magic = v[44][:3]
    variant = "" if magic in _MAGIC else "Analyze 7.5"
    return _Fields(_used(v[1:9]), v[9], v[10], start, v[20], v[21], forms, magic != b"n+1", variant)


def _of_nifti2(head: bytes, order: Order) -> _Fields:
    v = _NIFTI2[order].unpack_from(head)
    forms = Forms(v[11:19], v[23], v[24], v[25:31], v[31:43], v[43], v[22])
    start = max(v[19], 540)
    return _Fields(_used(v[3:11]), v[44], v[2], start, v[20], v[21], forms, v[1][:3] != b"n+2", "NIfTI-2")


def _used(dims: tuple[int, ...]) -> tuple[int, ...]:
    if not 1 <= dims[0] <= 7:
        raise BadFileError(f"the header claims {dims[0]} dimensions")
    return dims[1 : dims[0] + 1]


def _datatype(code: int) -> tuple[str, int, int]:
    if code not in _DATATYPES:
        raise BadFileError(f"unknown NIfTI datatype {code}")
    return _DATATYPES[code]
