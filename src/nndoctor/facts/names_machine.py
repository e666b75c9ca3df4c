"""Facts that the computer states. `python.version` and the versions of nnunetv2, torch and numpy are in names_text."""

from __future__ import annotations

from nndoctor.facts.model import FactSpec
from nndoctor.facts.names_interpreter import SPECS as _INTERPRETER

_ENV = "nndoctor diagnose LOG --env here --format json"
_JOB = "scontrol show job $SLURM_JOB_ID"
_WORKERS_HOW = "nndoctor env"
_FOLDERS = {
    "raw": "nnUNet_raw",
    "preprocessed": "nnUNet_preprocessed",
    "results": "nnUNet_results",
    "tmp": "TMPDIR",
}

_MEMORY: tuple[FactSpec, ...] = (
    FactSpec("memory.total", "int", "bytes", "main memory of the computer", how="free -h"),
    FactSpec("memory.available", "int", "bytes", "main memory that programs can still get", how="free -h"),
    FactSpec("memory.swap_total", "int", "bytes", "swap space or paging file", how="free -h"),
    FactSpec("memory.swap_free", "int", "bytes", "unused swap space or paging file", how="free -h"),
    FactSpec(
        "memory.granted",
        "int",
        "bytes",
        "main memory that this job may use: the smallest of RAM, cgroup, SLURM",
        how=_ENV,
    ),
    FactSpec(
        "memory.oom_kills",
        "int",
        None,
        "processes of this cgroup that the kernel killed for lack of memory",
        how="cat /sys/fs/cgroup/memory.events",
    ),
    FactSpec(
        "memory.host_oom_kills",
        "int",
        None,
        "processes of the computer that the kernel killed for lack of memory since it started",
        how="grep oom_kill /proc/vmstat",
    ),
    FactSpec(
        "memory.overcommit",
        "int",
        None,
        "0, 1 or 2; with 2 the kernel refuses memory that it cannot back",
        how="cat /proc/sys/vm/overcommit_memory",
    ),
    FactSpec("shm.size", "int", "bytes", "size of /dev/shm", how="df -h /dev/shm"),
    FactSpec("shm.free", "int", "bytes", "free room in /dev/shm", how="df -h /dev/shm"),
)

_CGROUP: tuple[FactSpec, ...] = (
    FactSpec("cgroup.version", "int", None, "1 or 2: the cgroup generation that governs memory", how=_ENV),
    FactSpec("cgroup.memory_limit", "int", "bytes", "tightest memory limit on this cgroup", how=_ENV),
    FactSpec("cgroup.memory_used", "int", "bytes", "memory in use by the cgroup with that limit", how=_ENV),
    FactSpec("cgroup.memory_peak", "int", "bytes", "most memory that the cgroup with that limit ever used", how=_ENV),
    FactSpec("cgroup.cpu_quota", "float", "cores", "tightest CPU quota on this cgroup", how=_ENV),
    FactSpec("cgroup.pids_limit", "int", None, "processes and threads that this cgroup may have", how=_ENV),
    FactSpec("cgroup.pids_used", "int", None, "processes and threads that this cgroup has", how=_ENV),
)

_LIMITS: tuple[FactSpec, ...] = (
    FactSpec("limit.address_space", "int", "bytes", "virtual memory that one process may map", how="ulimit -v"),
    FactSpec("limit.open_files", "int", None, "files that one process may have open", how="ulimit -n"),
    FactSpec("limit.open_files_hard", "int", None, "how far the user may raise limit.open_files", how="ulimit -Hn"),
    FactSpec("limit.processes", "int", None, "processes and threads that the user may have", how="ulimit -u"),
)

_CPU: tuple[FactSpec, ...] = (
    FactSpec("cpu.host", "int", "cores", "logical CPUs of the computer", how="nproc --all"),
    FactSpec("cpu.affinity", "int", "cores", "logical CPUs that this process may run on", how="nproc"),
    FactSpec("cpu.load", "float", "cores", "processes that ran or waited for a CPU, mean of a minute", how="uptime"),
    FactSpec(
        "cpu.granted",
        "int",
        "cores",
        "CPUs that this job may use: the smallest of host, affinity, cgroup quota, scheduler",
        how=_ENV,
    ),
)

_PLANNING = "processes of nnUNetv2_plan_and_preprocess that preprocess {}, without -np"
_WORKERS: tuple[FactSpec, ...] = (
    *(
        FactSpec(f"workers.{name}", "int", None, meaning, how=_WORKERS_HOW)
        for name, meaning in (
            ("augmentation", "processes per GPU that augment training data: nnUNet_n_proc_DA, at most the host's CPUs"),
            ("augmentation_validation", "processes per GPU that prepare validation data"),
            ("default", "processes of exports after a training, of evaluation and ensembling: nnUNet_def_n_proc"),
            ("fingerprint", "processes of nnUNetv2_plan_and_preprocess that fingerprint, without -npfp"),
            ("preprocessing_2d", _PLANNING.format("2d")),
            ("preprocessing_3d_fullres", _PLANNING.format("3d_fullres")),
            ("preprocessing_3d_lowres", _PLANNING.format("3d_lowres")),
            ("prediction_preprocessing", "processes of nnUNetv2_predict that preprocess, without -npp"),
            ("prediction_export", "processes of nnUNetv2_predict that export, without -nps"),
        )
    ),
    FactSpec(
        "workers.problems",
        "list",
        None,
        "worker counts above the CPUs that were granted, which slow each other down",
        how=_WORKERS_HOW,
    ),
)

