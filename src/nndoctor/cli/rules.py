"""`nndoctor rules`: list, lint and test the rules, and measure what they cover."""

from __future__ import annotations

import shutil
import sys
import textwrap
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from nndoctor.cli.language import LangOption, language
from nndoctor.cli.problems import UNREADABLE, USAGE, give_up, one_line_problems
from nndoctor.cli.rules_new import new_rule

rules = typer.Typer(help="List, lint and test the rules; measure what they cover.", no_args_is_help=True)
rules.command("new")(new_rule)
RulesOption = Annotated[Path | None, typer.Option("--rules", metavar="DIR", help="Rules folder.")]


class Listing(str, Enum):
    text = "text"
    json = "json"


@rules.command("list")
def list_rules(folder: RulesOption = None, lang: LangOption = None) -> None:
    """List every cause that nndoctor knows."""
    from nndoctor.diagnosis.load import load_rulebook

    with one_line_problems():
        book = load_rulebook(folder, language(lang))
    family = ""
    for card in sorted(book.cards, key=lambda each: (each.family, each.id)):
        if card.family != family:
            family = card.family
            typer.secho(f"\n{family}", bold=True)
        typer.echo(_entry(card.id, card.rule().title))


def _entry(cause: str, title: str) -> str:
    """One line for each cause; for a reader at a terminal it is wrapped, for a pipe it is not."""
    line = f"  {cause:32} {title}"
    width = shutil.get_terminal_size((80, 24)).columns
    return textwrap.fill(line, max(60, width), subsequent_indent=" " * 35) if sys.stdout.isatty() else line


@rules.command("lint")
def lint_rules(folder: RulesOption = None) -> None:
    """Check every rule file; exit with 1 when one is wrong."""
    from nndoctor.diagnosis.lint import lint
    from nndoctor.diagnosis.load import rules_folder

    problems = lint(folder or rules_folder())
    for problem in problems:
        typer.echo(problem)
    if problems:
        raise typer.Exit(1)
    typer.echo("rules are clean")


@rules.command("test")
def test_rules(
    fixtures: Annotated[Path | None, typer.Argument(help="Fixtures folder, or one case of it.")] = None,
    folder: RulesOption = None,
) -> None:
    """Run the recorded cases and show where each one lands; exit with 1 when one misses."""
    from nndoctor.diagnosis.load import load_rulebook, rules_folder
    from nndoctor.evaluation.cases import fixture_cases
    from nndoctor.evaluation.outcomes import evaluate_cases

    where = fixtures or (folder or rules_folder()).parent / "fixtures"
    with one_line_problems():
        outcomes = evaluate_cases(fixture_cases(where), load_rulebook(folder))
    if not outcomes:
        give_up(f"{where}: no cases here (<family>/<cause>/<case>/case.yaml)", UNREADABLE)
    misses = [each for each in outcomes if not each.top1 or each.status != each.case.status]
    for each in misses if len(outcomes) > 1 else outcomes:
        typer.echo(
            f"{each.case.path.parent}: expected {each.case.status} {each.case.first}, "
            f"got {each.status} {each.confidence:.2f} {', '.join(each.causes[:3])}"
        )
    typer.echo(f"{len(outcomes) - len(misses)} of {len(outcomes)} cases land where they should")
    if misses:
        raise typer.Exit(1)


@rules.command("coverage")
def cover(
    python: Annotated[str | None, typer.Option(metavar="PATH", help="Interpreter that has nnunetv2.")] = None,
    source: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Folder that holds nnunetv2.")] = None,
    form: Annotated[Listing, typer.Option("--format", help="How to print it.")] = Listing.text,
    least: Annotated[
        float | None, typer.Option("--min", min=0, max=1, metavar="SHARE", help="Exit with 1 when the share is lower.")
    ] = None,
    folder: RulesOption = None,
) -> None:
    """List what an installed nnU-Net can raise, assert or warn of and no rule recognises. Nothing of it is imported."""
    from nndoctor.coverage.internal import load_internal
    from nndoctor.coverage.judge import judge
    from nndoctor.coverage.listing import as_json, as_text
    from nndoctor.coverage.sites import package_sites
    from nndoctor.diagnosis.load import load_rulebook, rules_folder

    packages = _packages(python, source)
    with one_line_problems():
        internal = load_internal(folder or rules_folder())
        book = load_rulebook(folder)
    try:
        sites = [site for package in packages for site in package_sites(package)]
    except (OSError, SyntaxError, ValueError, RecursionError) as problem:
        give_up(str(problem), UNREADABLE)
    coverage = judge(sites, book, internal)
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    for line in as_text(coverage) if form is Listing.text else [as_json(coverage, [str(each) for each in packages])]:
        typer.echo(line)
    if least is not None and coverage.share < least:
        raise typer.Exit(1)


def _packages(python: str | None, source: Path | None) -> list[Path]:
    """The folders to read, nnunetv2 among them."""
    from nndoctor.coverage.packages import NNUNET, installed_packages, source_packages
    from nndoctor.machine.interpreter import InterpreterError

    if python and source:
        give_up("--python and --source exclude each other", USAGE)
    try:
        found = source_packages(source) if source else installed_packages(python)
    except InterpreterError as problem:
        give_up(str(problem), UNREADABLE)
    if NNUNET not in [each.name for each in found]:
        give_up(
            f"{source or python or 'this interpreter'}: no {NNUNET} here (--python PATH or --source FOLDER)", UNREADABLE
        )
    return found
