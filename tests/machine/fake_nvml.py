"""A stand-in for `pynvml`, after the NVML API reference. It can't be had for real where there is no NVIDIA driver.

`test_gpu` holds its functions' names and parameters against those of the real, installed binding.
"""
# ruff: noqa: N802, N803, N815  (the names are NVML's)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType

NOT_SUPPORTED, NO_PERMISSION, DRIVER_NOT_LOADED, LIBRARY_NOT_FOUND, GPU_IS_LOST, VERSION_MISMATCH = 3, 4, 9, 12, 15, 18
GIB = 1024**3


class NVMLError(Exception):
    def __init__(self, value: int) -> None:
        super().__init__(f"code {value}")
        self.value = value


@dataclass
class Memory:
    total: int
    free: int


@dataclass
class Process:
    pid: int
    usedGpuMemory: int | None


@dataclass
class Gpu:
    """One device; an int in place of a value is the NVML error that asking for it raises."""

    name: str = "NVIDIA GeForce RTX 3060"
    memory: Memory | int = field(default_factory=lambda: Memory(12 * GIB, 11 * GIB))
    capability: tuple[int, int] = (8, 6)
    processes: list[Process] | int = field(default_factory=list)
    compute_mode: int = 0
    mig: list[int] | int = NOT_SUPPORTED
    temperature: int = 41
    throttle: int = 0x1
    ecc: int | None = None


def fake_nvml(*gpus: Gpu | int, init: int | None = None) -> ModuleType:
    """The module `pynvml` of a computer with these GPUs (an int: the error of opening it); `init`: nvmlInit's error."""
    module = ModuleType("pynvml")
    functions: list[Callable[..., object]] = [*_system(gpus, init), *_device()]
    module.__dict__.update({function.__name__: function for function in functions}, NVMLError=NVMLError)
    return module


def _value(told: object) -> object:
    if isinstance(told, int):
        raise NVMLError(told)
    return told


def _system(gpus: tuple[Gpu | int, ...], init: int | None) -> list[Callable[..., object]]:
    def nvmlInit() -> None:
        if init is not None:
            raise NVMLError(init)

    def nvmlShutdown() -> None: ...
    def nvmlSystemGetDriverVersion() -> str:
        return "550.54.15"

    def nvmlSystemGetCudaDriverVersion() -> int:
        return 12040

    def nvmlDeviceGetCount() -> int:
        return len(gpus)

    def nvmlDeviceGetHandleByIndex(index: int) -> object:
        return _value(gpus[index])

    return [
        nvmlInit,
        nvmlShutdown,
        nvmlSystemGetDriverVersion,
        nvmlSystemGetCudaDriverVersion,
        nvmlDeviceGetCount,
        nvmlDeviceGetHandleByIndex,
    ]


def _device() -> list[Callable[..., object]]:
    def nvmlDeviceGetName(handle: Gpu) -> str:
        return handle.name

    def nvmlDeviceGetMemoryInfo(handle: Gpu) -> object:
        return _value(handle.memory)

    def nvmlDeviceGetCudaComputeCapability(handle: Gpu) -> tuple[int, int]:
        return handle.capability

    def nvmlDeviceGetComputeRunningProcesses(handle: Gpu) -> object:
        return _value(handle.processes)

    def nvmlDeviceGetComputeMode(handle: Gpu) -> int:
        return handle.compute_mode

    def nvmlDeviceGetMigMode(device: Gpu) -> object:
        return _value(device.mig)

    def nvmlDeviceGetTemperature(handle: Gpu, sensor: int) -> int:
        return handle.temperature

    def nvmlDeviceGetCurrentClocksThrottleReasons(handle: Gpu) -> int:
        return handle.throttle

    def nvmlDeviceGetTotalEccErrors(handle: Gpu, errorType: int, counterType: int) -> int:
        if handle.ecc is None:
            raise NVMLError(NOT_SUPPORTED)
        return handle.ecc

    return [
        nvmlDeviceGetName,
        nvmlDeviceGetMemoryInfo,
        nvmlDeviceGetCudaComputeCapability,
        nvmlDeviceGetComputeRunningProcesses,
        nvmlDeviceGetComputeMode,
        nvmlDeviceGetMigMode,
        nvmlDeviceGetTemperature,
        nvmlDeviceGetCurrentClocksThrottleReasons,
        nvmlDeviceGetTotalEccErrors,
    ]
