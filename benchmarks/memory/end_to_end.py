"""Holds the forecast that the command line prints against a real run of the same scene, and adds a row to a CSV file.

    python benchmarks/memory/end_to_end.py RUN [RUN ...] --out benchmarks/memory/end_to_end.csv --keep /tmp/memcheck

compare.py calls the formulas; this asks `nndoctor check`, so worker counts, heads, cases and bases that the command line
finds out by itself count too. RUN is a name of RUNS below. Needs the lab's environments (/tmp/lab), like measure.py.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from tree import Peaks, measure

HERE = Path(__file__).parent
MIB = 2**20
LAB = Path("/tmp/lab")
TRAINER = "nnUNetTrainerTiny"


@dataclass(frozen=True)
class Run:
    """One run. arguments: what both nnU-Net and nndoctor are given; quick: what only nnU-Net's command line has."""

    release: str
    stage: str
    shape: tuple[int, ...]
    spacing: tuple[float, ...]
    target: tuple[float, ...] | None = None
    channels: int = 1
    classes: int = 3
    cases: int = 2
    configuration: str = "3d_fullres"
    patch: tuple[int, ...] = (80, 80, 80)
    batch: int = 2
    features: int = 4
    datatype: str = "int16"
    regions: bool = False
    background: float = 0.0
    foreground: float = 0.2
    folds: tuple[int, ...] = (0,)
    transpose: tuple[int, ...] = (0, 1, 2)
    arguments: tuple[str, ...] = ()
    quick: tuple[str, ...] = ("--disable_tta", "-step_size", "1")
    variables: dict[str, str] = field(default_factory=dict)
    workers: int = 0
    small: tuple[int, ...] = ()
    """Voxels of as many cases more, which come after the others."""

    @property
    def venv(self) -> Path:
        return LAB / f"v{self.release.replace('.', '')}"

    @property
    def base(self) -> Path:
        return LAB / f"work-{self.release.replace('.', '')}" / f"base-{self.release}"


RUNS = {
    "predict-one-worker": Run(
        "2.8.1", "predict", (180, 240, 210), (0.9, 0.9, 0.9), None, 3, 15, 2, arguments=("-npp", "1", "-nps", "1")
    ),
    "predict-probabilities": Run(
        "2.8.1",
        "predict",
        (110, 190, 220),
        (1.2, 0.9, 0.9),
        (1.2, 1.1, 1.1),
        2,
        7,
        4,
        patch=(56, 112, 112),
        arguments=("--save_probabilities",),
    ),
    "predict-resampling": Run(
        "2.8.1",
        "predict",
        (96, 300, 300),
        (2.0, 0.7, 0.7),
        (1.5, 1.5, 1.5),
        1,
        14,
        4,
        datatype="float32",
        arguments=("-npp", "2", "-nps", "3"),
    ),
    "predict-2d": Run(
        "2.8.1",
        "predict",
        (70, 384, 320),
        (3.0, 0.8, 0.8),
        None,
        1,
        9,
        4,
        "2d",
        (384, 320),
        features=8,
        arguments=("-nps", "2"),
    ),
    "predict-28-classes": Run(
        "2.8.1",
        "predict",
        (210, 200, 190),
        (1.5, 1.5, 1.5),
        None,
        1,
        28,
        3,
        patch=(104, 104, 96),
        arguments=("-npp", "2", "-nps", "2"),
    ),
    "predict-2.5.1": Run(
        "2.5.1", "predict", (130, 200, 170), (1.0, 1.0, 1.0), (1.3, 1.1, 1.1), 2, 11, 4, patch=(72, 96, 80)
    ),
    "predict-2.3.1": Run(
        "2.3.1",
        "predict",
        (120, 180, 200),
        (1.1, 1.1, 1.1),
        None,
        1,
        16,
        3,
        patch=(64, 96, 104),
        arguments=("-npp", "2", "-nps", "2"),
    ),
    "preprocess-np-2": Run(
        "2.8.1", "preprocess", (180, 280, 260), (0.8, 0.8, 0.8), (1.0, 0.95, 0.95), 3, 6, 4, foreground=0.1, workers=2
    ),
    "preprocess-np-4": Run(
        "2.8.1", "preprocess", (60, 300, 340), (4.0, 0.9, 0.9), (4.0, 0.75, 0.75), 2, 4, 5, foreground=0.1, workers=4
    ),
    "fingerprint": Run("2.8.1", "fingerprint", (90, 170, 160), (1.0, 1.0, 1.0), None, 2, 4, 10, workers=8),
    "train-3d": Run(
        "2.8.1",
        "train",
        (100, 120, 110),
        (1.0, 1.0, 1.0),
        None,
        2,
        12,
        5,
        patch=(80, 80, 64),
        batch=3,
        features=8,
        foreground=0.2,
        quick=(),
        variables={"nnUNet_n_proc_DA": "2", "nnUNet_def_n_proc": "3"},
    ),
    "train-2d": Run(
        "2.8.1",
        "train",
        (20, 260, 280),
        (5.0, 1.0, 1.0),
        None,
        4,
        5,
        6,
        "2d",
        (256, 256),
        batch=10,
        features=16,
        quick=(),
        variables={"nnUNet_n_proc_DA": "1", "nnUNet_def_n_proc": "2"},
    ),
    "predict-zero-frame": Run(
        "2.8.1",
        "predict",
        (150, 240, 230),
        (1.0, 1.0, 1.0),
        None,
        4,
        10,
        4,
        background=0.4,
        patch=(88, 96, 96),
        arguments=("-npp", "3", "-nps", "2"),
    ),
    "predict-mixed-sizes": Run(
        "2.8.1",
        "predict",
        (160, 220, 230),
        (1.0, 1.0, 1.0),
        (1.2, 1.2, 1.2),
        1,
        13,
        2,
        patch=(80, 96, 96),
        small=(70, 160, 150),
        arguments=("-npp", "2", "-nps", "2"),
    ),
}


