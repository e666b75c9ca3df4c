"""Part of a dataset was read by one task of many, and written as JSON lines; all parts are read as one.

The first line of such a file is a Head, every other the CaseRecord of one case; shard i of N holds the cases
i, i + N, i + 2 N, ... of the sorted cases, counted from 1.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from nndoctor import __version__
from nndoctor.nnunet.examination.records import CaseFiles, CaseRecord, Depth, ExaminationError
from nndoctor.nnunet.files import reason

FORMAT = 1
LONGEST_LINE = 16 * 1024**2
AT_ONCE = 32
"""Lines of a shard that are read at a time: an array of a thousand tasks leaves more files than may be open."""


class ShardError(ExaminationError):
    """A shard that cannot be written, or shards that do not make a whole; the text says why in one line."""


class Head(msgspec.Struct, frozen=True):
    """What a shard is part of. `listing` stands for the names of all cases and files, `cases` for their number."""

    nndoctor: str
    format: int
    command: Literal["dataset"]
    asked: str
    subject: str
    depth: Depth
    shard: int
    shards: int
    cases: int
    listing: str


_T = TypeVar("_T")
HEAD = msgspec.json.Decoder(Head)
RECORD = msgspec.json.Decoder(CaseRecord)


def head_of(asked: str, subject: str, depth: Depth, shard: tuple[int, int], cases: Sequence[CaseFiles]) -> Head:
    """The head of shard (i, N) of these cases."""
    plain_asked, plain_subject = plain(asked), plain(subject)
    listing = listing_of(cases)
    return Head(__version__, FORMAT, "dataset", plain_asked, plain_subject, depth, *shard, len(cases), listing)


def listing_of(cases: Sequence[CaseFiles]) -> str:
    """A digest of the names of cases and files, in their order."""
    digest = hashlib.blake2b(digest_size=12)
    for case in cases:
        digest.update(os.fsencode("\0".join((case.case, *case.images, case.label or "", "\n"))))
    return digest.hexdigest()


def part_of(cases: Sequence[CaseFiles], shard: tuple[int, int]) -> Sequence[CaseFiles]:
    number, shards = shard
    return cases[number - 1 :: shards]


def read_head(path: Path) -> Head:
    """What a file is a shard of. Raises ShardError."""
    try:
        with path.open("rb") as file:
            line = file.readline(LONGEST_LINE)
    except OSError as error:
        raise ShardError(f"{path}: {reason(error)}") from error
    head = decoded(HEAD, line)
    if head is None:
        raise ShardError(f"{path} is no shard of nndoctor check")
    if (head.format, head.nndoctor) != (FORMAT, __version__):
        raise ShardError(f"{path} was written by nndoctor {head.nndoctor}, and this is {__version__}")
    return head


def whole(paths: Sequence[Path]) -> Head:
    """The head that all shards share but for their number. Raises ShardError when they do not make a whole."""
    heads = {path: read_head(path) for path in paths}
    first_path, first = next(iter(heads.items()))
    seen: dict[int, Path] = {}
    for path, head in heads.items():
        _complain_of_difference(first_path, first, path, head)
        if head.shard in seen:
            raise ShardError(f"shard {head.shard} of {head.shards} is there twice: {seen[head.shard]} and {path}")
        seen[head.shard] = path
    missing = [str(number) for number in range(1, first.shards + 1) if number not in seen]
    if missing:
        named = ", ".join(missing[:10]) + (" and more" if len(missing) > 10 else "")
        raise ShardError(f"{len(missing)} of {first.shards} shards are missing: {named}")
    return first


def _complain_of_difference(first_path: Path, first: Head, path: Path, head: Head) -> None:
    if head.subject != first.subject:
        raise ShardError(f"shards of different datasets: {first_path} of {first.subject}, {path} of {head.subject}")
    for name, words in (("shards", "number of shards"), ("depth", "depth"), ("asked", "-d")):
        one, other = getattr(first, name), getattr(head, name)
        if one != other:
            told = [each.value if isinstance(each, Depth) else str(each) for each in (one, other)]
            raise ShardError(f"shards with another {words}: {first_path} with {told[0]}, {path} with {told[1]}")
    if (head.cases, head.listing) != (first.cases, first.listing):
        raise ShardError(f"{first.subject} changed between the tasks that wrote {first_path} and {path}")


def merged(paths: Sequence[Path], cases: Sequence[CaseFiles]) -> Iterator[CaseRecord]:
    """The records of all shards in the order of the cases. Raises ShardError."""
    head = whole(paths)
    if head.listing != listing_of(cases):
        raise ShardError(
            f"{head.subject} changed since the shards were read, or is not seen from here: "
            f"{head.cases} cases then, {len(cases)} now"
        )
    readers = {read_head(path).shard: _Lines(path) for path in paths}
    for place, case in enumerate(cases):
        number = place % head.shards + 1
        record = readers[number].next_record()
        if record is None or not is_of(record, case):
            raise ShardError(f"{readers[number].path} breaks off: write shard {number}/{head.shards} again")
        yield named(record, case)


class _Lines:
    """The records of a shard, a few at a time; between them the file is closed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._offset = 0
        self._ready: list[bytes] = []
        self._refill()
        self._ready.pop(0)

    def next_record(self) -> CaseRecord | None:
        if not self._ready:
            self._refill()
        line = self._ready.pop(0) if self._ready else b""
        return decoded(RECORD, line)

    def _refill(self) -> None:
        try:
            with self.path.open("rb") as file:
                file.seek(self._offset)
                lines = (file.readline(LONGEST_LINE) for _ in range(AT_ONCE))
                self._ready = [line for line in lines if line]
                self._offset = file.tell()
        except OSError as error:
            raise ShardError(f"{self.path}: {reason(error)}") from error


def plain(text: str) -> str:
    """Names whose bytes are no text are written with escapes."""
    return os.fsencode(text).decode("utf-8", "backslashreplace")


def is_of(record: CaseRecord, case: CaseFiles) -> bool:
    """Whether the record can be that of this case."""
    same_files = len(record.images) == len(case.images) and (record.label is None) == (case.label is None)
    return same_files and record.case == plain(case.case)


def named(record: CaseRecord, case: CaseFiles) -> CaseRecord:
    """The record with the names of the files as they are here."""
    if record.case == case.case:
        return record
    images = [msgspec.structs.replace(file, path=path) for file, path in zip(record.images, case.images, strict=True)]
    label = record.label
    if label is not None and case.label is not None:
        label = msgspec.structs.replace(label, path=case.label)
    return CaseRecord(case.case, images, label)


def decoded(decoder: msgspec.json.Decoder[_T], line: bytes) -> _T | None:
    """What a whole line holds; None for one that is cut, or holds something else."""
    if not line.endswith(b"\n"):
        return None
    try:
        return decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
