"""`nndoctor evaluate`: how often the first cause is right over labelled cases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nndoctor.cli.problems import one_line_problems

if TYPE_CHECKING:
    from nndoctor.evaluation.score import Outcome, Score


def evaluate(
    corpus: Annotated[Path, typer.Argument(help="Folder with labelled cases.")],
    brief: Annotated[bool, typer.Option("--brief", help="At most five lines.")] = False,
    rules: Annotated[Path | None, typer.Option("--rules", metavar="DIR", help="Rules to use.")] = None,
) -> None:
    """Measure the diagnosis on labelled cases: accuracy, calibration, confident mistakes, misses."""
    from nndoctor.diagnosis.load import load_rulebook
    from nndoctor.evaluation.cases import corpus_cases
    from nndoctor.evaluation.score import evaluate_cases, score

    with one_line_problems():
        outcomes = evaluate_cases(corpus_cases(corpus), load_rulebook(rules))
    for line in _summary(score(outcomes)):
        typer.echo(line)
    if not brief:
        _print_misses(outcomes)


def _summary(figures: Score) -> list[str]:
    line = "" if figures.evidence_line is None else f" · evidence line right {figures.evidence_line:.1%}"
    return [
        f"{figures.cases} cases: first cause right {figures.top1:.1%} · among the first three {figures.top3:.1%}{line}",
        f"calibration (ECE) {figures.ece:.3f} · undetermined {figures.undetermined:.1%}",
        f"wrong with confidence >= 0.9: {figures.confidently_wrong} · with confidence >= 0.5: {figures.named_wrong}",
    ]


def _print_misses(outcomes: list[Outcome]) -> None:
    from nndoctor.evaluation.score import NAMED

    misses = [each for each in outcomes if not each.top1]
    typer.echo(f"\n{len(misses)} misses (* confidence >= {NAMED}):")
    for each in sorted(misses, key=lambda miss: -miss.confidence):
        mark = "*" if each.confidence >= NAMED else " "
        said = ", ".join(each.causes[:3]) or "nothing"
        typer.echo(f"{mark} {each.case.name}: {each.case.first} expected, {each.status} {each.confidence:.2f}: {said}")
    wrong_lines = [each.case.name for each in outcomes if each.top1 and each.line_right is False]
    if wrong_lines:
        typer.echo(f"\n{len(wrong_lines)} right causes shown by another line: {', '.join(wrong_lines)}")
