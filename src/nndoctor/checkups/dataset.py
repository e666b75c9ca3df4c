"""`nndoctor check dataset`: nnUNet_raw/DATASET, and what was made of it."""

from __future__ import annotations

import os

from nndoctor.checkups.conclusion import Begun, conclude
from nndoctor.checkups.options import Common, Progress
from nndoctor.checkups.resources import granted_cpus, resource_facts
from nndoctor.checkups.review import Review
from nndoctor.diagnosis.model import Diagnosis
from nndoctor.facts import Facts
from nndoctor.facts.problems import Problem
from nndoctor.nnunet import Request, World, look_around
from nndoctor.nnunet.checks.dataset_files import DatasetFiles
from nndoctor.nnunet.checks.expected import Expected, expected_of
from nndoctor.nnunet.checks.preprocessed_files import preprocessed_problems
from nndoctor.nnunet.examination.affordable import affordable_depth
from nndoctor.nnunet.examination.pool import examine_all
from nndoctor.nnunet.examination.records import CaseFiles, Depth
from nndoctor.nnunet.files import is_folder


def check_dataset(dataset: str, common: Common, progress: Progress) -> Diagnosis:
    """The Diagnosis of a dataset, by its id, name or folder. Raises RuleError."""
    begun = Begun("dataset", common)
    world = look_around(Request(dataset=dataset, environ=dict(os.environ)))
    facts = Facts([*world.facts, *resource_facts()])
    files = _files(world)
    expected = expected_of(world.dataset) if world.dataset is not None else Expected(".nii.gz")
    review = Review(expected)
    review.problems.extend(files.problems if files else [])
    depth = examine_cases(files.cases if files else [], review, common, facts, progress)
    if files is None:
        review.problems.extend(_nowhere(world, dataset))
    else:
        review.problems.extend(review.tally.problems(files.root / "labelsTr"))
    review.problems.extend(preprocessed_problems(world.folders, [case.case for case in files.cases] if files else []))
    return conclude(begun, str(world.folders.raw or dataset), review, facts, depth, [])


def _files(world: World) -> DatasetFiles | None:
    raw = world.folders.raw
    return DatasetFiles(raw, world.dataset) if raw is not None and world.dataset is not None else None


def _nowhere(world: World, asked: str) -> list[Problem]:
    """No folder at all; a folder without dataset.json is told by facts."""
    raw = world.folders.raw
    if raw is not None and is_folder(raw):
        return []
    root = str(raw) if raw is not None else os.environ.get("nnUNet_raw") or "nnUNet_raw, which is not set"
    return [Problem("dataset-not-found", root, None, {"asked": asked, "looked": root})]


def examine_cases(cases: list[CaseFiles], review: Review, common: Common, facts: Facts, progress: Progress) -> Depth:
    """Every case goes through the review; returns how deep was looked."""
    depth = common.effort.depth or affordable_depth(cases)
    workers = common.effort.workers or granted_cpus(facts)
    for done, record in enumerate(examine_all(cases, depth, workers), 1):
        review.add(record)
        progress(done, len(cases))
    review.finish()
    return depth
