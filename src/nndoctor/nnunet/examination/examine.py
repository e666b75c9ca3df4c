"""One file, or one case, is looked at. Runs in worker processes; nothing here raises."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from nndoctor.nnunet.examination.records import CaseFiles, CaseRecord, Depth, FileRecord
from nndoctor.nnunet.files import BadFileError, CutShortError, reason
from nndoctor.nnunet.headers import Effort, inspect

EFFORT = 2 * 1024**3
"""Bytes that may be decompressed to settle whether one suspicious file is cut."""


def examine(case: CaseFiles, depth: Depth, known: dict[str, FileRecord]) -> CaseRecord:
    """What the files of a case show. Files in `known` that are as they were then are not opened again."""
    images = [examine_file(path, depth, False, known.get(path)) for path in case.images]
    if case.label is None:
        return CaseRecord(case.case, images)
    return CaseRecord(case.case, images, examine_file(case.label, depth, True, known.get(case.label)))


def examine_file(path: str, depth: Depth, is_label: bool, known: FileRecord | None = None) -> FileRecord:
    """What one file shows; trouble with it becomes words."""
    try:
        state = os.stat(path)  # noqa: PTH116 (a Path costs more than the call itself)
    except (OSError, ValueError) as error:
        return FileRecord(path, trouble=reason(error))
    size, modified = state.st_size, state.st_mtime_ns
    if known is not None and known.size == size and known.modified == modified and known.serves(depth, is_label):
        return known
    try:
        header, length = inspect(path, Effort(EFFORT))
    except CutShortError as error:
        return FileRecord(path, size, modified, depth, length="cut", trouble=str(error))
    except BadFileError as error:
        return FileRecord(path, size, modified, depth, trouble=str(error))
    record = FileRecord(path, size, modified, depth, header, length)
    return _with_voxels(record, is_label) if length == "whole" and depth.reads_voxels(is_label) else record


def _with_voxels(record: FileRecord, is_label: bool) -> FileRecord:
    """The record with its voxels; where a library is missing, without them."""
    from nndoctor.nnunet.voxels import MissingLibraryError, read_voxels

    assert record.header is not None
    try:
        voxels = read_voxels(Path(record.path), record.header, is_label)
    except MissingLibraryError as error:
        return msgspec.structs.replace(record, unread=str(error))
    except (CutShortError, BadFileError) as error:
        length = "cut" if isinstance(error, CutShortError) else "broken"
        return msgspec.structs.replace(record, length=length, detail=str(error))
    return msgspec.structs.replace(record, voxels=voxels)
