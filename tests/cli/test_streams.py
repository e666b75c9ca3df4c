"""Streams that are closed, full or left early, and a cache that somebody damaged: one line and an exit code, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import ROOT, SEED, nndoctor

pytestmark = pytest.mark.skipif(os.name != "posix", reason="closes file descriptors")
FORMATS = ("terminal", "json", "html", "markdown")


def in_shell(command: str) -> subprocess.CompletedProcess[bytes]:
    program = f"{sys.executable} -m nndoctor diagnose"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "DOCTOR": program, "SEED": str(SEED)}
    return subprocess.run(["bash", "-c", command], capture_output=True, env=environment, timeout=120, check=False)


@pytest.mark.parametrize("form", FORMATS)
def test_a_full_disk_behind_standard_output(form: str) -> None:
    done = in_shell(f"$DOCTOR $SEED --env none --format {form} > /dev/full")
    assert done.returncode == 3
    assert done.stderr.decode() == "nndoctor: standard output: could not be written (No space left on device)\n"


@pytest.mark.parametrize("form", FORMATS)
def test_closed_streams(form: str) -> None:
    for closed in (">&-", "<&-", "2>&-", "<&- >&- 2>&-"):
        done = in_shell(f"$DOCTOR $SEED --env none --format {form} {closed}")
        assert (done.returncode, done.stderr) == (0, b""), closed


def test_a_reader_that_leaves_early_is_no_problem() -> None:
    done = in_shell("$DOCTOR $SEED --env none --format html | head -c 1; exit ${PIPESTATUS[0]}")
    assert (done.returncode, done.stderr) == (0, b"")


def test_errors_keep_their_exit_code_without_standard_error() -> None:
    assert in_shell("$DOCTOR /nowhere/log.txt 2>&-").returncode == 3


def test_standard_input_that_is_closed() -> None:
    done = in_shell("$DOCTOR - <&-")
    assert done.returncode == 3 and done.stderr.startswith(b"nndoctor: standard input is closed")


def test_process_substitution_and_dev_stdin() -> None:
    for command in ("$DOCTOR <(cat $SEED) --env none", "cat $SEED | $DOCTOR /dev/stdin --env none"):
        done = in_shell(command)
        assert done.returncode == 0 and b"channel-count-mismatch" in done.stdout, done.stderr


def test_wrong_usage_is_one_line() -> None:
    for arguments in (["diagnose", "--bad\x1b]0;x\x07"], ["nothing"], ["diagnose", "--format", "pdf"], ["explain"]):
        done = nndoctor(*arguments, env={"FORCE_COLOR": "1", "LINES": "\u00b2"})
        assert done.returncode == 2
        assert done.stderr.startswith(b"nndoctor: ") and done.stderr.count(b"\n") == 1 and b"\x1b" not in done.stderr


@pytest.mark.parametrize("size", ["20", "abc", "0", "-5", "99999999999999999999", "\u00b2"])
def test_odd_terminal_sizes(size: str) -> None:
    done = nndoctor("diagnose", SEED, "--env", "none", env={"COLUMNS": size, "LINES": size})
    assert done.returncode == 0 and not done.stderr


def test_the_log_is_never_replaced_by_its_report(tmp_path: Path) -> None:
    log = tmp_path / "run.txt"
    log.write_bytes(SEED.read_bytes())
    (tmp_path / "alias.html").symlink_to(log)
    for output in (log, tmp_path / "alias.html"):
        done = nndoctor("diagnose", log, "-o", output)
        assert done.returncode == 2 and b"is the log itself" in done.stderr
    assert log.read_bytes() == SEED.read_bytes()


def test_a_report_onto_a_loop_of_links(tmp_path: Path) -> None:
    loop = tmp_path / "loop.html"
    loop.symlink_to(loop)
    done = nndoctor("diagnose", SEED, "--env", "none", "-o", loop)
    assert done.returncode in (0, 3) and b"Traceback" not in done.stderr


def test_an_endless_snapshot() -> None:
    done = nndoctor("diagnose", SEED, "--env", "/dev/zero")
    assert done.returncode == 3 and b"too large to be a snapshot" in done.stderr


def test_damaged_cache_files_are_not_believed(tmp_path: Path) -> None:
    def told() -> bytes:
        done = nndoctor("diagnose", SEED, "--env", "none", env={"XDG_CACHE_HOME": str(tmp_path)})
        assert done.returncode == 0 and not done.stderr
        return done.stdout

    first = told()
    (book,) = (tmp_path / "nndoctor").glob("*.json")
    good = book.read_bytes()
    for damaged in (b"", good[:1000], b"[" * 100_000, good.replace(b"IndexError", b"IndexErrox"), good[20:]):
        book.write_bytes(damaged)
        assert told() == first
    book.unlink()
    os.mkfifo(book)
    assert told() == first
    book.unlink()
    book.mkdir()
    assert told() == first
    assert list((tmp_path / "nndoctor").iterdir()) == [book]
