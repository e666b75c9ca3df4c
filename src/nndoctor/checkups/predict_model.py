"""The model of a prediction: found as nnU-Net finds it, judged, and what the images are then held against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nndoctor.checkups.predict_options import Prediction
from nndoctor.facts import Fact, Facts, Missing
from nndoctor.facts.problems import Problem
from nndoctor.nnunet import Request, World, look_around
from nndoctor.nnunet.checks.model_classes import plans_classes, trainer_problems
from nndoctor.nnunet.checks.model_content import (
    Named,
    epoch_note,
    fit_problems,
    name_problems,
    read_checkpoints,
    unlike,
)
from nndoctor.nnunet.checks.model_files import (
    channel_details,
    configuration_details,
    file_problems,
    fold_problems,
    json_file_problems,
    misplaced,
    nowhere,
    used_checkpoints,
)
from nndoctor.nnunet.checks.model_versions import version_problems
from nndoctor.nnunet.dataset_folders import dataset_facts, model_folder
from nndoctor.nnunet.examination.records import Depth
from nndoctor.nnunet.files import is_folder, subfolders_of
from nndoctor.nnunet.variables import Variables

CHECKSUMS = {None: 2 * 1024**3, Depth.headers: 0, Depth.labels: 2 * 1024**3, Depth.deep: 2**63}
"""Bytes of checkpoints that are compared with their checksums: about one second each GiB."""


@dataclass
class LookedAt:
    """A model that was looked at; `world` is None when there is none to look at."""

    path: Path | None
    world: World | None = None
    configuration: str | None = None
    checkpoints: list[Named] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    facts: list[Fact | Missing] = field(default_factory=list)

    @property
    def previous_stage(self) -> str | None:
        """The configuration whose predictions this one needs."""
        if self.world is None or self.world.plans is None or self.configuration is None:
            return None
        stage = self.world.plans.configuration(self.configuration).get("previous_stage")
        return stage if isinstance(stage, str) else None


def look_at_model(asked: Prediction, environ: Mapping[str, str], machine: Facts, depth: Depth | None) -> LookedAt:
    """The model that was asked for, with all that is wrong with it."""
    request = Request(None, asked.model, asked.dataset, asked.configuration, asked.folds, asked.trainer, asked.plans,
                      asked.checkpoint, environ)  # fmt: skip
    named, folders = dataset_facts(request, Variables(environ))
    path = model_folder(request, Variables(environ), folders)
    if path is None:
        return LookedAt(None, problems=list(_no_path(asked, environ, Facts(named))), facts=named)
    if not is_folder(path):
        return LookedAt(path, problems=list(nowhere(path)), facts=named)
    if (wrong := misplaced(path)) is not None:
        return LookedAt(path, problems=[wrong], facts=named)
    return _looked_at(asked, request, path, machine, CHECKSUMS[depth], named)


def _no_path(asked: Prediction, environ: Mapping[str, str], named: Facts) -> Iterator[Problem]:
    """Why nnU-Net cannot even name the folder. That several datasets have the id is told by facts."""
    if named.value("dataset.ambiguous"):
        return
    if not environ.get("nnUNet_results"):
        yield Problem("results-not-set", "nnUNet_results")
        return
    results = environ["nnUNet_results"]
    there = ", ".join(subfolders_of(Path(results))[:8]) or "no folders"
    yield Problem("dataset-not-found", results, None, {"asked": str(asked.dataset), "looked": results, "near": there})


def _looked_at(
    asked: Prediction, request: Request, path: Path, machine: Facts, most_bytes: int, named: list[Fact | Missing]
) -> LookedAt:
    """First the checkpoints: they say which configuration of the plans counts."""
    first = look_around(Request(model=path, environ=request.environ))
    if first.model is None:
        return LookedAt(path, problems=list(nowhere(path)), facts=named)
    folds = None if asked.folds is None else [_fold(fold) for fold in asked.folds]
    wanted = request.checkpoint_name
    problems = [*json_file_problems(path), *fold_problems(first.model, folds, wanted)]
    paths = used_checkpoints(first.model, folds, wanted)
    problems += file_problems(paths, most_bytes)
    broken = {problem.where for problem in problems if problem.kind == "checkpoint-unreadable"}
    found, foreign = read_checkpoints([each for each in paths if str(each) not in broken])
    told = found[0].content.configuration if found else None
    configuration = told or request.configuration or first.configuration
    exact = Request(model=path, configuration=configuration, folds=request.folds, checkpoint=request.checkpoint,
                    environ=request.environ)  # fmt: skip
    world = look_around(exact)
    model = LookedAt(path, world, configuration, found, [*problems, *foreign], [*named, *world.facts])
    model.problems += _judged(model, request, machine)
    return model


def _fold(asked: str) -> str:
    """nnU-Net makes a number of it: 00 is 0."""
    return str(int(asked)) if asked.isdigit() else asked


def _judged(model: LookedAt, request: Request, machine: Facts) -> Iterator[Problem]:
    """The checkpoints against plans, dataset.json, names and what is installed."""
    plans, package = model.world.plans if model.world else None, _package(machine)
    if plans is not None and model.configuration is not None:
        yield from configuration_details(plans, model.configuration)
        yield from channel_details(plans, model.configuration, model.world.dataset if model.world else None)
        yield from plans_classes(plans, model.configuration, package)
    if not model.checkpoints or model.path is None or model.world is None:
        return
    first = model.checkpoints[0]
    yield from name_problems(first, model.path, request.configuration)
    yield from epoch_note(first)
    yield from trainer_problems(first.content.trainer, first.path, package, request.environ)
    yield from version_problems(first, machine, request.environ)
    yield from unlike(first, model.checkpoints[1:])
    if plans is not None:
        yield from fit_problems(first, plans, model.world.dataset)


def _package(machine: Facts) -> Path | None:
    """The folder of the installed nnunetv2."""
    location = machine.value("nnunetv2.location")
    return Path(location) if isinstance(location, str) else None
