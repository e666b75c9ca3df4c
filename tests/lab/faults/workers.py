"""Workers that are killed."""

from __future__ import annotations

import importlib
import os
import signal
from collections.abc import Callable

from tests.lab.faults.commands import PLAN, PREDICT, PREPROCESS, TRAIN, WORKER_DIED
from tests.lab.model import Fault, Outcome

SYMPTOM = "background-worker-died"
MEMORY = "host-out-of-memory"
PREPROCESSOR = "nnunetv2.preprocessing.preprocessors.default_preprocessor:DefaultPreprocessor.run_case"


def dies(*targets: str, by: int = signal.SIGKILL) -> Callable[[], None]:
    """A hook after which the named functions end their process, as the kernel does: without a word.

    Several names are given where versions differ; those that do not exist are left out.
    """

    def end(*args: object, **kwargs: object) -> None:
        os.kill(os.getpid(), by)

    def hook() -> None:
        for target in targets:
            module, _, path = target.partition(":")
            owner = importlib.import_module(module)
            *classes, name = path.split(".")
            for each in classes:
                owner = getattr(owner, each, None)  # type: ignore[assignment]
            if owner is not None:
                setattr(owner, name, end)

    return hook


SYMPTOM_ONLY = (Outcome(WORKER_DIED, SYMPTOM, "undetermined", (MEMORY,)),)
LOADERS = (
    "nnunetv2.training.dataloading.data_loader:nnUNetDataLoader.generate_train_batch",
    "nnunetv2.training.dataloading.data_loader_3d:nnUNetDataLoader3D.generate_train_batch",
)


def loader_dies() -> None:
    """The loader's module was renamed with 2.6."""
    import contextlib

    for target in LOADERS:
        with contextlib.suppress(ModuleNotFoundError):
            dies(target)()


FAULTS = (
    Fault(
        "predict-worker-killed",
        SYMPTOM,
        "a preprocessing worker gets SIGKILL",
        PREDICT,
        SYMPTOM_ONLY,
        in_worker=dies(PREPROCESSOR),
    ),
    Fault(
        "preprocess-worker-killed",
        SYMPTOM,
        "a preprocessing worker gets SIGKILL",
        PREPROCESS,
        SYMPTOM_ONLY,
        in_worker=dies(PREPROCESSOR),
    ),
    Fault(
        "verify-worker-killed",
        SYMPTOM,
        "a worker that extracts the fingerprint gets SIGKILL",
        f"{PLAN} --clean",
        SYMPTOM_ONLY,
        in_worker=dies(
            "nnunetv2.experiment_planning.dataset_fingerprint.fingerprint_extractor"
            ":DatasetFingerprintExtractor.analyze_case"
        ),
    ),
    Fault(
        "predict-export-worker-killed",
        SYMPTOM,
        "the worker that exports segmentations gets SIGKILL",
        PREDICT,
        (*SYMPTOM_ONLY, Outcome("ZeroDivisionError", SYMPTOM, "undetermined", (MEMORY,))),
        in_worker=dies("nnunetv2.inference.export_prediction:export_prediction_from_logits"),
    ),
    Fault(
        "train-loader-killed",
        SYMPTOM,
        "a worker that loads training data gets SIGKILL",
        TRAIN,
        (*SYMPTOM_ONLY, Outcome("ConnectionResetError", SYMPTOM, "undetermined", (MEMORY, "worker-timeout-or-hang"))),
        in_main=loader_dies,
        limit=30,
    ),
    Fault(
        "predict-worker-segfault",
        SYMPTOM,
        "a preprocessing worker gets SIGSEGV",
        PREDICT,
        SYMPTOM_ONLY,
        in_worker=dies(PREPROCESSOR, by=signal.SIGSEGV),
    ),
)
