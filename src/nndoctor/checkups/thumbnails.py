"""Pictures of the suspicious cases, for an HTML report that may show patients."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from nndoctor.diagnosis.model import CaseEntry, Diagnosis
from nndoctor.nnunet.files import BadFileError
from nndoctor.nnunet.headers import ImageHeader, read_header
from nndoctor.nnunet.voxels import MissingLibraryError

MOST = 40
SECONDS = 30.0
LARGEST = 2 * 1024**3
"""Bytes of voxels; the picture of a larger image could take minutes."""


def with_thumbnails(d: Diagnosis) -> Diagnosis:
    """The Diagnosis with pictures of its suspicious cases: of at most 40, and of as many as 30 s allow.

    A case whose images cannot be read has no picture. Notes tell what is lacking.
    """
    suspicious = [entry for entry in d.checkup.table if entry.problems] if d.checkup is not None else []
    try:
        tried = dict(_pictures(suspicious[:MOST]))
    except (MissingLibraryError, ImportError) as error:
        return msgspec.structs.replace(d, notes=[*d.notes, f"no pictures: {error}"])
    drawn = {case: picture for case, picture in tried.items() if picture is not None}
    notes = _notes(len(suspicious), len(tried), len(drawn))
    return msgspec.structs.replace(d, thumbnails=drawn, notes=[*d.notes, *notes])


def _notes(suspicious: int, tried: int, drawn: int) -> Iterator[str]:
    if tried < suspicious:
        yield f"pictures: the first {tried} of {suspicious} suspicious cases"
    if drawn < tried:
        yield f"pictures: {tried - drawn} suspicious cases have no image that could be drawn"


def _pictures(entries: list[CaseEntry]) -> Iterator[tuple[str, bytes | None]]:
    """Case and picture, until the time is over. Raises MissingLibraryError, ImportError."""
    end = time.monotonic() + SECONDS
    for entry in entries:
        if time.monotonic() > end:
            return
        drawn = (_drawn(path, entry.label) for path in entry.files if path != entry.label)
        yield entry.case, next((picture for picture in drawn if picture is not None), None)


def _drawn(image: str, label: str | None) -> bytes | None:
    """The PNG, None when the image cannot be read. Raises MissingLibraryError, ImportError."""
    from nndoctor.nnunet.voxels.thumbnails import thumbnail_png

    header = _header(image)
    if header is None or (header.expected_bytes or header.voxels) > LARGEST:
        return None
    marked = None if label is None else _header(label)
    try:
        return thumbnail_png(Path(image), header, None if label is None else Path(label), marked)
    except (BadFileError, OSError, ValueError):
        return None


def _header(path: str) -> ImageHeader | None:
    try:
        return read_header(Path(path))
    except (BadFileError, OSError, ValueError):
        return None
