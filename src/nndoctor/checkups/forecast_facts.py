"""The memory forecast as a witness of a diagnosis: did the run that crashed fit into this machine?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from nndoctor.checkups.forecasting import (
    Device,
    call_of,
    model_of_plans,
    prediction_forecast,
    preparation_forecast,
    training_forecast,
    workers,
)
from nndoctor.checkups.sizes import fingerprinted, image_of
from nndoctor.diagnosis.model import Forecast
from nndoctor.facts import Fact, Facts, Missing, Provenance
from nndoctor.nnunet import Request, World
from nndoctor.nnunet.checks.folder_files import read_folder
from nndoctor.nnunet.examination.examine import examine
from nndoctor.nnunet.examination.records import CaseFiles, Depth
from nndoctor.nnunet.memory import Image

NAMES = ("forecast.stage", "forecast.case", "forecast.needed", "forecast.share")
MOST_CASES = 300
PREPARES = ("nnUNetv2_plan_and_preprocess", "nnUNetv2_preprocess", "nnUNetv2_extract_fingerprint")


def forecast_facts(request: Request, world: World, facts: Facts) -> Iterator[Fact | Missing]:
    """The tightest stage of the run that the request and the log's command describe; raises nothing."""
    rows = [row for row in _rows(request, world, facts) if row.granted and row.stage != "gpu"]
    if not rows:
        why = "needs plans, images (-i, -m; or -d, -c), and the machine of the run (--env here)"
        yield from (Missing(name, why) for name in NAMES)
        return
    worst = max(rows, key=lambda row: row.charged / (row.granted or 1))
    values = (worst.stage, worst.case, worst.charged, round(worst.charged / (worst.granted or 1), 2))
    for name, value in zip(NAMES, values, strict=True):
        if value is not None:
            yield Fact(name, value, Provenance("nnunet", "memory forecast"))


def _rows(request: Request, world: World, facts: Facts) -> list[Forecast]:
    model = model_of_plans(world.plans, world.dataset, world.configuration)
    if model is None or world.dataset is None:
        return []
    if request.input is not None:
        images = _of_folder(request.input, world.dataset.file_ending or ".nii.gz")
        npp = _given(facts, "-npp", workers(facts, "prediction_preprocessing"))
        nps = _given(facts, "-nps", workers(facts, "prediction_export"))
        return prediction_forecast(images, model, call_of(facts, _device(facts)), npp, nps, facts)
    root = world.folders.preprocessed
    images = fingerprinted(root / "dataset_fingerprint.json", world.dataset.channels or 1) if root is not None else []
    if facts.value("log.command") in PREPARES:
        return preparation_forecast(images, len(images), [model], facts)
    return training_forecast(images, model, _device(facts), facts)


def _given(facts: Facts, option: str, otherwise: int) -> int:
    """The number that the log's command line gives to an option."""
    found = re.search(rf"(?<!\S){option}[ =](\d{{1,3}})(?!\S)", str(facts.value("log.command_line") or ""))
    return int(found[1]) if found else otherwise


def _device(facts: Facts) -> Device:
    """The device of the log's command line; else nnU-Net's default, where there is a GPU."""
    if "-device cpu" in str(facts.value("log.command_line") or ""):
        return "cpu"
    return "cuda" if facts.value("gpu.count") else "cpu"


def _of_folder(folder: Path, ending: str) -> list[Image]:
    """The first 300 cases of an input folder, by their headers."""
    files = read_folder(folder, ending)
    if files is None:
        return []
    cases = [(case, [str(folder / name) for name in names]) for case, names in files.cases().items()]
    records = (examine(CaseFiles(case, paths), Depth.headers, {}) for case, paths in cases[:MOST_CASES])
    return [image for record in records if (image := image_of(record)) is not None]
