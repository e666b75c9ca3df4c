"""What a check ends with: problems, facts and the table of cases become the Diagnosis."""

from __future__ import annotations

import time
from collections.abc import Iterable

from nndoctor.checkups.options import Common
from nndoctor.checkups.review import Review
from nndoctor.diagnosis.checkup import check_up
from nndoctor.diagnosis.load import load_rulebook
from nndoctor.diagnosis.model import UNREAD, Checkup, Diagnosis, Forecast
from nndoctor.diagnosis.problem_table import Command
from nndoctor.facts import Facts
from nndoctor.nnunet.examination.records import Depth


class Begun:
    """A check that has begun: its rules, and its clock. Raises RuleError."""

    def __init__(self, command: Command, common: Common) -> None:
        self.command: Command = command
        self.book = load_rulebook(language=common.language)
        self._start = time.monotonic()

    @property
    def seconds(self) -> float:
        return round(time.monotonic() - self._start, 2)


def conclude(
    begun: Begun,
    subject: str,
    review: Review,
    facts: Facts,
    depth: Depth,
    forecast: list[Forecast],
    notes: Iterable[str] = (),
) -> Diagnosis:
    """The Diagnosis of a check."""
    checkup = Checkup(
        command=begun.command,
        subject=subject,
        cases=review.cases,
        files=review.files,
        reused=review.reused,
        depth=UNREAD if review.unread else depth.value,
        seconds=begun.seconds,
        table=review.table(),
        forecast=forecast,
    )
    unread = [f"{count} files: {reason}" for reason, count in review.unread.items()]
    here, told = f"here: nndoctor check {begun.command}", [*review.notes, *notes, *unread]
    return check_up(begun.book, review.problems, facts, checkup, here, told)
