"""Every recorded case lands where it should, and shows the line that proves it."""

from __future__ import annotations

from pathlib import Path

import pytest

from nndoctor.diagnosis.load import load_rulebook
from nndoctor.diagnosis.rulebook import Rulebook
from nndoctor.evaluation.cases import Case, fixture_cases
from nndoctor.evaluation.outcomes import evaluate_cases

FIXTURES = Path(__file__).parents[2] / "fixtures"
CASES = list(fixture_cases(FIXTURES))


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook()


@pytest.mark.parametrize("case", CASES, ids=lambda case: "/".join(case.path.parts[-4:-1]))
def test_case(case: Case, book: Rulebook) -> None:
    (outcome,) = evaluate_cases([case], book)
    assert case.right(outcome.first), f"{outcome.status}: {outcome.causes} at {outcome.confidence}"
    assert outcome.status == case.status


def test_every_rule_has_a_case(book: Rulebook) -> None:
    covered = {cause for case in CASES for cause in (case.first, *case.also)}
    missing = [card.id for card in book.cards if card.id not in covered]
    assert missing == [], "add a case under fixtures/<family>/<cause>/"
