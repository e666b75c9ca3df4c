"""`nndoctor check train`: everything that a training reads, writes and needs, before it begins."""

from __future__ import annotations

from collections.abc import Iterator

from nndoctor.checkups.conclusion import Begun, conclude
from nndoctor.checkups.forecasting import device_of, memory_problems, model_of_plans, training_forecast
from nndoctor.checkups.options import Common, Progress
from nndoctor.checkups.sizes import fingerprinted
from nndoctor.checkups.train_review import review_training
from nndoctor.diagnosis.model import Diagnosis, Forecast
from nndoctor.diagnosis.releases import unmet
from nndoctor.facts import Fact, Facts, Missing
from nndoctor.nnunet.checks.train_facts import request_facts
from nndoctor.nnunet.checks.train_request import TrainRequest
from nndoctor.nnunet.checks.train_world import TrainWorld, look_for_training
from nndoctor.nnunet.examination.records import Depth
from nndoctor.witnesses import here

_OF_CUDA = ("gpu.", "torch.build", "torch.cuda_build", "torch.compile_training")


def check_train(asked: TrainRequest, common: Common, progress: Progress) -> Diagnosis:
    """The Diagnosis of a training that is to be started. Raises RuleError."""
    begun, notes = Begun("train", common), list[str]()
    world = look_for_training(asked)
    facts = Facts([*request_facts(asked), *world.facts, *_machine(asked, common, notes)])
    facts.extend(unmet(facts, begun.book.common_knowledge().releases))
    review = review_training(asked, world, facts, common.effort.workers)
    progress(review.cases, review.cases)
    subject = str(world.folders.preprocessed or asked.dataset)
    forecast = _forecast(asked, world, facts)
    review.problems.extend(memory_problems(forecast, subject))
    return conclude(begun, subject, review, facts, Depth.headers, forecast, notes)


def _forecast(asked: TrainRequest, world: TrainWorld, facts: Facts) -> list[Forecast]:
    """By the shapes in the fingerprint: the preprocessed data need not be read for it."""
    root, model = world.folders.preprocessed, model_of_plans(world.plans, world.dataset, asked.configuration)
    if root is None or world.dataset is None:
        return []
    images = fingerprinted(root / "dataset_fingerprint.json", world.dataset.channels or 1)
    return training_forecast(images, model, device_of(asked.device), facts)


def _machine(asked: TrainRequest, common: Common, notes: list[str]) -> Iterator[Fact | Missing]:
    """This computer and nnU-Net's variables. What concerns a GPU says nothing about a training on another device."""
    for each in here(common.python, notes):
        if asked.device != "cuda" and each.name.startswith(_OF_CUDA):
            yield Missing(each.name, f"the training runs on -device {asked.device}")
        else:
            yield each
