"""The report of a check as Markdown for a ticket: what will fail, where, what to do; the table of cases is folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nndoctor.diagnosis.model import CaseEntry, Checkup, Diagnosis, Finding, Forecast, Place
from nndoctor.report import checkup_view as view
from nndoctor.report.markdown_report import LONGEST_LINE, LONGEST_PROSE, fact_lines, fix_block
from nndoctor.report.markdown_text import code, folded, prose
from nndoctor.report.words import Language, words

PLACES_SHOWN = 5
PLACES_FOLDED = 40
MOST_CASES = 100
LONGEST_CELL = 80


def checkup_sections(d: Diagnosis, checkup: Checkup, lang: Language) -> Iterator[str]:
    """The sections, most needed first, so that the end can be left out."""
    text = words(lang)
    yield _head(d, checkup, lang)
    for finding in d.findings:
        yield _problem(d, finding, lang)
    if checkup.forecast:
        yield f"**{text['check.forecast']}**\n\n{_forecast(checkup.forecast, lang)}"
    if view.suspicious(checkup):
        yield folded(text["check.cases.suspicious"], _cases(view.suspicious(checkup), lang))
    if d.facts:
        yield folded(text["facts"], "\n".join(fact_lines(d, d.facts, lang)))
    yield folded(text["notes"], "\n".join(_notes(d, checkup, lang)))


def _head(d: Diagnosis, checkup: Checkup, lang: Language) -> str:
    text = words(lang)
    verdict = text[f"check.{view.verdict(d)}"]
    title = f"### nndoctor check {checkup.command}{text['colon']}{prose(verdict)}"
    counted = f"**{prose(view.summary(d, lang))}**"
    return f"{title}\n\n{counted} · {code(checkup.subject, LONGEST_LINE)} · {prose(view.looked_at(checkup, lang))}"


def _problem(d: Diagnosis, finding: Finding, lang: Language) -> str:
    text = words(lang)
    count = view.times(finding)
    times = text["brackets"].format(text=text["check.times"].format(count=count)) if count > 1 else ""
    severity = text[f"severity.{finding.severity}"].upper()
    parts = [f"**{severity}{text['colon']}{prose(finding.title, LONGEST_LINE)}**{times} {code(finding.cause)}"]
    parts += [prose(finding.explanation, LONGEST_PROSE)] if finding.explanation else []
    parts += _places(view.places_of(d, finding), count, lang)
    parts += [fix_block(finding.fixes[0], lang)] if finding.fixes and finding.severity != "info" else []
    return "\n\n".join(parts)


def _places(places: list[Place], count: int, lang: Language) -> Iterator[str]:
    """The first places, the next ones folded, and how many there are beyond these."""
    shown, kept = places[:PLACES_SHOWN], places[PLACES_SHOWN:PLACES_FOLDED]
    if shown:
        yield "\n".join(f"- {code(place.text, LONGEST_LINE)}" for place in shown)
    more = words(lang)["check.more"]
    left = count - len(shown) - len(kept)
    rest = [f"- {code(place.text, LONGEST_LINE)}" for place in kept]
    rest += [f"- {more.format(count=f'{left:,}')}"] if left > 0 else []
    if rest:
        yield folded(more.format(count=f"{count - len(shown):,}"), "\n".join(rest)) if kept else rest[0]


def _forecast(rows: list[Forecast], lang: Language) -> str:
    text = words(lang)
    keys = ("stage", "case", "one", "workers", "total", "granted.column", "safe.column")
    return _table([text[f"check.{key}"] for key in keys], (_stage(row, lang) for row in rows))


def _stage(row: Forecast, lang: Language) -> list[str]:
    text = words(lang)
    total = view.needs(row, lang)
    return [
        view.stage_name(row, lang),
        prose(row.case or "", LONGEST_CELL),
        view.size(row.one),
        prose(view.workers_text(row)),
        total if row.fits else f"**{total}** {text['check.over']}",
        "?" if row.granted is None else view.size(row.granted),
        "" if row.fits else prose(view.way_out(row, lang)),
    ]


def _cases(entries: list[CaseEntry], lang: Language) -> str:
    text = words(lang)
    keys = ("case", "shape", "spacing", "channels", "problems")
    table = _table([text[f"check.{key}"] for key in keys], map(_case, entries[:MOST_CASES]))
    left = len(entries) - MOST_CASES
    return table if left <= 0 else f"{table}\n\n{text['check.more'].format(count=f'{left:,}')}"


def _case(entry: CaseEntry) -> list[str]:
    channels = str(entry.channels) if entry.channels else ""
    problems = prose(", ".join(entry.problems), LONGEST_LINE)
    return [prose(entry.case, LONGEST_CELL), view.shape_text(entry), view.spacing_text(entry), channels, problems]


def _table(heads: list[str], rows: Iterable[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _notes(d: Diagnosis, checkup: Checkup, lang: Language) -> Iterator[str]:
    text = words(lang)
    if checkup.cases:
        yield f"- {prose(text[f'check.depth.{checkup.depth}'])}"
    yield from (f"- {prose(note, LONGEST_LINE)}" for note in d.notes[:50])
    yield f"- {text['environment']}{text['colon']}{prose(d.environment, LONGEST_LINE)}"
