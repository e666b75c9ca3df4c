"""`nndoctor check dataset`: nnUNet_raw/DATASET, and what was made of it."""

from __future__ import annotations

import os
from pathlib import Path

from nndoctor.checkups.conclusion import Begun, conclude
from nndoctor.checkups.examining import examine_cases
from nndoctor.checkups.forecasting import memory_problems, model_of_plans, preparation_forecast, provisional_model
from nndoctor.checkups.options import Common, Progress
from nndoctor.checkups.resources import resource_facts
from nndoctor.checkups.review import Review
from nndoctor.diagnosis.model import Diagnosis, Forecast
from nndoctor.facts import Facts
from nndoctor.facts.problems import Problem
from nndoctor.nnunet import Request, World, look_around
from nndoctor.nnunet.checks.dataset_files import DatasetFiles
from nndoctor.nnunet.checks.expected import Expected, expected_of
from nndoctor.nnunet.checks.folder_files import commonest_ending
from nndoctor.nnunet.checks.preprocessed_files import preprocessed_problems
from nndoctor.nnunet.dataset_json import DatasetJson
from nndoctor.nnunet.files import is_file, is_folder, subfolders_of
from nndoctor.nnunet.variables import Variables

NAMED = 12
"""Folders that are named when the right one is not among them."""


def check_dataset(dataset: str, common: Common, progress: Progress) -> Diagnosis:
    """The Diagnosis of a dataset, by its id, name or folder. Raises RuleError."""
    begun = Begun("dataset", common)
    world = look_around(Request(dataset=dataset, environ=dict(os.environ)))
    facts = Facts([*world.facts, *resource_facts(common.python)])
    files = _files(world)
    expected = expected_of(files.dataset) if files is not None else Expected(".nii.gz")
    review = Review(expected)
    review.problems.extend(files.problems if files else [])
    depth = examine_cases(files.cases if files else [], review, common, facts, progress)
    if files is None:
        review.problems.extend(_nowhere(world, dataset))
    else:
        review.problems.extend(review.tally.problems(files.root / "labelsTr"))
    review.problems.extend(preprocessed_problems(world.folders, [case.case for case in files.cases] if files else []))
    subject = str(world.folders.raw or dataset)
    forecast = _forecast(world, files.dataset if files else None, review, facts)
    review.problems.extend(memory_problems(_ahead(forecast, world), subject))
    return conclude(begun, subject, review, facts, depth, forecast)


def _forecast(world: World, dataset: DatasetJson | None, review: Review, facts: Facts) -> list[Forecast]:
    """By the plans; before planning, by what the planner will most likely choose."""
    images, plans = review.sizes.images(), world.plans
    names = plans.configurations if plans is not None else {}
    models = [model for name in names if (model := model_of_plans(plans, dataset, name)) and not model.previous]
    if not models and (provisional := provisional_model(images, dataset)) is not None:
        models = [provisional]
        review.notes.append("no plans yet: memory is forecast as if the median spacing were planned")
    return preparation_forecast(images, review.sizes.count, models, facts)


def _ahead(rows: list[Forecast], world: World) -> list[Forecast]:
    """The stages that are still to come: a fingerprint that is there is used again."""
    root = world.folders.preprocessed
    done = root is not None and is_file(root / "dataset_fingerprint.json")
    return [row for row in rows if not (done and row.stage == "fingerprint")]


def _files(world: World) -> DatasetFiles | None:
    """The files of the dataset. Without a usable dataset.json they are still worth a look."""
    raw = world.folders.raw
    if raw is None or not is_folder(raw):
        return None
    dataset = world.dataset or DatasetJson(raw / "dataset.json", {})
    if dataset.file_ending is None:
        guess = {"file_ending": commonest_ending(raw / "imagesTr")}
        dataset = DatasetJson(dataset.path, {**dataset.content, **guess})
    return DatasetFiles(raw, dataset)


def _nowhere(world: World, asked: str) -> list[Problem]:
    """No folder at all; a folder without dataset.json is told by facts."""
    if os.sep in asked:
        return [Problem("dataset-folder-missing", asked)]
    raw = world.folders.raw
    root = str(raw) if raw is not None else Variables(os.environ).get("nnUNet_raw")
    if not root:
        return [Problem("env-raw-unset", asked)]
    there = ", ".join(subfolders_of(Path(root))[:NAMED]) or "no folders"
    return [Problem("dataset-not-found", root, None, {"asked": asked, "looked": root, "near": there})]
