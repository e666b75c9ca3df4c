"""Preprocessed arrays: is a file as long as its own header says? Nothing is decompressed, nothing unpickled."""

from __future__ import annotations

import struct
from pathlib import Path

from nndoctor.nnunet.array_headers import LONGEST_NPY_HEADER, NPY, npy_header
from nndoctor.nnunet.files import BadFileError, opened
from nndoctor.nnunet.headers.model import Source
from nndoctor.nnunet.zip_directory import zip_problem

ENDINGS = (".npz", ".npy", ".b2nd", ".pkl")
_FRAME = b"b2frame\0"
_FRAME_TAIL = 23
_PICKLE_STOP = b"."


def array_problem(path: Path) -> str | None:
    """Why a .npz, .npy, .b2nd or .pkl cannot be whole, in words; None when nothing speaks against it."""
    try:
        with opened(path) as (stream, size):
            return stream_problem(path.suffix, Source(stream, size))
    except BadFileError as error:
        return str(error)


def stream_problem(ending: str, source: Source) -> str | None:
    """As `array_problem`, for a file that is open."""
    if source.size == 0:
        return "empty file"
    checks = {".npz": zip_problem, ".npy": _npy_problem, ".b2nd": _b2nd_problem, ".pkl": _pkl_problem}
    check = checks.get(ending)
    return None if check is None else check(source)


def _npy_problem(source: Source) -> str | None:
    """NPY 1.0 to 3.0 (numpy.lib.format): is there as much as the header says? None when it says something else."""
    head = source.at(0, 12)
    if len(head) < 12 or not head.startswith(NPY):
        return "no .npy file: it begins with other bytes"
    wide = head[6] > 1
    start = 12 if wide else 10
    header_bytes = int(struct.unpack_from("<I" if wide else "<H", head, 8)[0])
    header = npy_header(source.at(0, start + min(header_bytes, LONGEST_NPY_HEADER)))
    if header is None:
        return None
    short = start + header_bytes + header.bytes - source.size
    return f"truncated: {short} bytes are lacking" if short > 0 else None


def _b2nd_problem(source: Source) -> str | None:
    """Blosc2's contiguous frame: its length is a big-endian uint64 at byte 16, its trailer ends with the trailer's own
    length (0xce, uint32) and a fingerprint (0xd8, kind, 16 bytes) (c-blosc2, README_CFRAME_FORMAT)."""
    head = source.at(0, 24)
    if len(head) < 24 or head[2:10] != _FRAME:
        return "no Blosc2 frame: it begins with other bytes"
    end = int(struct.unpack_from(">Q", head, 16)[0])
    if end > source.size:
        return f"truncated: {end - source.size} bytes are lacking"
    tail = source.at(end - _FRAME_TAIL, _FRAME_TAIL)
    whole = len(tail) == _FRAME_TAIL and (tail[0], tail[5]) == (0xCE, 0xD8)
    return None if whole else "damaged: the end mark of the Blosc2 frame is missing"


def _pkl_problem(source: Source) -> str | None:
    """Every pickle ends with the STOP opcode, a dot (Lib/pickle.py)."""
    return None if source.at(source.size - 1, 1) == _PICKLE_STOP else "truncated: the end mark of a pickle is missing"
