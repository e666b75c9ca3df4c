"""A regular file, opened with as few calls to the system as there can be: 2,000 headers are read in a blink."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from types import TracebackType

from nndoctor.nnunet.files import BadFileError, reason
from nndoctor.nnunet.headers.model import Source

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
"""O_NONBLOCK: a named pipe is opened at once and then refused, instead of being waited for."""


class OpenFile(Source):
    """A regular file as a Source and as a context; every error inside of it becomes a BadFileError."""

    def __init__(self, path: Path | str) -> None:
        """Raises BadFileError when the path cannot be opened, or is no regular file."""
        try:
            self._descriptor = os.open(path, _FLAGS)
        except (OSError, ValueError) as error:
            raise BadFileError(reason(error)) from error
        self.size = self._regular_size()

    def __enter__(self) -> OpenFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)
        if isinstance(error, (OSError, ValueError)):
            raise BadFileError(reason(error)) from error

    def _regular_size(self) -> int:
        status = os.fstat(self._descriptor)
        if not stat.S_ISREG(status.st_mode):
            os.close(self._descriptor)
            raise BadFileError("not a regular file")
        return status.st_size

    if hasattr(os, "pread"):

        def _read(self, offset: int, count: int) -> bytes:
            return os.pread(self._descriptor, count, offset)

    else:

        def _read(self, offset: int, count: int) -> bytes:
            os.lseek(self._descriptor, offset, os.SEEK_SET)
            return os.read(self._descriptor, count)
