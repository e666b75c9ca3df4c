"""One file, or one case, is looked at. Runs in worker processes; nothing here raises."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from nndoctor.nnunet.examination.records import CaseFiles, CaseRecord, Depth, FileRecord
from nndoctor.nnunet.files import BadFileError, CutShortError, reason
from nndoctor.nnunet.headers import Effort, inspect
from nndoctor.nnunet.voxels import MissingLibraryError, read_voxels

EFFORT = 2 * 1024**3
"""Bytes that may be decompressed to settle whether one suspicious file is cut."""


def examine(case: CaseFiles, depth: Depth, known: dict[str, FileRecord]) -> CaseRecord:
    """What the files of a case show. Files in `known` are not opened again."""
    images = [known.get(path) or examine_file(path, depth, False) for path in case.images]
    if case.label is None:
        return CaseRecord(case.case, images)
    return CaseRecord(case.case, images, known.get(case.label) or examine_file(case.label, depth, True))


def examine_file(path: str, depth: Depth, is_label: bool) -> FileRecord:
    """What one file shows; trouble with it becomes words."""
    try:
        state = os.stat(path)
        record = FileRecord(path, state.st_size, state.st_mtime_ns, depth=depth)
    except (OSError, ValueError) as error:
        return FileRecord(path, trouble=reason(error))
    try:
        header, length = inspect(Path(path), Effort(EFFORT))
        record = msgspec.structs.replace(record, header=header, length=length)
        return _with_voxels(record, is_label) if depth.reads_voxels(is_label) and length == "whole" else record
    except CutShortError as error:
        return msgspec.structs.replace(record, length="cut", trouble=str(error))
    except BadFileError as error:
        return msgspec.structs.replace(record, trouble=str(error))


def _with_voxels(record: FileRecord, is_label: bool) -> FileRecord:
    """The record with its voxels; where a library is missing, without them. Raises BadFileError, CutShortError."""
    assert record.header is not None
    try:
        voxels = read_voxels(Path(record.path), record.header, is_label)
    except MissingLibraryError as error:
        return msgspec.structs.replace(record, unread=str(error))
    except (CutShortError, BadFileError) as error:
        length = "cut" if isinstance(error, CutShortError) else "broken"
        return msgspec.structs.replace(record, length=length, detail=str(error))
    return msgspec.structs.replace(record, voxels=voxels)
