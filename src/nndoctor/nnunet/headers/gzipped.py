"""The head of a gzip stream, and how much it holds, within bounds (RFC 1952)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from nndoctor.nnunet.files import BadFileError, CutShortError
from nndoctor.nnunet.headers.model import Source

MAGIC = b"\x1f\x8b"
LIKELY_ENOUGH = 1024
"""Packed bytes that nearly always hold a header; what they cost to unpack is most of the time a header takes."""
MOST_COMPRESSED_HEAD = 64 * 1024
CHUNK = 1024 * 1024
DENSEST = 1100
"""More than the 1,032 bytes that deflate can make of one (zlib's technical details)."""

Length = Literal["whole", "cut", "broken", "unsettled"]


@dataclass
class Effort:
    """How many bytes may still be decompressed to settle suspicions; shared by the files of one consultation."""

    bytes_left: int = 1024 * 1024 * 1024


def head_of(source: Source, start: bytes, wanted: int) -> bytes:
    """At most `wanted` bytes from the start of a gzip file, whose first bytes are `start`.

    Raises CutShortError, BadFileError.
    """
    head = _unpacked(start[:LIKELY_ENOUGH], wanted)
    if len(head) < wanted:
        head = _unpacked(source.at(0, MOST_COMPRESSED_HEAD), wanted)
    if not head:
        raise CutShortError("the gzip stream ends before its first byte")
    return head


def _unpacked(packed: bytes, wanted: int) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(packed, wanted)
    except zlib.error as error:
        raise BadFileError(f"broken gzip stream: {error}"[:200]) from error


def length_of(source: Source, start: int, expected: int, effort: Effort) -> Length:
    """Whether the gzip stream from `start` holds the `expected` bytes.

    The trailer (length modulo 4 GiB) answers at once when it agrees. It proves nothing when it does not: several
    members (bgzip) or padding change it. Then the stream is read through, as far as `effort` goes.
    """
    packed = source.size - start
    if packed > 18 and _trailer(source) == expected % 2**32:
        return "whole"
    if expected > packed * DENSEST:
        return "cut"
    if expected > effort.bytes_left:
        return "unsettled"
    try:
        return _read_through(source, start, expected, effort)
    except zlib.error:
        return "broken"


def _trailer(source: Source) -> int | None:
    tail = source.at(source.size - 4, 4)
    return int(struct.unpack("<I", tail)[0]) if len(tail) == 4 else None


def _read_through(source: Source, start: int, expected: int, effort: Effort) -> Length:
    """A lost trailer alone harms nobody; a stream that goes on beyond its voxels and never ends is damaged."""
    held = 0
    for unpacked, cost, ended in _steps(source, start):
        held += unpacked
        effort.bytes_left -= cost
        if held > expected + CHUNK or (held >= expected and ended):
            return "whole"
        if effort.bytes_left <= 0:
            return "whole" if held >= expected else "unsettled"
    return "cut" if held < expected else "whole" if held == expected else "broken"


def _steps(source: Source, start: int) -> Iterator[tuple[int, int, bool]]:
    """Decompresses member after member: the bytes that a step gave, the bytes it cost, whether a member ended."""
    member, packed, offset = zlib.decompressobj(wbits=31), b"", start
    while True:
        if len(packed) < len(MAGIC):
            more = source.at(offset, CHUNK)
            packed, offset = packed + more, offset + len(more)
        if not packed or (member.eof and not packed.startswith(MAGIC)):
            return
        if member.eof:
            member = zlib.decompressobj(wbits=31)
        unpacked = len(member.decompress(packed, CHUNK))
        rest = member.unused_data if member.eof else member.unconsumed_tail
        yield unpacked, unpacked + len(packed) - len(rest) + 64, member.eof
        if not unpacked and not member.eof and len(rest) == len(packed):
            return
        packed = rest
