"""The interpreter that has nnU-Net, and the folder in which its lab works."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.live.lab import PYTHON, run

ASK_VERSION = "import importlib.metadata as m; print(m.version('nnunetv2'))"


@pytest.fixture(scope="session")
def lab_python() -> str:
    """The interpreter that has nnU-Net; in CI it must be there, on a developer's machine it need not."""
    if run([PYTHON, "-c", ASK_VERSION]).returncode != 0:
        reason = f"nnunetv2 is not installed for {PYTHON}: run tests/live/install_lab.sh, set NNDOCTOR_LAB_PYTHON"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return PYTHON


@pytest.fixture(scope="session")
def lab_work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the lab builds its small dataset and its trained model, once for all tests."""
    return tmp_path_factory.mktemp("lab")
