"""A drive that hangs for real: a FUSE mount whose server never answers, as a dead NFS server; Linux, as root."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_MNT_DETACH = 2


@contextmanager
def hanging_drive(folder: Path) -> Iterator[Path]:
    """`folder` as a mount point at which every stat(2) and statvfs(2) blocks until the end of the with block."""
    if sys.platform != "linux" or os.geteuid() != 0 or not Path("/dev/fuse").exists():
        pytest.skip("needs Linux, root and /dev/fuse")
    folder.mkdir()
    libc = ctypes.CDLL(None, use_errno=True)
    server = os.open("/dev/fuse", os.O_RDWR)
    options = f"fd={server},rootmode=40000,user_id=0,group_id=0"
    if libc.mount(b"hanging", os.fsencode(folder), b"fuse", 0, options.encode()) != 0:
        os.close(server)
        pytest.skip(f"no FUSE here: {os.strerror(ctypes.get_errno())}")
    try:
        yield folder
    finally:
        os.close(server)
        libc.umount2(os.fsencode(folder), _MNT_DETACH)
