"""NVIDIA's management library as far as nndoctor asks it: NVML API reference, through nvidia-ml-py (`pynvml`)."""
# ruff: noqa: N802, N815  (the names are NVML's)

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Protocol, cast

_STATES = {
    4: ("no-permission", "this user may not talk to NVIDIA's driver"),
    9: ("not-loaded", "NVIDIA's driver is installed but its kernel module is not loaded"),
    12: ("library-not-found", "no NVIDIA driver on this computer, or none handed into the container: NVML not found"),
    15: ("gpu-lost", "a GPU has fallen off the bus"),
    17: ("blocked", "the operating system or the container blocks NVIDIA's driver"),
    18: (
        "version-mismatch",
        "NVIDIA's kernel module and library differ in version, as after an update without a restart",
    ),
}
_REASONS = {
    3: "the GPU does not offer this (N/A)",
    4: "no permission",
    13: "the driver is too old to say",
    15: "the GPU has fallen off the bus",
}


class Handle(Protocol):
    """A device handle; only NVML looks inside."""


class MemoryInfo(Protocol):
    """nvmlMemory_t, in bytes."""

    total: int
    free: int


class Process(Protocol):
    """nvmlProcessInfo_t; the memory is None where the driver does not say (WDDM, MIG)."""

    pid: int
    usedGpuMemory: int | None


class Nvml(Protocol):
    """The functions of `pynvml` that are used. Each may raise NVMLError."""

    NVMLError: type[Exception]

    def nvmlInit(self) -> None: ...
    def nvmlShutdown(self) -> None: ...
    def nvmlSystemGetDriverVersion(self) -> str: ...
    def nvmlSystemGetCudaDriverVersion(self) -> int: ...
    def nvmlDeviceGetCount(self) -> int: ...
    def nvmlDeviceGetHandleByIndex(self, index: int) -> Handle: ...
    def nvmlDeviceGetName(self, handle: Handle) -> str: ...
    def nvmlDeviceGetMemoryInfo(self, handle: Handle) -> MemoryInfo: ...
    def nvmlDeviceGetCudaComputeCapability(self, handle: Handle) -> tuple[int, int]: ...
    def nvmlDeviceGetComputeRunningProcesses(self, handle: Handle) -> Sequence[Process]: ...
    def nvmlDeviceGetComputeMode(self, handle: Handle) -> int: ...
    def nvmlDeviceGetMigMode(self, device: Handle) -> Sequence[int]: ...
    def nvmlDeviceGetTemperature(self, handle: Handle, sensor: int) -> int: ...
    def nvmlDeviceGetCurrentClocksThrottleReasons(self, handle: Handle) -> int: ...
    def nvmlDeviceGetTotalEccErrors(self, handle: Handle, error_type: int, counter_type: int) -> int: ...


class NoDriverError(Exception):
    """NVML did not start. `state` is one word for rules, None when nndoctor itself lacks the binding."""

    def __init__(self, state: str | None, reason: str) -> None:
        super().__init__(reason)
        self.state = state


@contextmanager
def opened() -> Iterator[Nvml]:
    """NVML between nvmlInit and nvmlShutdown. Raises NoDriverError."""
    try:
        nvml = cast(Nvml, import_module("pynvml"))
    except ImportError as error:
        raise NoDriverError(
            None, f"nndoctor's binding to NVIDIA's driver cannot be imported (nvidia-ml-py): {error}"
        ) from error
    try:
        nvml.nvmlInit()
    except nvml.NVMLError as error:
        raise _no_driver(error) from error
    try:
        yield nvml
    finally:
        with suppress(nvml.NVMLError):
            nvml.nvmlShutdown()


def reason(error: Exception) -> str:
    """Why one value is missing, in words."""
    return _REASONS.get(_code(error), f"NVML: {error}")


def _no_driver(error: Exception) -> NoDriverError:
    state, why = _STATES.get(_code(error), ("error", "NVIDIA's driver does not answer"))
    return NoDriverError(state, f"{why} (NVML: {error})")


def _code(error: Exception) -> int:
    value: object = getattr(error, "value", None)
    return value if isinstance(value, int) else -1
