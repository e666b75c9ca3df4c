"""Is a zip whole? Told by its central directory alone; nothing is decompressed and nothing is unpickled.

Checkpoints of torch 1.6 and newer and .npz files are zips (PKWARE APPNOTE 6.3.10; zip64 beyond 4 GiB).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from nndoctor.nnunet.files import disguise
from nndoctor.nnunet.headers.model import Source

MAGIC = b"PK\x03\x04"
_END, _LOCATOR, _END64, _MEMBER = b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06", b"PK\x01\x02"
_LONGEST_END = 22 + 65_535
_MOST_DIRECTORY = 16 * 1024 * 1024


class _Directory(NamedTuple):
    members: int
    size: int
    offset: int


def zip_problem(source: Source) -> str | None:
    """Why a file is not a whole zip, in words; None when its directory is there and all members lie before it."""
    if source.size == 0:
        return "empty file"
    head = source.at(0, 64)
    if not head.startswith(MAGIC):
        return disguise(head) or "no zip file: it begins with other bytes"
    directory = _directory(source)
    if directory is None:
        return "truncated: the zip directory at its end is missing"
    if directory.offset + directory.size > source.size:
        return "truncated: the zip directory lies beyond its end"
    return _members_problem(source, directory)


def _directory(source: Source) -> _Directory | None:
    start = max(0, source.size - _LONGEST_END)
    tail = source.at(start, _LONGEST_END)
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22:
        return None
    members, size, offset = struct.unpack_from("<HII", tail, at + 10)
    locator = source.at(start + at - 20, 20)
    if members == 0xFFFF or 0xFFFFFFFF in (size, offset):
        return _directory64(source, locator)
    return _Directory(members, size, offset)


def _directory64(source: Source, locator: bytes) -> _Directory | None:
    if len(locator) < 20 or not locator.startswith(_LOCATOR):
        return None
    end = source.at(struct.unpack_from("<Q", locator, 8)[0], 56)
    if len(end) < 56 or not end.startswith(_END64):
        return None
    return _Directory(*struct.unpack_from("<QQQ", end, 32))


def _members_problem(source: Source, directory: _Directory) -> str | None:
    """Whether the members that the directory lists fit in front of it; the first 16 MiB of it are read."""
    listing = source.at(directory.offset, min(directory.size, _MOST_DIRECTORY))
    at = 0
    while at + 46 <= len(listing):
        if not listing.startswith(_MEMBER, at):
            return "broken: the zip directory is damaged"
        packed, _, name, extra, comment = struct.unpack_from("<IIHHH", listing, at + 20)
        (offset,) = struct.unpack_from("<I", listing, at + 42)
        if 0xFFFFFFFF not in (packed, offset) and offset + packed > directory.offset:
            return "truncated: a member lies beyond the zip directory"
        at += 46 + name + extra + comment
    return None if directory.members else "an empty zip"


class Member(NamedTuple):
    """A file inside a zip: `size` and `packed` in bytes, where its local header begins, CRC-32 of what it holds."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    offset: int


def members_of(source: Source) -> Iterator[Member]:
    """What the central directory lists, as far as its first 16 MiB go; nothing when it is not whole."""
    directory = _directory(source)
    if directory is None:
        return
    listing = source.at(directory.offset, min(directory.size, _MOST_DIRECTORY))
    at = 0
    while at + 46 <= len(listing) and listing.startswith(_MEMBER, at):
        method, crc, packed, size, name, extra, comment = struct.unpack_from("<H4xIIIHHH", listing, at + 10)
        (offset,) = struct.unpack_from("<I", listing, at + 42)
        start = at + 46
        numbers = _wide(listing[start + name : start + name + extra], size, packed, offset)
        yield Member(listing[start : start + name].decode("utf-8", "replace"), method, crc, *numbers)
        at = start + name + extra + comment


def _wide(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """packed, size and offset; those beyond 4 GiB stand in the extra field of zip64 (APPNOTE 4.5.3)."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            wide = iter(struct.unpack_from(f"<{min(length, len(extra) - at - 4) // 8}Q", extra, at + 4))
            size, packed, offset = (next(wide, each) if each == 0xFFFFFFFF else each for each in (size, packed, offset))
        at += 4 + length
    return packed, size, offset


def data_offset(source: Source, member: Member) -> int | None:
    """Where the bytes of a member begin; None when its local header is not there."""
    head = source.at(member.offset, 30)
    if len(head) < 30 or not head.startswith(MAGIC):
        return None
    name, extra = struct.unpack_from("<HH", head, 26)
    return int(member.offset + 30 + name + extra)
