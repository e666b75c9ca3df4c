"""The fixed words: every language has them all, the public names are those that are documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nndoctor import report
from nndoctor.report.words import LANGUAGES, per_cent, sure, words

PACKAGE = Path(report.__file__).parent.parent


def test_the_public_names_are_sorted_and_there() -> None:
    assert report.__all__ == sorted(report.__all__)
    assert all(hasattr(report, name) for name in report.__all__)
    with pytest.raises(AttributeError):
        _ = report.nothing_of_that_name  # type: ignore[attr-defined]


def test_every_word_has_every_language_and_a_use() -> None:
    sources = [path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".j2") and path.name != "words.py"]
    used = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    dynamic = ("status.", "verdict.", "sure.", "severity.", "kind.", "treats.", "triage.")
    for language in LANGUAGES:
        assert all(words(language).values()) and set(words(language)) == set(words("en"))
    plain = [key for key in words("en") if not key.startswith(dynamic)]
    assert not [key for key in plain if not re.search(rf"""["'.]{re.escape(key)}\b""", used)]


@pytest.mark.parametrize(
    ("confidence", "text"), [(1.0, ">99%"), (0.994, ">99%"), (0.97, "97%"), (0.01, "1%"), (0.004, "<1%"), (0.0, "<1%")]
)
def test_confidence_never_claims_certainty(confidence: float, text: str) -> None:
    assert per_cent(confidence) == text


def test_confidence_in_words() -> None:
    assert [sure(value, "en") for value in (0.99, 0.85, 0.6, 0.4, 0.1)] == [
        *("almost certain", "very likely", "likely", "possible", "unlikely"),
    ]
