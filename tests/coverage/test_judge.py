"""Sites meet rules: what is covered, what is internal with a reason, what is open."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nndoctor.coverage.internal import Internal, load_internal
from nndoctor.coverage.judge import Coverage, Verdict, judge
from nndoctor.coverage.sites import source_sites
from nndoctor.diagnosis.compile import compile_rules
from nndoctor.diagnosis.load import rules_folder
from nndoctor.diagnosis.rulebook import RuleError

FILE = "nnunetv2/imageio/reader.py"
HIT = "raise RuntimeError(f'the shape {a} is not {b}')"


def verdict(
    tmp_path: Path, evidence: dict[str, object], source: str, internal: list[Internal] | None = None
) -> Verdict:
    rule = {
        "id": "alpha",
        "title": "t",
        "explanation": "e",
        "prior": "common",
        "evidence": [{"weight": "strong", **evidence}],
    }
    folder = tmp_path / "rules" / "family"
    folder.mkdir(parents=True)
    (folder / "alpha.yaml").write_text(yaml.safe_dump(rule), encoding="utf-8")
    (each,) = judge(source_sites(source, FILE), compile_rules(tmp_path / "rules"), internal or []).verdicts
    return each


RECOGNISED: dict[str, tuple[dict[str, object], str]] = {
    "message": ({"exception": "RuntimeError", "message": "the shape {a:d} is not {b:d}"}, HIT),
    "text": ({"text": "the shape {a} is not"}, HIT),
    "file": ({"exception": "RuntimeError", "file": "imageio/reader.py"}, HIT),
    "owner": ({"exception": "RuntimeError", "raised": ["nnunet"]}, HIT),
    "function": ({"exception": "AssertionError", "in": "read"}, "def read():\n    assert shape"),
    "code": ({"exception": "AssertionError", "code": "assert shape == other"}, "assert shape == other"),
    "print": ({"text": "could not open"}, "print('could not open', name)"),
    "warning": ({"text": "UserWarning: this is odd"}, "warnings.warn('this is odd')"),
    "second line": ({"text": "and then this"}, "raise ValueError('first\\nand then this')"),
}


@pytest.mark.parametrize("sign", RECOGNISED)
def test_a_sign_that_holds_covers(tmp_path: Path, sign: str) -> None:
    evidence, source = RECOGNISED[sign]
    found = verdict(tmp_path, evidence, source)
    assert (found.state, found.causes) == ("covered", ["alpha"])


MISSED: dict[str, tuple[dict[str, object], str]] = {
    "other type": ({"exception": "ValueError", "message": "the shape"}, HIT),
    "other file": ({"exception": "RuntimeError", "file": "other.py"}, HIT),
    "context is missing": ({"text": "the shape", "with": "another line"}, HIT),
    "one template over two lines": ({"text": "not found. Searching in"}, "print('not found.\\nSearching in')"),
}


@pytest.mark.parametrize("sign", MISSED)
def test_a_sign_that_does_not_hold_leaves_it_open(tmp_path: Path, sign: str) -> None:
    evidence, source = MISSED[sign]
    assert verdict(tmp_path, evidence, source).state == "open"


def test_what_speaks_against_a_cause_covers_nothing(tmp_path: Path) -> None:
    rule = tmp_path / "rules" / "family" / "alpha.yaml"
    rule.parent.mkdir(parents=True)
    sign = {"text": "the shape", "weight": "strong"}
    rule.write_text(
        yaml.safe_dump(
            {"id": "alpha", "title": "t", "explanation": "e", "prior": "rare", "evidence": [], "against": [sign]}
        ),
        encoding="utf-8",
    )
    (found,) = judge(source_sites(HIT, FILE), compile_rules(tmp_path / "rules"), []).verdicts
    assert found.state == "open"


EXCUSES = {
    "all": Internal("imageio/reader.py", "r"),
    "folder": Internal("nnunetv2/imageio/", "r"),
    "text": Internal("reader.py", "r", text="the shape {} is"),
    "function": Internal("reader.py", "r", function="<module>"),
}


@pytest.mark.parametrize("name", EXCUSES)
def test_internal_with_its_reason(tmp_path: Path, name: str) -> None:
    found = verdict(tmp_path, {"text": "no such text"}, HIT, [EXCUSES[name]])
    assert (found.state, found.reason) == ("internal", "r")


@pytest.mark.parametrize(
    "entry",
    [
        Internal("der.py", "r"),
        Internal("imageio/", "r", text="shape"),
        Internal("reader.py", "r", function="read"),
        Internal("mageio/", "r"),
    ],
)
def test_an_entry_for_another_site(tmp_path: Path, entry: Internal) -> None:
    assert verdict(tmp_path, {"text": "no such text"}, HIT, [entry]).state == "open"


def test_a_rule_counts_before_an_entry(tmp_path: Path) -> None:
    assert verdict(tmp_path, {"text": "the shape"}, HIT, [EXCUSES["all"]]).state == "covered"


def test_a_site_without_message_is_named_by_its_source_line(tmp_path: Path) -> None:
    entry = Internal("reader.py", "r", text="assert shape")
    assert verdict(tmp_path, {"text": "no such text"}, "assert shape == 1", [entry]).state == "internal"


def test_share() -> None:
    assert Coverage([]).share == 1
    (site,) = source_sites(HIT, FILE)
    verdicts = [Verdict(site, "covered"), Verdict(site, "internal"), Verdict(site, "open"), Verdict(site, "open")]
    assert Coverage(verdicts).share == 0.5


def test_own_entries_are_whole_and_reasoned() -> None:
    entries = load_internal(rules_folder())
    assert entries and all(len(each.reason) > 15 for each in entries)
    assert all(each.file.endswith("/") or each.text or each.function for each in entries)


def test_no_file_is_no_entry(tmp_path: Path) -> None:
    assert load_internal(tmp_path) == []


@pytest.mark.parametrize("text", ["- file: a.py\n", "- file: [\n", "- {file: a.py, reason: r, why: x}\n"])
def test_a_broken_file_names_itself(tmp_path: Path, text: str) -> None:
    (tmp_path / "common").mkdir()
    (tmp_path / "common" / "internal-sites.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match=r"internal-sites\.yaml"):
        load_internal(tmp_path)
