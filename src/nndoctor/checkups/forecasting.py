"""The memory forecast of a check: shapes, plans and worker counts against what this machine grants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from statistics import median
from typing import Literal

from nndoctor.checkups.resources import granted_cpus, granted_memory
from nndoctor.diagnosis.model import Forecast
from nndoctor.facts import Facts
from nndoctor.facts.problems import Problem
from nndoctor.nnunet.dataset_json import DatasetJson
from nndoctor.nnunet.memory import (
    Call,
    Image,
    Model,
    Row,
    fingerprint_rows,
    model_of,
    predict_gpu_row,
    predict_rows,
    preprocess_rows,
    training_gpu_row,
    training_rows,
)
from nndoctor.nnunet.plans import Plans

Device = Literal["cpu", "cuda", "mps"]
SURE = 1.2
"""Measured runs were within a fifth of the forecast: what is further above the limit fails, what is nearer may."""
MOST_CPUS = 1024
ALONE = {"memory-short": "memory-short-even-alone", "memory-tight": "memory-tight-even-alone"}
BOUNDS = ("preprocess", "export")
WORKERS = {"fingerprint": 8, "augmentation": 12, "default": 8, "prediction_preprocessing": 3, "prediction_export": 3}
PREPROCESSING = {"2d": 8, "3d_fullres": 4, "3d_lowres": 8}
OTHER_CONFIGURATION = 4
"""nnU-Net's defaults, where the machine was not asked (experiment_planning/plan_and_preprocess_entrypoints.py)."""


def device_of(name: str) -> Device:
    """The device that an option names; what nnU-Net refuses counts as its default."""
    return "cpu" if name == "cpu" else "mps" if name == "mps" else "cuda"


def workers(facts: Facts, name: str) -> int:
    """How many processes nnU-Net starts where no option says otherwise."""
    value = facts.value(f"workers.{name}")
    return value if isinstance(value, int) else WORKERS[name]


def call_of(facts: Facts, device: Device) -> Call:
    """How nnU-Net will run here: its release, its torch, the processors."""
    version, build = facts.value("nnunetv2.version"), facts.value("torch.build")
    return Call(
        version=str(version) if version is not None else None,
        device=device,
        cores=granted_cpus(facts),
        cuda_build=build != "cpu" if build is not None else None,
    )


def model_of_plans(plans: Plans | None, dataset: DatasetJson | None, configuration: str | None) -> Model | None:
    if plans is None or dataset is None or configuration is None:
        return None
    settings = plans.configuration(configuration)
    return model_of(plans.content, settings, configuration, dataset.content) if settings else None


def provisional_model(images: list[Image], dataset: DatasetJson | None) -> Model | None:
    """What the planner will choose in most cases: the median spacing as the target (DetermineTargetSpacing, v2.8.1)."""
    labels = dataset.labels if dataset is not None else None
    if labels is None or not images:
        return None
    spacing = tuple(median(image.spacing[axis] for image in images) for axis in range(3))
    heads = labels.regions if labels.has_regions else len(labels.values)
    flat = all(image.shape[0] == 1 for image in images)
    patch = (512, 512) if flat else (128, 128, 128)
    return Model("2d" if flat else "3d_fullres", spacing[-len(patch) :], (0, 1, 2), heads, patch, 2)


def preparation_forecast(images: list[Image], cases: int, models: list[Model], facts: Facts) -> list[Forecast]:
    """Fingerprint and preprocessing of a dataset of so many cases, for every configuration of its plans. `images`: the
    largest."""
    call, granted = replace(call_of(facts, "cpu"), cases=cases), granted_memory(facts)
    if not images or not models:
        return []
    rows = fingerprint_rows(images, models[0], call, workers(facts, "fingerprint"), granted)
    for model in models:
        count = PREPROCESSING.get(model.configuration, OTHER_CONFIGURATION)
        rows += [
            replace(row, configuration=model.configuration)
            for row in preprocess_rows(images, model, call, count, granted)[1:]
        ]
    return forecasts(rows)


def prediction_forecast(
    images: list[Image], model: Model | None, call: Call, npp: int, nps: int, facts: Facts
) -> list[Forecast]:
    """The stages of nnUNetv2_predict, in RAM and on the GPU."""
    if model is None or not images:
        return []
    rows = predict_rows(images, model, call, npp, nps, granted_memory(facts))
    gpu = predict_gpu_row(images, model, call, _gpu_memory(facts)) if call.device == "cuda" else None
    return forecasts([*rows, *([gpu] if gpu is not None else [])])


def training_forecast(images: list[Image], model: Model | None, device: Device, facts: Facts) -> list[Forecast]:
    """Training and the validation after it, in RAM and on the GPU."""
    if model is None or not images:
        return []
    host = facts.value("cpu.host")
    augmenting = min(workers(facts, "augmentation"), host if isinstance(host, int) else MOST_CPUS)
    counts = augmenting, workers(facts, "default")
    rows = training_rows(images, model, call_of(facts, device), *counts, granted_memory(facts))
    if device == "cuda":
        rows.append(training_gpu_row(model, images[0].channels, _gpu_memory(facts)))
    return forecasts(rows)


def _gpu_memory(facts: Facts) -> int | None:
    value = facts.value("gpu.memory_total")
    return value if isinstance(value, int) else None


def forecasts(rows: Iterable[Row]) -> list[Forecast]:
    return [Forecast(**asdict(row)) for row in rows]


def memory_problems(rows: list[Forecast], where: str) -> Iterator[Problem]:
    """What does not fit. A bound is not reached by every run: beyond the limit it is a warning, and needs no word of
    its own when the run itself does not fit."""
    short = [row for row in rows if not row.fits]
    run_is_short = any(row.stage == "predict" for row in short)
    for row in short:
        if not (run_is_short and row.stage in BOUNDS):
            certain = row.granted is not None and row.charged > SURE * row.granted
            yield Problem(_kind(row, certain, rows), where, row.case, _values(row))


def _kind(row: Forecast, certain: bool, rows: list[Forecast]) -> str:
    if row.stage == "gpu":
        return "vram-fallback" if row.formula == "vram-prediction" else "vram-short" if certain else "vram-tight"
    bound = row.stage in BOUNDS and any(each.stage == "predict" for each in rows)
    kind = "memory-tight" if bound or not certain else "memory-short"
    return kind if row.safe_workers else ALONE[kind]


def _values(row: Forecast) -> dict[str, str]:
    return {
        "who": row.case or "the run",
        "stage": row.stage if row.configuration is None else f"{row.stage} {row.configuration}",
        "need": gib(row.charged),
        "workers": str(row.workers),
        "option": row.option or "",
        "granted": gib(row.granted or 0),
        "safe": str(row.safe_workers or 1),
        "safe_total": gib(row.safe_total or row.one),
    }


def gib(count: int) -> str:
    return f"{count / 2**30:.1f} GiB"
