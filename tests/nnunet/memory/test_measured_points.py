"""The forecast against real runs of nnU-Net (benchmarks/memory/points.csv; docs/memory.md says how they were measured)."""

from __future__ import annotations

import csv
import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARK = Path(__file__).parents[3] / "benchmarks" / "memory"
MIB = 2**20


def _compare() -> ModuleType:
    sys.path.insert(0, str(BENCHMARK))
    try:
        return importlib.import_module("compare")
    finally:
        sys.path.remove(str(BENCHMARK))


compare = _compare()


def _points() -> list[dict[str, str]]:
    with (BENCHMARK / "points.csv").open(newline="", encoding="utf-8") as source:
        return list(csv.DictReader(source))


def _name(row: dict[str, str]) -> str:
    return "-".join(row[key] for key in ("set", "release", "stage", "shape", "channels", "classes")).replace(" ", "x")


@pytest.mark.parametrize("row", _points(), ids=_name)
def test_peak_of_a_real_run_is_within_a_fifth(row: dict[str, str]) -> None:
    forecast = max(each.total for each in compare.rows_of(row) if compare.counts(each, row))
    assert forecast / MIB == pytest.approx(float(row["rss_mib"]), rel=0.2)


def test_what_the_kernel_counts() -> None:
    """In nine of ten runs, `charged` is within a quarter of the sum of PSS."""
    errors = []
    for row in _points():
        charged = max(each.charged for each in compare.rows_of(row) if compare.counts(each, row))
        errors.append(abs(charged / MIB / float(row["pss_mib"]) - 1))
    assert sum(error <= 0.25 for error in errors) >= 0.9 * len(errors)
