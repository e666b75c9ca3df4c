"""Main memory that is not enough."""

from __future__ import annotations

from collections.abc import Callable

from tests.lab import limits
from tests.lab.faults.commands import PREDICT, PREPROCESS, TRAIN, WORKER_DIED, says
from tests.lab.model import Fault, Outcome, Scene

SYMPTOM = "background-worker-died"
MEMORY = "host-out-of-memory"
NO_MEMORY = r"Unable to allocate|can't allocate memory|not enough memory|Cannot allocate memory|MemoryError|bad_alloc"
BIG = (288, 288, 288)


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


def real(command: str) -> str:
    """The command in a real shell, whose own words ('Killed', 'Terminated') belong to the text."""
    return f"bash -c '{command}; exit $?'"


SYMPTOM_ONLY = (Outcome(WORKER_DIED, SYMPTOM, "undetermined", (MEMORY,)),)
KILLED = (Outcome(r"\bKilled\b", "", "diagnosed", ("job-killed",)),)


FAULTS = (
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
)
