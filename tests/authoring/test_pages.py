"""The Markdown of the documentation site: whole, linked, and with the text of rules as text."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path

import msgspec
import pytest
import yaml

from nndoctor.authoring.cause_page import cause_page
from nndoctor.authoring.house_pages import house_pages
from nndoctor.authoring.index_pages import messages
from nndoctor.authoring.knowledge import Knowledge, load_knowledge
from nndoctor.authoring.page_text import code, fence, prose
from nndoctor.authoring.pages import write_pages
from nndoctor.authoring.sign_text import readable
from nndoctor.report.words import LANGUAGES, Language

CHECKOUT = Path(__file__).parents[2]
RULES = CHECKOUT / "rules"
HOSTILE = (
    '<script>x()</script> "><img src=x onerror=x()> a_b_c *x* **y** | {{ 7*7 }} {% x %} {: .c #d } `t` '
    "[l](javascript:x) ![i](x) # $z$ ~~s~~ ==m== &amp; &#33; http://e.org <http://e.org> \\_ end"
)
_LINK = re.compile(r"(?<!\\)\]\(([^)\s]+)\)|href=\"([^\"]+)\"")
_ANCHOR = re.compile(r"\{#([\w-]+)|<a id=\"([\w-]+)\">")
_CODE = re.compile(r"^( *)(`{3,})\w*\n.*?^\1\2$|(?<![`\\])(`+)(?!`).+?(?<!`)\3(?!`)", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    write_pages(RULES, CHECKOUT, folder)
    return folder


@pytest.fixture(scope="module")
def known() -> dict[Language, Knowledge]:
    return {lang: load_knowledge(RULES, lang) for lang in LANGUAGES}


def links(page: Path) -> list[str]:
    found = _LINK.findall(_CODE.sub("", page.read_text("utf-8")))
    return [target for pair in found for target in pair if target and "://" not in target]


def anchors(page: Path) -> set[str]:
    text = page.read_text("utf-8")
    headings = [line.lstrip("# ").lower().replace(" ", "-") for line in text.splitlines() if line.startswith("#")]
    return {anchor for pair in _ANCHOR.findall(text) for anchor in pair if anchor} | set(headings)


def where(site: Path, page: Path, target: str) -> Path:
    """The Markdown file that a link leads to: the Chinese site lies in the folder zh of the English one."""
    lang, *inside = page.relative_to(site).parts
    path = (Path("/zh" if lang == "zh" else "/") / Path(*inside)).parent / target
    parts: list[str] = []
    for part in path.parts[1:]:
        parts = parts[:-1] if part == ".." else [*parts, part]
    found = site / "zh" / Path(*parts[1:]) if parts[0] == "zh" else site / "en" / Path(*parts)
    return found.with_suffix(".md") if found.suffix == ".html" else found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_cause_has_a_page_in_every_language(site: Path, known: dict[Language, Knowledge], lang: Language) -> None:
    for cause, rule in known[lang].rules.items():
        page = (site / lang / "causes" / f"{cause}.md").read_text("utf-8")
        assert f"\n# {prose(rule.title)}\n" in page
        assert prose(rule.explanation) in page
        assert all(prose(fix.text) in page for fix in rule.fixes if not (fix.bug or fix.certain))


def test_every_link_leads_to_a_page_and_a_place_on_it(site: Path) -> None:
    pages = sorted(site.rglob("*.md"))
    assert len(pages) > 2 * 79
    for page in pages:
        for target in links(page):
            path, _, anchor = target.partition("#")
            found = where(site, page, path) if path else page
            assert found.is_file(), f"{page}: {target}"
            assert not anchor or anchor in anchors(found), f"{page}: {target}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_leads_to_itself_in_the_other_language(
    site: Path, known: dict[Language, Knowledge], lang: Language
) -> None:
    other = "en" if lang == "zh" else "zh"
    for cause in known[lang].rules:
        page = site / lang / "causes" / f"{cause}.md"
        assert site / other / "causes" / f"{cause}.md" in [where(site, page, each) for each in links(page)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_known_bug_stands_with_its_cause_and_its_releases(
    site: Path, known: dict[Language, Knowledge], lang: Language
) -> None:
    releases = (site / lang / "releases.md").read_text("utf-8").split("\n## ")[1:]
    for bug in known[lang].table.bugs:
        told = f"[{prose(bug.symptom)}]"
        if bug.cause:
            assert told in (site / lang / "causes" / f"{bug.cause}.md").read_text("utf-8")
        having = [part.split()[1] for part in releases if told in part]
        assert bug.package != "nnunetv2" or having[-1] == bug.since
        assert bug.fixed not in having
    assert len(releases) == len(known[lang].releases)


def test_the_messages_lead_to_their_causes_heaviest_first(known: dict[Language, Knowledge]) -> None:
    found = messages(known["en"])
    assert found["CUDA out of memory"][0] == "gpu-out-of-memory"
    assert (
        readable("^expected input[*] to have {expected:d} channels$") == "expected input… to have ‹expected› channels"
    )


@pytest.mark.parametrize(
    "lead", ["", "# ", "- ", "1. ", "> ", "=== ", "??? ", "!!! ", ": ", "~~~", "```", "---", "    "]
)
def test_hostile_prose_stays_text(lead: str) -> None:
    markdown = prose(f"{lead}{HOSTILE}\n\n# next")
    assert "\n" not in markdown
    assert not re.search(r"[<>]|(?<!\\)[`*_{}\[\]|#!](?!\d+;)", markdown)
    assert not re.match(r"[-+:?/~=]|\d+[.)]", markdown)
    shown = html.unescape(re.sub(r"\\([\\`*_{}\[\]#|!])", r"\1", markdown))
    assert shown == f"{lead}{HOSTILE}  # next".strip()


@pytest.mark.parametrize("text", ["a`b", "``", "`", "a ``` b", "<b> *x*", "x\ny", "\x1b[31m"])
def test_code_cannot_be_ended_from_within(text: str) -> None:
    ticks = re.match("`+", code(text))
    assert ticks is not None
    inside = code(text)[len(ticks[0]) : -len(ticks[0])]
    assert ticks[0] not in re.findall("`+", inside)
    assert "\n" not in inside
    assert "\x1b" not in inside


def test_a_fence_cannot_be_ended_from_within() -> None:
    block = fence("a\n```\n<script>\n`````\nb", "bash")
    assert block.startswith("``````bash\n")
    assert block.endswith("\nb\n``````")


@pytest.fixture(scope="module")
def hostile_page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of a rule that is hostile wherever it may be, and of its equally hostile bug."""
    rules = tmp_path_factory.mktemp("hostile") / "rules"
    shutil.copytree(RULES, rules)
    path, bugs = rules / "memory" / "gpu-out-of-memory.yaml", rules / "common" / "known-bugs.yaml"
    rule, table = (yaml.safe_load(each.read_text("utf-8")) for each in (path, bugs))
    rule |= dict.fromkeys(("title", "see", "explanation", "why", "versions"), HOSTILE)
    rule["ask"] = [{"text": HOSTILE, "command": f"echo\n```\n{HOSTILE}"}]
    rule["fixes"][0] |= {"text": HOSTILE, "effect": HOSTILE, "command": {"bash": HOSTILE}}
    rule["evidence"].insert(0, {"text": "hostile <b> `code` | <script>", "weight": "weak", "says": HOSTILE})
    table["bugs"][0] |= {"cause": rule["id"], "symptom": HOSTILE}
    path.write_text(yaml.safe_dump(rule), "utf-8")
    bugs.write_text(yaml.safe_dump(table), "utf-8")
    return cause_page("gpu-out-of-memory", load_knowledge(rules, "en"))


