"""A driver of NVIDIA's that is asked from a process of its own; modules of the same name stand in for its binding."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from nndoctor.facts import Facts
from nndoctor.machine.gpu import NAMES
from nndoctor.machine.gpu_apart import gpu_facts_apart
from nndoctor.machine.survey import survey
from tests.machine.fake_root import write

TESTS = Path(__file__).parents[2]
GOOD = f"""
import sys
sys.path.append({str(TESTS)!r})
from tests.machine.fake_nvml import *
from tests.machine.fake_nvml import Gpu, fake_nvml
globals().update(vars(fake_nvml(Gpu("NVIDIA H200"))))
"""


def driver(tmp_path: Path, binding: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A root whose kernel has loaded the driver, and the binding in front of the real one."""
    write(tmp_path, {"root/dev/nvidiactl": "", "site/pynvml.py": binding})
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    return tmp_path / "root"


def test_what_the_other_process_says_arrives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = Facts(gpu_facts_apart(driver(tmp_path, GOOD, monkeypatch), 30))
    assert facts.value("gpu.names") == ["NVIDIA H200"]
    assert facts.value("gpu.driver_state") == "loaded"
    assert isinstance(facts.value("gpu.memory_total"), int)
    assert {fact.name for fact in facts} | {gap.name for gap in facts.missing()} == set(NAMES)


def test_a_driver_that_hangs_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = driver(tmp_path, "import time\nclass NVMLError(Exception): ...\ndef nvmlInit(): time.sleep(63)", monkeypatch)
    began = time.monotonic()
    facts = Facts(gpu_facts_apart(root, 1.5))
    assert time.monotonic() - began < 4
    assert facts.why_missing("gpu.count") == "NVIDIA's driver hangs: no answer within 1.5 s"


def test_a_driver_that_crashes_takes_nobody_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = driver(tmp_path, "class NVMLError(Exception): ...\ndef nvmlInit():\n    import os; os.abort()", monkeypatch)
    why = Facts(gpu_facts_apart(root, 30)).why_missing("gpu.count")
    assert (why or "").startswith("the process that asked NVIDIA's driver ended with code")


def test_without_a_driver_no_process_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nndoctor.machine.gpu_apart.run", None)
    assert {given.name for given in gpu_facts_apart(tmp_path)} == set(NAMES)


def test_nothing_in_the_current_folder_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = driver(tmp_path, GOOD, monkeypatch)
    write(tmp_path, {"here/msgspec.py": "raise SystemExit('the user\\'s own')", "here/json.py": "raise SystemExit(1)"})
    monkeypatch.chdir(tmp_path / "here")
    assert Facts(gpu_facts_apart(root, 30)).value("gpu.count") == 1


@pytest.mark.skipif(os.name == "nt", reason="a FIFO")
def test_a_source_that_never_answers_silences_its_own_facts_only(tmp_path: Path) -> None:
    """open(2) of a FIFO without a writer blocks for ever, as does a file of a dead drive."""
    (tmp_path / "proc/sys/kernel").mkdir(parents=True)
    os.mkfifo(tmp_path / "proc/sys/kernel/osrelease")
    facts = Facts(survey(None, None, tmp_path))
    assert facts.why_missing("os.name") == "the probe gave no answer within 5 s"
    assert "cpu.host" in facts
    assert "workers.default" in facts
