"""`nndoctor explain CAUSE`: what a cause means and how it is fixed."""

from __future__ import annotations

import re
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nndoctor.cli.language import LangOption, language
from nndoctor.cli.problems import USAGE, give_up, one_line_problems

if TYPE_CHECKING:
    from nndoctor.diagnosis.rule import Rule, RuleFix
    from nndoctor.report.words import Language


def explain(
    cause: Annotated[str, typer.Argument(help="A cause id, as `nndoctor rules list` shows them.")],
    rules: Annotated[Path | None, typer.Option("--rules", metavar="DIR", help="Rules to use.")] = None,
    lang: LangOption = None,
) -> None:
    """Explain one cause: what you see, what happened, how to confirm it, how to fix it."""
    from nndoctor.diagnosis.load import load_rulebook

    spoken = language(lang)
    with one_line_problems():
        book = load_rulebook(rules, spoken)
    card = book.card(cause)
    if card is None:
        near = get_close_matches(cause, [each.id for each in book.cards], n=3)
        near = near or [each.id for each in book.cards if cause.casefold() in _words(f"{each.id} {each.rule().title}")]
        hint = f"Did you mean {', '.join(near)}?" if near else "See: nndoctor rules list"
        give_up(f"there is no cause {cause!r}. {hint}", USAGE)
    _print(card.rule(), spoken)


def _print(rule: Rule, lang: Language) -> None:
    """Prose at the width of the terminal; commands (indented by four) are never broken."""
    from nndoctor.report.screen import Screen, shows_unicode, terminal_width, wants_color

    screen = Screen(terminal_width(), wants_color(sys.stdout), shows_unicode(sys.stdout))
    for heading, paragraphs in _sections(rule, lang):
        screen.heading(heading)
        for paragraph in paragraphs:
            if paragraph.startswith("    "):
                screen.copyable(paragraph, 0)
            else:
                indent = "  " if paragraph.startswith("  ") else ""
                screen.wrapped(screen.text((" ".join(paragraph.split()), "")), indent, len(indent) * 2)
    screen.write_to(sys.stdout)


def _sections(rule: Rule, lang: Language) -> list[tuple[str, list[str]]]:
    from nndoctor.diagnosis.advice import in_order
    from nndoctor.report.words import words

    text = words(lang)
    sections = [
        (f"{rule.id}{text['colon']}{rule.title}", []),
        (text["explain.see"], [rule.see] if rule.see else []),
        (text["what_happened"], [rule.explanation]),
        (text["explain.why"], [rule.why] if rule.why else []),
        (text["explain.confirm"], [each for ask in rule.ask for each in (ask.text, _indented(ask.command)) if each]),
        (text["fixes"], [each for fix in in_order(rule.fixes) for each in _fix(fix, lang)]),
        (text["explain.confused"], [f"{each.cause}{text['colon']}{each.how}" for each in rule.confused_with]),
        (text["explain.versions"], [rule.versions] if rule.versions else []),
    ]
    return [(heading, texts) for heading, texts in sections if texts or heading.startswith(rule.id)]


def _fix(fix: RuleFix, lang: Language) -> list[str]:
    from nndoctor.report.view import condition_text
    from nndoctor.report.words import words

    text = words(lang)
    commands = fix.command.items() if isinstance(fix.command, dict) else [("", fix.command)] if fix.command else []
    condition = condition_text(" and ".join(fix.applies_if) or None, lang)
    told = (("effect", fix.effect), ("cost", fix.cost), ("undo", fix.undo), ("condition", condition))
    shown = [_indented(f"{shell}: {command}" if shell else command) for shell, command in commands]
    kind = text["comma"].join((text[f"kind.{fix.kind}"], text[f"treats.{fix.treats}"]))
    return [
        f"[{kind}] {fix.text}",
        *shown,
        *(f"  {text[name]}{text['colon']}{detail}" for name, detail in told if detail),
    ]


def _indented(command: str | None) -> str:
    return "\n".join(f"    {line}" for line in command.strip().splitlines()) if command else ""


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
