"""Commands in processes of their own: nndoctor, and the lab with the installed nnU-Net."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PYTHON = os.environ.get("NNDOCTOR_LAB_PYTHON", sys.executable)


def run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    variables = os.environ | environment
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=variables, check=False, cwd=REPOSITORY)
