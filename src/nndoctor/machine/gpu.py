"""NVIDIA's GPUs and driver as facts, by NVML. What the GPU or the driver does not offer is missing, and why."""

from __future__ import annotations

import os
from collections.abc import Callable

from nndoctor.facts import FactValue, Missing
from nndoctor.machine.nvml import Handle, NoDriverError, Nvml, opened, reason
from nndoctor.machine.probe import Answer, answer, seen, unknown

NAMES = (
    "gpu.driver_state",
    "gpu.visible_devices",
    "gpu.driver_version",
    "gpu.cuda_driver_version",
    "gpu.count",
    "gpu.names",
    "gpu.index",
    "gpu.memory_total",
    "gpu.memory_free",
    "gpu.compute_capability",
    "gpu.processes",
    "gpu.processes_memory",
    "gpu.compute_mode",
    "gpu.mig",
    "gpu.temperature",
    "gpu.throttle_reasons",
    "gpu.ecc_errors",
)
_COMPUTE_MODES = {0: "default", 1: "exclusive-thread", 2: "prohibited", 3: "exclusive-process"}
_SLOWED = {
    0x04: "power cap",
    0x08: "hardware slowdown",
    0x20: "software thermal slowdown",
    0x40: "hardware thermal slowdown",
    0x80: "power brake",
}


def gpu_facts() -> list[Answer]:
    """All GPUs in a few words, and the one with the most free memory in detail. Memory in bytes, temperature in °C."""
    try:
        with opened() as nvml:
            return [seen(NAMES[0], "loaded", "NVML"), _visible(), *_driver(nvml), *_devices(nvml)]
    except NoDriverError as error:
        state = answer(NAMES[0], error.state, "NVML", str(error))
        return [state, _visible(), *unknown(NAMES[2:], str(error))]


def _visible() -> Answer:
    variable = "CUDA_VISIBLE_DEVICES"
    return answer(
        "gpu.visible_devices", os.environ.get(variable), variable, f"{variable} is not set: nothing is hidden"
    )


def _ask(nvml: Nvml, name: str, read: Callable[[], FactValue | None], otherwise: str = "") -> Answer:
    try:
        return answer(name, read(), "NVML", otherwise)
    except nvml.NVMLError as error:
        return Missing(name, reason(error))
    except AttributeError:  # another version of the binding
        return Missing(name, "this nvidia-ml-py has no such function")


def _driver(nvml: Nvml) -> list[Answer]:
    return [
        _ask(nvml, "gpu.driver_version", nvml.nvmlSystemGetDriverVersion),
        _ask(nvml, "gpu.cuda_driver_version", lambda: _cuda(nvml.nvmlSystemGetCudaDriverVersion())),
    ]


def _cuda(number: int) -> str:
    """NVML writes CUDA 12.4 as 12040."""
    return f"{number // 1000}.{number % 1000 // 10}"


def _devices(nvml: Nvml) -> list[Answer]:
    count = _ask(nvml, "gpu.count", nvml.nvmlDeviceGetCount)
    handles = _handles(nvml)
    if not handles:
        return [count, *unknown(NAMES[5:], "the driver shows no GPU that can be asked")]
    index = max(handles, key=lambda index: _free(nvml, handles[index]))
    names = _ask(nvml, "gpu.names", lambda: [nvml.nvmlDeviceGetName(handle) for handle in handles.values()])
    return [
        count,
        names,
        seen("gpu.index", index, "NVML"),
        *_sizes(nvml, handles[index]),
        *_state(nvml, handles[index]),
    ]


def _handles(nvml: Nvml) -> dict[int, Handle]:
    """Every GPU that can be opened; a lost one, or one of another user, is left out."""
    handles: dict[int, Handle] = {}
    try:
        for index in range(nvml.nvmlDeviceGetCount()):
            handles.update(_handle(nvml, index))
    except nvml.NVMLError:
        return {}
    return handles


def _handle(nvml: Nvml, index: int) -> dict[int, Handle]:
    try:
        return {index: nvml.nvmlDeviceGetHandleByIndex(index)}
    except nvml.NVMLError:
        return {}


def _free(nvml: Nvml, handle: Handle) -> int:
    try:
        return nvml.nvmlDeviceGetMemoryInfo(handle).free
    except nvml.NVMLError:
        return -1


def _sizes(nvml: Nvml, gpu: Handle) -> list[Answer]:
    return [
        _ask(nvml, "gpu.memory_total", lambda: nvml.nvmlDeviceGetMemoryInfo(gpu).total),
        _ask(nvml, "gpu.memory_free", lambda: nvml.nvmlDeviceGetMemoryInfo(gpu).free),
        _ask(nvml, "gpu.compute_capability", lambda: _dotted(nvml.nvmlDeviceGetCudaComputeCapability(gpu))),
        _ask(nvml, "gpu.processes", lambda: len(nvml.nvmlDeviceGetComputeRunningProcesses(gpu))),
        _ask(nvml, "gpu.processes_memory", lambda: _held(nvml, gpu), "the driver does not say (Windows WDDM, MIG)"),
    ]


def _dotted(numbers: tuple[int, int]) -> str:
    return f"{numbers[0]}.{numbers[1]}"


def _held(nvml: Nvml, gpu: Handle) -> int | None:
    held = [process.usedGpuMemory for process in nvml.nvmlDeviceGetComputeRunningProcesses(gpu)]
    known = [size for size in held if size is not None]
    return sum(known) if len(known) == len(held) else None


def _state(nvml: Nvml, gpu: Handle) -> list[Answer]:
    return [
        _ask(nvml, "gpu.compute_mode", lambda: _mode(nvml.nvmlDeviceGetComputeMode(gpu))),
        _ask(nvml, "gpu.mig", lambda: nvml.nvmlDeviceGetMigMode(gpu)[0] == 1),
        _ask(nvml, "gpu.temperature", lambda: nvml.nvmlDeviceGetTemperature(gpu, 0)),
        _ask(nvml, "gpu.throttle_reasons", lambda: _slowed(nvml.nvmlDeviceGetCurrentClocksThrottleReasons(gpu))),
        _ask(nvml, "gpu.ecc_errors", lambda: nvml.nvmlDeviceGetTotalEccErrors(gpu, 1, 0)),
    ]


def _mode(number: int) -> str:
    return _COMPUTE_MODES.get(number, str(number))


def _slowed(bits: int) -> list[str]:
    """Idling and clocks that somebody set are no fault and are left out."""
    return [why for bit, why in _SLOWED.items() if bits & bit]
