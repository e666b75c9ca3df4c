"""What is mounted where: /proc/self/mounts (proc(5), fstab(5)) on Linux, psutil elsewhere."""

from __future__ import annotations

import re
from pathlib import Path, PurePath
from typing import NamedTuple

_OCTAL = re.compile(r"\\([0-7]{3})")
_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "afpfs", "webdav", "afs", "lustre", "beegfs", "gpfs", "ceph"}
)
_SHARED = frozenset({"glusterfs", "panfs", "pvfs2", "wekafs", "9p", "v9fs", "drvfs", "vboxsf", "vmhgfs", "prl_fs"})


class Mount(NamedTuple):
    """One line of the mount table."""

    point: str
    filesystem: str
    options: frozenset[str]

    @property
    def remote(self) -> bool:
        """A network or shared drive, or one behind a FUSE program. psutil lists Windows' network drives as `remote`."""
        return (
            "remote" in self.options
            or self.filesystem in _NETWORK | _SHARED | {"fuse"}
            or self.filesystem.startswith("fuse.")
        )


def mounts(root: Path = Path("/")) -> list[Mount]:
    """The mount table, later lines over earlier ones; empty where the system shows none. Raises no OSError."""
    for table in ("proc/self/mounts", "proc/mounts"):
        try:
            text = (root / table).read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            continue
        return [mount for mount in map(_mount, text.splitlines()) if mount]
    return _partitions()


def mount_of(folder: PurePath, table: list[Mount]) -> Mount | None:
    """The mount that holds `folder` (which must be absolute and resolved). Windows lists no \\\\server\\share."""
    holding = [mount for mount in table if folder.is_relative_to(mount.point)]
    if not holding and folder.drive.startswith("\\\\"):
        return Mount(folder.drive, "", frozenset({"remote"}))
    return max(reversed(holding), key=lambda mount: len(Path(mount.point).parts), default=None)


def _mount(line: str) -> Mount | None:
    fields = line.split()
    if len(fields) < 4:
        return None
    point = _OCTAL.sub(lambda code: chr(int(code[1], 8)), fields[1])
    return Mount(point, fields[2], frozenset(fields[3].split(",")))


def _partitions() -> list[Mount]:
    import psutil

    try:
        found = psutil.disk_partitions(all=True)
    except OSError:
        return []
    return [Mount(one.mountpoint, one.fstype, frozenset(one.opts.split(","))) for one in found]
