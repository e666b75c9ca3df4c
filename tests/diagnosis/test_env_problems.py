"""Rows of rules/common/problems-env.yaml against computers made of facts: each mistake is named, a healthy one is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from nndoctor.diagnosis.checkup import problems_of_facts
from nndoctor.diagnosis.comparison import parse
from nndoctor.diagnosis.rule_files import load_problems
from nndoctor.facts import Fact, Facts, FactValue, Provenance, vocabulary

RULES = Path(__file__).parents[2] / "rules"
TABLE = {kind: row for kind, row in load_problems(RULES).items() if kind.startswith("env-")}
GIB = 2**30
HEALTHY: dict[str, FactValue] = {
    "nnunetv2.installed": True,
    "nnunetv2.version": "2.6.2",
    "nnunetv2.script_matches": True,
    "python.executable": "/env/bin/python",
    "python.duplicates": [],
    "python.headers": True,
    "torch.installed": True,
    "torch.version": "2.7.1",
    "torch.build": "cuda",
    "torch.cuda_build": "12.6",
    "torch.compile_training": True,
    "torch.has_triton": True,
    "compiler.found": True,
    "os.name": "linux",
    **{f"env.{name}_{what}": True for name in ("raw", "preprocessed", "results") for what in ("set", "exists")},
    **{
        f"env.{name}_count": 0
        for name in ("path_problems", "path_mistakes", "v1_names", "near_misses", "invalid", "value_problems")
    },
    **{f"disk.{name}_free": 500 * GIB for name in ("raw", "preprocessed", "results", "tmp")},
    **{f"disk.{name}_inodes_free": 10**7 for name in ("raw", "preprocessed", "results", "tmp")},
    **{f"disk.{name}_{what}": False for name in ("preprocessed", "results") for what in ("readonly", "remote")},
    "disk.preprocessed_filesystem": "ext4",
    "os.wsl": False,
    "shm.size": 32 * GIB,
    "shm.free": 32 * GIB,
    "memory.granted": 64 * GIB,
    "memory.overcommit": 0,
    "memory.oom_kills": 0,
    "limit.open_files": 1024,
    "limit.processes": 100000,
    "cgroup.pids_limit": 20000,
    "cpu.granted": 16,
    "workers.augmentation": 12,
    "workers.problems": [],
    "gpu.driver_state": "loaded",
    "gpu.count": 1,
    "gpu.cuda_driver_version": "12.4",
    "gpu.names": ["NVIDIA A100"],
    "gpu.compute_capability": "8.0",
    "gpu.memory_total": 40 * GIB,
    "gpu.memory_free": 39 * GIB,
    "gpu.processes": 0,
    "gpu.compute_mode": "default",
    "gpu.ecc_errors": 0,
    "gpu.throttle_reasons": [],
    "gpu.visible_devices": "0",
}


def kinds(changes: dict[str, FactValue], command: str = "env") -> list[str]:
    facts = Facts(Fact(name, value, Provenance("machine", "here")) for name, value in {**HEALTHY, **changes}.items())
    return [problem.kind for problem in problems_of_facts(TABLE, facts, command)]


@pytest.mark.parametrize("command", ["env", "train", "predict", "dataset"])
def test_a_healthy_computer_has_none(command: str) -> None:
    assert kinds({}, command) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"shm.size": GIB, "shm.free": GIB},
        {"gpu.cuda_driver_version": "12.0"},
        {"torch.build": "cpu", "gpu.count": 0, "gpu.driver_state": "library-not-found", "compiler.found": False},
        {"torch.compile_training": False, "compiler.found": False, "python.headers": False, "torch.has_triton": False},
        {"gpu.compute_mode": "exclusive-process"},
        {"gpu.compute_capability": "12.0", "torch.cuda_build": "12.8"},
    ],
)
def test_what_is_unusual_and_works_is_no_problem(changes: dict[str, FactValue]) -> None:
    assert kinds(changes) == []


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"nnunetv2.installed": False}, "env-nnunetv2-missing"),
        ({"torch.installed": False}, "env-torch-missing"),
        ({"nnunetv2.script_matches": False, "nnunetv2.script": "/x"}, "env-other-script"),
        ({"nnunetv2.unmet": ["torch 2.6.0 (nnunetv2 2.3.1 needs <2.6)"]}, "env-packages-do-not-fit"),
        ({"env.invalid_count": 1, "env.invalid": ["nnUNet_n_proc_DA=x: not an integer"]}, "env-value-stops"),
        ({"workers.augmentation": 0}, "env-planning-with-zero"),
        ({"env.raw_set": False}, "env-raw-unset"),
        ({"env.preprocessed_set": False}, "env-preprocessed-unset"),
        ({"env.results_set": False}, "env-results-unset"),
        ({"env.raw_exists": False}, "env-raw-folder-missing"),
        ({"env.near_misses_count": 1, "env.near_misses": ["nnUNet_row (nnUNet_raw)"]}, "env-near-miss"),
        ({"disk.results_free": 10**6}, "env-results-disk-full"),
        ({"disk.preprocessed_free": GIB}, "env-preprocessed-disk-low"),
        ({"disk.preprocessed_inodes_free": 3}, "env-preprocessed-inodes"),
        ({"disk.results_readonly": True}, "env-results-readonly"),
        ({"disk.preprocessed_remote": True}, "env-preprocessed-remote"),
        ({"shm.size": 64 * 2**20, "shm.free": 64 * 2**20}, "env-shm-docker"),
        ({"shm.size": 512 * 2**20}, "env-shm-small"),
        ({"workers.problems": ["nnUNet_n_proc_DA: 12 workers for 2 granted CPUs"]}, "env-workers-above-cpus"),
        ({"limit.open_files": 256}, "env-open-files"),
        ({"gpu.driver_state": "version-mismatch"}, "env-driver-broken"),
        ({"gpu.driver_state": "library-not-found"}, "env-driver-absent"),
        ({"torch.build": "cpu"}, "env-torch-cpu-only"),
        ({"gpu.cuda_driver_version": "11.4"}, "env-driver-too-old-12"),
        ({"torch.cuda_build": "13.0"}, "env-driver-too-old-13"),
        ({"gpu.compute_capability": "12.0"}, "env-gpu-too-new-blackwell"),
        ({"gpu.compute_capability": "9.0", "torch.cuda_build": "11.7"}, "env-gpu-too-new-hopper"),
        ({"gpu.visible_devices": ""}, "env-gpus-hidden"),
        ({"gpu.visible_devices": "-1"}, "env-gpus-hidden-minus-one"),
        ({"gpu.compute_mode": "exclusive-process", "gpu.processes": 1}, "env-gpu-taken"),
        ({"gpu.memory_free": GIB}, "env-gpu-memory-taken"),
        ({"compiler.found": False}, "env-compile-without-compiler"),
        ({"python.headers": False}, "env-compile-without-headers"),
        ({"torch.has_triton": False}, "env-compile-without-triton"),
    ],
)
def test_each_mistake_is_named_and_nothing_else(changes: dict[str, FactValue], kind: str) -> None:
    assert kinds(changes) == [kind]


def test_a_training_is_asked_about_its_own_workers() -> None:
    assert kinds({"cpu.granted": 4}, "train") == ["env-training-workers-above-cpus"]
    assert kinds({"cpu.granted": 4}, "predict") == []


@pytest.mark.parametrize("kind", sorted(TABLE))
def test_every_row_can_be_filled_and_asks_about_known_facts(kind: str) -> None:
    row = TABLE[kind]
    known = {name.replace(".", "_"): "x" for name in vocabulary()}
    assert "{" not in row.says.format_map({**known, "item": "x"})
    assert row.when and all(parse(each) for each in row.when)
    assert ("{item}" in row.says) == bool(row.each)
