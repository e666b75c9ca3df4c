"""HTML: one file, nothing in it that runs or calls home; looked at by a real browser where there is one."""

from __future__ import annotations

import base64
import hashlib
import http.server
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from nndoctor.report import render_html

from .hostile import ATTACKS, hostile
from .samples import SAMPLES, channel_mismatch

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "main", "header", "footer", "section", "figure", "figcaption"),
    *("h1", "h2", "h3", "p", "span", "strong", "code", "pre", "a", "ul", "ol", "li", "dl", "div", "dt", "dd"),
    *("details", "summary", "table", "thead", "tbody", "tr", "th", "td", "svg", "rect"),
}


class Page(HTMLParser):
    """Collects the tags and the attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


@pytest.mark.parametrize("attack", [None, *ATTACKS], ids=range(len(ATTACKS) + 1))
def test_hostile_text_adds_no_element(attack: str | None) -> None:
    text = render_html(hostile(attack))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
    for tag, attributes in Page(text).seen:
        assert tag in TAGS
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "src", "srcset")]
        assert (attributes.get("href") or "#").startswith(("#", "https://", "http://"))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", SAMPLES)
def test_the_policy_allows_one_style_and_nothing_else(name: str, lang: str) -> None:
    text = render_html(SAMPLES[name](), lang="zh" if lang == "zh" else "en")
    css = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(css[0].encode()).digest()).decode()
    assert len(css) == 1 and f"default-src 'none'; style-src 'sha256-{digest}'" in text
    assert "url(" not in css[0] and "@import" not in css[0] and "<script" not in text


def test_headings_are_in_order_and_ids_are_unique() -> None:
    page = Page(render_html(channel_mismatch()))
    levels = [int(tag[1]) for tag, _ in page.seen if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1 and all(b - a <= 1 for a, b in pairwise(levels))
    ids = [attributes["id"] for _, attributes in page.seen if "id" in attributes]
    links = [attributes["href"] or "" for tag, attributes in page.seen if tag == "a"]
    assert len(ids) == len(set(ids)) and {link[1:] for link in links if link.startswith("#")} <= set(ids)


def test_evidence_is_marked_in_the_excerpt() -> None:
    text = render_html(channel_mismatch())
    assert re.findall(r'class="line hit" id="t1-(\d+)"', text) == ["40", "41"]
    assert 'href="#t1-41">predict.log:41<' in text


def browse(page: Path, *options: str) -> str:
    if CHROMIUM is None:
        assert not os.environ.get("CI"), "CI must have a chromium"
        pytest.skip("no chromium on this machine")
    profile = page.parent / f"profile-{len(list(page.parent.iterdir()))}"
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", *options, page.as_uri()]
    return subprocess.run(command, check=True, capture_output=True, timeout=120).stdout.decode("utf-8", "replace")


@pytest.fixture
def listener() -> Iterator[tuple[int, list[str]]]:
    """A web server on this machine that writes down who calls."""
    calls: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)
            self.send_error(404)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port, calls
    server.shutdown()
    server.server_close()


def attack_calling(port: int) -> str:
    here = f"http://127.0.0.1:{port}"
    marked = "document.documentElement.setAttribute('data-pwned','1')"
    return (
        f'"><img src={here}/img onerror="{marked}"><script>{marked}</script><script src={here}/js></script>'
        f"<link rel=stylesheet href={here}/css><style>@import url({here}/import)</style>"
        f"<iframe src={here}/frame></iframe>"
        f"<svg onload={marked}><meta http-equiv=refresh content='0;url={here}/refresh'>"
    )


def test_a_browser_runs_nothing_and_calls_nobody(tmp_path: Path, listener: tuple[int, list[str]]) -> None:
    port, calls = listener
    page = tmp_path / "hostile.html"
    page.write_text(render_html(hostile(attack_calling(port))), encoding="utf-8")
    dom = browse(page, "--dump-dom", "--virtual-time-budget=3000")
    assert "data-pwned" not in re.findall(r"<html[^>]*>", dom)[0] and "</main>" in dom
    assert {tag for tag, _ in Page(dom).seen} <= TAGS
    assert calls == []


def test_the_listener_would_notice(tmp_path: Path, listener: tuple[int, list[str]]) -> None:
    """The same attack in a page that does not defend itself: so that the test above means something."""
    port, calls = listener
    page = tmp_path / "open.html"
    page.write_text(f'<!doctype html><html><body><p title="{attack_calling(port)}</p></body></html>', encoding="utf-8")
    dom = browse(page, "--dump-dom", "--virtual-time-budget=3000")
    assert "data-pwned" in dom or calls


@pytest.mark.parametrize("size", ["1000,2400", "500,2400"])
def test_a_browser_draws_the_page(tmp_path: Path, size: str) -> None:
    page = tmp_path / "report.html"
    page.write_text(render_html(channel_mismatch()), encoding="utf-8")
    browse(page, f"--window-size={size}", f"--screenshot={tmp_path / 'page.png'}")
    assert (tmp_path / "page.png").stat().st_size > 50_000