_COMPILER: tuple[FactSpec, ...] = (
    FactSpec("compiler.found", "bool", None, "there is a C compiler where Triton looks for one", how="which gcc clang"),
    FactSpec("compiler.path", "str", None, "the C compiler that Triton starts", how="which gcc clang"),
    FactSpec("compiler.cxx_path", "str", None, "the C++ compiler that torch.compile starts", how="which g++"),
    FactSpec("compiler.banner", "str", None, "the first line that the C compiler says of itself", how="gcc --version"),
)

_SCHEDULER: tuple[FactSpec, ...] = (
    FactSpec("scheduler.name", "str", None, "slurm, lsf, pbs or sge: what started this job", how="env | grep -i job"),
    FactSpec("scheduler.job_id", "str", None, "id of this job", how="squeue --me"),
    FactSpec("scheduler.memory", "int", "bytes", "main memory of the job on this node", how=_JOB),
    FactSpec("scheduler.cpus", "int", "cores", "CPUs of the job or of one task of it", how=_JOB),
    FactSpec("scheduler.time_limit", "int", "s", "longest time that the job may run", how=_JOB),
    FactSpec("scheduler.seconds_left", "int", "s", "time until the scheduler ends the job", how=_JOB),
)

_SYSTEM: tuple[FactSpec, ...] = (
    FactSpec("os.name", "str", None, "linux, windows or macos", how="uname -s"),
    FactSpec("os.release", "str", None, "release of the kernel or of Windows", how="uname -r"),
    FactSpec("os.distribution", "str", None, "the operating system's own name", how="cat /etc/os-release"),
    FactSpec("os.machine", "str", None, "kind of processor: x86_64, arm64, ...", how="uname -m"),
    FactSpec("os.glibc", "version", None, "version of the GNU C library", how="ldd --version"),
    FactSpec("os.wsl", "bool", None, "Linux inside Windows (WSL)", how="uname -r"),
    FactSpec("container.kind", "str", None, "docker, podman, kubernetes, apptainer, lxc, other or none", how="ls -a /"),
)


def _folder(short: str, variable: str) -> tuple[FactSpec, ...]:
    name = f"disk.{short}"
    df, inodes, mount = (f"{tool} ${variable}" for tool in ("df -hT", "df -i", "findmnt -T"))
    return (
        FactSpec(f"{name}_total", "int", "bytes", f"size of the disk of {variable}", how=df),
        FactSpec(f"{name}_free", "int", "bytes", f"room for this user on the disk of {variable}", how=df),
        FactSpec(f"{name}_inodes_free", "int", None, f"files that still fit on the disk of {variable}", how=inodes),
        FactSpec(f"{name}_filesystem", "str", None, f"filesystem type of {variable}", how=df),
        FactSpec(f"{name}_remote", "bool", None, f"{variable} is on a network, shared or FUSE drive", how=df),
        FactSpec(f"{name}_readonly", "bool", None, f"the disk of {variable} is mounted read-only", how=mount),
    )


_SMI, _SMI_ALL = "nvidia-smi", "nvidia-smi -q"
_GPU: tuple[FactSpec, ...] = (
    FactSpec("gpu.driver_state", "str", None, "loaded, or why NVIDIA's driver does not answer", how=_SMI),
    FactSpec("gpu.driver_version", "version", None, "version of NVIDIA's driver", how=_SMI),
    FactSpec("gpu.cuda_driver_version", "version", None, "newest CUDA that the driver can run", how=_SMI),
    FactSpec("gpu.count", "int", None, "GPUs that the driver shows", how=_SMI),
    FactSpec("gpu.names", "list", None, "names of all GPUs, in the driver's order", how="nvidia-smi -L"),
    FactSpec("gpu.visible_devices", "str", None, "CUDA_VISIBLE_DEVICES; empty or -1 hides all"),
    FactSpec("gpu.index", "int", None, "the GPU with the most free memory; the facts below are about it", how=_SMI),
    FactSpec("gpu.memory_total", "int", "bytes", "memory of that GPU", how=_SMI),
    FactSpec("gpu.memory_free", "int", "bytes", "free memory of that GPU", how=_SMI),
    FactSpec("gpu.compute_capability", "version", None, "compute capability of that GPU", how=_SMI_ALL),
    FactSpec("gpu.processes", "int", None, "computing processes on that GPU", how=_SMI),
    FactSpec("gpu.processes_memory", "int", "bytes", "memory that these processes hold", how=_SMI),
    FactSpec("gpu.compute_mode", "str", None, "default, exclusive-process or prohibited", how=_SMI_ALL),
    FactSpec("gpu.mig", "bool", None, "that GPU is split into instances (MIG)", how="nvidia-smi -L"),
    FactSpec("gpu.temperature", "int", "degC", "temperature of that GPU", how=_SMI_ALL),
    FactSpec("gpu.throttle_reasons", "list", None, "why that GPU runs slower than it could", how=_SMI_ALL),
    FactSpec("gpu.ecc_errors", "int", None, "uncorrected memory errors of that GPU since start-up", how=_SMI_ALL),
)

SPECS: tuple[FactSpec, ...] = (
    *_INTERPRETER,
    *_MEMORY,
    *_CGROUP,
    *_LIMITS,
    *_CPU,
    *_WORKERS,
    *_COMPILER,
    *_SCHEDULER,
    *_SYSTEM,
    *(spec for short, variable in _FOLDERS.items() for spec in _folder(short, variable)),
    *_GPU,
)
