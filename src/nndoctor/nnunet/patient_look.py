"""Looking whether folders are there, when the drive that they are on may hang: a dead NFS server blocks stat(2)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from threading import Thread
from time import monotonic

from nndoctor.nnunet.files import is_folder

LIMIT_S = 3.0


def folders_there(folders: Iterable[Path], limit_s: float = LIMIT_S) -> dict[Path, bool | None]:
    """Each folder with whether it is there; None where that could not be told within `limit_s` seconds for all."""
    found: dict[Path, bool | None] = dict.fromkeys(folders)
    threads = [Thread(target=_look, args=(folder, found), daemon=True) for folder in found]
    deadline = monotonic() + limit_s
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, deadline - monotonic()))
    return dict(found)


def _look(folder: Path, found: dict[Path, bool | None]) -> None:
    found[folder] = is_folder(folder)
