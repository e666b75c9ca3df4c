"""The Diagnosis as one HTML file that needs no network, no script and no trust in the text it shows."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from nndoctor import __version__
from nndoctor.diagnosis.model import Diagnosis
from nndoctor.facts import vocabulary
from nndoctor.report import view
from nndoctor.report.checkup_page import CHECKUP_WORDS, checkup_parts
from nndoctor.report.phrases import in_language
from nndoctor.report.visible import clip, visible
from nndoctor.report.words import Language, per_cent, sure, words

LONGEST_TEXT = 2000


def render_html(d: Diagnosis, *, lang: Language = "en") -> str:
    """One self-contained page. Every string of the Diagnosis is made visible, then escaped."""
    d = in_language(d, lang)
    if d.checkup is not None:
        return _page("checkup.html.j2", d, lang, {"checkup": d.checkup, **checkup_parts(d, d.checkup)})
    known = {"lead": view.lead(d), "marked": view.marked_lines(d), "anchors": _anchors(d)}
    return _page("report.html.j2", d, lang, known)


def _page(template: str, d: Diagnosis, lang: Language, known: Mapping[str, object]) -> str:
    css = _packaged("report.css")
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    page = _environment().get_template(template)
    return page.render(d=d, t=words(lang), lang=lang, css=Markup(css), css_hash=digest, version=__version__, **known)


def _anchors(d: Diagnosis) -> dict[tuple[str, int], str]:
    """The id in the page of every line that the excerpts show; made of numbers, never of the source's name."""
    blocks = enumerate(view.excerpt_blocks(d), 1)
    return {(line.source, line.line): f"t{number}-{line.line}" for number, (_, block) in blocks for line in block}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_packaged),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        short=_short, per_cent=per_cent, sure=sure, details=view.fix_details, place=view.place, value=view.value_text
    )
    environment.globals.update(
        headline=view.headline,
        others=view.others,
        questions=view.questions,
        shared_reason=view.shared_reason,
        ignorable=view.ignorable,
        near_place=view.near_place,
        fact_place=view.fact_place,
        blocks=view.excerpt_blocks,
        unit=_unit,
        is_link=_is_link,
        **CHECKUP_WORDS,
    )
    return environment


def _shown(value: object) -> object:
    """The last step before escaping: whatever is not the template's own markup loses its control characters."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _short(text: str) -> str:
    return clip(text, LONGEST_TEXT)


def _unit(name: str) -> str | None:
    spec = vocabulary().get(name)
    return None if spec is None else spec.unit


def _is_link(text: str) -> bool:
    return text.startswith(("https://", "http://")) and not any(char.isspace() for char in text)


@cache
def _packaged(name: str) -> str:
    folder = resources.files("nndoctor.report").joinpath("templates")
    return folder.joinpath(name).read_text(encoding="utf-8")
