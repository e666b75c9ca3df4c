"""MetaImage, .mha and .mhd (itk.org/Wiki/MetaIO/Documentation)."""

from __future__ import annotations

import re

from nndoctor.nnunet.files import BadFileError
from nndoctor.nnunet.headers.directions import Placement, accepted, flipped, identity, lengths, placed, transposed
from nndoctor.nnunet.headers.model import ImageHeader, Source, Storage, checked_shape
from nndoctor.nnunet.headers.text_fields import data_bytes, integers, reals, required

LONGEST_HEADER = 256 * 1024
_START = re.compile(rb"\s{0,20}(?:ObjectType|ObjectSubType|Comment|NDims|ID|Name)\s{0,20}=")
_LAST = re.compile(rb"ElementDataFile[ \t]{0,20}=[^\n]{0,1000}\n?")
_TYPES = {
    "MET_CHAR": ("int8", 1),
    "MET_UCHAR": ("uint8", 1),
    "MET_SHORT": ("int16", 2),
    "MET_USHORT": ("uint16", 2),
    "MET_INT": ("int32", 4),
    "MET_UINT": ("uint32", 4),
    "MET_LONG_LONG": ("int64", 8),
    "MET_ULONG_LONG": ("uint64", 8),
    "MET_FLOAT": ("float32", 4),
    "MET_DOUBLE": ("float64", 8),
}


def looks_like(head: bytes) -> bool:
    return _START.match(head) is not None


def read(source: Source) -> ImageHeader:
    """The header of at most 256 KiB. Raises BadFileError."""
    fields, end = _fields(source.at(0, LONGEST_HEADER))
    shape = checked_shape(integers(required(fields, "DimSize")))
    components = checked_shape(integers(fields.get("ElementNumberOfChannels", "1")))[0]
    name, width = _TYPES.get(required(fields, "ElementType"), (fields["ElementType"][:20], None))
    expected = data_bytes(shape, components, width)
    steps = reals(fields.get("ElementSpacing", fields.get("ElementSize", "")))
    place = _placement(fields, len(shape), steps)
    return ImageHeader(
        format="MetaImage",
        shape=shape,
        spacing=lengths(steps),
        components=components,
        datatype=name,
        expected_bytes=expected,
        complete=_complete(fields, end, expected, source.size),
        origin=place.origin,
        direction=place.direction,
        orthonormal=place.orthonormal,
        storage=_storage(fields, end),
    )


def _placement(fields: dict[str, str], axes: int, steps: tuple[float, ...]) -> Placement:
    direction = _direction(fields, axes)
    if len(direction) != axes * axes:
        return Placement((), (), False)
    turned = flipped(direction, steps) if len(steps) == axes else direction
    return placed(_origin(fields, axes), turned, accepted(direction, axes))


def _origin(fields: dict[str, str], axes: int) -> tuple[float, ...]:
    """The last of the three names that MetaIO knows counts (metaObject.cxx); zero when the header has none."""
    for name in ("Origin", "Offset", "Position"):
        if name in fields:
            origin = reals(fields[name])
            return origin if len(origin) == axes else ()
    return (0.0,) * axes


def _direction(fields: dict[str, str], axes: int) -> tuple[float, ...]:
    """MetaIO writes the direction of one axis per row, where ITK has one per column."""
    for name in ("TransformMatrix", "Rotation", "Orientation"):
        if name in fields:
            matrix = reals(fields[name])
            return transposed(matrix, axes) if len(matrix) == axes * axes else ()
    return identity(axes)


def _storage(fields: dict[str, str], end: int) -> Storage | None:
    """None for voxels as text, and for a list or pattern of files."""
    name = fields["ElementDataFile"]
    local = name.upper() == "LOCAL"
    skip = fields.get("HeaderSize", "0")
    if not _truth(fields, "BinaryData", True) or name.upper().startswith("LIST") or "%" in name or skip != "0":
        return None
    big = _truth(fields, "BinaryDataByteOrderMSB", False) or _truth(fields, "ElementByteOrderMSB", False)
    return Storage(
        start=end if local else 0,
        encoding="zlib" if _truth(fields, "CompressedData", False) else "raw",
        order=">" if big else "<",
        file=None if local else name[:1000],
        stored=_compressed_bytes(fields),
    )


def _truth(fields: dict[str, str], key: str, default: bool) -> bool:
    """MetaIO takes a word that begins with T, t or 1 for true."""
    return fields[key][:1] in ("T", "t", "1") if key in fields else default


def _fields(head: bytes) -> tuple[dict[str, str], int]:
    last = _LAST.search(head)
    if last is None:
        raise BadFileError("the MetaImage header has no ElementDataFile")
    lines = head[: last.end()].decode("utf-8", "replace").split("\n")
    pairs = (line.split("=", 1) for line in lines if "=" in line)
    return {key.strip(): value.strip() for key, value in pairs}, last.end()


def _complete(fields: dict[str, str], end: int, expected: int | None, size: int) -> bool | None:
    """Whether the file holds all of the data that follow its header; None when they are elsewhere or of no fixed
    length. CompressedDataSize is the length in bytes of the zlib stream."""
    if required(fields, "ElementDataFile").upper() != "LOCAL" or not _truth(fields, "BinaryData", True):
        return None
    stored = _compressed_bytes(fields) if _truth(fields, "CompressedData", False) else expected
    return None if stored is None else size >= end + stored


def _compressed_bytes(fields: dict[str, str]) -> int | None:
    text = fields.get("CompressedDataSize", "")
    return int(text) if re.fullmatch(r"\d{1,18}", text) else None
