"""GIPL, as ITK reads it (Modules/IO/GIPL/src/itkGiplImageIO.cxx, ITK 5): 256 bytes of header, big endian."""

from __future__ import annotations

import struct
from math import prod

from nndoctor.nnunet.files import BadFileError
from nndoctor.nnunet.headers.directions import flipped, identity, lengths, placed
from nndoctor.nnunet.headers.model import ImageHeader, Source, Storage, checked_shape, without_trailing_ones

HEADER_BYTES = 256
_MAGICS = (0xEFFFE9B0, 0x2AE389B8)
_TYPES = {
    7: ("int8", 1),
    8: ("uint8", 1),
    15: ("int16", 2),
    16: ("uint16", 2),
    31: ("uint32", 4),
    32: ("int32", 4),
    64: ("float32", 4),
    65: ("float64", 8),
}


def looks_like(head: bytes) -> bool:
    return len(head) >= HEADER_BYTES and struct.unpack_from(">I", head, 252)[0] in _MAGICS


def read(head: bytes, source: Source) -> ImageHeader:
    """The header in the first 256 bytes. ITK reads no directions from GIPL: the axes are those of the patient.

    Raises BadFileError.
    """
    axes = struct.unpack_from(">4H", head, 0)
    (code,) = struct.unpack_from(">H", head, 8)
    spacing = struct.unpack_from(">4f", head, 10)
    origin = struct.unpack_from(">4d", head, 204)
    if code not in _TYPES:
        raise BadFileError(f"unknown GIPL type {code}")
    name, width = _TYPES[code]
    shape = without_trailing_ones(checked_shape(tuple(axis for axis in axes if axis)))
    expected = prod(shape) * width
    rank = len(shape)
    place = placed(origin[:rank], flipped(identity(rank), spacing[:rank]), True)
    return ImageHeader(
        format="GIPL",
        shape=shape,
        spacing=lengths(spacing[: min(rank, 3)]),
        components=1,
        datatype=name,
        expected_bytes=expected,
        complete=source.size >= HEADER_BYTES + expected,
        origin=place.origin,
        direction=place.direction,
        orthonormal=place.orthonormal,
        storage=Storage(HEADER_BYTES, order=">"),
    )