def scene_of(run: Run) -> dict[str, object]:
    names = (
        "stage shape spacing target channels classes regions cases configuration transpose patch batch features "
        "background foreground datatype folds"
    )
    values = {name: getattr(run, name) for name in names.split()}
    listed = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    return {**listed, "ending": ".nii.gz", "base": str(run.base)}


def add_small(root: Path, run: Run) -> None:
    """Cases of another size, with higher numbers, beside those of the scene."""
    other, python = root / "small", str(run.venv / "bin" / "python")
    other.mkdir()
    (other / "scene.json").write_text(json.dumps(scene_of(replace(run, shape=run.small))))
    subprocess.run([python, str(HERE / "scene.py"), str(other), str(other / "scene.json")], check=True)
    for path in (other / "imagesTs").iterdir():
        path.rename(root / "imagesTs" / path.name.replace("case_0", "case_1"))


def environment(root: Path, run: Run) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("HOME", "TMPDIR") if name in os.environ}
    folders = {name: str(root / name) for name in ("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results")}
    tuning = {"OMP_NUM_THREADS": "1", "nnUNet_compile": "f", "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD": "1", "LANG": "C.UTF-8"}
    return kept | folders | tuning | {"PATH": f"{run.venv}/bin:/usr/local/bin:/usr/bin:/bin"} | run.variables


def predicting(root: Path, run: Run) -> list[str]:
    given = ["-i", str(root / "imagesTs"), "-o", str(root / "out"), "-d", "101", "-c", run.configuration]
    return [*given, "-tr", TRAINER, "-device", "cpu", "-f", *map(str, run.folds), *run.arguments]


def command_of(root: Path, run: Run) -> tuple[list[str], list[tuple[str, int]]]:
    """nnU-Net's command, and the roles of its spawned workers in the order of their start."""
    program = str(
        run.venv / "bin" / {"fingerprint": "nnUNetv2_extract_fingerprint"}.get(run.stage, f"nnUNetv2_{run.stage}")
    )
    if run.stage == "fingerprint":
        return [program, "-d", "101", "-np", str(run.workers)], [("fingerprint", run.workers)]
    if run.stage == "preprocess":
        command = [program, "-d", "101", "-c", run.configuration, "-np", str(run.workers)]
        return command, [("preprocess", run.workers)]
    if run.stage == "train":
        return [program, "101", run.configuration, "0", "-tr", TRAINER, "-device", "cpu"], []
    npp, nps = (int(_option(run.arguments, name, "3")) for name in ("-npp", "-nps"))
    return [program, *predicting(root, run), *run.quick], [
        ("export", nps),
        ("preprocess", min(npp, run.cases * (2 if run.small else 1))),
    ]


def _option(arguments: tuple[str, ...], name: str, otherwise: str) -> str:
    return arguments[arguments.index(name) + 1] if name in arguments else otherwise


def question_of(root: Path, run: Run) -> list[str]:
    """What a user types at nndoctor before the run."""
    asked = ["--format", "json", "--no-redact"]
    python = ["--python", str(run.venv / "bin" / "python")]
    if run.stage == "predict":
        return ["check", "predict", *predicting(root, run), *python, *asked]
    if run.stage == "train":
        return ["check", "train", "101", run.configuration, "0", "-tr", TRAINER, "-device", "cpu", *python, *asked]
    return ["check", "dataset", "-d", "101", "--no-cache", *python, *asked]


def forecast(root: Path, run: Run, kept: Path) -> list[dict[str, object]]:
    asked = subprocess.run(
        ["nd", *question_of(root, run)], env=environment(root, run), capture_output=True, text=True, check=False
    )
    kept.with_name(f"{kept.name}.forecast.json").write_text(asked.stdout or asked.stderr)
    return json.loads(asked.stdout)["checkup"]["forecast"]