def test_a_hostile_rule_brings_no_markup(hostile_page: str) -> None:
    head, body = hostile_page.split("\n---\n", 1)
    assert "javascript" in body
    assert "<" not in head
    outside = _CODE.sub("", body)
    switch = '<a href="../zh/causes/gpu-out-of-memory.html" hreflang="zh-Hans" lang="zh-Hans">'
    assert set(re.findall(r"<[^>]*>?", outside)) == {switch, "</a>"}
    assert not [target for target, _ in _LINK.findall(outside) if "javascript" in target or target == "x"]


def test_a_hostile_rule_is_shown_as_it_is(hostile_page: str) -> None:
    markdown = pytest.importorskip("markdown", reason="the extra docs brings the Markdown of the site's generator")
    config = yaml.safe_load((CHECKOUT / "docs" / "site" / "common.yml").read_text("utf-8"))
    options = {
        name: value for each in config["markdown_extensions"] if isinstance(each, dict) for name, value in each.items()
    }
    named = [each for each in config["markdown_extensions"] if isinstance(each, str)]
    rendered = markdown.markdown(
        hostile_page.split("\n---\n", 1)[1], extensions=[*named, *options], extension_configs=options
    )
    assert not re.search(r"<(script|img|b|i|em|del|sup|mark)\b", rendered)
    assert not re.search(r"href=\"(javascript|x|http)", rendered)
    told = html.unescape(re.sub(r"<[^>]+>", "", rendered))
    assert told.count(HOSTILE) >= 12  # ten texts of the rule, one of its sign, one of the bug


