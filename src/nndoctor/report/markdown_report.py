"""The Diagnosis as Markdown for a GitHub ticket: short, folded, with the answers that triage asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nndoctor import __version__
from nndoctor.diagnosis.model import Diagnosis, Evidence, Excerpt, Finding, Fix
from nndoctor.facts import Fact, vocabulary
from nndoctor.report import view
from nndoctor.report.markdown_text import code, fence, folded, plain, prose
from nndoctor.report.phrases import in_language
from nndoctor.report.triage import triage_block, untold_facts
from nndoctor.report.visible import clip, one_line, visible
from nndoctor.report.words import Language, per_cent, sure, words

MOST = 59_000
LONGEST_LINE = 200
LONGEST_PROSE = 1200
LONGEST_PLACE = 40
LONGEST_VALUE = 80
MOST_LINES = 24
MOST_SIGNS = 12


def render_markdown(d: Diagnosis, *, lang: Language = "en") -> str:
    """The report; sections that would carry it over GitHub's limit are named instead of shown."""
    d = in_language(d, lang)
    if d.checkup is None:
        return _bounded(_sections(d, lang), lang)
    from nndoctor.report.checkup_markdown import checkup_sections

    return _bounded(checkup_sections(d, d.checkup, lang), lang)


def _bounded(sections: Iterator[str], lang: Language) -> str:
    text = words(lang)
    foot = f"<sub>nndoctor {__version__}{text['colon']}{plain(text['footer.short'])}</sub>\n"
    kept: list[str] = []
    room = MOST - len(foot)
    for section in sections:
        fits = len(section) + 2 <= room
        kept.append(section if fits else f"_{text['left_out']}_")
        room -= len(kept[-1]) + 2
        if room < 200:
            break
    return "\n\n".join([*kept, foot])


def _sections(d: Diagnosis, lang: Language) -> Iterator[str]:
    text = words(lang)
    first = view.lead(d)
    yield _head(d, lang)
    if first is not None:
        yield from _story(d, first, lang)
    yield triage_block(d, lang)
    if first is not None and first.fixes:
        yield f"**{text['first_fix']}**\n\n{fix_block(first.fixes[0], lang)}"
    if d.status == "undetermined":
        yield from _questions(d, lang)
    yield from _folded(d, first, lang)


def _head(d: Diagnosis, lang: Language) -> str:
    text = words(lang)
    title = f"### {prose(view.headline(d, lang), LONGEST_LINE)}"
    first = view.lead(d)
    if first is None or d.status == "undetermined":
        return f"{title}\n\n{text[f'status.{d.status}']}"
    confidence = f"{per_cent(first.confidence)}{text['comma']}{sure(first.confidence, lang)}"
    return f"{title}\n\n{code(first.cause)} · {text['confidence']}{text['colon']}**{prose(confidence)}**"


def _story(d: Diagnosis, finding: Finding, lang: Language) -> Iterator[str]:
    text = words(lang)
    if finding.explanation:
        yield prose(finding.explanation, LONGEST_PROSE)
    if len(finding.chain) > 1:
        yield text["chain"] + text["colon"] + " → ".join(map(code, finding.chain[:10]))
    for key, signs in (("evidence", finding.evidence), ("against", finding.against)):
        if signs:
            yield f"**{text[key]}**\n\n" + "\n".join(_sign(d, sign, lang) for sign in signs[:MOST_SIGNS])


def _sign(d: Diagnosis, sign: Evidence, lang: Language) -> str:
    says = f" {prose(sign.says, LONGEST_LINE)}" if sign.says else ""
    place = code(view.near_place(d, sign, LONGEST_PLACE, lang), 120)
    return f"- {place}{words(lang)['colon']}{code(sign.text, LONGEST_LINE)}{says}"


def fix_block(fix: Fix, lang: Language, *, brief: bool = False) -> str:
    """What to do, its command, and its details; when brief, only those that nobody may miss."""
    text = words(lang)
    badge = text["comma"].join((text[f"kind.{fix.kind}"], text[f"treats.{fix.treats}"]))
    parts = [f"_{badge}_{text['colon']}{prose(fix.text, LONGEST_PROSE)}"]
    if fix.command:
        parts.append(fence(fix.command, 2000, "sh"))
    needed = {text["condition"], text["undo"], text["cost.destructive"]}
    details = [
        f"- {label}{text['colon']}{_detail(value)}"
        for label, value in view.fix_details(fix, lang)
        if not brief or label in needed
    ]
    return "\n\n".join([*parts, "\n".join(details)] if details else parts)


