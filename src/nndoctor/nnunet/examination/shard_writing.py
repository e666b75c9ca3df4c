"""One task of many reads its part of a dataset and writes it as a shard; killed, it goes on where it was."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from nndoctor.nnunet.examination.records import CaseFiles, CaseRecord, FileRecord
from nndoctor.nnunet.examination.shards import (
    HEAD,
    LONGEST_LINE,
    RECORD,
    Head,
    ShardError,
    decoded,
    is_of,
    named,
    plain,
)
from nndoctor.nnunet.files import reason


def write_shard(
    target: Path,
    head: Head,
    part: Sequence[CaseFiles],
    read: Callable[[Sequence[CaseFiles]], Iterator[CaseRecord]],
    progress: Callable[[int, int], None],
) -> int:
    """Writes the shard beside `target` and then renames it. Returns how many cases an earlier, killed task had read.

    Raises ShardError.
    """
    try:
        end, done = _begun(target, head, part)
        if end and done == len(part) and end == target.stat().st_size:
            return done
        unfinished = target.with_name(f"{target.name}.{head.shard}-of-{head.shards}.part")
        end, done = _begun(unfinished, head, part)
        _write_rest(unfinished, head, end, read(part[done:]), lambda more: progress(done + more, len(part)))
        unfinished.replace(target)
    except OSError as error:
        raise ShardError(f"{target}: could not be written ({reason(error)})") from error
    return done


def _write_rest(path: Path, head: Head, end: int, records: Iterator[CaseRecord], tell: Callable[[int], None]) -> None:
    with path.open("r+b" if end else "wb") as file:
        file.truncate(end)
        file.seek(end)
        if not end:
            file.write(msgspec.json.encode(head) + b"\n")
        for done, record in enumerate(records, 1):
            file.write(_line(record))
            file.flush()
            tell(done)
        os.fsync(file.fileno())


def _begun(path: Path, head: Head, part: Sequence[CaseFiles]) -> tuple[int, int]:
    """Offset in bytes and number of cases up to which an earlier task read the same, and the files are as then."""
    try:
        with path.open("rb") as file:
            found = decoded(HEAD, file.readline(LONGEST_LINE))
            if found is not None and (found.subject, found.shard) != (head.subject, head.shard):
                raise ShardError(f"{path} holds shard {found.shard} of {found.subject}: give each shard its own file")
            return _unchanged(file, part) if found == head else (0, 0)
    except FileNotFoundError:
        return 0, 0


def _unchanged(file: BinaryIO, part: Sequence[CaseFiles]) -> tuple[int, int]:
    end = file.tell()
    for done, case in enumerate(part):
        line = file.readline(LONGEST_LINE)
        record = decoded(RECORD, line)
        if record is None or not is_of(record, case) or not all(map(_as_then, named(record, case).files)):
            return end, done
        end += len(line)
    return end, len(part)


def _as_then(file: FileRecord) -> bool:
    try:
        state = Path(file.path).stat()
    except (OSError, ValueError):
        return file.size == file.modified == 0
    return (state.st_size, state.st_mtime_ns) == (file.size, file.modified)


def _line(record: CaseRecord) -> bytes:
    try:
        return msgspec.json.encode(record) + b"\n"
    except UnicodeEncodeError:
        return msgspec.json.encode(_plainly(record)) + b"\n"


def _plainly(record: CaseRecord) -> CaseRecord:
    """Whoever merges knows the real names."""
    files = [msgspec.structs.replace(file, path=plain(file.path)) for file in record.files]
    label = files.pop() if record.label is not None else None
    return CaseRecord(plain(record.case), files, label)
