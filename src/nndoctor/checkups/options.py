"""What the user asked a check to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from nndoctor.nnunet.examination.records import Depth

Progress = Callable[[int, int], None]
"""Is called with the cases that are done, and all of them."""


class Effort(msgspec.Struct, frozen=True):
    """How much is read, and by whom. `depth` None: headers, and labels where that costs little.

    workers  processes that read voxels; None: as many as CPUs were granted
    cache    whether files that an earlier check saw, and that did not change, are left closed
    dask     address of a Dask scheduler, or its file, whose workers read instead of this machine
    shards   files of records that were read before; nothing is read at all
    """

    depth: Depth | None = None
    workers: int | None = None
    cache: bool = True
    dask: str | None = None
    shards: tuple[Path, ...] = ()


class Common(msgspec.Struct, frozen=True):
    """What every check takes."""

    effort: Effort = Effort()
    python: str | None = None
    language: str = "en"