def describing(rows: list[dict[str, object]], run: Run) -> list[dict[str, object]]:
    """The rows that describe the run, with the workers that were really asked for (cases are equal where it matters)."""
    stages = {"predict": ("listing", "predict"), "train": ("training", "export")}.get(run.stage, ("listing", run.stage))
    own = (None, run.configuration)
    return [fitted(row, run) for row in rows if row["stage"] in stages and row.get("configuration") in own]


def fitted(row: dict[str, object], run: Run) -> dict[str, object]:
    """The row with the run's number of workers: the cases are equal, so every worker takes as much as another."""
    count, one, total, charged = (int(str(row[key])) for key in ("workers", "one", "total", "charged"))
    if not run.workers or row["stage"] == "listing" or count == run.workers:
        return row
    fewer, library = count - run.workers, (total - charged) // count
    counted = charged - fewer * (one - library)
    return row | {"total": total - fewer * one, "charged": counted, "workers": run.workers}


def do(name: str, root: Path, kept: Path, limit: float) -> dict[str, object]:
    run = RUNS[name]
    description, env = root / "scene.json", environment(root, run)
    description.write_text(json.dumps(scene_of(run)))
    python = str(run.venv / "bin" / "python")
    subprocess.run([python, str(HERE / "scene.py"), str(root), str(description)], env=env, check=True)
    if run.stage == "train":
        tell_sizes(root, run)
        prepare = [str(run.venv / "bin" / "nnUNetv2_preprocess"), "-d", "101", "-c", run.configuration, "-np", "2"]
        subprocess.run(prepare, env=env, check=True, stdout=subprocess.DEVNULL)
    if run.small:
        add_small(root, run)
    rows = describing(forecast(root, run, kept), run)
    command, groups = command_of(root, run)
    peaks = measure(command, env, kept.with_name(f"{kept.name}.log"), groups, limit)
    kept.with_name(f"{kept.name}.trace.json").write_text(json.dumps(peaks.trace))
    return row_of(name, run, peaks, rows)


def tell_sizes(root: Path, run: Run) -> None:
    """The base's fingerprint with the scene's sizes, as if it had been extracted from the scene."""
    for path in (root / "nnUNet_preprocessed").glob("*/dataset_fingerprint.json"):
        found = json.loads(path.read_text())
        sizes = {"shapes_after_crop": [run.shape] * run.cases, "spacings": [run.spacing] * run.cases}
        path.write_text(json.dumps(found | sizes))


def mib(count: object) -> int:
    return round(int(str(count)) / MIB)


def error(expected: int, measured: int) -> str:
    return f"{100 * (expected / measured - 1):+.1f}"


def row_of(name: str, run: Run, peaks: Peaks, rows: list[dict[str, object]]) -> dict[str, object]:
    total, charged = (max(mib(row[key]) for row in rows) for key in ("total", "charged"))
    working = max(mib(row["total"]) for row in rows if row["stage"] != "listing")
    measured, pss = mib(peaks.rss), mib(peaks.pss)
    alone = peaks.by_role["main"]
    without = measured if run.stage == "train" else mib(max(alone, peaks.working))
    return {
        "run": name,
        "release": run.release,
        "shape": " ".join(map(str, run.shape)),
        "spacing": " ".join(map(str, run.spacing)),
        "target": " ".join(map(str, run.target or ())),
        "channels": run.channels,
        "classes": run.classes,
        "cases": run.cases,
        "workers": " ".join(f"{row['stage']}:{row['workers']}" for row in rows),
        "exit_code": peaks.exit_code,
        "seconds": round(peaks.seconds, 1),
        "rss_mib": measured,
        "forecast_total_mib": total,
        "error_percent": error(total, measured),
        "working_rss_mib": without,
        "forecast_working_mib": working,
        "working_error_percent": error(working, without),
        "pss_mib": pss,
        "forecast_charged_mib": charged,
        "charged_error_percent": error(charged, pss),
        "rows": json.dumps({row["stage"]: [mib(row["one"]), mib(row["total"]), mib(row["charged"])] for row in rows}),
        "largest_of_role_mib": json.dumps({role: mib(size) for role, size in sorted(peaks.by_role.items())}),
        "at_peak_mib": json.dumps({role: mib(size) for role, size in sorted(peaks.at_peak.items())}),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", choices=sorted(RUNS))
    parser.add_argument("--out", type=Path, default=HERE / "end_to_end.csv")
    parser.add_argument("--keep", type=Path, required=True, help="folder for forecasts, logs and traces")
    parser.add_argument("--limit", type=float, default=240, help="seconds until a run is killed")
    given = parser.parse_args()
    for name in given.runs:
        root = Path(tempfile.mkdtemp(prefix="nndoctor-memory-"))
        try:
            row = do(name, root, given.keep / name, given.limit)
        finally:
            shutil.rmtree(root, ignore_errors=True)
        new = not given.out.exists()
        with given.out.open("a", newline="", encoding="utf-8") as sink:
            writer = csv.DictWriter(sink, list(row))
            if new:
                writer.writeheader()
            writer.writerow(row)
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
