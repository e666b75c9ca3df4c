"""Processes that are killed, limits of the computer, disks, rights, scripts without a main guard."""

from __future__ import annotations

import importlib
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

from tests.lab import limits, trainers
from tests.lab.faults.commands import FAST, MODEL, PLAN, PREDICT, PREPROCESS, TRAIN, VERIFY, WORKER_DIED, says
from tests.lab.model import TRAINER, Fault, Outcome, Scene, Stop

SYMPTOM = "background-worker-died"
MEMORY = "host-out-of-memory"
NO_MEMORY = r"Unable to allocate|can't allocate memory|not enough memory|Cannot allocate memory|MemoryError|bad_alloc"
BIG = (288, 288, 288)
PREPROCESSOR = "nnunetv2.preprocessing.preprocessors.default_preprocessor:DefaultPreprocessor.run_case"
DISK = r"No space left on device|write error|Not enough space|unexpected pos|file write failed|Could not write"


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


def big_input(scene: Scene) -> None:
    """One case with so many voxels that its preprocessing needs a gigabyte."""
    import numpy as np

    from tests.lab.dataset import write_image

    ramp = np.linspace(1, 100, BIG[2], dtype=np.float32)
    for path in scene.input.glob("lesion_001_*"):
        write_image(path, np.broadcast_to(ramp, BIG).copy())


def big_training_case(scene: Scene) -> None:
    import numpy as np

    from tests.lab.dataset import write_image

    ramp = np.linspace(1, 100, BIG[2], dtype=np.float32)
    seg = np.zeros(BIG, np.uint8)
    seg[20:60, 20:60, 20:60] = 1
    for path in (scene.raw / "imagesTr").glob("lesion_001_*"):
        write_image(path, np.broadcast_to(ramp, BIG).copy())
    write_image(scene.raw / "labelsTr" / "lesion_001.nii.gz", seg)


def memory_cgroup(megabytes: int) -> Callable[[], None]:
    return limits.join_cgroup("memory", limit_in_bytes=megabytes * 2**20)


def memory(scene: Scene) -> bool:
    return limits.have_cgroup("memory")


def pids(scene: Scene) -> bool:
    return limits.have_cgroup("pids")


def mounts(scene: Scene) -> bool:
    return limits.may_mount()


def small(folder: Callable[[Scene], Path], room: int, options: str = "rw") -> Callable[[Scene], None]:
    return lambda scene: limits.small_disk(scene, folder(scene), room, options)


def locked(folder: Callable[[Scene], Path], mode: int = 0o555) -> Callable[[Scene], None]:
    def inject(scene: Scene) -> None:
        folder(scene).mkdir(parents=True, exist_ok=True)
        for path in (folder(scene), *(each for each in folder(scene).rglob("*") if each.is_dir())):
            path.chmod(mode)

    return inject


def unreadable_image(scene: Scene) -> None:
    sorted(scene.input.iterdir())[0].chmod(0)


def script(scene: Scene) -> None:
    """A user's script that predicts at module level."""
    text = f"""import torch
from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor

predictor = nnUNetPredictor(use_mirroring=False, device=torch.device("cpu"), allow_tqdm=False)
predictor.initialize_from_trained_model_folder("{scene.model}", use_folds=(0,), checkpoint_name="checkpoint_final.pth")
predictor.predict_from_files("{scene.input}", "{scene.output}", num_processes_preprocessing=2,
                             num_processes_segmentation_export=2)
"""
    (scene.root / "my_prediction.py").write_text(text)


def crashing_trainer(scene: Scene) -> None:
    body = "    def train_step(self, batch):\n        import ctypes\n        return ctypes.string_at(0)\n"
    scene.add_trainer(trainers.write(scene.root, "nnUNetTrainerNative", body))


def faulthandler() -> None:
    """What PYTHONFAULTHANDLER=1 does at the start of an interpreter."""
    import faulthandler as handler

    handler.enable()


def real(command: str) -> str:
    """The command in a real shell, whose own words ('Killed', 'Terminated') belong to the text."""
    return f"bash -c '{command}; exit $?'"