def _detail(value: str) -> str:
    """An address stands in code: a link to somebody's ticket would leave a trace there."""
    return code(value, LONGEST_LINE) if value.startswith(("https://", "http://")) else prose(value, LONGEST_LINE)


def _questions(d: Diagnosis, lang: Language) -> Iterator[str]:
    asked = view.questions(d)[:MOST_SIGNS]
    if not asked:
        return
    text = words(lang)
    shared = view.shared_reason(d)
    lines = [] if shared is None else [f"{prose(shared, LONGEST_LINE)}\n"]
    for question in asked:
        meant = text["semicolon"].join(gap.meaning for gap in question.gaps)
        why = "" if question.reason == shared else f"{text['colon']}{question.reason}"
        settles = f" {text['settles']} {code(question.command, LONGEST_LINE)}" if question.command else ""
        lines.append(f"- {prose(meant + why, LONGEST_PROSE)}{settles}")
    yield f"**{text['not_seen']}**\n\n" + "\n".join(lines)


def _folded(d: Diagnosis, first: Finding | None, lang: Language) -> Iterator[str]:
    text = words(lang)
    for source, lines in view.excerpt_blocks(d):
        yield folded(f"{text['excerpt']}{text['colon']}{one_line(source, 120)}", fence(_numbered(lines, lang)))
    if first is not None and len(first.fixes) > 1:
        steps = (
            f"{number}. {_indented(fix_block(fix, lang, brief=True))}" for number, fix in enumerate(first.fixes[1:], 2)
        )
        yield folded(text["other_fixes"], "\n\n".join(steps))
    if view.others(d):
        key = "candidates.undetermined" if d.status == "undetermined" else "candidates"
        yield folded(text[key], "\n".join(map(_candidate, view.others(d)[:MOST_SIGNS])))
    if d.status != "undetermined":
        for block in _questions(d, lang):
            yield folded(text["not_seen"], block.split("\n\n", 1)[1])
    if view.ignorable(d):
        yield folded(text["ignorable"], "\n".join(_sign(d, sign, lang) for sign in view.ignorable(d)[:MOST_SIGNS]))
    if untold_facts(d):
        yield folded(text["facts"], "\n".join(fact_lines(d, untold_facts(d), lang)))
    yield folded(text["notes"], "\n".join(_notes(d, lang)))


def _numbered(lines: list[Excerpt], lang: Language) -> str:
    """The last lines, each behind its number: so none of them begins with what a runner would obey."""
    kept = lines[-MOST_LINES:]
    shown = [f"{line.line:>5} | {_whole_line(line.text)}" for line in kept]
    more = len(lines) - len(kept)
    return "\n".join([f"[+{more} {words(lang)['lines']}]", *shown] if more else shown)


def _whole_line(text: str) -> str:
    """One line with the spaces that it begins with."""
    return clip(visible(text).replace("\n", " ").rstrip(), LONGEST_LINE)


def _indented(block: str) -> str:
    return re.sub(r"\n(?=.)", "\n   ", block)


def _candidate(finding: Finding) -> str:
    return f"- {prose(per_cent(finding.confidence))} {code(finding.cause)} {prose(finding.title, LONGEST_LINE)}"


def fact_lines(d: Diagnosis, facts: list[Fact], lang: Language) -> Iterator[str]:
    """At most 100 facts, one line each."""
    known = vocabulary()
    for fact in facts[:100]:
        unit = known[fact.name].unit if fact.name in known else None
        value = view.value_text(fact.value, unit)
        where = view.fact_place(d, fact, LONGEST_PLACE, lang)
        seen = words(lang)["brackets"].format(text=code(where, LONGEST_VALUE))
        yield f"- {code(fact.name)} = {code(value, LONGEST_VALUE)}{seen}"


def _notes(d: Diagnosis, lang: Language) -> Iterator[str]:
    text = words(lang)
    for record in d.inputs[:50]:
        size = f"{record.lines:,} {text['lines']}{text['comma']}{record.size:,} {text['bytes']}"
        yield f"- {text['inputs']}{text['colon']}{code(record.name, 120)}{text['comma']}{size}"
    yield f"- {text['environment']}{text['colon']}{prose(d.environment, LONGEST_LINE)}"
    yield from (f"- {prose(clip(note, LONGEST_LINE))}" for note in d.notes[:50])
