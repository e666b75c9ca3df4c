"""Known bugs by version: their signs, their upgrades, and the advice that is void in the user's version."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nndoctor.consultation import diagnose_text
from nndoctor.diagnosis.compile import compile_rules
from nndoctor.diagnosis.lint import lint
from nndoctor.diagnosis.load import load_rulebook
from nndoctor.diagnosis.model import Finding
from tests.diagnosis.conftest import write_rule

RELEASES = [{"version": version, "date": "2024-01-01", "needs": {}} for version in ("2.0", "2.1", "2.2", "2.3")]
BUG = {
    "id": "odd",
    "cause": "alpha",
    "symptom": "odd things happen",
    "source": "abc123",
    "since": "2.1",
    "fixed": "2.3",
    "signs": [{"text": "odd thing in sight", "weight": "decisive"}],
    "fixes": [{"kind": "setting", "treats": "works-around", "text": "work around it"}],
}
TABLE = {
    "says": "{symptom}: {package} {range}, fixed in {fixed}",
    "says_open": "{symptom}: {package} {range}",
    "upgrade": {
        "kind": "environment",
        "treats": "cause",
        "text": "upgrade",
        "command": 'pip install "{package}>={fixed}"',
    },
}


def _write(rules: Path, bug: dict[str, object]) -> Path:
    write_rule(rules, "alpha", title_if="a bug of {range}, fixed in {fixed}")
    common = rules / "common"
    (common / "known-bugs.yaml").write_text(yaml.safe_dump({**TABLE, "bugs": [bug]}), encoding="utf-8")
    (common / "releases.yaml").write_text(yaml.safe_dump(RELEASES), encoding="utf-8")
    return rules


def _found(rules: Path, version: str, line: str = "odd thing in sight") -> Finding:
    return diagnose_text(
        f"nnunetv2=={version}\n{line}\n" if version else f"nnunetv2\n{line}\n", book=compile_rules(rules)
    ).findings[0]


def test_a_bug_is_found_told_and_cured(rules: Path) -> None:
    found = _found(_write(rules, BUG), "2.2")
    assert (found.cause, found.title) == ("alpha", "a bug of 2.1-2.2, fixed in 2.3")
    assert found.evidence[0].says == "odd things happen: nnunetv2 2.1-2.2, fixed in 2.3"
    assert [fix.command for fix in found.fixes] == [None, 'pip install "nnunetv2>=2.3"']


def test_an_unknown_version_gets_the_advice_without_a_condition(rules: Path) -> None:
    found = _found(_write(rules, BUG), "")
    assert len(found.fixes) == 2 and not any(fix.condition for fix in found.fixes)


@pytest.mark.parametrize("version", ["2.0", "2.3"])
def test_a_version_without_the_bug_gets_no_upgrade_and_less_confidence(rules: Path, version: str) -> None:
    found = _found(_write(rules, BUG), version)
    assert found.cause == "alpha" and not found.fixes
    assert found.confidence < _found(rules, "2.2").confidence


def test_the_advice_of_a_bug_needs_one_of_its_signs(rules: Path) -> None:
    assert not _found(_write(rules, BUG), "2.2", "line of alpha").fixes


def test_a_bug_without_signs_speaks_where_the_version_is_known(rules: Path) -> None:
    _write(rules, {**BUG, "signs": [], "fixes": []})
    assert len(_found(rules, "2.2", "line of alpha").fixes) == 1
    assert not _found(rules, "", "line of alpha").fixes


BROKEN: dict[str, dict[str, object]] = {
    "is no release": {"fixed": "2.9"},
    "before it began": {"fixed": "2.0"},
    "names the unknown cause": {"cause": "nothing-like-it"},
    "no cause that they count for": {"cause": None},
}


@pytest.mark.parametrize("words", BROKEN)
def test_the_linter_finds(rules: Path, words: str) -> None:
    assert lint(_write(rules, BUG)) == []
    assert any(words in problem for problem in lint(_write(rules, {**BUG, **BROKEN[words]})))


def test_packages_that_this_release_does_not_work_with() -> None:
    text = "nnunetv2==2.6.0\ntorch==2.2.1+cu118\nImportError: cannot import name 'GradScaler' from 'torch'\n"
    found = diagnose_text(text, book=load_rulebook())
    unmet = next(fact for fact in found.facts if fact.name == "nnunetv2.unmet")
    assert unmet.value == ["torch 2.2.1+cu118 (nnunetv2 2.6.0 needs >=2.3,!=2.9.*)"]
    other = diagnose_text(text.replace("ImportError: cannot import name", "Error: broken is"), book=load_rulebook())
    says = [sign.says or "" for finding in other.findings for sign in finding.evidence]
    stated = "(nnunetv2.unmet = torch 2.2.1+cu118 (nnunetv2 2.6.0 needs >=2.3,!=2.9.*))"
    assert any(each.endswith(stated) for each in says)
    fine = diagnose_text(text.replace("2.2.1+cu118", "2.5.0"), book=load_rulebook())
    assert not [fact for fact in fine.facts if fact.name == "nnunetv2.unmet"]


def test_no_advice_that_the_users_nnunet_does_not_understand() -> None:
    """nnUNet_keep_files_open is read until 2.5.2 only; --not_on_device is there from 2.7.0 on."""
    line = "OSError: [Errno 24] Too many open files: '/data/nnUNet_preprocessed/x.npy'\nnnUNetv2_train 1 2d 0\n"
    memory = "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB\nnnUNetv2_predict -i a -o b\n"

    def advised(version: str, text: str, word: str) -> bool:
        found = diagnose_text(f"nnunetv2=={version}\n{text}", book=load_rulebook()).findings[0]
        return any(word in f"{fix.command}" for fix in found.fixes)

    assert advised("2.5.1", line, "nnUNet_keep_files_open") and not advised("2.6.2", line, "nnUNet_keep_files_open")
    assert advised("2.8.1", memory, "--not_on_device") and not advised("2.5.1", memory, "--not_on_device")
