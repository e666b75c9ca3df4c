"""Real limits for one run: memory and processes of a cgroup, rlimits, rights, small file systems."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.lab.model import Scene

CGROUP = Path("/sys/fs/cgroup")
CAP_VERSION_3 = 0x20080522
DAC_RIGHTS = 0b110  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: what lets root ignore file modes


def have_cgroup(controller: str) -> bool:
    """Whether this computer has a version 1 cgroup that we may write."""
    return os.access(CGROUP / controller / "cgroup.procs", os.W_OK)


def join_cgroup(controller: str, **values: int) -> Callable[[], None]:
    """A hook that puts the run into a cgroup of its own with these limits (pids_max=40)."""

    def confine() -> None:
        group = CGROUP / controller / f"nndoctor-lab-{os.getpid()}"
        group.mkdir()
        for name, value in values.items():
            (group / f"{controller}.{name}").write_text(str(value))
        (group / "cgroup.procs").write_text(str(os.getpid()))

    return confine


def remove_cgroups() -> None:
    """A cgroup can be removed once its processes have ended."""
    for group in CGROUP.glob("*/nndoctor-lab-*"):
        with contextlib.suppress(OSError):
            group.rmdir()


def obey_file_modes() -> None:
    """Give up root's right to ignore file modes; an ordinary user never had it."""
    if os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = struct.pack("Ii", CAP_VERSION_3, 0)
    data = ctypes.create_string_buffer(24)
    libc.capget(header, data)
    words = list(struct.unpack("6I", data.raw))
    keep = [word & ~DAC_RIGHTS if index < 3 else word for index, word in enumerate(words)]
    if libc.capset(header, struct.pack("6I", *keep)):
        raise OSError(ctypes.get_errno(), "capset")


def more_address_space(megabytes: int) -> None:
    """Allow this process that much more than it has now (`ulimit -v`)."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def open_files(count: int) -> Callable[[], None]:
    """`ulimit -n`"""
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (count, count))


def first_victim() -> None:
    """Tell the kernel to end this process first when memory runs out."""
    Path("/proc/self/oom_score_adj").write_text("1000")


def _mount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)


def small_disk(scene: Scene, folder: Path, room: int, options: str = "rw") -> None:
    """Put a folder onto a memory disk of its own that has `room` bytes left."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = scene.root / "kept"
    shutil.copytree(folder, kept)
    _mount(folder, "size=1g")
    scene.undo.append(lambda: subprocess.run(["umount", "-l", str(folder)], check=True))
    shutil.copytree(kept, folder, dirs_exist_ok=True)
    state = os.statvfs(folder)
    used = (state.f_blocks - state.f_bfree) * state.f_frsize
    _mount(folder, f"remount,{options},size={used + room}")


def may_mount() -> bool:
    """Mounting needs root and, in containers, more rights than usual."""
    return (
        os.geteuid() == 0
        and not subprocess.run(
            ["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False
        ).returncode
    )
