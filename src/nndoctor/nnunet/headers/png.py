"""PNG (www.w3.org/TR/png-3): the IHDR chunk, and whether the IEND chunk is there."""

from __future__ import annotations

import struct

from nndoctor.nnunet.files import BadFileError, CutShortError
from nndoctor.nnunet.headers.model import ImageHeader, Source, checked_shape

MAGIC = b"\x89PNG\r\n\x1a\n"
TAIL_BYTES = 4096
_COMPONENTS = {0: 1, 2: 3, 3: 3, 4: 2, 6: 4}
"""Colour type to numbers per pixel as skimage.io gives them: a palette (3) becomes RGB."""


def read(head: bytes, source: Source) -> ImageHeader:
    """Width and height in pixels. PNG states no spacing that nnU-Net reads. Raises BadFileError, CutShortError."""
    if len(head) < 33:
        raise CutShortError(f"ends after {len(head)} bytes, inside the PNG header")
    if head[12:16] != b"IHDR":
        raise BadFileError("no IHDR chunk where PNG has it")
    width, height, depth, colour = struct.unpack_from(">IIBB", head, 16)
    if colour not in _COMPONENTS:
        raise BadFileError(f"unknown PNG colour type {colour}")
    components = _COMPONENTS[colour]
    return ImageHeader(
        format="PNG",
        shape=checked_shape((width, height)),
        spacing=(),
        components=components,
        datatype="uint16" if depth == 16 else "uint8",
        expected_bytes=width * height * components * (2 if depth == 16 else 1),
        complete=b"IEND" in source.at(max(0, source.size - TAIL_BYTES), TAIL_BYTES),
    )
