"""Holds the forecast against measured runs.

    python benchmarks/memory/compare.py benchmarks/memory/points.csv

Prints Markdown: how many forecasts are near, and a table with measured and forecast MiB per run. Once for the sum of RSS in the
process tree, once without the quarter of a second in which v2.5 and later list files in 12 forked processes, once for what the
kernel counts (PSS). Needs nndoctor.
"""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from nndoctor.nnunet.memory import (
    Call,
    Image,
    Model,
    Row,
    fingerprint_rows,
    predict_rows,
    preprocess_rows,
    training_rows,
)
from nndoctor.nnunet.memory.model import Level

MIB = 2**20
CORES = 2  # of the machine that made points.csv: nnU-Net starts no more workers than it has (get_allowed_n_proc_DA)
ROLES = {"preprocess": "preprocess", "export": "export", "predict": "main", "fingerprint": "fingerprint"}
HEAD = [
    "set",
    "release",
    "command",
    "image",
    "ch",
    "C",
    "cases",
    "workers",
    "RSS",
    "forecast",
    "error",
    "RSS without listing",
    "forecast",
    "error",
    "PSS",
    "charged",
    "error",
    "largest process: measured, forecast, error",
]


def numbers(text: str) -> tuple[float, ...]:
    return tuple(float(part) for part in text.split())


def whole(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split())


def model_of(row: dict[str, str]) -> Model:
    patch, flat = whole(row["patch"]), row["configuration"] == "2d"
    target = numbers(row["target"] or row["spacing"])
    share = 4.0 if flat else 8.0
    levels = tuple(Level(min(int(row["features"]) * 2**i, 320), share**-i, 2, 2 if i < 3 else 0) for i in range(4))
    classes = int(row["classes"])
    return Model(
        configuration=row["configuration"],
        spacing=target[-2:] if flat else target,
        transpose=whole(row["transpose"]),
        heads=classes - 1 if row["regions"] == "True" else classes,
        patch=patch,
        batch=int(row["batch"]),
        regions=row["regions"] == "True",
        levels=levels,
    )


def images_of(row: dict[str, str]) -> list[Image]:
    shape, share = whole(row["shape"]), float(row["background"])
    cropped = tuple(n - 2 * int(n * share / 2) for n in shape) if share else None
    itemsize = {"int16": 2, "float32": 4, "uint8": 1, "float64": 8}[row["datatype"]]
    one = (shape, numbers(row["spacing"]), int(row["channels"]), itemsize, cropped, float(row["foreground"]))
    return [Image(f"case_{index:03d}", *one) for index in range(int(row["cases"]))]


def rows_of(row: dict[str, str]) -> list[Row]:
    images, model = images_of(row), model_of(row)
    call = Call(
        version=row["release"],
        cases=len(images),
        save_probabilities=row["save_probabilities"] == "True",
        mirroring=row["tta"] == "True",
        folds=len(row["folds"].split()),
        step_size=float(row["step_size"]),
        cores=1,
    )
    if row["stage"] == "predict":
        return predict_rows(images, model, call, int(row["npp"]), int(row["nps"]))
    if row["stage"] == "preprocess":
        return preprocess_rows(images, model, call, int(row["np"]))
    if row["stage"] == "fingerprint":
        return fingerprint_rows(images, model, call, int(row["npfp"]))
    return training_rows(images, model, call, min(int(row["n_proc_da"]), CORES), exporters=1)


def counts(each: Row, row: dict[str, str]) -> bool:
    """Whether a stage's total belongs to the peak of the run; all export workers at once is a bound, not a forecast."""
    return each.stage != "export" or row["stage"] == "train"


@dataclass(frozen=True)
class Verdict:
    """Forecast and measured MiB: of the whole run, of the run without the moment of listing, and as the kernel counts."""

    rss: tuple[float, float]
    working: tuple[float, float]
    charged: tuple[float, float]

    @property
    def errors(self) -> list[float]:
        return [forecast / measured - 1 for forecast, measured in (self.rss, self.working, self.charged)]


def judged(row: dict[str, str], found: list[Row]) -> Verdict:
    total = max(each.total for each in found if counts(each, row)) / MIB
    run = max(each.total for each in found if each.stage != "listing" and counts(each, row)) / MIB
    charged = max(each.charged for each in found if counts(each, row)) / MIB
    measured = float(row["rss_mib"])
    alone = json.loads(row["largest_of_role_mib"])["main"]
    working = measured if row["stage"] == "train" else max(alone, float(row["working_rss_mib"]))
    return Verdict((total, measured), (run, working), (charged, float(row["pss_mib"])))


def roles_of(row: dict[str, str], found: list[Row]) -> str:
    """The largest process of each role: measured, forecast, error."""
    if row["stage"] == "train":
        return ""
    measured = json.loads(row["largest_of_role_mib"])
    known = [(ROLES.get(each.stage, ""), each.one / MIB) for each in found]
    return "; ".join(
        f"{role} {measured[role]}, {one:.0f}, {percent((one, measured[role]))}"
        for role, one in known
        if role in measured
    )


def percent(pair: tuple[float, float]) -> str:
    forecast, measured = pair
    return f"{100 * (forecast / measured - 1):+.0f}%"


def line(row: dict[str, str]) -> str:
    found = rows_of(row)
    verdict = judged(row, found)
    workers = {"predict": f"-npp {row['npp']} -nps {row['nps']}", "preprocess": f"-np {row['np']}"}
    options = workers.get(
        row["stage"], f"-np {row['npfp']}" if row["stage"] == "fingerprint" else f"{row['n_proc_da']} DA"
    )
    resampled = f" to {row['target'].replace(' ', '/')}" if row["target"] else ""
    image = f"{row['shape'].replace(' ', 'x')}, {row['spacing'].replace(' ', '/')} mm{resampled}"
    extra = " ".join(
        word
        for word, is_so in (
            ("2d", row["configuration"] == "2d"),
            ("regions", row["regions"] == "True"),
            ("probabilities", row["save_probabilities"] == "True"),
            (f"{len(row['folds'].split())} folds", " " in row["folds"]),
        )
        if is_so
    )
    name = f"{row['stage']} {extra}".strip()
    cells = [row["set"], row["release"], name, image, row["channels"], row["classes"], row["cases"], options]
    for forecast, measured in (verdict.rss, verdict.working, verdict.charged):
        cells += [f"{measured:.0f}", f"{forecast:.0f}", percent((forecast, measured))]
    return "| " + " | ".join([*cells, roles_of(row, found)]) + " |"


def summary(name: str, rows: list[dict[str, str]]) -> str:
    errors = [judged(row, rows_of(row)).errors for row in rows]
    parts = []
    for label, column in zip(
        ("sum of RSS", "sum of RSS without listing", "charged"), zip(*errors, strict=True), strict=True
    ):
        sizes = [abs(error) for error in column]
        near, fair = (sum(size <= limit for size in sizes) for limit in (0.1, 0.2))
        parts.append(f"{label}: {near} within 10%, {fair} within 20%, largest {max(sizes):.0%}")
    return f"- {name}, {len(rows)} runs. {'; '.join(parts)}."


def main() -> None:
    with Path(sys.argv[1]).open(newline="", encoding="utf-8") as source:
        rows = [row for row in csv.DictReader(source) if row["exit_code"] == "0"]
    for name in sorted({row["set"] for row in rows}):
        print(summary(name, [row for row in rows if row["set"] == name]))
    print(f"\n| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
    for row in sorted(rows, key=lambda row: (row["set"] != "held-out", row["stage"], row["release"])):
        print(line(row))


if __name__ == "__main__":
    main()
