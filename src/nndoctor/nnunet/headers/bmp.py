"""Windows and OS/2 bitmaps (BITMAPFILEHEADER, BITMAPCOREHEADER, BITMAPINFOHEADER; learn.microsoft.com)."""

from __future__ import annotations

import struct

from nndoctor.nnunet.files import BadFileError, CutShortError
from nndoctor.nnunet.headers.model import ImageHeader, Source, checked_shape

MAGIC = b"BM"


def read(head: bytes, source: Source) -> ImageHeader:
    """Width and height in pixels; rows are padded to 4 bytes. Raises BadFileError, CutShortError."""
    if len(head) < 34:
        raise CutShortError(f"ends after {len(head)} bytes, inside the BMP header")
    (data_offset, info_bytes) = struct.unpack_from("<II", head, 10)
    width, height, bits, compression = _size(head, info_bytes)
    checked_shape((width, height))
    expected = (width * bits + 31) // 32 * 4 * height
    return ImageHeader(
        format="BMP",
        shape=(width, height),
        spacing=(),
        components=_components(bits, head[14 + info_bytes : data_offset], 3 if info_bytes == 12 else 4),
        datatype="uint8",
        expected_bytes=expected if compression == 0 else None,
        complete=source.size >= data_offset + expected if compression == 0 else None,
    )


def _size(head: bytes, info_bytes: int) -> tuple[int, int, int, int]:
    """Width, height, bits per pixel and compression code."""
    if info_bytes == 12:
        width, height, _, bits = struct.unpack_from("<HHHH", head, 18)
        return width, height, bits, 0
    if info_bytes < 40:
        raise BadFileError(f"unknown BMP header of {info_bytes} bytes")
    width, height, _, bits, compression = struct.unpack_from("<iiHHI", head, 18)
    return width, abs(height), bits, compression


def _components(bits: int, palette: bytes, entry: int) -> int:
    """Numbers per pixel as a reader gives them: a palette of greys is one, any other palette is RGB."""
    if bits > 8:
        return 4 if bits == 32 else 3
    colours = [palette[start : start + 3] for start in range(0, len(palette) - 2, entry)]
    return 1 if all(len(set(colour)) == 1 for colour in colours) else 3
