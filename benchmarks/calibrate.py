"""Learn how often a diagnosis is right from how sure it was: rules/common/calibration.yaml.

    python benchmarks/calibrate.py            # prints the figures
    python benchmarks/calibrate.py --write    # and writes the knots

The data are benchmarks/first_runs.csv: what nndoctor said of texts that no rule had been written for, the first time it
saw them (authors who know neither rules nor fixtures write such a set; its texts are not in the repository, because from
then on rules are mended by them). Each row is one text of its own thread, so the folds of the cross-validation never
share a thread. Columns: set, case, label, status, said, confidence as ranked (before calibration), right.
"""

from __future__ import annotations

import argparse
import csv
import random
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from nndoctor.diagnosis.calibration import Knots, calibrated

ROOT = Path(__file__).parent
TARGET = ROOT.parent / "rules" / "common" / "calibration.yaml"
EDGES = (0.5, 0.65, 0.8, 0.9, 0.95, 1.0)
FOLDS = 10
BINS = 10
SUREST = 0.99  # a few hundred texts cannot show more


class Row(NamedTuple):
    confidence: float
    right: bool


def read(path: Path) -> list[Row]:
    """The rows in which a cause was named."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        return [Row(float(row["confidence"]), row["right"] == "1") for row in rows if row["status"] == "diagnosed"]


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
    rows = read(ROOT / "first_runs.csv")
    knots = fit(rows)
    print(f"{len(rows)} named causes, {sum(row.right for row in rows) / len(rows):.1%} right")
    print(f"calibration error as ranked {error(rows):.3f}, calibrated and held out {error(held_out(rows)):.3f}")
    print(f"knots {knots}")
    if parser.parse_args().write:
        head = "# Confidence as ranked -> share that was right in first runs. Made by benchmarks/calibrate.py.\n"
        TARGET.write_text(head + "".join(f"- [{raw}, {right}]\n" for raw, right in knots), encoding="utf-8")


if __name__ == "__main__":
    main()
