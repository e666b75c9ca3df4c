"""Records come in, problems come out; a check that fails becomes a note."""

from __future__ import annotations

import pytest

from nndoctor.checkups.review import SOUND_KEPT, Review
from nndoctor.nnunet.checks.expected import Expected
from nndoctor.nnunet.examination.records import CaseRecord, FileRecord
from nndoctor.nnunet.headers import ImageHeader

HEADER = ImageHeader("NIfTI", (4, 4, 4), (1.0, 1.0, 1.0), 1, "int16")


def record(case: str) -> CaseRecord:
    return CaseRecord(case, [FileRecord(f"{case}_0000.nii.gz", header=HEADER)])


def test_the_table_is_bounded_and_the_count_is_not() -> None:
    review = Review(Expected(".nii.gz", channels=1))
    for number in range(1_000):
        review.add(record(str(number)))
    review.finish()
    assert (review.cases, review.files, len(review.table())) == (1_000, 1_000, SOUND_KEPT)
    assert review.problems.kinds() == []


def test_a_check_that_fails_becomes_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> list[object]:
        raise IndexError("tuple index out of range")

    monkeypatch.setattr("nndoctor.checkups.review.problems_of_case", broken)
    review = Review(Expected(".nii.gz"))
    review.add(record("a"))
    assert review.notes == ["a could not be judged: IndexError: tuple index out of range"]
    assert review.cases == 1
