"""CPUs: a real affinity, and a system that has none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from nndoctor.facts import Facts
from nndoctor.machine.cpu import cpu_facts

SOURCE = Path(__file__).parents[2] / "src"
CHILD = """
import os
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
from nndoctor.machine.cpu import cpu_facts
print({one.name: getattr(one, "value", None) for one in cpu_facts()}["cpu.affinity"])
"""


def test_this_machine() -> None:
    assert Facts(cpu_facts()).value("cpu.host") == os.cpu_count()


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system has no CPU affinity")
def test_affinity_that_a_child_was_given() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD], capture_output=True, check=True, env={"PYTHONPATH": str(SOURCE)}, timeout=60
    )
    assert done.stdout.strip() == b"1"


def test_psutil_counts_where_the_system_call_is_missing_as_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = len(psutil.Process().cpu_affinity()) if hasattr(psutil.Process, "cpu_affinity") else None
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.delattr(os, "getloadavg", raising=False)
    facts = Facts(cpu_facts())
    assert facts.value("cpu.affinity") == expected
    assert facts.why_missing("cpu.load") == "this system does not say (Windows)"


def test_a_system_without_affinity_as_macos(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.delattr(psutil.Process, "cpu_affinity", raising=False)
    facts = Facts(cpu_facts())
    assert facts.why_missing("cpu.affinity") == "this system has no CPU affinity (macOS)"
    assert "cpu.host" in facts
