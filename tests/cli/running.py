"""Runs the real command line in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "fixtures"
SEED = FIXTURES / "input-data" / "channel-count-mismatch" / "predict-extra-channel-2.8.1" / "input.txt"
Done = subprocess.CompletedProcess[bytes]


def nndoctor(
    *arguments: str | Path, stdin: bytes = b"", env: Mapping[str, str] | None = None, cwd: Path = ROOT
) -> Done:
    """The finished process; its output is bytes, as a pipe gives them."""
    command = [sys.executable, "-m", "nndoctor", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **(env or {})}
    return subprocess.run(command, input=stdin, capture_output=True, cwd=cwd, env=environment, timeout=120, check=False)
