"""The part of the terminal report that says what to do: fixes, and the commands that settle open questions."""

from __future__ import annotations

from nndoctor.diagnosis.model import Diagnosis, Finding, Fix
from nndoctor.report.screen import Screen
from nndoctor.report.view import Question, fix_details, questions, shared_reason
from nndoctor.report.words import Language, words

KIND_STYLE = {
    "check": "green",
    "setting": "cyan",
    "copy-of-data": "blue",
    "environment": "magenta",
    "destructive": "bold red",
}


def print_fixes(screen: Screen, d: Diagnosis, finding: Finding, lang: Language) -> None:
    text = words(lang)
    if not finding.fixes:
        screen.heading(text["first_fix"])
        screen.wrapped(screen.text((text["no_fix"], "")))
        return
    screen.heading(text["first_fix"])
    _print_first(screen, finding.fixes[0], lang)
    if len(finding.fixes) > 1:
        screen.heading(text["other_fixes"])
    for number, fix in enumerate(finding.fixes[1:], 2):
        _print_other(screen, number, fix, lang)


def print_questions(screen: Screen, d: Diagnosis, lang: Language) -> None:
    """What was not seen, why, and the command that settles it."""
    asked = questions(d)
    if not asked:
        return
    screen.heading(words(lang)["not_seen"])
    shared = shared_reason(d)
    if shared is not None:
        screen.wrapped(screen.text((shared, "dim")))
    for question in asked:
        _print_question(screen, question, shared, lang)


def _print_question(screen: Screen, question: Question, shared: str | None, lang: Language) -> None:
    text = words(lang)
    meant = text["semicolon"].join(gap.meaning for gap in question.gaps)
    why = "" if question.reason == shared else f"{text['colon']}{question.reason}"
    screen.wrapped(screen.text((meant, ""), (why, "dim")), f"  {screen.glyphs['bullet']} ")
    if question.command:
        screen.wrapped(screen.text((text["settles"], "dim")), "    ")
        screen.copyable(question.command, 6)


def _print_first(screen: Screen, fix: Fix, lang: Language) -> None:
    screen.wrapped(screen.text(*_badge(fix, lang)))
    screen.wrapped(screen.text((fix.text, "")))
    if fix.command:
        screen.blank()
        screen.copyable(fix.command, 4)
        if any(fix_details(fix, lang)):
            screen.blank()
    _print_details(screen, fix, lang, 2)


def print_first_fix(screen: Screen, fix: Fix, lang: Language) -> None:
    """The safest fix in two lines: what to do, and its command."""
    screen.wrapped(screen.text((fix.text, "")), f"  {screen.glyphs['arrow']} ")
    if fix.command:
        screen.copyable(fix.command, 6)


def _print_other(screen: Screen, number: int, fix: Fix, lang: Language) -> None:
    screen.wrapped(screen.text(*_badge(fix, lang)), screen.text((f"{number:>3}. ", "bold")))
    screen.wrapped(screen.text((fix.text, "")), "     ")
    if fix.command:
        screen.copyable(fix.command, 7)
    _print_details(screen, fix, lang, 5)


def _print_details(screen: Screen, fix: Fix, lang: Language, indent: int) -> None:
    for label, value in fix_details(fix, lang):
        head, body = screen.text((" " * indent + label + words(lang)["colon"], "bold")), screen.text((value, ""))
        if " " in value.strip() or not value.isascii() or screen.fits(head, body):
            screen.wrapped(body, head)
        else:
            screen.whole(head, body)


def _badge(fix: Fix, lang: Language) -> tuple[tuple[str, str], tuple[str, str]]:
    text = words(lang)
    return (text[f"kind.{fix.kind}"], KIND_STYLE[fix.kind]), (text["comma"] + text[f"treats.{fix.treats}"], "dim")
