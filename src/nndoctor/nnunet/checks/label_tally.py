"""The labels of a whole dataset: which values occur at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.checks.expected import Expected
from nndoctor.nnunet.examination.records import CaseRecord


class LabelTally:
    """Counts in how many labels each value occurs."""

    def __init__(self, expected: Expected) -> None:
        self._expected = expected
        self._seen: dict[float, int] = {}
        self._read = self._unread = 0

    def add(self, record: CaseRecord) -> None:
        if record.label is None:
            return
        values = record.label.voxels.values if record.label.voxels is not None else None
        if values is None:
            self._unread += 1
            return
        self._read += 1
        for value in values:
            self._seen[value] = self._seen.get(value, 0) + 1

    def problems(self, folder: Path) -> Iterator[Problem]:
        """What no label shows, when all of them could be read."""
        if not self._read or self._unread:
            return
        wanted = [value for value in self._expected.label_values or () if value not in (0, self._expected.ignore)]
        absent = [value for value in wanted if value not in self._seen]
        if wanted and len(absent) == len(wanted):
            yield Problem("no-foreground-at-all", str(folder), None, {"labels": str(self._read)})
        elif absent:
            yield Problem("label-never-used", str(folder), None, {"values": ", ".join(map(str, absent))})
