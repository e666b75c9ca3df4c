"""training_log_*.txt of a fold: how far earlier trainings came, and how long an epoch took
(nnUNetTrainer.print_to_log_file, v2.0 to v2.8.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from nndoctor.nnunet.files import BadFileError, files_in, opened

MOST_LOGS = 20
MOST_BYTES = 4 * 1024 * 1024
MEASURED = 50
"""Epochs that the time of an epoch is the median of."""
_NAME = re.compile(r"training_log_(\d+)_(\d+)_(\d+)_(\d+)_(\d+)_(\d+)\.txt$")
_TELLING = re.compile(
    r"^\S+ \S+: (?:Epoch (?P<epoch>\d{1,7})|Epoch time: (?P<time>\d{1,9}\.?\d*) s|(?P<done>Training done\.)) ?$"
)


@dataclass
class History:
    """finished  epochs of the last start that came to their end, counted from epoch 0; None when none did
    seconds   the times of the last epochs
    done      whether the last start trained to its end
    starts    logs that begin an epoch
    """

    finished: int | None = None
    seconds: list[float] = field(default_factory=list)
    done: bool = False
    starts: int = 0

    @property
    def epoch_seconds(self) -> float | None:
        return round(median(self.seconds[-MEASURED:]), 2) if self.seconds else None


def history_of(fold: Path) -> History:
    """What the newest 20 logs of a fold folder say, of each the last 4 MiB."""
    history = History()
    for name in _newest(fold):
        _read(_end_of(fold / name), history)
    return history


def _newest(fold: Path) -> list[str]:
    """The logs in the order of their times; month and day have no leading zeros."""
    try:
        found = [(match, name) for name in files_in(fold) if (match := _NAME.match(name))]
    except BadFileError:
        return []
    times = sorted((tuple(int(part) for part in match.groups()), name) for match, name in found)
    return [name for _, name in times[-MOST_LOGS:]]


def _end_of(path: Path) -> list[str]:
    try:
        with opened(path) as (stream, size):
            stream.seek(max(0, size - MOST_BYTES))
            return stream.read(MOST_BYTES).decode("utf-8", "replace").splitlines()
    except BadFileError:
        return []


def _read(lines: Iterable[str], history: History) -> None:
    epoch = None
    for match in filter(None, map(_TELLING.match, lines)):
        if match["epoch"] is not None:
            history.starts += epoch is None
            epoch, history.done = int(match["epoch"]), False
        elif match["time"] is not None and epoch is not None:
            history.finished = epoch + 1
            history.seconds.append(float(match["time"]))
        elif match["done"] is not None:
            history.done = True
