"""Markdown: short enough for a ticket, and nothing in a log becomes a mention, a reference, HTML or a command."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from nndoctor.report import render_markdown
from nndoctor.report.markdown_text import code, fence, prose

from .hostile import ATTACKS, hostile
from .samples import SAMPLES, channel_mismatch, no_failure

OURS = re.compile(r"</?(?:details|summary|sub)>")


def outside_of_code(markdown: str) -> tuple[str, str]:
    """The HTML and the prose that GitHub would see: by a CommonMark parser, not by our own idea of a fence."""
    html, text = [], []
    for token in MarkdownIt().enable("table").parse(markdown):
        html.append(token.content if token.type == "html_block" else "")
        for child in token.children or []:
            html.append(child.content if child.type == "html_inline" else "")
            text.append(child.content if child.type == "text" else "")
            assert child.type not in ("link_open", "image")
    return "\n".join(html), "\n".join(text)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_typical_report_is_short(name: str) -> None:
    assert len(render_markdown(SAMPLES[name]())) < 4700


@pytest.mark.parametrize("attack", [None, *ATTACKS], ids=range(len(ATTACKS) + 1))
def test_hostile_text_comes_to_nothing(attack: str | None) -> None:
    markdown = render_markdown(hostile(attack))
    assert len(markdown) < 60_000
    html, text = outside_of_code(markdown)
    assert "<" not in OURS.sub("", html)
    assert not re.search(r"@\w|#\d|::|GH-\d|https?:|www\.", html + text)
    assert not re.search(r"^\s*(?:::|##\[)", markdown, re.MULTILINE) and "##[" not in markdown


def test_many_long_texts_stay_under_the_limit() -> None:
    d = hostile("`" * 70 + "x" * 50_000)
    assert len(render_markdown(d)) < 60_000


def test_the_details_close_as_often_as_they_open() -> None:
    html, _ = outside_of_code(render_markdown(hostile()))
    assert html.count("<details>") == html.count("</details>") >= 3


def test_triage_gets_its_answers() -> None:
    markdown = render_markdown(channel_mismatch())
    for answer in ("nnUNetv2_predict -i", "`2.3.1`", "`IndexError: list index out of range`", "`input.channels = 3`"):
        assert answer in markdown
    assert render_markdown(no_failure()).count("not in what was given") == 4


def test_code_and_fences_hold_what_they_hold() -> None:
    assert code("a`b``c") == "```a`b``c```"
    assert code("`a`") == "`` `a` ``"
    assert fence("```\nx\n````") == "`````text\n```\nx\n````\n`````"


def test_prose_shows_what_it_was_given() -> None:
    tokens = MarkdownIt().parse(prose("a_b_ *c* <d> & [e](f) `g` @h #1"))[1].children or []
    assert "".join(token.content for token in tokens).replace("\u200b", "") == "a_b_ *c* <d> & [e](f) `g` @h #1"
