"""Learn how often a diagnosis is right from how sure it was: rules/common/calibration.yaml.

    python benchmarks/calibrate.py            # prints the figures
    python benchmarks/calibrate.py --write    # and writes the knots
    python benchmarks/calibrate.py --record NAME FOLDER   # adds the first run over a set of labelled cases

The data are benchmarks/first_runs.csv: what nndoctor said of texts that no rule had been written for, the first time it
saw them (authors who know neither rules nor fixtures write such a set; its texts are not in the repository, because from
then on rules are mended by them). Each row is one text of its own thread, so the folds of the cross-validation never
share a thread. Confidences are recorded as ranked, before calibration.
"""

from __future__ import annotations

import argparse
import csv
import random
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import msgspec

from nndoctor.diagnosis.calibration import Knots, calibrated
from nndoctor.diagnosis.load import load_rulebook
from nndoctor.evaluation.cases import corpus_cases
from nndoctor.evaluation.outcomes import evaluate_cases
from nndoctor.evaluation.recorded import read_outcomes, rows

ROOT = Path(__file__).parent
RECORDS = ROOT / "first_runs.csv"
TARGET = ROOT.parent / "rules" / "common" / "calibration.yaml"
EDGES = (0.5, 0.65, 0.8, 0.9, 0.95, 1.0)
FOLDS = 10
BINS = 10
SUREST = 0.99  # a few hundred texts cannot show more


class Row(NamedTuple):
    confidence: float
    right: bool


def named() -> list[Row]:
    """The recorded outcomes in which a cause was named."""
    return [Row(each.confidence, each.top1) for each in read_outcomes(RECORDS) if each.status == "diagnosed"]


def record(name: str, folder: Path) -> None:
    """Append what is said of the cases of a folder, without calibration."""
    book = load_rulebook()
    common = msgspec.structs.replace(book.common_knowledge(), calibration=[])
    book.common = msgspec.Raw(msgspec.json.encode(common))
    with RECORDS.open("a", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows(name, evaluate_cases(corpus_cases(folder), book)))


def fit(rows: list[Row]) -> Knots:
    """Isotonic regression over bins of confidence, each with Jeffreys' prior (half a case right, half a case wrong)."""
    pools: list[list[float]] = []
    for low, high in pairwise(EDGES):
        inside = [row for row in rows if low <= row.confidence < high]
        if inside:
            middle = sum(row.confidence for row in inside) / len(inside)
            pools.append([sum(row.right for row in inside) + 0.5, len(inside) + 1.0, middle])
            merge(pools)
    shares = [(middle, min(SUREST, right / count)) for right, count, middle in pools]
    return [(EDGES[0], round(shares[0][1], 3)), *((round(raw, 3), round(share, 3)) for raw, share in shares)]


def merge(pools: list[list[float]]) -> None:
    """Pool adjacent violators: a surer bin that was right less often is joined with the one before."""
    while len(pools) > 1 and pools[-2][0] / pools[-2][1] > pools[-1][0] / pools[-1][1]:
        right, count, middle = pools.pop()
        last = pools[-1]
        last[2] = (last[2] * last[1] + middle * count) / (last[1] + count)
        last[0], last[1] = last[0] + right, last[1] + count


def error(rows: list[Row]) -> float:
    """Expected calibration error with ten equal bins."""
    total = 0.0
    for place in range(BINS):
        inside = [row for row in rows if place <= min(row.confidence, 0.9999) * BINS < place + 1]
        total += abs(sum(row.right - row.confidence for row in inside))
    return total / len(rows)


def held_out(rows: list[Row]) -> list[Row]:
    """Every row with the confidence that the other folds give it."""
    shuffled = random.Random(0).sample(rows, len(rows))
    folds = [shuffled[start::FOLDS] for start in range(FOLDS)]
    found = []
    for number, fold in enumerate(folds):
        knots = fit([row for other, rest in enumerate(folds) if other != number for row in rest])
        found += [Row(calibrated(row.confidence, knots), row.right) for row in fold]
    return found


def main() -> None:
    """Print the calibration error before and after, held out; write the knots where asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="write rules/common/calibration.yaml")
    parser.add_argument("--record", nargs=2, metavar=("NAME", "FOLDER"), help="add a first run over labelled cases")
    options = parser.parse_args()
    if options.record:
        record(options.record[0], Path(options.record[1]))
    found = named()
    knots = fit(found)
    print(f"{len(found)} named causes, {sum(row.right for row in found) / len(found):.1%} right")
    print(f"calibration error as ranked {error(found):.3f}, calibrated and held out {error(held_out(found)):.3f}")
    print(f"knots {knots}")
    if options.write:
        head = "# Confidence as ranked -> share that was right in first runs. Made by benchmarks/calibrate.py.\n"
        TARGET.write_text(head + "".join(f"- [{raw}, {right}]\n" for raw, right in knots), encoding="utf-8")


if __name__ == "__main__":
    main()
