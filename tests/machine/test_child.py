"""Real programs in processes of their own: what they say, how they end, and what becomes of those that hang."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import psutil
import pytest

from nndoctor.machine.child import MOST_BYTES, NoAnswerError, run


def test_what_a_program_says() -> None:
    code = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
    said = run([sys.executable, "-c", code], 30)
    assert (said.code, said.out.split(), said.err.split()) == (3, ["out"], ["err"])


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_a_program_that_hangs_is_killed_with_what_it_started(tmp_path: Path) -> None:
    script = tmp_path / "hangs"
    script.write_text(f"#!/bin/sh\necho $$ > {tmp_path / 'pid'}\nsleep 61.25 &\nsleep 61.25\n", encoding="utf-8")
    script.chmod(0o755)
    began = time.monotonic()
    with pytest.raises(NoAnswerError, match=r"no answer within 0\.5 s"):
        run([str(script)], 0.5)
    assert time.monotonic() - began < 3
    group = [each for each in psutil.process_iter(["cmdline"]) if each.info["cmdline"] == ["sleep", "61.25"]]
    assert not [each for each in group if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text(encoding="utf-8")))


def test_a_program_that_never_stops_talking_fills_no_memory() -> None:
    code = "import sys\nwhile True: sys.stdout.write('x' * 65536)"
    try:
        said = run([sys.executable, "-c", code], 5)
    except NoAnswerError:
        return
    assert len(said.out) <= MOST_BYTES


def test_what_is_no_program(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"No such file|cannot find"):
        run([str(tmp_path / "nothing")], 1)
    with pytest.raises(ValueError, match="null"):
        run(["a\0b"], 1)
