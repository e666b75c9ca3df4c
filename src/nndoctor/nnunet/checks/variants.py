"""NIfTI-2 beside NIfTI-1: the first image of the dataset chooses the reader (imageio/reader_writer_registry.py)."""

from __future__ import annotations

from collections.abc import Iterator

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.checks.expected import Expected
from nndoctor.nnunet.examination.records import CaseRecord

SECOND = "NIfTI-2"


class Variants:
    """Remembers the first image's kind of NIfTI, and names what SimpleITK will refuse because of it."""

    def __init__(self, expected: Expected) -> None:
        self._chosen_by_name = expected.reader is not None
        self._first: str | None = None

    def problems(self, record: CaseRecord) -> Iterator[Problem]:
        """The NIfTI-2 files of this case, when the first image was NIfTI-1; nibabel, chosen otherwise, reads both."""
        if self._chosen_by_name:
            return
        for file in record.files:
            if file.header is None or file.header.format != "NIfTI":
                continue
            kind = file.header.variant or "NIfTI-1"
            self._first = self._first or kind
            if kind == SECOND and self._first != SECOND:
                yield Problem("mixed-nifti", file.path, record.case, {"found": kind, "first": self._first})
