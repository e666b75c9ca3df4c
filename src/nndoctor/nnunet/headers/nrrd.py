"""NRRD, attached or detached (teem.sourceforge.net/nrrd/format.html, NRRD0001 to NRRD0005)."""

from __future__ import annotations

import math
import re
from typing import Literal

from msgspec.structs import replace

from nndoctor.nnunet.files import BadFileError
from nndoctor.nnunet.headers.directions import lengths
from nndoctor.nnunet.headers.model import ImageHeader, Source, Storage, checked_shape
from nndoctor.nnunet.headers.nrrd_directions import placement, words_of
from nndoctor.nnunet.headers.text_fields import data_bytes, integers, reals, required

MAGIC = b"NRRD000"
LONGEST_HEADER = 1024 * 1024
_DOMAIN = {"domain", "space", "time"}
_TYPES = {
    "int8": ("signed char", "int8", "int8_t"),
    "uint8": ("uchar", "unsigned char", "uint8", "uint8_t"),
    "int16": ("short", "short int", "signed short", "signed short int", "int16", "int16_t"),
    "uint16": ("ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"),
    "int32": ("int", "signed int", "int32", "int32_t"),
    "uint32": ("uint", "unsigned int", "uint32", "uint32_t"),
    "int64": ("longlong", "long long", "long long int", "signed long long", "int64", "int64_t"),
    "uint64": ("ulonglong", "unsigned long long", "unsigned long long int", "uint64", "uint64_t"),
    "float32": ("float",),
    "float64": ("double",),
}
_ENCODINGS = {"raw": "raw", "gzip": "gzip", "gz": "gzip"}
_NAMES = {spelling: name for name, spellings in _TYPES.items() for spelling in spellings}


def read(source: Source) -> ImageHeader:
    """The header of at most 1 MiB; axes that are no domain (vector, RGB-color, list) count as components.

    Raises BadFileError.
    """
    head = source.at(0, LONGEST_HEADER)
    fields, end = _fields(head)
    sizes = checked_shape(integers(required(fields, "sizes")))
    spatial = _spatial(fields, len(sizes))
    datatype = _NAMES.get(fields.get("type", "").lower(), fields.get("type", "unknown")[:20])
    inner = math.prod(size for size, domain in zip(sizes, spatial, strict=True) if not domain)
    place = placement(fields, spatial)
    header = ImageHeader(
        format="NRRD",
        shape=checked_shape(tuple(size for size, domain in zip(sizes, spatial, strict=True) if domain)),
        spacing=_spacing(fields, spatial),
        components=inner,
        datatype=datatype,
        expected_bytes=data_bytes(sizes, 1, _width(datatype)),
        origin=place.origin,
        direction=place.direction,
        orthonormal=place.orthonormal,
    )
    return _with_length(header, fields, end, source)


def _fields(head: bytes) -> tuple[dict[str, str], int]:
    """The fields by lower-case name, and the offset in bytes of what follows the header."""
    blank = re.search(rb"\r?\n\r?\n", head)
    end = blank.end() if blank else len(head)
    lines = head[:end].decode("utf-8", "replace").splitlines()[1:]
    pairs = (line.split(":", 1) for line in lines if ":" in line and not line.startswith("#"))
    fields = {key.strip().lower(): value.strip() for key, value in pairs if not value.startswith("=")}
    if not blank and "data file" not in fields and "datafile" not in fields:
        raise BadFileError("the NRRD header has no end")
    return fields, end


def _spatial(fields: dict[str, str], axes: int) -> list[bool]:
    kinds = fields.get("kinds", "").lower().split()
    if len(kinds) == axes:
        return [kind in _DOMAIN or kind in ("???", "none") for kind in kinds]
    directions = words_of(fields)
    return [word != "none" for word in directions] if len(directions) == axes else [True] * axes


def _spacing(fields: dict[str, str], spatial: list[bool]) -> tuple[float, ...]:
    """The length of each space direction, or the spacings, of the axes that are domain."""
    steps = [math.hypot(*reals(word)) if word != "none" else None for word in words_of(fields)]
    if not steps and "spacings" in fields:
        steps = [abs(step) for step in reals(fields["spacings"])]
    if len(steps) != len(spatial):
        return ()
    return lengths(step for step, domain in zip(steps, spatial, strict=True) if domain and step is not None)


def _width(datatype: str) -> int | None:
    bits = re.fullmatch(r"u?(?:int|float)(\d\d?)", datatype)
    return int(bits[1]) // 8 if bits else None


def _with_length(header: ImageHeader, fields: dict[str, str], end: int, source: Source) -> ImageHeader:
    """`header` with where its voxels lie, and what that says about the length of an attached raw or gzip body."""
    storage = _storage(fields, end, header.expected_bytes, source.size)
    if storage is None or header.expected_bytes is None:
        return header
    if storage.file is None and storage.encoding == "raw":
        return replace(header, storage=storage, complete=source.size >= storage.start + header.expected_bytes)
    if storage.file is None:
        return replace(header, storage=storage, gzip_start=end, gzip_bytes=header.expected_bytes)
    return replace(header, storage=storage)


def _storage(fields: dict[str, str], end: int, expected: int | None, size: int) -> Storage | None:
    """None for what only a library reads: text, hex, bzip2, several files, skipped lines or packed bytes.

    A byte skip of -1 says that the voxels are the end of the file.
    """
    name = fields.get("data file", fields.get("datafile"))
    encoding = _ENCODINGS.get(fields.get("encoding", "").lower())
    skip = fields.get("byte skip", fields.get("byteskip", "0"))
    if encoding is None or fields.get("line skip", fields.get("lineskip", "0")) != "0":
        return None
    if name is not None and (name.upper().startswith("LIST") or "%" in name):
        return None
    if not re.fullmatch(r"-?\d{1,18}", skip) or (encoding == "gzip" and int(skip) != 0):
        return None
    if int(skip) < 0 and (name is not None or expected is None):
        return None
    begin = end if name is None else 0
    start = begin + int(skip) if int(skip) >= 0 else max(begin, size - (expected or 0))
    order: Literal["<", ">"] = ">" if fields.get("endian", "").lower() == "big" else "<"
    return Storage(start, encoding, order, file=None if name is None else name[:1000])
