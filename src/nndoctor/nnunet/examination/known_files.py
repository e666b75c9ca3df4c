"""What earlier checks saw of a file, kept by its path, size in bytes and time of change in ns."""

from __future__ import annotations

import os
import sqlite3
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import cast

import msgspec

from nndoctor import __version__, cache
from nndoctor.nnunet.examination.records import CaseFiles, CaseRecord, FileRecord
from nndoctor.nnunet.files import reason

NAME = "known-files.sqlite3"
LARGEST = 512 * 1024**2
"""Bytes (about a million files), after which the store begins anew."""
SETTLED_NS = 2_000_000_000
"""A file changed within the last 2 s may change again within the same tick of its file system's clock."""
PATIENCE_S = 2.0
"""How long another nndoctor, which writes just now, is waited for."""
AT_ONCE = 500
_HERE = Path(__file__).parent
_READERS = (_HERE, _HERE.parent / "headers", _HERE.parent / "voxels")
_TABLE = "CREATE TABLE files (path BLOB PRIMARY KEY, record BLOB) WITHOUT ROWID"
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(FileRecord).decode


class KnownFiles:
    """A store in the user's cache folder. Where it cannot be used, nothing is known, and `trouble` says why."""

    def __init__(self) -> None:
        self.trouble: str | None = None
        self._new: list[tuple[bytes, bytes]] = []
        self._db: sqlite3.Connection | None = None
        with self._guarded():
            self._db, self._empty = _open(cache.own_file(NAME))

    def of(self, chunk: list[CaseFiles]) -> dict[str, FileRecord]:
        """What is known of the files of these cases; whether they changed since is for the reader to see."""
        found: dict[str, FileRecord] = {}
        if self._db is not None and not self._empty:
            with self._guarded():
                self._db.execute("BEGIN")
                found.update(self._found(self._db, chunk))
                self._db.execute("COMMIT")
        return found

    def keep(self, record: CaseRecord) -> None:
        """Remembers what was read of the files of a case; written to disk in groups."""
        if self._db is None:
            return
        latest = time.time_ns() - SETTLED_NS
        for file in record.files:
            if not file.reused and file.modified < latest and _worth_keeping(file):
                self._new.append((os.fsencode(file.path), _encode(msgspec.structs.replace(file, path=""))))
        if len(self._new) >= AT_ONCE:
            self._write()

    def close(self) -> None:
        """Writes what is left to write."""
        self._write()
        if self._db is not None:
            with suppress(sqlite3.Error):
                self._db.close()
        self._db = None

    def _found(self, db: sqlite3.Connection, chunk: list[CaseFiles]) -> Iterator[tuple[str, FileRecord]]:
        for case in chunk:
            for path in (*case.images, case.label) if case.label is not None else case.images:
                row = db.execute("SELECT record FROM files WHERE path = ?", (os.fsencode(path),)).fetchone()
                if row is not None:
                    yield path, msgspec.structs.replace(_decode(row[0]), path=path, reused=True)

    def _write(self) -> None:
        if self._db is None or not self._new:
            return
        with self._guarded():
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("INSERT OR REPLACE INTO files VALUES (?, ?)", self._new)
            self._db.execute("COMMIT")
        self._new.clear()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """The first trouble is the last: from then on nothing is known, and nothing is kept."""
        try:
            yield
        except (sqlite3.Error, msgspec.MsgspecError, OSError, RuntimeError, TypeError) as error:
            self.trouble = reason(error)
            self._give_up(damaged=type(error) is sqlite3.DatabaseError or isinstance(error, msgspec.MsgspecError))

    def _give_up(self, damaged: bool) -> None:
        """A damaged store is thrown away, so that the next check begins anew."""
        if self._db is not None:
            with suppress(sqlite3.Error):
                self._db.close()
        self._db = None
        if damaged:
            with suppress(OSError, RuntimeError):
                _remove(cache.own_file(NAME))


def _worth_keeping(file: FileRecord) -> bool:
    """Not what may change without the file: rights, libraries, a drive that fails, a second file with the voxels."""
    if file.trouble is not None or file.unread is not None or file.length == "broken" or file.header is None:
        return False
    return file.header.storage is None or file.header.storage.file is None


def _open(path: Path) -> tuple[sqlite3.Connection, bool]:
    """The store, and whether it is empty. One that is damaged or too large is thrown away. Raises sqlite3.Error."""
    if path.exists() and path.stat().st_size > LARGEST:
        _remove(path)
    try:
        return _connected(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        _remove(path)
        return _connected(path)


def _connected(path: Path) -> tuple[sqlite3.Connection, bool]:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    db = sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode = TRUNCATE")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA cache_size = -512")
        stamp = _stamp()
        if _number(db, "PRAGMA user_version") != stamp:
            _begin_anew(db, stamp)
        return db, _number(db, "SELECT count(*) FROM (SELECT 1 FROM files LIMIT 1)") == 0
    except sqlite3.Error:
        db.close()
        raise


def _begin_anew(db: sqlite3.Connection, stamp: int) -> None:
    db.execute("BEGIN IMMEDIATE")
    if _number(db, "PRAGMA user_version") != stamp:
        db.execute("DROP TABLE IF EXISTS files")
        db.execute(_TABLE)
        db.execute(f"PRAGMA user_version = {stamp}")
    db.execute("COMMIT")


def _number(db: sqlite3.Connection, question: str) -> int:
    return cast("int", db.execute(question).fetchone()[0])


def _remove(path: Path) -> None:
    for each in (path, path.with_name(path.name + "-journal")):
        each.unlink(missing_ok=True)


def _stamp() -> int:
    """A number for the readers whose records are kept: other code may see something else in the same file."""
    parts = [__version__]
    for folder in _READERS:
        with suppress(OSError), os.scandir(folder) as entries:
            states = sorted((entry.name, entry.stat()) for entry in entries if entry.name.endswith(".py"))
            parts += [f"{name}|{state.st_size}|{state.st_mtime_ns}" for name, state in states]
    return zlib.crc32("\n".join(parts).encode()) & 0x7FFFFFFF
