"""`nndoctor rules new`: from a pasted text to a rule that finds it."""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml

from tests.cli.running import ROOT, nndoctor

TEXT = """nnUNetv2_train 1 2d 0
Traceback (most recent call last):
  File "/v/lib/python3.11/site-packages/nnunetv2/run/run_training.py", line 7, in brew
    raise RuntimeError("the kettle at /dev/kettle is empty after 12 cups")
RuntimeError: the kettle at /dev/kettle is empty after 12 cups
"""


def test_a_rule_in_two_places(tmp_path: Path) -> None:
    rules = Path(shutil.copytree(ROOT / "rules", tmp_path / "rules"))
    text = tmp_path / "paste.txt"
    text.write_text(TEXT, encoding="utf-8")
    arguments = ("kettle-empty", "--from", text, "--family", "processes", "--rules", rules)
    done = nndoctor("rules", "new", *arguments)
    assert done.returncode == 0, done.stderr.decode()
    assert b"today    undetermined" in done.stdout
    rule = yaml.safe_load((rules / "processes" / "kettle-empty.yaml").read_text(encoding="utf-8"))
    (sign,) = rule["evidence"]
    assert sign["message"] == "the kettle at [*] is empty after [*] cups" and sign["in"] == "brew"
    case = tmp_path / "fixtures" / "processes" / "kettle-empty" / "first"
    assert nndoctor("rules", "test", case, "--rules", rules).returncode == 0
    assert b"TODO" in nndoctor("rules", "lint", "--rules", rules).stdout
    again = nndoctor("rules", "new", *arguments)
    assert again.returncode == 3 and b"File exists" in again.stderr


def test_an_unknown_family_is_one_line(tmp_path: Path) -> None:
    text = tmp_path / "paste.txt"
    text.write_text(TEXT, encoding="utf-8")
    done = nndoctor("rules", "new", "kettle-empty", "--from", text, "--family", "kitchen")
    assert done.returncode == 2 and b"no such family" in done.stderr
