"""GPUs and driver: the real absence of a driver, and a fake NVML for what this machine does not have."""

from __future__ import annotations

import inspect
import sys
from types import ModuleType

import pytest

from nndoctor.facts import Facts
from nndoctor.machine.gpu import NAMES, gpu_facts
from tests.machine import fake_nvml
from tests.machine.fake_nvml import GIB, Gpu, Memory, Process


def facts_of(module: ModuleType | None, monkeypatch: pytest.MonkeyPatch) -> Facts:
    monkeypatch.setitem(sys.modules, "pynvml", module)
    return Facts(gpu_facts())


def test_the_gpu_with_the_most_free_memory_is_described(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = Gpu("NVIDIA A100-SXM4-40GB", Memory(40 * GIB, GIB), (8, 0))
    idle = Gpu("NVIDIA GeForce RTX 3060", Memory(12 * GIB, 11 * GIB), (8, 6), [Process(7, GIB)], throttle=0x41, ecc=0)
    facts = facts_of(fake_nvml.fake_nvml(busy, idle), monkeypatch)
    said = {fact.name: fact.value for fact in facts}
    assert said["gpu.driver_state"] == "loaded"
    assert said["gpu.driver_version"] == "550.54.15"
    assert said["gpu.cuda_driver_version"] == "12.4"
    assert said["gpu.count"] == 2
    assert said["gpu.names"] == ["NVIDIA A100-SXM4-40GB", "NVIDIA GeForce RTX 3060"]
    assert (said["gpu.index"], said["gpu.memory_total"], said["gpu.memory_free"]) == (1, 12 * GIB, 11 * GIB)
    assert said["gpu.compute_capability"] == "8.6"
    assert (said["gpu.processes"], said["gpu.processes_memory"]) == (1, GIB)
    assert (said["gpu.compute_mode"], said["gpu.temperature"], said["gpu.ecc_errors"]) == ("default", 41, 0)
    assert said["gpu.throttle_reasons"] == ["hardware thermal slowdown"]
    assert facts.why_missing("gpu.mig") == "the GPU does not offer this (N/A)"


@pytest.mark.parametrize(
    ("code", "state", "word"),
    [
        (fake_nvml.DRIVER_NOT_LOADED, "not-loaded", "kernel module"),
        (fake_nvml.LIBRARY_NOT_FOUND, "library-not-found", "no NVIDIA driver"),
        (fake_nvml.NO_PERMISSION, "no-permission", "may not"),
        (fake_nvml.VERSION_MISMATCH, "version-mismatch", "differ in version"),
        (999, "error", "code 999"),
    ],
)
def test_a_driver_that_does_not_start_says_why(
    code: int, state: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = facts_of(fake_nvml.fake_nvml(init=code), monkeypatch)
    assert facts.value("gpu.driver_state") == state
    assert word in (facts.why_missing("gpu.count") or "")
    assert word in (facts.why_missing("gpu.memory_free") or "")


def test_memory_that_the_gpu_does_not_tell_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    untold = Gpu(memory=fake_nvml.NOT_SUPPORTED, processes=[Process(7, None)], mig=[1, 1])
    facts = facts_of(fake_nvml.fake_nvml(untold), monkeypatch)
    assert facts.why_missing("gpu.memory_total") == "the GPU does not offer this (N/A)"
    assert "WDDM" in (facts.why_missing("gpu.processes_memory") or "")
    assert (facts.value("gpu.processes"), facts.value("gpu.mig"), facts.value("gpu.index")) == (1, True, 0)


def test_processes_without_permission_leave_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = facts_of(fake_nvml.fake_nvml(Gpu(processes=fake_nvml.NO_PERMISSION)), monkeypatch)
    assert facts.why_missing("gpu.processes") == "no permission"
    assert facts.value("gpu.memory_free") == 11 * GIB


def test_a_lost_gpu_is_counted_and_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = facts_of(fake_nvml.fake_nvml(fake_nvml.GPU_IS_LOST, Gpu()), monkeypatch)
    assert (facts.value("gpu.count"), facts.value("gpu.index")) == (2, 1)


def test_a_driver_without_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = facts_of(fake_nvml.fake_nvml(), monkeypatch)
    assert facts.value("gpu.count") == 0
    assert "no GPU" in (facts.why_missing("gpu.memory_total") or "")


def test_a_binding_of_another_version_costs_one_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    module = fake_nvml.fake_nvml(Gpu())
    del module.__dict__["nvmlDeviceGetCurrentClocksThrottleReasons"]
    facts = facts_of(module, monkeypatch)
    assert "no such function" in (facts.why_missing("gpu.throttle_reasons") or "")
    assert facts.value("gpu.temperature") == 41


def test_without_the_binding(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = facts_of(None, monkeypatch)
    assert all("nvidia-ml-py" in (facts.why_missing(name) or "") for name in NAMES if name != "gpu.visible_devices")


def test_hidden_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert facts_of(fake_nvml.fake_nvml(Gpu()), monkeypatch).value("gpu.visible_devices") == ""
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
    assert "not set" in (facts_of(fake_nvml.fake_nvml(Gpu()), monkeypatch).why_missing("gpu.visible_devices") or "")


def test_the_real_binding_answers_every_name() -> None:
    pytest.importorskip("pynvml")
    assert sorted(given.name for given in gpu_facts()) == sorted(NAMES)


def test_the_fake_has_the_real_bindings_functions() -> None:
    real = pytest.importorskip("pynvml")
    for name, function in vars(fake_nvml.fake_nvml()).items():
        if name.startswith("nvml"):
            parameters = list(inspect.signature(function).parameters)
            assert list(inspect.signature(getattr(real, name)).parameters)[: len(parameters)] == parameters, name
    assert real.NVML_ERROR_LIB_RM_VERSION_MISMATCH == fake_nvml.VERSION_MISMATCH
    assert real.NVML_ERROR_GPU_IS_LOST == fake_nvml.GPU_IS_LOST
    assert (real.NVML_MEMORY_ERROR_TYPE_UNCORRECTED, real.NVML_VOLATILE_ECC) == (1, 0)
