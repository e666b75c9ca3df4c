"""The whole machine: every name of the vocabulary, its type, the price, and a system that is not Linux."""

from __future__ import annotations

import importlib
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from nndoctor.facts import Fact, Facts, FactType, vocabulary
from nndoctor.facts.names_machine import SPECS
from nndoctor.machine import machine_facts
from nndoctor.machine.granted import granted
from nndoctor.machine.probe import seen
from nndoctor.machine.survey import survey

SOURCE = Path(__file__).parents[2] / "src"
SHARED = {"python.version", "nnunetv2.version", "torch.version", "numpy.version"}
TYPES: dict[FactType, tuple[type, ...]] = {
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
    "str": (str,),
    "version": (str,),
    "list": (list,),
}


def test_every_name_is_answered_once() -> None:
    names = [given.name for given in machine_facts()]
    assert len(names) == len(set(names))
    assert set(names) == {spec.name for spec in SPECS} | SHARED


def test_values_have_the_type_of_the_vocabulary(tmp_path: Path) -> None:
    specs = vocabulary()
    for fact in machine_facts(folders={"nnUNet_raw": tmp_path}):
        if isinstance(fact, Fact):
            assert isinstance(fact.value, TYPES[specs[fact.name].type]), fact
            assert isinstance(fact.value, bool) == (specs[fact.name].type == "bool"), fact
            assert fact.source.witness == "machine"


def test_reasons_are_one_line() -> None:
    assert all("\n" not in gap.reason and gap.reason for gap in Facts(machine_facts()).missing())


def test_the_smallest_grant_wins_and_says_who_sets_it() -> None:
    given = [
        seen("memory.total", 64, "/proc/meminfo"),
        seen("scheduler.memory", 32, "SLURM_MEM_PER_NODE"),
        seen("cgroup.memory_limit", 16, "memory.max"),
        seen("cpu.host", 64, "os.cpu_count"),
        seen("cgroup.cpu_quota", 0.5, "cpu.max"),
    ]
    facts = Facts(granted(given))
    assert (facts.value("memory.granted"), facts.value("cpu.granted")) == (16, 1)
    assert [str(fact.source) for fact in facts] == ["memory.max", "cpu.max"]
    assert "memory.total" in (Facts(granted([])).why_missing("memory.granted") or "")


def test_a_system_that_is_not_linux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No /proc, no /dev/shm, no resource module, no affinity: as on Windows; psutil is the real one."""
    importlib.import_module("psutil")  # on Linux it needs the resource module that is taken away here
    monkeypatch.setattr(platform, "system", lambda: "Windows")
    monkeypatch.setitem(sys.modules, "resource", None)
    for name in ("sched_getaffinity", "getloadavg", "confstr"):
        monkeypatch.delattr(os, name, raising=False)
    facts = Facts(survey(None, {"raw": tmp_path}, tmp_path))
    assert facts.value("os.name") == "windows"
    assert facts.value("memory.granted") == facts.value("memory.total")
    assert facts.value("cpu.granted") == os.cpu_count()
    assert "disk.raw_free" in facts
    assert facts.value("container.kind") in ("none", "kubernetes", "apptainer", "other", "docker", "podman")
    assert not [gap for gap in facts.missing() if "probe failed" in gap.reason]


def test_an_unknown_folder_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nnUNet_rwa"):
        machine_facts(folders={"nnUNet_rwa": tmp_path})


def test_importing_costs_nothing() -> None:
    code = (
        "import sys, nndoctor.machine; print([m for m in ('psutil', 'pynvml', 'rich', 'jinja2') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env={"PYTHONPATH": str(SOURCE)}, timeout=60
    )
    assert done.stdout.strip() == b"[]"


def test_the_price_in_cpu_seconds() -> None:
    before = os.times()
    machine_facts()
    after = os.times()
    assert sum(after[:4]) - sum(before[:4]) < 0.3
