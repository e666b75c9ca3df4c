"""`nndoctor diagnose` as a user runs it: formats, pipes, encodings, bad input, witnesses beyond the text."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.running import ROOT, SEED, nndoctor


def found(*arguments: str | Path, stdin: bytes = b"") -> dict[str, object]:
    done = nndoctor("diagnose", *arguments, "--format", "json", stdin=stdin)
    assert done.returncode == 0, done.stderr.decode()
    result = json.loads(done.stdout)
    assert isinstance(result, dict)
    return result


def first(result: dict[str, object]) -> dict[str, object]:
    findings = result["findings"]
    assert isinstance(findings, list)
    finding = findings[0]
    assert isinstance(finding, dict)
    return finding


def test_json_by_the_contract() -> None:
    result = found(SEED, "--env", "none")
    assert result["schema_version"] == 1 and result["status"] == "diagnosed"
    finding = first(result)
    assert finding["cause"] == "channel-count-mismatch" and finding["rank"] == 1
    chain = finding["chain"]
    assert isinstance(chain, list) and chain[-1] == "background-worker-died"


def test_pipe_and_several_texts(tmp_path: Path) -> None:
    piped = found("-", stdin=SEED.read_bytes())
    assert first(piped)["cause"] == "channel-count-mismatch"
    other = tmp_path / "other.txt"
    other.write_text("nnUNetv2_train 1 2d 0\nall is well\n", encoding="utf-8")
    both = found(other, SEED)
    inputs = both["inputs"]
    assert isinstance(inputs, list) and len(inputs) == 2


def test_report_files(tmp_path: Path) -> None:
    for name, start in (("r.html", "<!doctype html"), ("r.md", "#"), ("r.json", "{"), ("r.txt", " DIAGNOSED")):
        done = nndoctor("diagnose", SEED, "-o", tmp_path / name)
        assert done.returncode == 0, done.stderr.decode()
        assert b"channel-count-mismatch" in done.stdout
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert text.lower().startswith(start.lower()) and "channel" in text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.html", "r.json", "r.md", "r.txt"]


@pytest.mark.parametrize("encoding", ["cp1252", "cp936", "ascii", "utf-8"])
def test_any_console_encoding(encoding: str) -> None:
    for form in ("terminal", "markdown", "html", "json"):
        done = nndoctor("diagnose", SEED, "--format", form, env={"PYTHONIOENCODING": encoding})
        assert done.returncode == 0, done.stderr.decode()
        done.stdout.decode(encoding)


def test_no_color_in_pipes_and_color_when_forced() -> None:
    assert b"\x1b[" not in nndoctor("diagnose", SEED).stdout
    assert b"\x1b[" in nndoctor("diagnose", SEED, env={"FORCE_COLOR": "1", "TERM": "xterm-256color"}).stdout
    assert b"\x1b[" not in nndoctor("diagnose", SEED, env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stdout


def test_exit_codes(tmp_path: Path) -> None:
    assert nndoctor("diagnose", SEED).returncode == 0
    assert nndoctor("diagnose", SEED, "--exit-code").returncode == 1
    assert nndoctor("diagnose", "--no-such-flag").returncode == 2
    assert nndoctor("diagnose", tmp_path / "absent.txt").returncode == 3


def bad_inputs(folder: Path) -> dict[str, list[str | Path]]:
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "broken.gz").write_bytes(b"\x1f\x8b\x08\0\0\0nothing")
    (folder / "broken.zip").write_bytes(b"PK\x03\x04nothing")
    (folder / "nothing").mkdir()
    return {
        "no such file": [folder / "absent.txt"],
        "empty": [folder / "empty.txt"],
        "binary": [folder / "binary.txt"],
        "gzip": [folder / "broken.gz"],
        "zip archive": [folder / "broken.zip"],
        "no logs here": [folder / "nothing"],
        "no rules here": [SEED, "--rules", folder / "nothing"],
        "not a snapshot": [SEED, "--env", SEED],
        "--env takes": [SEED, "--env", folder / "absent.json"],
        "could not be written": [SEED, "-o", folder / "nowhere" / "report.html"],
    }


def test_bad_input_is_one_clear_line(tmp_path: Path) -> None:
    for words, arguments in bad_inputs(tmp_path).items():
        done = nndoctor("diagnose", *arguments)
        lines = [line for line in done.stderr.decode().splitlines() if line.strip()]
        assert done.returncode == 3, words
        assert len(lines) == 1 and words in lines[0] and "Traceback" not in lines[0], lines
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_text("x", encoding="utf-8")
    path.chmod(0)
    assert b"Permission denied" in nndoctor("diagnose", path).stderr


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT to a real process")
def test_ctrl_c_leaves_no_report(tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    command = [sys.executable, "-m", "nndoctor", "diagnose", "-", "-o", str(report)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdin is not None and process.stderr is not None
        process.stdin.write(b"nnUNet\n")
        process.stdin.flush()
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert b"Traceback" not in process.stderr.read()
    assert list(tmp_path.iterdir()) == []


def test_redaction_by_default_in_reports(tmp_path: Path) -> None:
    text = SEED.read_text(encoding="utf-8").replace("/home/user/", "/home/mueller.hans/")
    path = tmp_path / "log.txt"
    path.write_text(text, encoding="utf-8")
    for form in ("json", "html", "markdown"):
        assert b"mueller" not in nndoctor("diagnose", path, "--format", form).stdout
    assert b"mueller" in nndoctor("diagnose", path, "--format", "json", "--no-redact").stdout
    assert b"mueller" not in nndoctor("diagnose", path, "--redact").stdout
    assert nndoctor("diagnose", path, "--format", "json", "--env", "none").returncode == 0
