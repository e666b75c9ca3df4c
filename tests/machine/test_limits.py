"""Resource limits, set for real in a child process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nndoctor.facts import Facts
from nndoctor.machine.limits import NAMES, limit_facts

SOURCE = Path(__file__).parents[2] / "src"
CHILD = """
import json, resource
resource.setrlimit(resource.RLIMIT_NOFILE, (123, 456))
resource.setrlimit(resource.RLIMIT_AS, (8 * 1024**3, 8 * 1024**3))
from nndoctor.machine.limits import limit_facts
print(json.dumps({one.name: getattr(one, "value", None) for one in limit_facts()}))
"""


def test_limits_that_a_child_was_given() -> None:
    pytest.importorskip("resource")
    done = subprocess.run(
        [sys.executable, "-c", CHILD], capture_output=True, check=True, env={"PYTHONPATH": str(SOURCE)}, timeout=60
    )
    said = json.loads(done.stdout)
    assert (said["limit.open_files"], said["limit.open_files_hard"]) == (123, 456)
    assert said["limit.address_space"] == 8 * 1024**3


def test_unlimited_is_missing_and_says_so() -> None:
    resource = pytest.importorskip("resource")
    if resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY:
        pytest.skip("this shell limits the address space")
    assert Facts(limit_facts()).why_missing("limit.address_space") == "RLIMIT_AS sets no limit"


def test_windows_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    facts = Facts(limit_facts())
    assert all("Windows" in (facts.why_missing(name) or "") for name in NAMES)
