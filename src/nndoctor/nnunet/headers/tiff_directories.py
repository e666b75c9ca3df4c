"""The directories of a TIFF or BigTIFF file, within bounds (TIFF 6.0; BigTIFF: libtiff.gitlab.io)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from nndoctor.nnunet.files import BadFileError, CutShortError
from nndoctor.nnunet.headers.model import Source

MOST_PAGES = 4096
MOST_TAGS = 512
MOST_VALUES = 65_536
_FORMATS = {1: "B", 2: "c", 3: "H", 4: "I", 16: "Q"}
"""TIFF field type to struct format; the others hold nothing that is read here."""


@dataclass(frozen=True)
class Layout:
    """Byte order, and how wide offsets and counts are."""

    order: str
    big: bool

    def unpack(self, letters: str, data: bytes) -> tuple[int, ...]:
        return struct.unpack_from(self.order + letters, data)

    @property
    def offset(self) -> str:
        return "Q" if self.big else "I"

    @property
    def entry_bytes(self) -> int:
        return 20 if self.big else 12


@dataclass(frozen=True)
class Directory:
    """One page: its tags by number, each with type, count and the bytes that hold its value or offset."""

    tags: dict[int, tuple[int, int, bytes]]
    layout: Layout
    source: Source

    def numbers(self, tag: int) -> tuple[int, ...]:
        """The integers of a tag, at most 65,536; none when it is absent or no integer."""
        kind, count, _ = self.tags.get(tag, (0, 0, b""))
        letter = _FORMATS.get(kind)
        if letter is None or letter == "c":
            return ()
        count = min(count, MOST_VALUES)
        data = self._bytes(tag, count * struct.calcsize("=" + letter))
        return self.layout.unpack(f"{len(data) // struct.calcsize('=' + letter)}{letter}", data)

    def number(self, tag: int, default: int) -> int:
        return next(iter(self.numbers(tag)), default)

    def text(self, tag: int) -> str:
        """The text of a tag, at most 64 KiB; empty when it is absent."""
        kind, count, _ = self.tags.get(tag, (0, 0, b""))
        return self._bytes(tag, min(count, MOST_VALUES)).decode("utf-8", "replace") if kind == 2 else ""

    def _bytes(self, tag: int, length: int) -> bytes:
        inline = self.tags[tag][2]
        if length <= len(inline):
            return inline[:length]
        return self.source.at(self.layout.unpack(self.layout.offset, inline)[0], length)


def directories(source: Source) -> tuple[list[Directory], bool]:
    """The pages, at most 4,096, and whether the chain of pages is whole. Raises BadFileError, CutShortError."""
    layout, offset = _start(source.at(0, 16))
    pages: list[Directory] = []
    seen: set[int] = set()
    while offset and offset not in seen and len(pages) < MOST_PAGES:
        seen.add(offset)
        page = _page(source, layout, offset)
        if page is None:
            return _whole_or_cut(pages), False
        pages.append(page[0])
        offset = page[1]
    return _whole_or_cut(pages), True


def _whole_or_cut(pages: list[Directory]) -> list[Directory]:
    if not pages:
        raise CutShortError("the first TIFF directory lies beyond the end of the file")
    return pages


def _start(head: bytes) -> tuple[Layout, int]:
    """The layout, and the offset of the first directory in bytes."""
    layout = Layout("<" if head[:2] == b"II" else ">", head[2:4] in (b"+\0", b"\0+"))
    if len(head) < 16:
        raise CutShortError(f"ends after {len(head)} bytes, inside the TIFF header")
    offset = layout.unpack(layout.offset, head[8:] if layout.big else head[4:])[0]
    if offset == 0:
        raise BadFileError("a TIFF file without a directory")
    return layout, offset


def _page(source: Source, layout: Layout, offset: int) -> tuple[Directory, int] | None:
    """A directory and the offset of the next one; None when the file ends before it does."""
    letter, width = ("Q", 8) if layout.big else ("H", 2)
    counted = source.at(offset, width)
    if len(counted) < width:
        return None
    count = layout.unpack(letter, counted)[0]
    if count > MOST_TAGS:
        raise BadFileError(f"a TIFF directory of {count} tags")
    length = count * layout.entry_bytes
    pointer = 8 if layout.big else 4
    body = source.at(offset + width, length + pointer)
    if len(body) < length + pointer:
        return None
    tags = dict(_tag(layout, body[at : at + layout.entry_bytes]) for at in range(0, length, layout.entry_bytes))
    return Directory(tags, layout, source), layout.unpack(layout.offset, body[length:])[0]


def _tag(layout: Layout, entry: bytes) -> tuple[int, tuple[int, int, bytes]]:
    number, kind = layout.unpack("HH", entry)
    count = layout.unpack(layout.offset, entry[4:])[0]
    return number, (kind, count, entry[12:] if layout.big else entry[8:])
