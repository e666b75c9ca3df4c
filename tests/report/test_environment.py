"""A computer for readers: what belongs together in one row, what is odd first, what says nothing left out."""

from __future__ import annotations

from io import StringIO

import pytest

from nndoctor.diagnosis.model import Diagnosis
from nndoctor.facts import Fact, FactValue, Missing, Provenance
from nndoctor.report import redact
from nndoctor.report.environment import environment_markdown, print_environment
from nndoctor.report.environment_rows import alarms, groups

FACTS: dict[str, FactValue] = {
    "nnunetv2.version": "2.6.2",
    "torch.version": "2.7.1+cu128",
    "python.duplicates": ["nnunetv2 2.6.2 in /a", "nnunetv2 2.5.1 in /b"],
    "shm.size": 67108864,
    "memory.total": 0,
    "cpu.host": 64,
    "disk.raw_inodes_free": 16138720,
    "disk.raw_remote": True,
    "env.raw_set": True,
    "env.raw_folder": "/data/Jane Doe/raw",
    "env.raw_exists": False,
    "env.results_set": False,
    "env.path_problems": [],
    "env.path_problems_count": 0,
    "env.path_mistakes": [],
    "env.path_mistakes_count": 0,
    "workers.augmentation": 12,
    "scheduler.time_limit": 86400,
}
GAPS = {
    "env.results_exists": "nnUNet_results is not set",
    "disk.results_free": "the folder is not known: its variable is not set",
    "gpu.count": "no driver",
    "gpu.names": "no driver",
    "gpu.index": "no driver",
    "nnunet.version": "nnunet is not installed in /python",
    "cgroup.cpu_quota": "no control group sets a limit in cpu.max",
}


def computer(**more: FactValue) -> Diagnosis:
    facts = [Fact(name, value, Provenance("machine", "here")) for name, value in {**FACTS, **more}.items()]
    missing = [Missing(name, reason) for name, reason in GAPS.items()]
    return Diagnosis("no-failure", [], None, facts, missing, [], "here", ["a note"], [])


def shown(d: Diagnosis, monkeypatch: pytest.MonkeyPatch, columns: int = 80) -> str:
    monkeypatch.setenv("COLUMNS", str(columns))
    sheet = StringIO()
    print_environment(d, "en", sheet)
    return sheet.getvalue()


def test_rows() -> None:
    rows = {row.label: row.text() for group in groups(computer()) for row in group.rows}
    assert rows == {
        "versions": "nnunetv2 2.6.2, torch 2.7.1+cu128",
        "memory": "total 0",
        "shm": "size 64.0 MiB",
        "cpu": "host 64",
        "workers": "augmentation 12",
        "nnUNet_raw": "inodes_free 16,138,720, remote true, /data/Jane Doe/raw, exists false",
        "nnUNet_results": "set false",
        "scheduler": "time_limit 86,400 s",
    }


def test_reasons_are_told_once_and_those_that_say_nothing_never() -> None:
    unknown = {reason: names for group in groups(computer()) for reason, names in group.unknown.items()}
    assert unknown == {"no driver": ["gpu.*"], "no control group sets a limit in cpu.max": ["cgroup.cpu_quota"]}


def test_what_is_odd_is_one_row_each() -> None:
    assert [(row.label, row.text()) for row in alarms(computer())] == [
        ("python.duplicates", "nnunetv2 2.6.2 in /a"),
        ("python.duplicates", "nnunetv2 2.5.1 in /b"),
    ]


def test_a_name_and_its_value_stay_together(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: dict[str, FactValue] = {f"limit.{name}": 123456 for name in ("open_files", "open_files_hard", "processes")}
    for columns in (60, 80, 100):
        text = shown(computer(**limits), monkeypatch, columns)
        assert max(map(len, text.splitlines())) <= columns
        assert "open_files 123,456" in text
        assert "processes 123,456" in text


def test_hostile_values_are_data(monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = computer(**{"env.settings": ["nnUNet_compile=\x1b[31m[bold]</details><b>`|\n- x"]})
    assert "\x1b" not in shown(hostile, monkeypatch)
    assert "[bold]" in shown(hostile, monkeypatch)
    markdown = environment_markdown(hostile, "en")
    assert "\x1b" not in markdown
    assert "\n- x" not in markdown


def test_a_ticket_names_nobody() -> None:
    markdown = environment_markdown(redact(computer()), "en")
    assert "Jane" not in markdown
    assert "/data/" in markdown
    assert markdown.count("<details>") == 1
