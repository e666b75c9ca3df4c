"""The files of a training are judged, one part after the other; facts grow on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from nndoctor.checkups.review import SUSPICIOUS_KEPT, Review
from nndoctor.diagnosis.comparison import version_key
from nndoctor.diagnosis.model import CaseEntry
from nndoctor.facts import Facts
from nndoctor.facts.problems import Problem
from nndoctor.nnunet.checks.expected import Expected
from nndoctor.nnunet.checks.preprocessed_data import THREADS, DataCheck, data_problems, shapes_of
from nndoctor.nnunet.checks.preprocessed_files import companion_problems, newer_image_problems, stale_problems
from nndoctor.nnunet.checks.train_checkpoints import checkpoint_problems
from nndoctor.nnunet.checks.train_data import (
    missing_data_problems,
    previous_stage_problems,
    read_data,
    validation_label_problems,
)
from nndoctor.nnunet.checks.train_facts import data_facts, loading_facts, place_facts, progress_facts, room_facts
from nndoctor.nnunet.checks.train_logs import History, history_of
from nndoctor.nnunet.checks.train_names import unknown_name_problems
from nndoctor.nnunet.checks.train_places import Places, places_of
from nndoctor.nnunet.checks.train_request import TrainRequest, option_problems
from nndoctor.nnunet.checks.train_resampling import other_plans_problems
from nndoctor.nnunet.checks.train_setup import setup_problems
from nndoctor.nnunet.checks.train_splits import fold_problems
from nndoctor.nnunet.checks.train_trainer import Trainer, trainer_of
from nndoctor.nnunet.checks.train_world import TrainWorld
from nndoctor.nnunet.plans import Plans
from nndoctor.nnunet.preprocessed import PreprocessedData
from nndoctor.nnunet.splits import FILE as SPLITS
from nndoctor.nnunet.splits import splits_facts
from nndoctor.nnunet.staleness import raw_cases

INFERS_SINCE = (2, 6)


class TrainReview(Review):
    """The preprocessed cases are the cases of this check."""

    def __init__(self) -> None:
        super().__init__(Expected(""))
        self.entries: list[CaseEntry] = []

    def table(self) -> list[CaseEntry]:
        return self.entries

    def count(self, data: PreprocessedData) -> None:
        """Cases and files, and a line for every case with a problem."""
        self.cases, self.files = len(data.cases), len(data.names)
        self.entries = list(_entries(self, data))


@dataclass(frozen=True)
class Run:
    """A training whose plans could be read."""

    asked: TrainRequest
    world: TrainWorld
    plans: Plans
    places: Places
    trainer: Trainer | None
    package: Path | None
    release: tuple[float, ...] | None
    threads: int


def review_training(asked: TrainRequest, world: TrainWorld, facts: Facts, threads: int | None) -> TrainReview:
    """Everything that is wrong with the files of a training. Reads nnunetv2.version, nnunetv2.location and
    workers.augmentation from `facts`, and adds what it learns to them."""
    review = TrainReview()
    review.problems.extend([*option_problems(asked), *world.problems])
    package, release = _package(facts), _release(facts)
    trainer = trainer_of(asked, package, release)
    review.problems.extend(trainer.problems if trainer is not None else [])
    places = places_of(asked, world.folders, world.plans) if world.plans is not None else None
    if world.plans is not None and places is not None:
        run = Run(asked, world, world.plans, places, trainer, package, release, threads or THREADS)
        _begin(run, review, facts)
        _judge_data(run, review, facts)
    return review


def _release(facts: Facts) -> tuple[float, ...] | None:
    version = facts.value("nnunetv2.version")
    return version_key(str(version)) if version is not None else None


def _package(facts: Facts) -> Path | None:
    location = facts.value("nnunetv2.location")
    return Path(location) if isinstance(location, str) else None


def _begin(run: Run, review: Review, facts: Facts) -> None:
    """Plans, dataset.json, and where the training begins."""
    fold = run.places.fold
    history = history_of(fold) if fold is not None else History()
    facts.extend([*place_facts(run.asked, run.places), *loading_facts(run.asked, run.places)])
    facts.extend(progress_facts(run.asked, run.places, run.trainer, history))
    review.problems.extend(setup_problems(run.asked, run.places, run.plans, run.world.dataset))
    review.problems.extend(unknown_name_problems(run.plans, run.asked.configuration, run.package))
    review.problems.extend(checkpoint_problems(run.asked, run.places, history))


def _judge_data(run: Run, review: TrainReview, facts: Facts) -> None:
    """The preprocessed cases, the fold, and what is needed beside them."""
    if run.asked.configuration not in run.plans.configurations:
        return
    data = read_data(run.places)
    facts.extend(data_facts(data, run.places))
    if run.world.dataset is not None:
        facts.extend(room_facts(run.asked, run.places, run.plans, run.world.dataset, data, _workers(facts)))
    review.problems.extend(missing_data_problems(run.places, data))
    review.problems.extend(companion_problems(run.places.base))
    if data is None or not data.cases:
        return
    facts.extend(splits_facts(run.places.base / SPLITS, data.cases, [run.asked.fold_name]))
    review.problems.extend(_of_data(run, data))
    review.count(data)


def _of_data(run: Run, data: PreprocessedData) -> Iterator[Problem]:
    asked, folders = run.asked, run.world.folders
    cases = sorted(raw_cases(folders.raw) or ())
    infers = None if run.release is None else run.release >= INFERS_SINCE
    yield from data_problems(DataCheck(data, cases, run.plans.channels(asked.configuration), infers, run.threads))
    yield from other_plans_problems(data, run.plans, asked.configuration)
    yield from stale_problems(folders, cases)
    yield from newer_image_problems(folders, data)
    yield from previous_stage_problems(run.places, data.cases)
    if asked.fold_is_number:
        yield from fold_problems(run.places.base / SPLITS, asked.fold_name, set(data.cases))
    ending = run.world.dataset.file_ending if run.world.dataset is not None else None
    yield from validation_label_problems(run.places, asked.fold_name, ending, data)


def _workers(facts: Facts) -> int | None:
    count = facts.value("workers.augmentation")
    return count if isinstance(count, int) else None


def _entries(review: Review, data: PreprocessedData) -> Iterator[CaseEntry]:
    """The cases that have problems of their own, with the shape of their array in voxels (x, y, z) and its channels."""
    suspicious = dict(islice(sorted(_suspicious(review, set(data.cases)).items()), SUSPICIOUS_KEPT))
    shapes = dict(shapes_of(data, list(suspicious)))
    files: dict[str, list[str]] = {}
    for name in data.names:
        files.setdefault(_case_of(name), []).append(str(data.folder / name))
    for case, kinds in suspicious.items():
        shape = shapes.get(case, ())
        yield CaseEntry(case, files.get(case, []), list(shape[:0:-1]), [], shape[0] if shape else 0, kinds)


def _suspicious(review: Review, cases: set[str]) -> dict[str, list[str]]:
    """The kinds of problems of each case that has any; those of a file belong to the case in its name."""
    found: dict[str, list[str]] = {}
    for kind in review.problems.kinds():
        for problem in review.problems.kept(kind):
            case = problem.case or _case_of(Path(problem.where).name)
            if case in cases and kind not in found.setdefault(case, []):
                found[case].append(kind)
    return found


def _case_of(name: str) -> str:
    """The case of a preprocessed file: without its ending, and without the _seg of a segmentation."""
    return name.rpartition(".")[0].removesuffix("_seg")
