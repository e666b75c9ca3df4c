"""`nndoctor evaluate`: how often the first cause is right over labelled cases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nndoctor.cli.problems import UNREADABLE, give_up, one_line_problems, say

if TYPE_CHECKING:
    from nndoctor.evaluation.outcomes import Outcome
    from nndoctor.evaluation.score import Score


def evaluate(
    corpora: Annotated[
        list[Path],
        typer.Argument(metavar="CORPUS...", help="Folders with labelled cases, or a CSV of recorded outcomes."),
    ],
    brief: Annotated[bool, typer.Option("--brief", help="At most five lines for each folder.")] = False,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Write a page (Markdown) and its diagram (SVG).")
    ] = None,
    rules: Annotated[Path | None, typer.Option("--rules", metavar="DIR", help="Rules to use.")] = None,
) -> None:
    """Measure the diagnosis on labelled cases: accuracy, calibration, confident mistakes, misses."""
    from nndoctor.diagnosis.load import load_rulebook
    from nndoctor.evaluation.cases import corpus_cases
    from nndoctor.evaluation.outcomes import evaluate_cases
    from nndoctor.evaluation.recorded import read_outcomes

    with one_line_problems():
        book = load_rulebook(rules)
        found = [
            read_outcomes(corpus) if corpus.suffix == ".csv" else evaluate_cases(corpus_cases(corpus), book)
            for corpus in corpora
        ]
    sets = dict(zip(_names(corpora), found, strict=True))
    for name, outcomes in sets.items():
        _print(name if len(sets) > 1 else "", outcomes, brief)
    if report is not None:
        _write(report, sets)


def _names(corpora: list[Path]) -> list[str]:
    """Short names of the sets; whole paths where two have the same."""
    short = [corpus.resolve().stem for corpus in corpora]
    return short if len(set(short)) == len(short) else list(map(str, corpora))


def _print(name: str, outcomes: list[Outcome], brief: bool) -> None:
    from nndoctor.evaluation.score import score

    for line in [*([name] if name else []), *_summary(score(outcomes))]:
        typer.echo(line)
    if not brief:
        _print_misses(outcomes)


def _write(report: Path, sets: dict[str, list[Outcome]]) -> None:
    from nndoctor.evaluation.report import write_report

    try:
        written = write_report(report, sets)
    except OSError as problem:
        give_up(f"{report}: the page could not be written ({problem.strerror or problem})", UNREADABLE)
    say(f"written: {', '.join(map(str, written))}")


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
