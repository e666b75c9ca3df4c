"""The part of the terminal report that says what to do: fixes, and the commands that settle open questions."""

from __future__ import annotations

from nndoctor.diagnosis.model import Diagnosis, Finding, Fix
from nndoctor.report.screen import Screen
from nndoctor.report.view import fix_details, open_questions
from nndoctor.report.words import Language, words

KIND_STYLE = {
    "check": "green",
    "setting": "cyan",
    "copy-of-data": "blue",
    "environment": "magenta",
    "destructive": "bold red",
}


def print_fixes(screen: Screen, finding: Finding, lang: Language) -> None:
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
    questions = open_questions(d)
    if questions:
        screen.heading(words(lang)["not_seen"])
    for gap in questions:
        head = screen.text((f"{gap.fact}", "bold"), (f"  {gap.meaning}: {gap.reason}", ""))
        screen.wrapped(head, f"  {screen.glyphs['bullet']} ")
        if gap.command:
            screen.wrapped(screen.text((words(lang)["settles"], "dim")), "    ")
            screen.copyable(gap.command, 6)


def _print_first(screen: Screen, fix: Fix, lang: Language) -> None:
    screen.wrapped(screen.text(*_badge(fix, lang)))
    screen.wrapped(screen.text((fix.text, "")))
    if fix.command:
        screen.blank()
        screen.copyable(fix.command, 4)
        screen.blank()
    _print_details(screen, fix, lang, 2)


def _print_other(screen: Screen, number: int, fix: Fix, lang: Language) -> None:
    screen.wrapped(screen.text(*_badge(fix, lang)), screen.text((f"{number:>3}. ", "bold")))
    screen.wrapped(screen.text((fix.text, "")), "     ")
    if fix.command:
        screen.copyable(fix.command, 7)
    _print_details(screen, fix, lang, 5)


def _print_details(screen: Screen, fix: Fix, lang: Language, indent: int) -> None:
    for label, value in fix_details(fix, lang):
        head, body = screen.text((" " * indent + f"{label}: ", "bold")), screen.text((value, ""))
        if " " in value.strip() or screen.fits(head, body):
            screen.wrapped(body, head)
        else:
            screen.whole(head, body)


def _badge(fix: Fix, lang: Language) -> tuple[tuple[str, str], tuple[str, str]]:
    text = words(lang)
    return (text[f"kind.{fix.kind}"], KIND_STYLE[fix.kind]), (f", {text[f'treats.{fix.treats}']}", "dim")
