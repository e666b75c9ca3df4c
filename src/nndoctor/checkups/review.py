"""Records come in one by one; problems, the table of cases and the counts come out. Memory stays flat."""

from __future__ import annotations

from nndoctor.checkups.sizes import Sizes
from nndoctor.diagnosis.model import CaseEntry
from nndoctor.facts.problems import Problem, ProblemLog
from nndoctor.nnunet.checks.cases import problems_of_case
from nndoctor.nnunet.checks.expected import Expected
from nndoctor.nnunet.checks.label_tally import LabelTally
from nndoctor.nnunet.checks.outliers import Outliers
from nndoctor.nnunet.checks.variants import Variants
from nndoctor.nnunet.examination.records import CaseRecord

SUSPICIOUS_KEPT = 500
SOUND_KEPT = 200


class Review:
    """The judgement of all cases of a dataset, or of an input folder."""

    def __init__(self, expected: Expected) -> None:
        self._expected = expected
        self._outliers = Outliers()
        self._variants = Variants(expected)
        self.tally = LabelTally(expected)
        self.sizes = Sizes()
        self._suspicious: list[CaseEntry] = []
        self._sound: list[CaseEntry] = []
        self.problems = ProblemLog()
        self.unread: dict[str, int] = {}
        self.notes: list[str] = []
        self.cases = self.files = self.reused = 0

    def add(self, record: CaseRecord) -> None:
        problems = self._judged(record)
        self.problems.extend(problems)
        self._outliers.add(record)
        self.tally.add(record)
        self.sizes.add(record)
        self.cases += 1
        self.files += len(record.files)
        for reason in (file.unread for file in record.files if file.unread is not None):
            self.unread[reason] = self.unread.get(reason, 0) + 1
        if problems or len(self._sound) < SOUND_KEPT:
            self._keep(entry_of(record, problems))

    def _judged(self, record: CaseRecord) -> list[Problem]:
        """Everything wrong with the case. A check that fails costs this case's findings, and says so."""
        try:
            return [*problems_of_case(record, self._expected), *self._variants.problems(record)]
        except Exception as problem:
            self.notes.append(f"{record.case} could not be judged: {problem.__class__.__name__}: {problem}")
            return []

    def finish(self) -> None:
        """What only all cases together show."""
        for problem in self._outliers.problems():
            self.problems.add(problem)
            self._mark(problem)

    def table(self) -> list[CaseEntry]:
        """Suspicious cases first, at most 500, then at most 200 others."""
        return [*self._suspicious, *self._sound]

    def _keep(self, entry: CaseEntry) -> None:
        kept, most = (self._suspicious, SUSPICIOUS_KEPT) if entry.problems else (self._sound, SOUND_KEPT)
        if len(kept) < most:
            kept.append(entry)

    def _mark(self, problem: Problem) -> None:
        """An outlier that was kept as sound becomes suspicious."""
        entry = next((each for each in self._sound if each.case == problem.case), None)
        if entry is not None:
            self._sound.remove(entry)
            entry.problems.append(problem.kind)
            self._suspicious.append(entry)


def entry_of(record: CaseRecord, problems: list[Problem]) -> CaseEntry:
    """The line of a case in the table."""
    header = next((image.header for image in record.images if image.header is not None), None)
    return CaseEntry(
        case=record.case,
        files=[file.path for file in record.files],
        shape=list(header.shape) if header else [],
        spacing=list(header.spacing) if header else [],
        channels=sum(image.header.channels for image in record.images if image.header is not None),
        problems=list(dict.fromkeys(problem.kind for problem in problems)),
        label=record.label.path if record.label is not None else None,
    )
