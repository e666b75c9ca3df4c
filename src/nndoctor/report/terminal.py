"""The Diagnosis as terminal text: verdict first, then the evidence, then what to do."""

from __future__ import annotations

import sys
from typing import TextIO

from nndoctor.diagnosis.model import Diagnosis, Evidence, Finding
from nndoctor.report.phrases import in_language
from nndoctor.report.screen import Screen, shows_unicode, terminal_width, wants_color, width_of
from nndoctor.report.terminal_advice import print_fixes, print_questions
from nndoctor.report.view import headline, ignorable, lead, near_place, others
from nndoctor.report.visible import clip, one_line
from nndoctor.report.words import Language, per_cent, sure, words

BAR = 20
LONGEST_TEXT = 600
WIDEST_PLACE = 24
STATUS_STYLE = {
    "diagnosed": "bold white on red",
    "undetermined": "bold black on yellow",
    "no-failure": "bold black on green",
    "not-nnunet": "bold black on white",
}


def print_terminal(
    d: Diagnosis,
    *,
    width: int | None = None,
    color: bool | None = None,
    unicode: bool | None = None,
    stream: TextIO | None = None,
    lang: Language = "en",
) -> None:
    """Write the report to `stream`; what is not said is read off the stream and the environment."""
    out = sys.stdout if stream is None else stream
    screen = Screen(
        terminal_width() if width is None else width,
        wants_color(out) if color is None else color,
        shows_unicode(out) if unicode is None else unicode,
    )
    d = in_language(d, lang)
    if d.checkup is None:
        _print_report(screen, d, lang)
    else:
        from nndoctor.report.checkup_terminal import print_checkup

        print_checkup(screen, d, d.checkup, lang)
    screen.write_to(out)


def _print_report(screen: Screen, d: Diagnosis, lang: Language) -> None:
    first = lead(d)
    _print_verdict(screen, d, lang)
    if first is not None:
        _print_story(screen, d, first, lang)
    if first is not None and (first.fixes or d.status == "diagnosed"):
        print_fixes(screen, d, first, lang)
    if d.status != "undetermined":
        _print_candidates(screen, d, lang)
    print_questions(screen, d, lang)
    _print_signs(screen, d, words(lang)["ignorable"], ignorable(d), lang)
    _print_foot(screen, d, lang)


def _print_verdict(screen: Screen, d: Diagnosis, lang: Language) -> None:
    text = words(lang)
    tag = screen.text((f" {text[f'status.{d.status}'].upper()} ", STATUS_STYLE[d.status]), ("  ", ""))
    screen.wrapped(screen.text((headline(d, lang), "bold")), tag)
    first = lead(d)
    if d.status == "undetermined":
        _print_candidates(screen, d, lang)
    elif first is not None:
        screen.blank()
        _print_confidence(screen, first, lang)


def _print_confidence(screen: Screen, finding: Finding, lang: Language) -> None:
    full = round(finding.confidence * BAR)
    spoken = f"{per_cent(finding.confidence)}{words(lang)['comma']}{sure(finding.confidence, lang)}"
    bar = (
        (screen.glyphs["full"] * full, "green" if finding.confidence >= 0.8 else "yellow"),
        (screen.glyphs["empty"] * (BAR - full), "dim"),
    )
    cause = screen.text((one_line(finding.cause), "bold"), ("   ", ""), *bar, (f" {spoken}", ""))
    screen.wrapped(cause)


def _print_story(screen: Screen, d: Diagnosis, finding: Finding, lang: Language) -> None:
    text = words(lang)
    if finding.explanation or len(finding.chain) > 1:
        screen.heading(text["what_happened"])
    if finding.explanation:
        screen.wrapped(screen.text((finding.explanation, "")))
    if len(finding.chain) > 1:
        arrow = f" {screen.glyphs['arrow']} "
        screen.wrapped(screen.text((arrow.join(finding.chain), "dim")))
    _print_signs(screen, d, text["evidence"], finding.evidence, lang)
    _print_signs(screen, d, text["against"], finding.against, lang)


def _print_signs(screen: Screen, d: Diagnosis, title: str, signs: list[Evidence], lang: Language) -> None:
    if not signs:
        return
    screen.heading(title)
    places = [one_line(near_place(d, sign, WIDEST_PLACE, lang), unicode=screen.unicode) for sign in signs]
    column = max(map(width_of, places))
    for sign, where in zip(signs, places, strict=True):
        _print_sign(screen, sign, where, column)


def _print_sign(screen: Screen, sign: Evidence, where: str, column: int) -> None:
    indent = 4 + column
    if column > WIDEST_PLACE:
        screen.wrapped(screen.text((where, "cyan")))
        head, indent = screen.text(("    ", "")), 4
    else:
        head = screen.text(("  " + where + " " * (column - width_of(where)) + "  ", "cyan"))
    screen.wrapped(screen.text((clip(sign.text, LONGEST_TEXT), "")), head)
    if sign.says:
        screen.wrapped(screen.text((sign.says, "dim italic")), " " * indent)


def _print_candidates(screen: Screen, d: Diagnosis, lang: Language) -> None:
    findings = others(d)
    if not findings:
        return
    screen.heading(words(lang)["candidates.undetermined" if d.status == "undetermined" else "candidates"])
    for finding in findings:
        share = screen.text((f"  {per_cent(finding.confidence):>4}  ", "bold"))
        screen.wrapped(screen.text((finding.title, ""), (f"  {finding.cause}", "dim")), share)


def _print_foot(screen: Screen, d: Diagnosis, lang: Language) -> None:
    text = words(lang)
    notes = [*d.notes, *(f"{record.name}{text['colon']}{note}" for record in d.inputs for note in record.notes)]
    if notes:
        screen.heading(text["notes"])
    for note in notes:
        screen.wrapped(screen.text((clip(note, LONGEST_TEXT), "")), f"  {screen.glyphs['bullet']} ")
    screen.blank()
    screen.rule()
    sizes = [text["brackets"].format(text=f"{record.lines:,} {text['lines']}") for record in d.inputs]
    read = text["comma"].join(one_line(each.name) + size for each, size in zip(d.inputs, sizes, strict=True))
    for label, value in ((text["inputs"], read), (text["environment"], d.environment)):
        screen.wrapped(screen.text((f"{label}{text['colon']}{value}", "dim")), "")
    screen.wrapped(screen.text((text["footer.short"], "dim")), "")
