"""Compressed streams, chunk by chunk, with every checksum looked at: isal where it is installed, else zlib."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Literal, Protocol, cast

from nndoctor.nnunet.files import CutShortError
from nndoctor.nnunet.headers import Source
from nndoctor.nnunet.voxels.model import CorruptError

PACKED = 256 * 1024
"""Compressed bytes per read."""
CHUNK = 256 * 1024
"""Bytes per chunk of voxels: they stay in the processor's cache until numpy has looked at them."""
_GZIP = b"\x1f\x8b"

Form = Literal["gzip", "zlib"]


class _Inflater(Protocol):
    """One member of a compressed stream (isal's IgzipDecompressor, or _Zlib)."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _Zlib:
    """zlib's decompressor with isal's manners: what does not fit into one answer is kept for the next."""

    def __init__(self, form: Form) -> None:
        self._inner = zlib.decompressobj(wbits=31 if form == "gzip" else 15)
        self._full = False

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail and not self._full

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        unpacked = self._inner.decompress(self._inner.unconsumed_tail + data, max_length)
        self._full = len(unpacked) == max_length
        return unpacked


def inflated(source: Source, start: int, form: Form) -> Iterator[bytes]:
    """The bytes of the stream that begins at `start`, in chunks of at most 256 KiB; nothing is held back.

    A gzip stream may have several members (bgzip); what follows the last and is none is ignored, as gzip does.
    Raises CorruptError for damage and for a wrong checksum or length, CutShortError when the file ends too early.
    """
    make, damage = _engine(form)
    given = 0
    try:
        for chunk in _members(_packed(source, start), make, form == "gzip"):
            given += len(chunk)
            yield chunk
    except damage as error:
        raise CorruptError(f"the {form} stream is damaged within {_size(given)} bytes: {_words(error)}") from error
    except EOFError as error:
        raise CutShortError(f"the {form} stream breaks off after {_size(given)} bytes") from error


def _members(packed: Iterator[bytes], make: Callable[[], _Inflater], several: bool) -> Iterator[bytes]:
    """Raises EOFError when the input ends within a member."""
    rest = next(packed, b"")
    while True:
        member = make()
        while not member.eof:
            if member.needs_input and not rest:
                rest = next(packed, b"")
                if not rest:
                    raise EOFError
            if chunk := member.decompress(rest, CHUNK):
                yield chunk
            rest = b""
        rest = member.unused_data
        if len(rest) < len(_GZIP):
            rest += next(packed, b"")
        if not several or not rest.startswith(_GZIP):
            return


def _packed(source: Source, start: int) -> Iterator[bytes]:
    while block := source.at(start, PACKED):
        start += len(block)
        yield block


def _engine(form: Form) -> tuple[Callable[[], _Inflater], type[Exception]]:
    """How a member is opened, and what is raised for a damaged one."""
    try:
        from isal import igzip_lib
    except ImportError:
        return lambda: _Zlib(form), zlib.error
    flag = igzip_lib.DECOMP_GZIP if form == "gzip" else igzip_lib.DECOMP_ZLIB
    return lambda: igzip_lib.IgzipDecompressor(flag), cast("type[Exception]", igzip_lib.IsalError)


def _words(error: Exception) -> str:
    """zlib and isal say the same in different words."""
    text = str(error).lower()
    if "checksum" in text or "data check" in text or "length check" in text:
        return "its checksum (CRC) is wrong"
    return (str(error).splitlines() or ["broken"])[0][:100]


def _size(count: int) -> str:
    return f"{count:,}"