SYMPTOM_ONLY = (Outcome(WORKER_DIED, SYMPTOM, "undetermined", (MEMORY,)),)
KILLED = (Outcome(r"\bKilled\b", "", "diagnosed", ("job-killed",)),)
CANCELLED = says("KeyboardInterrupt")
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
    Fault(
        "predict-worker-oom",
        MEMORY,
        "a memory cgroup of 400 MB and a case of 288 x 288 x 288: the kernel kills the worker",
        PREDICT,
        SYMPTOM_ONLY,
        big_input,
        confine=memory_cgroup(400),
        in_worker=limits.first_victim,
        when=memory,
    ),
    Fault(
        "preprocess-worker-oom",
        MEMORY,
        "a memory cgroup of 400 MB and a case of 288 x 288 x 288: the kernel kills the worker",
        PREPROCESS,
        SYMPTOM_ONLY,
        big_training_case,
        confine=memory_cgroup(400),
        in_worker=limits.first_victim,
        when=memory,
    ),
    Fault(
        "train-killed-by-kernel",
        MEMORY,
        "a memory cgroup of 300 MB: the kernel kills the main process",
        real(TRAIN),
        KILLED,
        confine=memory_cgroup(300),
        when=memory,
        limit=120,
    ),
    Fault(
        "predict-worker-address-space",
        MEMORY,
        "ulimit -v leaves a preprocessing worker 500 MB for a case of 288 x 288 x 288",
        PREDICT,
        says(NO_MEMORY),
        big_input,
        in_worker=lambda: limits.more_address_space(500),
    ),
    Fault(
        "preprocess-worker-address-space",
        MEMORY,
        "ulimit -v leaves a preprocessing worker 500 MB for a case of 288 x 288 x 288",
        PREPROCESS,
        says(NO_MEMORY),
        big_training_case,
        in_worker=lambda: limits.more_address_space(500),
    ),
    Fault(
        "predict-main-address-space",
        MEMORY,
        "ulimit -v leaves the main process 250 MB for a case of 288 x 288 x 288",
        PREDICT,
        says(NO_MEMORY),
        big_input,
        in_main=lambda: limits.more_address_space(250),
        limit=120,
    ),
    Fault(
        "predict-open-files",
        "open-files-limit",
        "ulimit -n 32",
        PREDICT,
        says("Too many open files|ancdata"),
        confine=limits.open_files(32),
    ),
    Fault(
        "train-open-files",
        "open-files-limit",
        "ulimit -n 30",
        TRAIN,
        says("Too many open files|ancdata"),
        confine=limits.open_files(30),
    ),
    Fault(
        "train-process-limit",
        "process-limit",
        "a pids cgroup of 5",
        TRAIN,
        says("can't start new thread|Resource temporarily unavailable|pthread_create"),
        confine=limits.join_cgroup("pids", max=5),
        when=pids,
        limit=40,
    ),
    Fault(
        "preprocess-disk-full",
        "disk-full",
        "200 kB are left for the preprocessed data",
        PREPROCESS,
        says(DISK),
        lambda scene: (shutil.rmtree(scene.data), limits.small_disk(scene, scene.preprocessed, 200_000)),
        when=mounts,
    ),
    Fault(
        "train-disk-full",
        "disk-full",
        "no room for the checkpoint",
        TRAIN.replace(" 0 -tr", " 1 -tr"),
        says(DISK),
        small(lambda scene: scene.model, 60_000),
        when=mounts,
    ),
    Fault(
        "predict-disk-full",
        "disk-full",
        "no room for the predictions",
        PREDICT,
        says(DISK),
        small(lambda scene: scene.output, 4096),
        when=mounts,
    ),
    Fault(
        "train-read-only-disk",
        "permission-denied",
        "nnUNet_results is on a disk that is mounted read-only",
        TRAIN,
        says("Read-only file system"),
        small(lambda scene: scene.results, 4096, "ro"),
        when=mounts,
    ),
    Fault(
        "train-results-not-writable",
        "permission-denied",
        "no right to write below nnUNet_results",
        TRAIN.replace(" 0 -tr", " 1 -tr"),
        says("Permission denied"),
        locked(lambda scene: scene.results),
        confine=limits.obey_file_modes,
    ),
    Fault(
        "predict-output-not-writable",
        "permission-denied",
        "no right to write into the output folder",
        PREDICT,
        says("Permission denied"),
        locked(lambda scene: scene.output),
        confine=limits.obey_file_modes,
    ),
    Fault(
        "plan-preprocessed-not-writable",
        "permission-denied",
        "no right to write below nnUNet_preprocessed",
        VERIFY,
        says("Permission denied"),
        locked(lambda scene: scene.preprocessed),
        confine=limits.obey_file_modes,
    ),
    Fault(
        "predict-input-not-readable",
        "permission-denied",
        "no right to read an image",
        PREDICT,
        (
            *says("Permission denied"),
            Outcome("does not exist", "path-problem", also=("permission-denied", "image-unreadable")),
        ),
        unreadable_image,
        confine=limits.obey_file_modes,
    ),
    Fault(
        "predict-output-is-a-file",
        "path-problem",
        "the output folder's name is that of a file",
        PREDICT,
        says("FileExistsError|NotADirectoryError"),
        lambda scene: scene.output.write_text("notes"),
    ),
    Fault(
        "train-interrupted",
        "job-killed",
        "Ctrl-C in the first epoch",
        TRAIN,
        CANCELLED,
        stop=Stop("Current learning rate", signal.SIGINT, 0.1),
    ),
    Fault(
        "predict-interrupted",
        "job-killed",
        "Ctrl-C while predicting",
        f"nnUNetv2_predict -i {{input}} -o {{output}} {MODEL} {FAST.replace(' --disable_tta', '')}",
        CANCELLED,
        stop=Stop("Predicting lesion_001", signal.SIGINT),
    ),
    Fault(
        "train-terminated",
        "job-killed",
        "SIGTERM after the run's time is up, as a scheduler does",
        f"bash -c 'timeout --verbose 14 {TRAIN}; exit $?'",
        says(r"sending signal TERM|Terminated"),
    ),
    Fault(
        "predict-no-main-guard",
        "missing-main-guard",
        "a script that predicts at module level",
        "python my_prediction.py",
        says("finished its bootstrapping phase"),
        script,
    ),
    Fault(
        "train-segfault",
        "native-crash",
        "compiled code reads address 0 in a training step",
        f"nnUNetv2_train 101 3d_fullres 0 -tr {TRAINER.replace('Tiny', 'Native')} -device cpu",
        says("Fatal Python error: Segmentation fault"),
        crashing_trainer,
        in_main=faulthandler,
    ),
)