def test_the_documents_become_pages_whose_links_stay_on_the_site(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    text = "[a](docs/rules.md#x) [b](tests/lab/README.md) ![c](docs/images/c.png) [d](https://e.org)\n```\n[e](f)\n```"
    (tmp_path / "README.md").write_text(text, "utf-8")
    (tmp_path / "docs" / "rules.md").write_text("[back](../README.md)", "utf-8")
    (tmp_path / "docs" / "accuracy.md").write_text("# Accuracy", "utf-8")
    pages = house_pages(tmp_path)
    assert pages["about/readme.md"] == ("[a](rules.md#x) b ![c](images/c.png) [d](https://e.org)\n```\n[e](f)\n```\n")
    assert pages["about/rules.md"] == "[back](readme.md)\n"
    assert "about/accuracy.md" in pages


def test_the_accuracy_is_in_the_navigation_once_it_is_written(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    (checkout / "docs").mkdir(parents=True)
    write_pages(RULES, checkout, tmp_path / "before")
    (checkout / "docs" / "accuracy.md").write_text("# Accuracy", "utf-8")
    write_pages(RULES, checkout, tmp_path / "after")
    assert "accuracy" not in (tmp_path / "before" / "en" / "SUMMARY.md").read_text("utf-8")
    assert "(about/accuracy.md)" in (tmp_path / "after" / "en" / "SUMMARY.md").read_text("utf-8")


def test_a_new_family_needs_no_entry(known: dict[Language, Knowledge]) -> None:
    from nndoctor.authoring.page_words import family_name

    assert family_name("brand-new", "zh") == "Brand new"
    assert all(family_name(family, "zh") != family_name(family, "en") for family in known["zh"].families)


def test_a_broken_rule_stops_the_pages(tmp_path: Path) -> None:
    from nndoctor.diagnosis.rulebook import RuleError

    (tmp_path / "memory").mkdir()
    (tmp_path / "memory" / "bad.yaml").write_text("id: other", "utf-8")
    with pytest.raises(RuleError):
        load_knowledge(tmp_path, "en")


def test_the_bugs_own_advice_is_on_the_page_of_the_cause(known: dict[Language, Knowledge]) -> None:
    bugs = [bug for bug in known["en"].table.bugs if bug.cause and bug.fixes]
    assert bugs
    for bug in bugs:
        page = cause_page(bug.cause or "", known["en"])
        assert all(prose(fix.text) in page for fix in bug.fixes)
        assert msgspec.structs.asdict(bug)["source"]
