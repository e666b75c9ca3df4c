"""The linter finds what it promises to find, and nndoctor's own rules are clean."""

from __future__ import annotations

from pathlib import Path

import pytest

from nndoctor.diagnosis.lint import lint
from nndoctor.diagnosis.load import rules_folder
from tests.diagnosis.conftest import write_rule


def test_own_rules_are_clean() -> None:
    assert lint(rules_folder()) == []


BROKEN: dict[str, dict[str, object]] = {
    "no whole ASCII word": {"evidence": [{"text": "{a} {b}", "weight": "weak"}]},
    "names the unknown cause": {"explains": ["nothing-like-it"]},
    "there is no fact": {"evidence": [{"fact": "no.such > 1", "weight": "weak"}]},
    "has no evidence": {"evidence": []},
    "neither a fix nor a question": {"ask": []},
    "unknown field": {"remedies": []},
    "which no template captures": {"title_if": "{found} things"},
    "advises": {"fixes": [{"kind": "setting", "treats": "cause", "text": "x", "command": "chmod 777 /data"}]},
    "more than 1": {"candidates": {"unknown": 0.8, "no-failure": 0.4}},
    "the file's name says": {"id": "other"},
}


@pytest.mark.parametrize("words", BROKEN)
def test_finds(rules: Path, words: str) -> None:
    assert lint(rules) == []
    write_rule(rules, "alpha", **BROKEN[words])
    problems = lint(rules)
    assert problems and any(words in problem and "alpha.yaml" in problem for problem in problems)
