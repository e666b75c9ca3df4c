"""Figures over labelled cases as a page: accuracy, reliability diagram, confusion table, misses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from nndoctor import __version__
from nndoctor.diagnosis.weights import WEIGHTS
from nndoctor.evaluation.diagram import reliability_svg
from nndoctor.evaluation.outcomes import CONFIDENT, Outcome
from nndoctor.evaluation.reliability import Bin, reliability
from nndoctor.evaluation.score import NAMED, score

Sets = dict[str, list[Outcome]]


def write_report(path: Path, sets: Sets) -> list[Path]:
    """Write the page and, beside it, its diagram; returns both. Raises OSError when they cannot be written."""
    together = [each for outcomes in sets.values() for each in outcomes]
    diagram = path.with_suffix(".svg")
    bins = reliability(together)
    diagram.write_text(reliability_svg(bins), encoding="utf-8")
    path.write_text("\n".join(_page(sets, together, bins, diagram.name)) + "\n", encoding="utf-8")
    return [path, diagram]


def _page(sets: Sets, together: list[Outcome], bins: list[Bin], diagram: str) -> Iterator[str]:
    yield "# How often nndoctor is right"
    yield f"\nMade by `nndoctor evaluate --report` of nndoctor {__version__} on {date.today().isoformat()}.\n"
    yield from _figures(sets, together)
    yield from _reliability(bins, diagram)
    yield from _weights(together)
    yield from _confusion(together)
    yield from _misses(sets)


HEADS = (
    "cases of", "cases", "first cause right", "among the first three", "evidence line right", "calibration error",
    f"wrong at >= {CONFIDENT}", f"wrong at >= {NAMED}", "undetermined", "right where not undetermined",
)  # fmt: skip


def _figures(sets: Sets, together: list[Outcome]) -> Iterator[str]:
    yield "## Figures\n"
    shown = {**sets, "all": together} if len(sets) > 1 else sets
    yield from _table(HEADS, (_figure_row(name, outcomes) for name, outcomes in shown.items()))
    yield (
        "\nUndetermined is an answer: the cause is not in what was given. Its candidates count as said, first one "
        "first. The evidence line is right when one of the first two lines that are shown as evidence is the line "
        "that was labelled as the proof. Calibration error: ECE with ten equal bins. The set `first_runs` holds what "
        "was said of texts that no rule had been written for; other cases may have been seen by the rules' authors."
    )


def _figure_row(name: str, outcomes: list[Outcome]) -> list[str]:
    figures = score(outcomes)
    answered = [each for each in outcomes if each.status != "undetermined"]
    line = "" if figures.evidence_line is None else f"{figures.evidence_line:.1%}"
    return [
        name, str(figures.cases), f"{figures.top1:.1%}", f"{figures.top3:.1%}", line, f"{figures.ece:.3f}",
        str(figures.confidently_wrong), str(figures.named_wrong), f"{figures.undetermined:.1%}", _share(answered),
    ]  # fmt: skip


def _share(outcomes: list[Outcome]) -> str:
    return f"{sum(each.top1 for each in outcomes) / len(outcomes):.1%}" if outcomes else ""


def _reliability(bins: list[Bin], diagram: str) -> Iterator[str]:
    yield "\n## Reliability\n"
    yield f"![How often an answer was right, by how sure it was]({diagram})\n"
    yield from _table(
        ("said with confidence", "cases", "mean confidence", "right"),
        ([f"{each.low:.1f} to {each.high:.1f}", str(each.cases), f"{each.confidence:.2f}", f"{each.accuracy:.2f}"]
         for each in bins if each.cases),
    )  # fmt: skip


def _weights(outcomes: list[Outcome]) -> Iterator[str]:
    """What the named weights promise, checked: the heaviest sign of the first finding against the truth."""
    yield "\n## Weights\n"
    rows = {name: [each for each in outcomes if each.heaviest == weight] for name, weight in WEIGHTS.items()}
    yield from _table(
        ("heaviest sign of the first finding", "cases", "right"),
        ([name, str(len(inside)), _share(inside)] for name, inside in rows.items()),
    )


def _confusion(outcomes: list[Outcome]) -> Iterator[str]:
    yield "\n## Confusion\n"
    total = Counter(each.case.first for each in outcomes)
    said = Counter((each.case.first, each.first or "nothing") for each in outcomes if not each.top1)
    yield from _table(
        ("cause", "cases", "right", "mistaken for"),
        ([f"`{cause}`", str(count), _share([each for each in outcomes if each.case.first == cause]),
          ", ".join(f"`{other}` ({times})" for (label, other), times in said.most_common() if label == cause)]
         for cause, count in sorted(total.items())),
    )  # fmt: skip


def _misses(sets: Sets) -> Iterator[str]:
    yield "\n## Misses\n"
    rows = [[name, each.case.name, f"`{each.case.first}`", f"`{each.first}`", f"{each.confidence:.2f}"]
            for name, outcomes in sets.items() for each in outcomes if not each.top1]  # fmt: skip
    yield from _table(("cases of", "case", "label", "said", "confidence"), rows) if rows else ["None."]


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    titles = list(head)
    yield f"| {' | '.join(titles)} |"
    yield f"|{'---|' * len(titles)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
