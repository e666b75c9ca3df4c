"""`nndoctor env` on this real computer: for readers, for tickets, and as a snapshot that a diagnosis believes."""

from __future__ import annotations

import getpass
import json
import time
from pathlib import Path

import pytest

from tests.cli.running import SEED, nndoctor
from tests.machine.hanging_drive import hanging_drive

UNSET = {"nnUNet_raw": "", "nnUNet_preprocessed": "", "nnUNet_results": ""}


def test_terminal_names_every_group() -> None:
    done = nndoctor("env", env={"LC_ALL": "C.UTF-8"})
    text = done.stdout.decode()
    headings = [
        "Interpreter and packages",
        "GPU",
        "Memory",
        "Processors",
        "Processes that nnU-Net will start",
        "System",
    ]
    assert done.returncode == 0
    assert [text.index(each) for each in headings] == sorted(text.index(each) for each in headings)


def test_terminal_fits_eighty_columns_and_leaves_out_what_says_nothing() -> None:
    text = nndoctor("env", env={**UNSET, "LC_ALL": "C.UTF-8", "COLUMNS": "80"}).stdout.decode()
    assert max(map(len, text.splitlines())) <= 80
    assert len(text.splitlines()) < 110
    assert "_count" not in text


def test_what_is_odd_comes_first() -> None:
    variables = {**UNSET, "nnUNet_raw": '"/data/raw"', "nnUNet_n_proc_DA": "many", "nnUNet_prepocessed": "/x"}
    text = nndoctor("env", env={**variables, "LC_ALL": "C.UTF-8"}).stdout.decode()
    first, _, rest = text.partition("Interpreter and packages")
    assert "nnUNet_raw has quotes in its value" in first
    assert "nnUNet_n_proc_DA=many: not an integer" in first
    assert "no number that can be used" in " ".join(rest.split())


def test_a_drive_that_hangs_costs_seconds_and_its_own_facts(tmp_path: Path) -> None:
    with hanging_drive(tmp_path / "nfs") as drive:
        began = time.monotonic()
        done = nndoctor("env", env={**UNSET, "nnUNet_raw": str(drive), "LC_ALL": "C.UTF-8"})
        assert time.monotonic() - began < 20
        assert done.returncode == 0
        assert "filesystem fuse" in done.stdout.decode()
        assert "memory" in done.stdout.decode()


@pytest.mark.parametrize("form", [[], ["--markdown"]])
def test_it_speaks_chinese(form: list[str]) -> None:
    text = nndoctor("env", *form, "--lang", "zh").stdout.decode()
    assert "内存" in text and "is not set" not in text


def test_markdown_is_for_a_ticket_and_names_nobody(tmp_path: Path) -> None:
    raw = tmp_path / f"Jane-Doe-{getpass.getuser()}" / "raw"
    raw.mkdir(parents=True)
    text = nndoctor("env", "--markdown", env={**UNSET, "nnUNet_raw": f'"{raw}"'}).stdout.decode()
    assert "**Memory**" in text
    assert "env.path_problems" in text
    assert "nnUNet_raw" in text
    assert "Jane-Doe" not in text
    assert len(text.splitlines()) < 90


def test_a_snapshot_is_believed_by_a_diagnosis(tmp_path: Path) -> None:
    snapshot = tmp_path / "machine.json"
    snapshot.write_bytes(nndoctor("env", "--json").stdout)
    facts = json.loads(snapshot.read_bytes())["facts"]
    told = json.loads(nndoctor("diagnose", SEED, "--env", snapshot, "--format", "json").stdout)
    for name in ("memory.total", "workers.default", "compiler.found"):
        assert told["facts"][name]["value"] == facts[name]["value"]
    assert "snapshot" in told["environment"]


def test_wrong_usage_is_one_line() -> None:
    done = nndoctor("env", "--json", "--markdown")
    assert done.returncode == 2 and b"exclude each other" in done.stderr


def test_another_interpreter_that_is_none(tmp_path: Path) -> None:
    text = nndoctor("env", "--python", tmp_path / "no-python", env={"LC_ALL": "C.UTF-8"}).stdout.decode()
    assert "no-python" in text and "Traceback" not in text
