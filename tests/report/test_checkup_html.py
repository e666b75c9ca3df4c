"""The HTML page of a check: its sections, its pictures, and nothing in it that runs or calls home."""

from __future__ import annotations

import base64
import re
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from nndoctor.diagnosis.model import Diagnosis
from nndoctor.report import redact, render_html

from .checkup_samples import CUT, faulty, name, png, sound
from .hostile import ATTACKS, hostile_checkup
from .test_html_report import TAGS, Page, browse


def with_pictures(d: Diagnosis) -> Diagnosis:
    return msgspec.structs.replace(d, thumbnails={name(number): png(number) for number in range(5)})


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_finding_has_its_section(lang: str) -> None:
    page = render_html(faulty(), lang="zh" if lang == "zh" else "en")
    assert re.findall(r'<section class="problem (\w+)"', page) == ["error", "warning", "info"]
    for kind in ("image-truncated", "mixed-orientation", "stray-file"):
        for text in (f"Title of {kind}", f"nnU-Net minds {kind}.", f"Look at {kind}", f"Copy {kind} again"):
            assert text in page
    assert ("将会出错" if lang == "zh" else "will go wrong") in page


def test_places_beyond_the_first_are_folded_and_counted() -> None:
    section = render_html(faulty()).split('aria-labelledby="p1"')[1].split("</section>")[0]
    first, folded = section.split("<details>")[:2]
    assert first.count("bytes of its header") == 12 and folded.count("bytes of its header") == 8
    assert f"and {CUT - 12} more" in folded and "and 10 more" in folded


def test_too_much_memory_is_marked() -> None:
    page = render_html(faulty())
    over = re.findall(r'<tr class="over">.*?</tr>', page, re.DOTALL)
    assert len(over) == 2 and "41.0 GiB" in over[0] and "-nps 1 needs 17.0 GiB" in over[0]
    assert "not even one worker fits" in over[1]
    assert page.count('data-label="All workers"') == 4


def test_the_table_has_the_suspicious_first_and_links_to_what_is_wrong() -> None:
    page = render_html(faulty())
    suspicious, healthy = page.split('<h2 id="cases">')[1].split("</section>")[0].split("<details")
    assert suspicious.count("<tr>") == 21 and healthy.count("<tr>") == 3
    assert '<a href="#p1">image-truncated</a>, <a href="#p2">mixed-orientation</a>' in suspicious
    assert "512 x 512 x 93" in suspicious and "0.7 x 0.7 x 2.5" in suspicious
    assert "The table shows 22 of 40 cases" in suspicious


def test_a_sound_dataset_has_no_alarm() -> None:
    page = render_html(sound())
    assert 'class="verdict sound"' in page and "nothing wrong was seen" in page and "liver_1" in page
    assert 'class="problem' not in page and "<img" not in page and "3 known from an earlier check" in page


def test_pictures_are_data_and_allowed_only_where_there_are_any() -> None:
    page = render_html(with_pictures(faulty()))
    sources = [attributes["src"] or "" for tag, attributes in Page(page).seen if tag == "img"]
    assert [base64.b64decode(source.partition(",")[2]) for source in sources] == [png(number) for number in range(5)]
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert "default-src 'none'; img-src data:; style-src" in page
    assert "img-src" not in render_html(faulty())


def test_redaction_takes_the_pictures_and_says_so() -> None:
    page = render_html(redact(with_pictures(faulty())))
    assert "<img" not in page and "--no-redact keeps names, and shows pictures in HTML" in page


@pytest.mark.parametrize("attack", [None, *ATTACKS], ids=range(len(ATTACKS) + 1))
def test_hostile_text_adds_no_element(attack: str | None) -> None:
    page = render_html(with_pictures(hostile_checkup(attack)))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page)
    for tag, attributes in Page(page).seen:
        assert tag in TAGS | {"img"}
        assert not [key for key in attributes if key.startswith("on") or key in ("style", "srcset")]
        assert (attributes.get("href") or "#").startswith("#")
        assert (attributes.get("src") or "data:image/png;base64,").startswith("data:image/png;base64,")


def test_headings_are_in_order_and_links_lead_somewhere() -> None:
    page = Page(render_html(with_pictures(faulty())))
    levels = [int(tag[1]) for tag, _ in page.seen if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1 and all(b - a <= 1 for a, b in pairwise(levels))
    ids = [attributes["id"] for _, attributes in page.seen if "id" in attributes]
    links = [attributes["href"] or "" for tag, attributes in page.seen if tag == "a"]
    assert len(ids) == len(set(ids)) and {link[1:] for link in links if link.startswith("#")} <= set(ids)


@pytest.mark.parametrize("size", ["1200,2400", "500,2400"])
def test_a_browser_draws_the_page(tmp_path: Path, size: str) -> None:
    page = tmp_path / "report.html"
    page.write_text(render_html(with_pictures(faulty())), encoding="utf-8")
    browse(page, f"--window-size={size}", f"--screenshot={tmp_path / 'page.png'}")
    assert (tmp_path / "page.png").stat().st_size > 50_000
