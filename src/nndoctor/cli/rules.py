"""`nndoctor rules`: list, lint and test the rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nndoctor.cli.problems import UNREADABLE, give_up, one_line_problems

rules = typer.Typer(help="List, lint and test the rules.", no_args_is_help=True)
RulesOption = Annotated[Path | None, typer.Option("--rules", metavar="DIR", help="Rules folder.")]


@rules.command("list")
def list_rules(folder: RulesOption = None) -> None:
    """List every cause that nndoctor knows."""
    from nndoctor.diagnosis.load import load_rulebook

    with one_line_problems():
        book = load_rulebook(folder)
    family = ""
    for card in sorted(book.cards, key=lambda each: (each.family, each.id)):
        if card.family != family:
            family = card.family
            typer.secho(f"\n{family}", bold=True)
        typer.echo(f"  {card.id:32} {card.rule().title}")


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
    from nndoctor.evaluation.score import evaluate_cases

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
