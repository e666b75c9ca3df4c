"""The report of a check as terminal text: verdict, each kind of problem with its files, the memory forecast."""

from __future__ import annotations

from nndoctor.diagnosis.model import Checkup, Diagnosis, Finding
from nndoctor.report.checkup_view import forecast_line, looked_at, size, stage_name, summary, times, verdict
from nndoctor.report.screen import Screen, width_of
from nndoctor.report.terminal_advice import print_first_fix
from nndoctor.report.visible import clip
from nndoctor.report.words import Language, words

PLACES_SHOWN = 5
LONGEST_TEXT = 600
STYLE = {"fails": "bold white on red", "warns": "bold black on yellow", "sound": "bold black on green"}
SEVERITY_STYLE = {"error": "bold red", "warning": "bold yellow", "info": "bold"}


def print_checkup(screen: Screen, d: Diagnosis, checkup: Checkup, lang: Language) -> None:
    """Write everything that a user needs in the order in which it is needed."""
    _print_verdict(screen, d, checkup, lang)
    advised: set[str] = set()
    for finding in d.findings:
        _print_finding(screen, finding, lang)
        _print_advice(screen, finding, advised, lang)
    _print_forecast(screen, checkup, lang)
    _print_foot(screen, d, checkup, lang)


def _print_verdict(screen: Screen, d: Diagnosis, checkup: Checkup, lang: Language) -> None:
    text, name = words(lang), verdict(d)
    tag = screen.text((f" {text[f'check.{name}'].upper()} ", STYLE[name]), ("  ", ""))
    screen.wrapped(screen.text((summary(d, lang), "bold")), tag)
    screen.wrapped(screen.text((checkup.subject, "cyan"), (text["colon"] + looked_at(checkup, lang), "dim")))


def _print_finding(screen: Screen, finding: Finding, lang: Language) -> None:
    text = words(lang)
    count = times(finding)
    screen.blank()
    head = screen.text((f"{text[f'severity.{finding.severity}'].upper()}  ", SEVERITY_STYLE[finding.severity]))
    often = text["brackets"].format(text=text["check.times"].format(count=count)) if count > 1 else ""
    screen.wrapped(screen.text((finding.title, "bold"), (often, ""), (f"  {finding.cause}", "dim")), head)
    shown = finding.evidence[:PLACES_SHOWN]
    for each in shown:
        screen.wrapped(screen.text((clip(each.text, LONGEST_TEXT), "")), f"  {screen.glyphs['bullet']} ")
    if count > len(shown):
        screen.wrapped(screen.text((text["check.more"].format(count=count - len(shown)), "dim")), "    ")
    screen.wrapped(screen.text((finding.explanation, "dim")))


def _print_advice(screen: Screen, finding: Finding, advised: set[str], lang: Language) -> None:
    """The first fix, unless another finding has given this advice already."""
    if finding.severity == "info" or not finding.fixes or finding.fixes[0].text in advised:
        return
    advised.add(finding.fixes[0].text)
    print_first_fix(screen, finding.fixes[0], lang)


def _print_forecast(screen: Screen, checkup: Checkup, lang: Language) -> None:
    if not checkup.forecast:
        return
    text = words(lang)
    granted = next((row.granted for row in checkup.forecast if row.stage != "gpu"), None)
    told = "" if granted is None else text["check.granted"].format(granted=size(granted))
    screen.heading(text["check.forecast"] + (text["brackets"].format(text=told) if told else ""))
    column = max(width_of(stage_name(row, lang)) for row in checkup.forecast)
    for row in checkup.forecast:
        name = stage_name(row, lang)
        stage = screen.text((f"  {name}{' ' * (column - width_of(name))}  ", "bold"))
        screen.wrapped(screen.text((forecast_line(row, granted, lang), "" if row.fits else "bold red")), stage)


def _print_foot(screen: Screen, d: Diagnosis, checkup: Checkup, lang: Language) -> None:
    text = words(lang)
    screen.blank()
    if checkup.cases and checkup.command != "train":
        screen.wrapped(screen.text((text[f"check.depth.{checkup.depth}"], "dim")), "")
    for note in d.notes:
        screen.wrapped(screen.text((clip(note, LONGEST_TEXT), "dim")), f"{screen.glyphs['bullet']} ")
    screen.wrapped(screen.text((text["footer.short"], "dim")), "")
