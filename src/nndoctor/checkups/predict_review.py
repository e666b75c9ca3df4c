"""Cases of a prediction come in one by one, are held against the model, and add up to what the output will take."""

from __future__ import annotations

from math import prod

from nndoctor.checkups.review import Review
from nndoctor.facts.problems import Problem
from nndoctor.nnunet.checks.expected import Expected
from nndoctor.nnunet.checks.predict_images import ModelGrid, problems_of_images
from nndoctor.nnunet.checks.predict_previous import problems_of_previous
from nndoctor.nnunet.examination.records import CaseRecord


class PredictReview(Review):
    """A Review that knows the model's grid. `voxels`: those of all cases together.

    The label of a record is its prediction of the previous stage: no label of a training, and judged as what it is.
    """

    def __init__(self, expected: Expected, grid: ModelGrid | None) -> None:
        super().__init__(expected)
        self._grid = grid
        self.voxels = 0

    def add(self, record: CaseRecord) -> None:
        super().add(CaseRecord(record.case, record.images))
        header = record.images[0].header if record.images else None
        self.voxels += prod(header.shape[:3]) if header is not None else 0
        found: list[Problem] = list(problems_of_previous(record))
        if self._grid is not None:
            found += problems_of_images(record, self._grid)
        for problem in found:
            self.problems.add(problem)
            self._mark(problem)
