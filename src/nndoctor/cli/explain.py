"""`nndoctor explain CAUSE`: what a cause means and how it is fixed."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nndoctor.cli.problems import USAGE, give_up, one_line_problems

if TYPE_CHECKING:
    from nndoctor.diagnosis.rule import Rule, RuleFix


def explain(
    cause: Annotated[str, typer.Argument(help="A cause id, as `nndoctor rules list` shows them.")],
    rules: Annotated[Path | None, typer.Option("--rules", metavar="DIR", help="Rules to use.")] = None,
) -> None:
    """Explain one cause: what you see, what happened, how to confirm it, how to fix it."""
    from nndoctor.diagnosis.load import load_rulebook

    with one_line_problems():
        book = load_rulebook(rules)
    card = book.card(cause)
    if card is None:
        near = get_close_matches(cause, [each.id for each in book.cards], n=3)
        near = near or [each.id for each in book.cards if cause.casefold() in _words(f"{each.id} {each.rule().title}")]
        hint = f"Did you mean {', '.join(near)}?" if near else "See: nndoctor rules list"
        give_up(f"there is no cause {cause!r}. {hint}", USAGE)
    for heading, paragraphs in _sections(card.rule()):
        typer.secho(f"\n{heading}", bold=True)
        for paragraph in paragraphs:
            typer.echo(_wrapped(paragraph))


def _sections(rule: Rule) -> list[tuple[str, list[str]]]:
    from nndoctor.diagnosis.advice import fixes_in_order
    from nndoctor.report.view import condition_text
    from nndoctor.report.words import words

    def fix_texts(fix: RuleFix) -> list[str]:
        kind = f"{words('en')[f'kind.{fix.kind}']}, {words('en')[f'treats.{fix.treats}']}"
        return _fix(fix, kind, condition_text(" and ".join(fix.applies_if) or None, "en"))

    sections = [
        (f"{rule.id}: {rule.title}", []),
        ("What you see", [rule.see] if rule.see else []),
        ("What happened", [rule.explanation]),
        ("Why", [rule.why] if rule.why else []),
        ("How to confirm", [text for ask in rule.ask for text in (ask.text, _indented(ask.command)) if text]),
        ("Fixes, safest first", [text for fix in fixes_in_order(rule) for text in fix_texts(fix)]),
        ("Often confused with", [f"{each.cause}: {each.how}" for each in rule.confused_with]),
        ("Versions", [rule.versions] if rule.versions else []),
    ]
    return [(heading, texts) for heading, texts in sections if texts or heading.startswith(rule.id)]


def _fix(fix: RuleFix, kind: str, condition: str | None) -> list[str]:
    commands = fix.command.items() if isinstance(fix.command, dict) else [("", fix.command)] if fix.command else []
    details = [
        f"{name}: {text}" for name, text in (("effect", fix.effect), ("cost", fix.cost), ("undo", fix.undo)) if text
    ]
    if condition:
        details.append(f"only if: {condition}")
    shown = [_indented(f"{shell}: {command}" if shell else command) for shell, command in commands]
    return [f"[{kind}] {fix.text}", *shown, *(f"  {detail}" for detail in details)]


def _indented(command: str | None) -> str:
    return "\n".join(f"    {line}" for line in command.strip().splitlines()) if command else ""


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _wrapped(text: str) -> str:
    """Prose at 80 columns; commands (indented by four) are never broken."""
    import textwrap

    if text.startswith("    "):
        return text
    indent = "  " if text.startswith("  ") else ""
    return textwrap.fill(
        " ".join(text.split()), 80, initial_indent=indent, subsequent_indent=indent + "  " if indent else ""
    )
