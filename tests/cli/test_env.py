"""`nndoctor env` on this real computer: for readers, for tickets, and as a snapshot that a diagnosis believes."""

from __future__ import annotations

import getpass
import json
from pathlib import Path

import pytest

from tests.cli.running import SEED, nndoctor

UNSET = {"nnUNet_raw": "", "nnUNet_preprocessed": "", "nnUNet_results": ""}


def test_terminal_names_every_group() -> None:
    done = nndoctor("env", env={"LC_ALL": "C.UTF-8"})
    text = done.stdout.decode()
    assert done.returncode == 0 and "memory.granted" in text and "nnU-Net's variables" in text
    assert text.index("python.version") < text.index("cpu.host")


@pytest.mark.parametrize("form", [[], ["--markdown"]])
def test_it_speaks_chinese(form: list[str]) -> None:
    text = nndoctor("env", *form, "--lang", "zh").stdout.decode()
    assert "内存" in text and "is not set" not in text


def test_markdown_is_for_a_ticket_and_names_nobody(tmp_path: Path) -> None:
    raw = tmp_path / f"Jane-Doe-{getpass.getuser()}" / "raw"
    raw.mkdir(parents=True)
    text = nndoctor("env", "--markdown", env={**UNSET, "nnUNet_raw": f'"{raw}"'}).stdout.decode()
    assert "**Memory**" in text and "env.path_problems" in text and "Jane-Doe" not in text


def test_a_snapshot_is_believed_by_a_diagnosis(tmp_path: Path) -> None:
    snapshot = tmp_path / "machine.json"
    snapshot.write_bytes(nndoctor("env", "--json").stdout)
    facts = json.loads(snapshot.read_bytes())["facts"]
    told = json.loads(nndoctor("diagnose", SEED, "--env", snapshot, "--format", "json").stdout)
    assert told["facts"]["memory.total"]["value"] == facts["memory.total"]["value"]
    assert "snapshot" in told["environment"]


def test_wrong_usage_is_one_line() -> None:
    done = nndoctor("env", "--json", "--markdown")
    assert done.returncode == 2 and b"exclude each other" in done.stderr


def test_another_interpreter_that_is_none(tmp_path: Path) -> None:
    text = nndoctor("env", "--python", tmp_path / "no-python", env={"LC_ALL": "C.UTF-8"}).stdout.decode()
    assert "no-python" in text and "Traceback" not in text
