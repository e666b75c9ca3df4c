"""`explain`, `rules` and `evaluate` as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.running import FIXTURES, nndoctor


def test_explain() -> None:
    done = nndoctor("explain", "channel-count-mismatch")
    assert done.returncode == 0
    text = done.stdout.decode()
    assert "What happened" in text and "What to do, in this order" in text


def test_explain_suggests_the_nearest_cause() -> None:
    done = nndoctor("explain", "chanel-count-mismatch")
    assert done.returncode == 2 and b"channel-count-mismatch" in done.stderr


def test_rules_list_lint_and_test() -> None:
    assert b"channel-count-mismatch" in nndoctor("rules", "list").stdout
    assert nndoctor("rules", "lint").returncode == 0
    done = nndoctor("rules", "test", FIXTURES / "input-data" / "channel-count-mismatch" / "predict-extra-channel-2.8.1")
    assert done.returncode == 0 and b"1 of 1 cases" in done.stdout


def test_rules_test_shows_where_a_miss_landed(tmp_path: Path) -> None:
    case = tmp_path / "family" / "gpu-out-of-memory" / "one"
    case.mkdir(parents=True)
    (case / "input.txt").write_text("nnUNetv2_train\nall is well\n", encoding="utf-8")
    expect = "origin: written\nexpect: {status: diagnosed, first: gpu-out-of-memory}\n"
    (case / "case.yaml").write_text(expect, encoding="utf-8")
    done = nndoctor("rules", "test", tmp_path)
    assert done.returncode == 1 and b"got no-failure" in done.stdout


def test_evaluate(tmp_path: Path) -> None:
    right = (
        "RuntimeError: CUDA error: no kernel image is available for execution on the device\nnnUNetv2_train 1 2d 0\n"
    )
    (tmp_path / "a.txt").write_text(right, encoding="utf-8")
    (tmp_path / "a.json").write_text(json.dumps({"label": "gpu-arch-unsupported"}), encoding="utf-8")
    (tmp_path / "b.txt").write_text(right, encoding="utf-8")
    (tmp_path / "b.json").write_text(json.dumps({"label": "disk-full"}), encoding="utf-8")
    brief = nndoctor("evaluate", tmp_path, "--brief").stdout.decode().splitlines()
    assert len(brief) <= 5 and "2 cases: first cause right 50.0%" in brief[0]
    whole = nndoctor("evaluate", tmp_path).stdout.decode()
    assert "b: disk-full expected" in whole
    assert nndoctor("evaluate", tmp_path / "absent").returncode == 3
