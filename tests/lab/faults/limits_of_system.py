"""Disks, rights and limits of the computer."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.lab import limits
from tests.lab.faults.commands import PREDICT, PREPROCESS, TRAIN, VERIFY, says
from tests.lab.model import Fault, Outcome, Scene

DISK = r"No space left on device|write error|Not enough space|unexpected pos|file write failed|Could not write"


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


def no_room_to_preprocess(scene: Scene) -> None:
    shutil.rmtree(scene.data)
    limits.small_disk(scene, scene.preprocessed, 200_000)


def unreadable_image(scene: Scene) -> None:
    sorted(scene.input.iterdir())[0].chmod(0)


FAULTS = (
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
        (*says(DISK), Outcome("Error while creating the NDArray", "", "undetermined", ("storage-io-error", "unknown"))),
        no_room_to_preprocess,
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
)
