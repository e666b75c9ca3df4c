"""Main memory and /dev/shm."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from nndoctor.facts import Facts
from nndoctor.machine.memory import NAMES, SHM_NAMES, memory_facts, shm_facts
from tests.machine.fake_root import write

MEMINFO = """\
MemTotal:       16301548 kB
MemFree:          431124 kB
MemAvailable:    2097152 kB
Buffers:          211840 kB
SwapCached:            0 kB
SwapTotal:       1048576 kB
SwapFree:              0 kB
HugePages_Total:       0
"""


def test_this_machine_agrees_with_psutil() -> None:
    facts = Facts(memory_facts())
    assert facts.value("memory.total") == psutil.virtual_memory().total
    assert facts.value("memory.swap_total") == psutil.swap_memory().total
    assert 0 < int(str(facts.value("memory.available"))) <= int(str(facts.value("memory.total")))


def test_meminfo(tmp_path: Path) -> None:
    files = {"proc/meminfo": MEMINFO, "proc/vmstat": "pgfault 7\noom_kill 4\n", "proc/sys/vm/overcommit_memory": "2\n"}
    answers = memory_facts(write(tmp_path, files))
    assert {fact.name: fact.value for fact in Facts(answers)} == dict(
        zip(NAMES, (16301548 * 1024, 2 * 1024**3, 1024**3, 0, 4, 2), strict=True)
    )


def test_a_kernel_that_tells_less(tmp_path: Path) -> None:
    facts = Facts(memory_facts(write(tmp_path, {"proc/meminfo": "MemTotal: 1024 kB\n", "proc/vmstat": "pgfault 7\n"})))
    assert facts.value("memory.total") == 1024**2
    assert facts.why_missing("memory.available") == "/proc/meminfo has no MemAvailable"
    assert "4.13" in (facts.why_missing("memory.host_oom_kills") or "")
    assert "FileNotFoundError" in (facts.why_missing("memory.overcommit") or "")


def test_a_system_without_proc_asks_psutil(tmp_path: Path) -> None:
    facts = Facts(memory_facts(tmp_path))
    assert facts.value("memory.total") == psutil.virtual_memory().total
    assert facts.why_missing("memory.overcommit") == "only Linux counts this"
    assert {given.name for given in memory_facts(tmp_path)} == set(NAMES)


def test_shm_of_this_machine() -> None:
    if not Path("/dev/shm").is_dir():
        pytest.skip("this system has no /dev/shm")
    facts = Facts(shm_facts())
    assert 0 <= int(str(facts.value("shm.free"))) <= int(str(facts.value("shm.size")))


def test_no_shm(tmp_path: Path) -> None:
    facts = Facts(shm_facts(tmp_path))
    assert all("no /dev/shm" in (facts.why_missing(name) or "") for name in SHM_NAMES)
