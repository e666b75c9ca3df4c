"""The Markdown of a check: what a ticket needs, tables that stay tables, and nothing hostile that comes alive."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from nndoctor.report import render_markdown

from .checkup_samples import CUT, faulty, name, sound
from .hostile import ATTACKS, hostile_checkup
from .test_markdown_report import OURS, outside_of_code


def test_it_says_what_fails_where_and_what_to_do() -> None:
    markdown = render_markdown(faulty())
    assert markdown.startswith("### nndoctor check dataset: will go wrong\n\n**1 kind of error, 1 kind of warning**")
    assert f"**ERROR: Title of image-truncated** ({CUT} times) `cause-of-image-truncated`" in markdown
    assert f"- `imagesTr/{name(0)}_0000.nii.gz: ends after 44 of the 348 bytes of its header`" in markdown
    assert f"<summary>and {CUT - 5} more</summary>" in markdown and "- and 10 more" in markdown
    assert "```sh\nls -l 'image-truncated'\n```" in markdown
    assert "Look at stray-file" not in markdown and "nothing wrong was seen" in render_markdown(sound())


def test_tables_are_tables() -> None:
    rows = [token for token in MarkdownIt().enable("table").parse(render_markdown(faulty())) if token.type == "tr_open"]
    assert len(rows) == 1 + 4 + 1 + 20
    assert "| **41.0 GiB (added up in top: 46.0 GiB)** too much | 24.0 GiB |" in render_markdown(faulty())


def test_cells_of_hostile_names_stay_one_cell() -> None:
    cells = MarkdownIt().enable("table").parse(render_markdown(hostile_checkup("a | b\n| c |\n\n# d")))
    rows = [token.type for token in cells if token.type in ("tr_open", "th_open", "td_open")]
    widths = [len(row.split()) for row in " ".join(rows).split("tr_open")[1:]]
    assert widths and set(widths) == {5, 7}


def test_a_typical_report_is_short() -> None:
    assert len(render_markdown(faulty())) < 9_000 and len(render_markdown(sound())) < 700


@pytest.mark.parametrize("attack", [None, *ATTACKS], ids=range(len(ATTACKS) + 1))
def test_hostile_text_comes_to_nothing(attack: str | None) -> None:
    markdown = render_markdown(hostile_checkup(attack))
    assert len(markdown) < 60_000
    html, text = outside_of_code(markdown)
    assert "<" not in OURS.sub("", html) and html.count("<details>") == html.count("</details>")
    assert not re.search(r"@\w|#\d|::|GH-\d|https?:|www\.", html + text)
    assert not re.search(r"^\s*(?:::|##\[)", markdown, re.MULTILINE) and "##[" not in markdown
