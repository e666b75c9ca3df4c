"""CPUs: a real affinity, and a system that has none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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


def test_a_system_without_affinity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.delattr(os, "getloadavg", raising=False)
    facts = Facts(cpu_facts())
    assert "AttributeError" in (facts.why_missing("cpu.affinity") or "")
    assert "cpu.host" in facts
