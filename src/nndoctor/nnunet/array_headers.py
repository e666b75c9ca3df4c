"""The shape of a preprocessed array, read from its header: .npy, the members of .npz, .b2nd. Nothing is unpickled."""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from math import prod
from pathlib import Path

from nndoctor.nnunet.files import BadFileError, opened
from nndoctor.nnunet.headers.model import Source

NPY = b"\x93NUMPY"
LONGEST_NPY_HEADER = 65_536
_LOCAL = b"PK\x03\x04"
_STORED, _DEFLATED = 0, 8
_LONGEST_FRAME_HEADER = 65_536
_META = b"\xa4b2nd"
_BIN32, _ARRAY, _INT64 = 0xC6, 0x90, 0xD3
_NPY_KIND = re.compile(rb"'descr': '[<>|=][biufc](\d{1,3})'")
_NPY_SHAPE = re.compile(rb"'shape': \(([\d, L]{0,200})\)")


@dataclass(frozen=True)
class ArrayHeader:
    """The axes of an array, and the bytes of one element; 0 where the header does not tell."""

    shape: tuple[int, ...]
    itemsize: int

    @property
    def bytes(self) -> int:
        return prod(self.shape) * self.itemsize


def array_header(path: Path) -> ArrayHeader | None:
    """The header of a .b2nd or .npy, or of `data` in a .npz; None where it cannot be told. Nothing is raised."""
    try:
        with opened(path) as (stream, size):
            source = Source(stream, size)
            if path.suffix == ".b2nd":
                return b2nd_header(source)
            return npy_header(_npz_start(source) if path.suffix == ".npz" else source.at(0, LONGEST_NPY_HEADER))
    except BadFileError:
        return None


def npy_header(head: bytes) -> ArrayHeader | None:
    """NPY 1.0 to 3.0 (numpy.lib.format): a Python dict as text; it is searched, not evaluated."""
    if not head.startswith(NPY) or len(head) < 12:
        return None
    kind, shape = _NPY_KIND.search(head), _NPY_SHAPE.search(head)
    if kind is None or shape is None:
        return None
    return ArrayHeader(tuple(int(axis) for axis in re.findall(rb"\d{1,18}", shape[1])), int(kind[1]))


def b2nd_header(source: Source) -> ArrayHeader | None:
    """The layer `b2nd` of a Blosc2 frame: msgpack of version, axes and the shape as int64 (c-blosc2, README_B2ND)."""
    head = source.at(0, _LONGEST_FRAME_HEADER)
    start = head.find(_META)
    body = head[int.from_bytes(head[start + 6 : start + 10], "big") :] if start >= 0 else b""
    if start < 0 or len(body) < 8 or body[0] != _BIN32:
        return None
    return _b2nd_shape(body[5:])


def _b2nd_shape(layer: bytes) -> ArrayHeader | None:
    """[version, axes, [shape as int64, ...], ...]."""
    if len(layer) < 4 or layer[0] & 0xF0 != _ARRAY:
        return None
    axes = layer[2]
    if layer[3] != _ARRAY | axes or not 0 < axes < 16 or len(layer) < 4 + 9 * axes:
        return None
    if any(layer[4 + 9 * axis] != _INT64 for axis in range(axes)):
        return None
    shape = tuple(struct.unpack_from(">q", layer, 5 + 9 * axis)[0] for axis in range(axes))
    return ArrayHeader(shape, 0) if min(shape) > 0 else None


def _npz_start(source: Source) -> bytes:
    """The first bytes of the first member of a .npz, which numpy.savez_compressed(data=..., seg=...) calls data.npy."""
    head = source.at(0, 30)
    if len(head) < 30 or not head.startswith(_LOCAL):
        return b""
    method, names = struct.unpack_from("<H", head, 8)[0], struct.unpack_from("<HH", head, 26)
    if source.at(30, names[0]) != b"data.npy":
        return b""
    start = source.at(30 + sum(names), LONGEST_NPY_HEADER)
    if method == _STORED:
        return start
    return _inflated(start) if method == _DEFLATED else b""


def _inflated(start: bytes) -> bytes:
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(start, 1024)
    except zlib.error:
        return b""
