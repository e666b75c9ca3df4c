"""Bytes of unknown encoding become text. Never raises: what cannot be decoded is replaced, and said."""

from __future__ import annotations

import codecs

BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
PROBE = 64 * 1024


def detect_encoding(head: bytes) -> str:
    """Name of the encoding that the first bytes suggest; PowerShell's `>` writes UTF-16, Chinese Windows GBK."""
    for bom, name in BOMS:
        if head.startswith(bom):
            return name
    return _utf16_without_bom(head) or _eight_bit(head)


def _utf16_without_bom(head: bytes) -> str | None:
    sample = head[:4096]
    if len(sample) < 8 or b"\0" not in sample:
        return None
    if sample[1::2].count(0) > 0.6 * len(sample[1::2]):
        return "utf-16-le"
    if sample[0::2].count(0) > 0.6 * len(sample[0::2]):
        return "utf-16-be"
    return None


def _eight_bit(head: bytes) -> str:
    sample = head[:PROBE]
    if _decodes(sample, "utf-8"):
        return "utf-8"
    high = [byte for byte in sample if byte >= 0x80]
    paired = _high_pairs(sample)
    if _decodes(sample, "gb18030") and 2 * paired >= 0.9 * len(high):
        return "gb18030"
    return "utf-8" if _mostly_utf8(sample) else "cp1252"


def _decodes(sample: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        decoder.decode(sample, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _high_pairs(sample: bytes) -> int:
    pairs = position = 0
    while position < len(sample) - 1:
        both = sample[position] >= 0x81 and sample[position + 1] >= 0x80
        pairs += both
        position += 2 if both else 1
    return pairs


def _mostly_utf8(sample: bytes) -> bool:
    text = sample.decode("utf-8", "replace")
    broken = text.count("�")
    return broken * 4 < sum(char > "\x7f" for char in text)


def is_binary(head: bytes) -> bool:
    """Whether these first bytes belong to no text: NULs that are not UTF-16's, or mostly control bytes."""
    if detect_encoding(head) not in ("utf-8", "cp1252", "gb18030"):
        return False
    sample = head[:PROBE]
    controls = sum(byte < 32 and byte not in b"\t\n\r\x1b\b\f\a" for byte in sample)
    return controls > 0.02 * len(sample) + (0 if b"\0" not in sample else -1 + len(sample) * 0.01)


def decode(data: bytes) -> tuple[str, str]:
    """The text and the encoding's name; undecodable bytes become U+FFFD."""
    encoding = detect_encoding(data[:PROBE])
    return data.decode(encoding, "replace"), encoding
