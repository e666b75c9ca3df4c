"""The tables of problems and the code that finds problems name the same kinds."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from nndoctor.diagnosis.checkup import check_up
from nndoctor.diagnosis.lint_problems import lint_problems
from nndoctor.diagnosis.load import load_rulebook, rules_folder
from nndoctor.diagnosis.model import Checkup
from nndoctor.diagnosis.rule_files import load_problems
from nndoctor.facts import Fact, Facts, Provenance
from nndoctor.facts.problems import MOST_KEPT, Problem, ProblemLog

SOURCE = Path(__file__).parents[2] / "src" / "nndoctor"
TABLE = load_problems(rules_folder())


def _trees() -> Iterator[ast.Module]:
    return (ast.parse(path.read_text("utf-8")) for path in SOURCE.rglob("*.py"))


def _texts(tree: ast.Module) -> Iterator[str]:
    """Every literal text; of formatted ones with the holes as *."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        if isinstance(node, ast.JoinedStr):
            yield "".join(each.value if isinstance(each, ast.Constant) else "*" for each in node.values)  # type: ignore[misc]


def _kinds(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        is_problem = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem"
        if is_problem and node.args and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value)


def test_every_kind_that_code_finds_is_a_row() -> None:
    found = {kind for tree in _trees() for kind in _kinds(tree)}
    assert len(found) > 100
    assert found - TABLE.keys() == set()


def test_every_row_is_found_by_code_or_by_facts() -> None:
    texts = {text for tree in _trees() for text in _texts(tree)}
    formatted = {text for text in texts if text.startswith("*-")}
    rows = [kind for kind, row in TABLE.items() if not row.when]
    assert [kind for kind in rows if kind not in texts and f"*-{kind.partition('-')[2]}" not in formatted] == []


def test_a_wrong_row_is_named(tmp_path: Path) -> None:
    (tmp_path / "common").mkdir()
    rows = "a: {cause: nothing, severity: error, title: t, says: '{x.y}', means: m, source: s, when: ['no.fact > 1']}"
    (tmp_path / "common" / "problems-x.yaml").write_text(rows, encoding="utf-8")
    found = " ".join(lint_problems(tmp_path, {"image-unreadable"}))
    for words in ("unknown cause 'nothing'", "when and commands belong together", "no fact 'no.fact'", "{x.y}"):
        assert words in found


def _checkup() -> Checkup:
    return Checkup("dataset", "/data", 1, 1, 0, "headers", 0.1, [], [])


def test_errors_come_first_and_every_place_is_counted() -> None:
    log = ProblemLog(
        [Problem("label-origin", "/data/b"), *(Problem("image-truncated", f"/data/{n}") for n in range(300))]
    )
    found = check_up(load_rulebook(), log, Facts(), _checkup(), "here", [])
    assert [each.problem for each in found.findings] == ["image-truncated", "label-origin"]
    assert (found.status, found.findings[0].count, len(log.kept("image-truncated"))) == ("diagnosed", 300, MOST_KEPT)
    assert found.findings[0].evidence[0].text.startswith("0: ")


@pytest.mark.parametrize(("value", "expected"), [(True, True), (False, False)])
def test_facts_alone_find_a_row(value: bool, expected: bool) -> None:
    facts = Facts([Fact("dataset.json_found", not value, Provenance("nnunet", "/data"))])
    found = check_up(load_rulebook(), ProblemLog(), facts, _checkup(), "here", [])
    assert ("dataset-json-missing" in {each.problem for each in found.findings}) is expected


def test_a_kind_without_a_row_becomes_a_note() -> None:
    found = check_up(load_rulebook(), ProblemLog([Problem("of-tomorrow", "/x")]), Facts(), _checkup(), "here", [])
    assert found.findings == []
    assert "of-tomorrow" in found.notes[0]
