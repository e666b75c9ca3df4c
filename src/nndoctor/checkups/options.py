"""What the user asked a check to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from nndoctor.nnunet.examination.records import Depth

Progress = Callable[[int, int], None]
"""Is called with the cases that are done, and all of them."""


class Effort(msgspec.Struct, frozen=True):
    """How much is read, by how many processes. `depth` None: headers, and labels where that costs little."""

    depth: Depth | None = None
    workers: int | None = None


class Common(msgspec.Struct, frozen=True):
    """What every check takes."""

    effort: Effort = Effort()
    python: str | None = None
    rules: Path | None = None
    language: str = "en"
