"""Facts that the computer states."""

from __future__ import annotations

from nndoctor.facts.model import FactSpec

SPECS: tuple[FactSpec, ...] = (
    FactSpec("memory.total", "int", "bytes", "main memory of the computer", how="free -h"),
    FactSpec("memory.available", "int", "bytes", "main memory that programs can still get", how="free -h"),
    FactSpec("memory.granted", "int", "bytes", "main memory that this job may use: the smallest of RAM, cgroup, SLURM"),
    FactSpec("memory.oom_kills", "int", None, "processes of this cgroup that the kernel killed for lack of memory"),
    FactSpec("shm.size", "int", "bytes", "size of /dev/shm", how="df -h /dev/shm"),
    FactSpec("shm.free", "int", "bytes", "free room in /dev/shm", how="df -h /dev/shm"),
    FactSpec("gpu.count", "int", None, "GPUs that the driver shows", how="nvidia-smi"),
)
