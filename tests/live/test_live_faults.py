"""Faults injected into the installed nnU-Net, and what nndoctor says about what it printed.

The recorded fixtures show that the rules fit the texts of the past. These tests show that they fit the nnU-Net that is
installed now: the lab (tests/lab) runs it with one fault each, and nndoctor reads the text as a user's log.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.live.lab import REPOSITORY, run

pytestmark = pytest.mark.live

FAULTS = (
    "predict-extra-channel",
    "predict-missing-channel",
    "predict-worker-killed",
    "verify-wrong-ending",
    "train-truncated-data",
    "predict-empty-folder",
    "predict-truncated-checkpoint",
    "predict-not-an-image",
    "verify-undeclared-label",
    "verify-missing-label",
    "train-no-such-trainer",
    "train-not-preprocessed",
    "train-no-gpu",
    "predict-results-unset",
    "train-attribute-error",
    "preprocess-worker-killed",
    "predict-no-output",
    "healthy-predict",
)


@pytest.fixture(scope="session")
def recorded(lab_python: str, lab_work: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All faults in one go: the lab loads torch and builds its small dataset only once."""
    out = tmp_path_factory.mktemp("live")
    command = [lab_python, "-m", "tests.lab.record", "--out", str(out), "--rejects", str(out / "rejects")]
    command += ["--work", str(lab_work)]
    done = run([*command, "--only", *FAULTS], PYTHONPATH=str(REPOSITORY))
    (out / "lab.log").write_text(done.stdout + done.stderr, encoding="utf-8")
    return out


def _diagnosis(log: Path) -> dict[str, Any]:
    done = run([sys.executable, "-m", "nndoctor", "diagnose", str(log), "--env", "none", "--format", "json"])
    assert done.returncode == 0, done.stderr
    content: dict[str, Any] = json.loads(done.stdout)
    return content


@pytest.mark.parametrize("fault", FAULTS)
def test_first_cause_is_right(fault: str, recorded: Path) -> None:
    found = list(recorded.glob(f"*/*/{fault}-[0-9]*/case.yaml"))
    assert found, f"the lab left no case of {fault}:\n{(recorded / 'lab.log').read_text(encoding='utf-8')}"
    expect = yaml.safe_load(found[0].read_text(encoding="utf-8"))["expect"]
    log = found[0].with_name("input.txt")
    diagnosis = _diagnosis(log)
    text = log.read_text(encoding="utf-8", errors="replace")
    assert diagnosis["status"] == expect["status"], text
    causes = [finding["cause"] for finding in diagnosis["findings"]]
    if causes or expect["status"] == "diagnosed":
        assert causes[0] in {expect["first"], *expect["also"]}, f"nndoctor named {causes}:\n{text}"
