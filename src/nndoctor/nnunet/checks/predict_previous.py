"""The predictions of the previous stage, which a cascade needs (nnUNetPredictor.predict_from_files and
inference/data_iterators.py, v2.0 to v2.8.1)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nndoctor.facts.problems import Problem
from nndoctor.nnunet.checks.grids import alike, numbers, spatial
from nndoctor.nnunet.examination.records import CaseFiles, CaseRecord
from nndoctor.nnunet.files import is_folder


def previous_problems(stage: str | None, folder: Path | None, where: Path) -> Iterator[Problem]:
    """Whether the folder is given when the configuration has a previous `stage`, and only then."""
    if stage is not None and folder is None:
        yield Problem("previous-not-given", str(where), None, {"stage": stage})
    if stage is None and folder is not None:
        yield Problem("previous-superfluous", str(folder))
    elif folder is not None and not is_folder(folder):
        yield Problem("previous-folder-missing", str(folder))


def missing_previous(cases: list[CaseFiles], folder: Path, ending: str) -> Iterator[Problem]:
    """Cases without a prediction of the previous stage."""
    for case in cases if is_folder(folder) else []:
        if case.label is None:
            yield Problem("previous-missing", str(folder / (case.case + ending)), case.case)


def problems_of_previous(record: CaseRecord) -> Iterator[Problem]:
    """Whether the prediction can be read to its end, and lies on the grid of the image."""
    label, image = record.label, next((each.sound for each in record.images if each.sound is not None), None)
    if label is None:
        return
    if label.sound is None or label.header is None:
        detail = label.trouble or label.detail or "it is cut short"
        yield Problem("previous-unreadable", label.path, record.case, {"detail": detail})
    elif image is not None and spatial(label.header) != spatial(image):
        values = {"found": numbers(spatial(label.header)), "expected": numbers(spatial(image))}
        yield Problem("previous-shape", label.path, record.case, values)
    elif image is not None and not alike(image.spacing, label.header.spacing):
        values = {"found": numbers(label.header.spacing), "expected": numbers(image.spacing)}
        yield Problem("previous-spacing", label.path, record.case, values)
