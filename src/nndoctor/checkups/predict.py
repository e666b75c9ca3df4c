"""`nndoctor check predict`: everything that would make nnUNetv2_predict fail, or silently do nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import msgspec

from nndoctor.checkups.conclusion import Begun, conclude
from nndoctor.checkups.examining import examine_cases
from nndoctor.checkups.forecasting import call_of, device_of, memory_problems, model_of_plans, prediction_forecast
from nndoctor.checkups.options import Common, Progress
from nndoctor.checkups.predict_model import LookedAt, look_at_model
from nndoctor.checkups.predict_options import DEFAULT_WORKERS, Prediction
from nndoctor.checkups.predict_review import PredictReview
from nndoctor.diagnosis.model import Diagnosis, Forecast
from nndoctor.facts import Facts
from nndoctor.facts.problems import Problem
from nndoctor.nnunet import read_header
from nndoctor.nnunet.bounded_json import as_str
from nndoctor.nnunet.checks.expected import Expected, expected_of
from nndoctor.nnunet.checks.folder_files import commonest_ending
from nndoctor.nnunet.checks.predict_device import argument_problems, device_problems
from nndoctor.nnunet.checks.predict_images import ModelGrid, model_grid
from nndoctor.nnunet.checks.predict_input import InputFiles
from nndoctor.nnunet.checks.predict_output import Output, folder_problems, leftover_problems, room_problems
from nndoctor.nnunet.checks.predict_previous import missing_previous, previous_problems
from nndoctor.nnunet.examination.records import CaseFiles, Depth
from nndoctor.nnunet.files import BadFileError

FEW_VOXELS = 100_000_000
"""So many voxels of all images together are read without --deep."""
SAMPLES = 10

DEFAULT_FOLDS = ("0", "1", "2", "3", "4")
"""-f of nnUNetv2_predict (predict_entry_point, v2.0 to v2.8.1)."""


def check_predict(asked: Prediction, common: Common, progress: Progress) -> Diagnosis:
    """The Diagnosis of a prediction that has not begun. Raises RuleError."""
    from nndoctor.machine import machine_facts

    begun = Begun("predict", common)
    machine = Facts(machine_facts(common.python))
    model = look_at_model(asked, os.environ, machine, common.effort.depth)
    facts = Facts([*model.facts, *machine])
    expected = _expected(model, asked.input)
    review = PredictReview(expected, _grid(model))
    review.problems.extend([*_arguments(asked, facts, os.environ), *model.problems])
    files = InputFiles(asked.input, expected.ending)
    review.problems.extend(files.problems)
    cases = files.cases(asked.previous, asked.part_id, max(1, asked.num_parts))
    review.problems.extend(_previous(asked, model, cases, expected.ending))
    depth = examine_cases(cases, review, _thorough(common, cases), facts, progress)
    review.problems.extend(_output(asked, model, cases, review.voxels, expected.ending))
    forecast = _forecast(asked, model, review, facts)
    review.problems.extend(memory_problems(forecast, str(asked.input)))
    return conclude(begun, str(asked.input), review, facts, depth, forecast)


def _thorough(common: Common, cases: list[CaseFiles]) -> Common:
    """Every voxel is read when that costs a second or two, where the user did not say: NaN shows in no header."""
    effort = common.effort
    if effort.depth is not None or effort.shards or effort.dask or find_spec("numpy") is None:
        return common
    images = [image for case in cases for image in case.images]
    sample = [_voxels(Path(image)) for image in images[:: max(1, len(images) // SAMPLES)]]
    if not sample or sum(sample) / len(sample) * len(images) > FEW_VOXELS:
        return common
    return msgspec.structs.replace(common, effort=msgspec.structs.replace(effort, depth=Depth.deep))


def _voxels(image: Path) -> int:
    try:
        return read_header(image).voxels
    except BadFileError:
        return 0


def _forecast(asked: Prediction, model: LookedAt, review: PredictReview, facts: Facts) -> list[Forecast]:
    """By the headers of the images; a model that is not known needs what nobody can tell."""
    if model.world is None:
        return []
    call = replace(
        call_of(facts, device_of(asked.device)),
        cases=review.sizes.count,
        save_probabilities=asked.save_probabilities,
        folds=len(asked.folds or DEFAULT_FOLDS),
        step_size=asked.step_size,
        mirroring=asked.mirroring,
        on_device=asked.on_device,
    )
    planned = model_of_plans(model.world.plans, model.world.dataset, model.configuration)
    npp, nps = _workers_in_force(asked, os.environ)
    return prediction_forecast(review.sizes.images(), planned, call, npp, nps, facts)


def _expected(model: LookedAt, source: Path) -> Expected:
    """What dataset.json and plans.json of the model let nnU-Net expect; without them, what most files of the input are.

    Images of a prediction are read by the class that the plans name (DefaultPreprocessor.run_case, v2.0 to v2.8.1).
    """
    world = model.world
    if world is None or world.dataset is None:
        return Expected(commonest_ending(source))
    reader = as_str(world.plans.content.get("image_reader_writer")) if world.plans is not None else None
    return replace(expected_of(world.dataset), reader=reader)


def _grid(model: LookedAt) -> ModelGrid | None:
    if model.world is None or model.world.plans is None or model.configuration is None:
        return None
    return model_grid(model.world.plans, model.configuration)


def _arguments(asked: Prediction, facts: Facts, environ: Mapping[str, str]) -> Iterator[Problem]:
    npp, nps = _workers_in_force(asked, environ)
    yield from argument_problems(npp, nps, asked.part_id, asked.num_parts, asked.model is not None)
    yield from device_problems(asked.device, facts)


def _workers_in_force(asked: Prediction, environ: Mapping[str, str]) -> tuple[int, int]:
    """-npp and -nps."""
    given = ((asked.npp, "nnUNet_npp"), (asked.nps, "nnUNet_nps"))
    npp, nps = (_workers(option, environ.get(name), asked.model is not None) for option, name in given)
    return npp, nps


def _workers(given: int | None, variable: str | None, by_folder: bool) -> int:
    """The option, else the variable when it is a number and nnUNetv2_predict is used, else three."""
    if given is not None:
        return given
    usable = variable is not None and variable.strip().lstrip("+-").isdigit() and not by_folder
    return int(variable) if usable and variable is not None else DEFAULT_WORKERS


def _previous(asked: Prediction, model: LookedAt, cases: list[CaseFiles], ending: str) -> Iterator[Problem]:
    """What a cascade needs. Where the plans are not known, nobody can tell."""
    if model.world is None or model.world.plans is None or model.configuration is None:
        return
    yield from previous_problems(model.previous_stage, asked.previous, model.world.plans.path)
    if model.previous_stage is not None and asked.previous is not None:
        yield from missing_previous(cases, asked.previous, ending)


def _output(asked: Prediction, model: LookedAt, cases: list[CaseFiles], voxels: int, ending: str) -> Iterator[Problem]:
    if asked.output is None:
        return
    output = Output(asked.output, ending, asked.continue_prediction, asked.save_probabilities)
    labels = model.world.dataset.labels if model.world is not None and model.world.dataset is not None else None
    yield from folder_problems(output, asked.input, asked.previous)
    yield from room_problems(output, voxels, len(labels.values) if labels is not None else 2)
    if model.path is not None:
        yield from leftover_problems(output, [case.case for case in cases], model.path)
