"""Rules in another language: what is compiled, what falls back to English, what the linter finds."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nndoctor.consultation import diagnose_text
from nndoctor.diagnosis.compile import compile_rules
from nndoctor.diagnosis.lint import lint
from nndoctor.diagnosis.rule_files import load_rule
from nndoctor.diagnosis.translation import digest, spoken
from tests.diagnosis.conftest import write_rule

FIX = {"kind": "setting", "treats": "cause", "text": "Use -npp 1", "command": "nnUNetv2_predict -i INPUT -npp 1"}
TEXT = "nnUNetv2_predict\nalpha has failed with 7 things\n"
SIGN = {"text": "alpha has failed with {n:d} things", "weight": "decisive", "says": "things fail"}
ENGLISH = {"title": "Alpha", "title_if": "{n} things", "evidence": [SIGN], "fixes": [FIX]}
CHINESE: dict[str, object] = {
    "title": "甲",
    "title_if": "{n} 个东西",
    "explanation": "解释。",
    "says": {"things fail": "东西坏了"},
    "ask": ["看什么"],
    "fixes": [{"text": "改用 -npp 1"}],
}


def _translate(rules: Path, cause: str, **changes: object) -> None:
    path = next(rules.glob(f"*/{cause}.yaml"))
    data = {
        "english": digest(spoken(load_rule(path))),
        "title": "标题",
        "explanation": "解释。",
        "ask": ["看什么"],
        **changes,
    }
    path.with_name(f"{cause}.zh.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


@pytest.fixture
def bilingual(rules: Path) -> Path:
    write_rule(rules, "alpha", **ENGLISH)
    for path in list(rules.glob("*/*.yaml")):
        if path.parent.name != "common":
            _translate(rules, path.stem, **(CHINESE if path.stem == "alpha" else {}))
    return rules


def test_the_diagnosis_speaks_the_language_of_the_book(bilingual: Path) -> None:
    assert lint(bilingual) == []
    first = diagnose_text(TEXT, book=compile_rules(bilingual, language="zh")).findings[0]
    assert (first.title, first.evidence[0].says, first.fixes[0].text) == ("7 个东西", "东西坏了", "改用 -npp 1")
    assert first.fixes[0].command == FIX["command"]
    assert diagnose_text(TEXT, book=compile_rules(bilingual)).findings[0].title == "7 things"


def test_what_is_not_translated_stays_english(bilingual: Path) -> None:
    next(bilingual.glob("*/alpha.zh.yaml")).unlink()
    first = diagnose_text(TEXT, book=compile_rules(bilingual, language="zh")).findings[0]
    assert first.title == "7 things"
    assert any("alpha.zh.yaml: is missing" in problem for problem in lint(bilingual))


def test_folded_chinese_lines_are_joined_without_a_space(bilingual: Path) -> None:
    _translate(bilingual, "alpha", **{**CHINESE, "explanation": "第一行， 第二行 and English"})
    first = diagnose_text(TEXT, book=compile_rules(bilingual, language="zh")).findings[0]
    assert first.explanation == "第一行，第二行 and English"


BROKEN: dict[str, dict[str, object]] = {
    "fix 1 text: lacks -npp": {"fixes": [{"text": "改用 1"}]},
    "fix 1 text: is not translated": {"fixes": [{"text": "Use -npp 1"}]},
    "has other {placeholders}": {"title_if": "{m} 个东西"},
    "title_if: the rule has 1": {"title_if": []},
    "ask: the rule has 1, this has 0": {"ask": []},
    "is not in its language": {"explanation": "explanation it is not"},
    "is not in the rule": {"says": {"things fail": "东西坏了", "things flew": "飞了"}},
    "the English has changed": {"english": "00000000"},
    "unknown field": {"titel": "题"},
}


@pytest.mark.parametrize("words", BROKEN)
def test_the_linter_finds(bilingual: Path, words: str) -> None:
    _translate(bilingual, "alpha", **{**CHINESE, **BROKEN[words]})
    problems = lint(bilingual)
    assert problems and any(words in problem and "alpha.zh.yaml" in problem for problem in problems)
