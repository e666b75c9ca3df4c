"""Weighing, ranking and statuses, on invented causes."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from nndoctor.consultation import diagnose_text
from nndoctor.diagnosis.compile import compile_rules
from nndoctor.diagnosis.model import Diagnosis
from nndoctor.diagnosis.rulebook import RuleError
from tests.diagnosis.conftest import Diagnose, write_rule

CRASH = """Traceback (most recent call last):
  File "/x/site-packages/nnunetv2/a.py", line 3, in worker
    scheme = schemes[c]
IndexError: list index out of range
"""


def causes(found: Diagnosis) -> list[str]:
    return [finding.cause for finding in found.findings]


def test_the_line_that_proves_it(rules: Path, diagnose: Diagnose) -> None:
    write_rule(rules, "alpha")
    found = diagnose("first\nhere is the line of alpha itself\n")
    assert found.status == "diagnosed"
    (evidence,) = found.findings[0].evidence
    assert (evidence.source, evidence.line, evidence.text) == ("log.txt", 3, "here is the line of alpha itself")
    assert found.findings[0].confidence > 0.95


def test_exception_sign_needs_all_its_conditions(rules: Path, diagnose: Diagnose) -> None:
    sign = {
        "exception": "IndexError",
        "message": "index out of range",
        "in": "worker",
        "code": "schemes[c]",
        "weight": "decisive",
    }
    write_rule(rules, "alpha", evidence=[sign])
    found = diagnose(CRASH)
    assert causes(found)[0] == "alpha"
    assert [each.kind for each in found.findings[0].evidence] == ["exception", "code"]
    assert found.status == "diagnosed"
    assert diagnose(CRASH.replace("worker", "other")).status == "undetermined"
    assert diagnose(CRASH.replace("schemes[c]", "others[c]")).status == "undetermined"


def test_source_lines_are_not_messages(rules: Path, diagnose: Diagnose) -> None:
    write_rule(rules, "alpha")
    text = CRASH.replace("scheme = schemes[c]", "raise RuntimeError('the line of alpha is here')")
    assert "alpha" not in causes(diagnose(text))


def test_with_and_unless(rules: Path, diagnose: Diagnose) -> None:
    sign = {"text": "line of alpha", "with": "also this", "unless": "but not that", "weight": "decisive"}
    write_rule(rules, "alpha", evidence=[sign])
    assert "alpha" not in causes(diagnose("line of alpha"))
    assert "alpha" in causes(diagnose("line of alpha\nalso this"))
    assert "alpha" not in causes(diagnose("line of alpha\nalso this\nbut not that"))


def test_root_explains_symptom(rules: Path, diagnose: Diagnose) -> None:
    write_rule(rules, "alpha", explains=["sign-of-death"])
    write_rule(rules, "sign-of-death", symptom=True, candidates={"alpha": 0.3, "beta": 0.2})
    write_rule(rules, "beta")
    both = diagnose("line of sign-of-death\nline of alpha")
    assert both.status == "diagnosed"
    assert both.findings[0].chain == ["alpha", "sign-of-death"]
    alone = diagnose("line of sign-of-death")
    assert alone.status == "undetermined"
    assert causes(alone)[:3] == ["sign-of-death", "alpha", "beta"]
    assert alone.findings[1].confidence < 0.5


def test_excluded_causes_are_gone(rules: Path, diagnose: Diagnose) -> None:
    write_rule(rules, "alpha", excludes=["beta"])
    write_rule(rules, "beta", evidence=[{"text": "line of beta", "weight": "strong"}])
    assert causes(diagnose("line of beta\nline of alpha")) == ["alpha"]


def test_the_first_failure_is_the_root(rules: Path, diagnose: Diagnose) -> None:
    write_rule(rules, "alpha")
    write_rule(rules, "beta")
    assert causes(diagnose("line of beta\nline of alpha"))[0] == "beta"
    assert causes(diagnose("line of alpha\nline of beta"))[0] == "alpha"


def test_confidences_of_rivals_add_up_to_at_most_one(rules: Path, diagnose: Diagnose) -> None:
    for cause in ("alpha", "beta", "gamma"):
        write_rule(rules, cause, evidence=[{"text": "one line", "weight": "decisive"}])
    found = diagnose("one line")
    assert sum(each.confidence for each in found.findings) <= 1.001
    assert found.findings[0].confidence < 0.5


def test_evidence_against(rules: Path, diagnose: Diagnose) -> None:
    against = [{"text": "proof of health", "weight": "decisive"}]
    write_rule(rules, "alpha", evidence=[{"text": "line of alpha", "weight": "strong"}], against=against)
    before, after = diagnose("line of alpha"), diagnose("line of alpha\nproof of health")
    assert causes(before)[0] == "alpha"
    assert before.findings[0].confidence > 0.8
    assert "alpha" not in causes(after) or after.findings[0].confidence < 0.1


def test_missing_facts_are_named_with_the_command(rules: Path, diagnose: Diagnose) -> None:
    write_rule(rules, "alpha", against=[{"fact": "shm.size > 1 GiB", "weight": "strong"}])
    (gap,) = diagnose("line of alpha").findings[0].not_seen
    assert (gap.fact, gap.command) == ("shm.size", "df -h /dev/shm")


def test_titles_take_captures(rules: Path, diagnose: Diagnose) -> None:
    sign = {"text": "has {found:d} channels", "weight": "decisive"}
    write_rule(rules, "alpha", title_if="There are {found}", evidence=[sign])
    assert diagnose("it has 7 channels").findings[0].title == "There are 7"


@pytest.mark.parametrize(
    "text, status", [("all is well", "no-failure"), ("something failed", "undetermined"), (CRASH, "undetermined")]
)
def test_statuses(diagnose: Diagnose, text: str, status: str) -> None:
    assert diagnose(text).status == status


def test_other_software_is_never_named_with_conviction(rules: Path) -> None:
    write_rule(rules, "alpha")
    other = CRASH.replace("nnunetv2", "transformers") + "line of alpha\n"
    found = diagnose_text(other, "log.txt", compile_rules(rules))
    assert found.status == "not-nnunet"
    assert all(each.confidence < 0.5 for each in found.findings if each.cause != "not-nnunet")


def test_signature_is_stable_over_paths_and_numbers(diagnose: Diagnose) -> None:
    one, two = diagnose(CRASH), diagnose("x\n" + CRASH.replace("/x/", "/elsewhere/").replace("line 3", "line 30"))
    assert one.signature == two.signature
    assert one.signature is not None and "IndexError in worker" in one.signature
    assert diagnose(CRASH.replace("worker", "other")).signature != one.signature


def test_a_broken_rule_is_left_out_and_named(rules: Path) -> None:
    write_rule(rules, "alpha")
    write_rule(rules, "beta", prior="sometimes")
    book = compile_rules(rules)
    assert book.card("alpha") is not None and book.card("beta") is None
    (problem,) = book.problems
    assert "beta.yaml" in problem and "\n" not in problem


def test_no_rules_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="no rules here"):
        compile_rules(tmp_path)


def test_a_rule_that_fails_becomes_a_note(rules: Path) -> None:
    write_rule(rules, "alpha")
    write_rule(rules, "beta")
    book = compile_rules(rules)
    damaged = [
        msgspec.structs.replace(card, body=msgspec.Raw(b"{}")) if card.id == "alpha" else card for card in book.cards
    ]
    book = msgspec.structs.replace(book, cards=damaged)
    found = diagnose_text("nnunetv2\nline of alpha\nline of beta", "log.txt", book)
    assert "alpha" not in causes(found) and "beta" in causes(found)
    assert any(note.startswith("rule alpha failed") for note in found.notes)


def test_late_causes_yield_to_what_stands_above(rules: Path, diagnose: Diagnose) -> None:
    write_rule(rules, "alpha", prior="rare", evidence=[{"text": "line of alpha", "weight": "strong"}])
    write_rule(rules, "killed", late=True)
    assert causes(diagnose("line of alpha\nline of killed"))[0] == "alpha"
    assert causes(diagnose("line of killed\nline of alpha"))[0] == "killed"


def test_the_name_of_an_environment_says_nothing(rules: Path) -> None:
    write_rule(rules, "alpha")
    text = CRASH.replace("/x/site-packages/nnunetv2", "/x/envs/nnunetv2/lib/python3.9/site-packages/transformers")
    assert diagnose_text(text + "line of alpha\n", "log.txt", compile_rules(rules)).status == "not-nnunet"


def test_hints_come_with_the_commands_that_need_them(rules: Path, diagnose: Diagnose) -> None:
    hint = '- {fact: "log.nnunet_major == 1", command: "nnUNetv2_", note: "v1 has other commands"}\n'
    (rules / "common" / "hints.yaml").write_text(hint, encoding="utf-8")
    fix = {"kind": "check", "treats": "diagnostic", "text": "run", "command": "nnUNetv2_train 1 2d 0"}
    write_rule(rules, "alpha", fixes=[fix])
    frame = '  File "/x/site-packages/nnunet/run/train.py", line 1, in f\n    g()\nValueError: x\n'
    assert "v1 has other commands" in diagnose("line of alpha\n" + frame).notes
    assert "v1 has other commands" not in diagnose("line of alpha\n" + frame.replace("nnunet/", "nnunetv2/")).notes
