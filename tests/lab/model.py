"""What a fault is, the place where it is injected, and what came of it."""

from __future__ import annotations

import json
import os
import shutil
import signal as signals
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DATASET = "Dataset101_Lesion"
TRAINER = "nnUNetTrainerTiny"


@dataclass
class Scene:
    """One copy of the base folder: the files and variables that a fault may spoil before the command runs."""

    root: Path
    version: str
    package: Path
    env: dict[str, str]
    undo: list[Callable[[], object]] = field(default_factory=list)

    @property
    def raw(self) -> Path:
        return self.root / "nnUNet_raw" / DATASET

    @property
    def preprocessed(self) -> Path:
        return self.root / "nnUNet_preprocessed" / DATASET

    @property
    def data(self) -> Path:
        """The preprocessed cases; their folder's name depends on the plans, not on the configuration alone."""
        return self.preprocessed / "nnUNetPlans_3d_fullres"

    @property
    def results(self) -> Path:
        return self.root / "nnUNet_results" / DATASET

    @property
    def model(self) -> Path:
        return self.results / f"{TRAINER}__nnUNetPlans__3d_fullres"

    @property
    def fold(self) -> Path:
        return self.model / "fold_0"

    @property
    def input(self) -> Path:
        return self.root / "imagesTs"

    @property
    def output(self) -> Path:
        return self.root / "predictions"

    @property
    def release(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.version.split("."))

    def edit(self, path: Path, change: Callable[[Any], object]) -> None:
        """Change a JSON file in place, as a user does with an editor."""
        content = json.loads(path.read_text())
        change(content)
        path.write_text(json.dumps(content, indent=4))

    def edit_dataset(self, **changes: object) -> None:
        """Set keys of the raw dataset.json; the value None removes the key."""

        def change(content: dict[str, object]) -> None:
            content.update(changes)
            for key in [key for key, value in changes.items() if value is None]:
                del content[key]

        self.edit(self.raw / "dataset.json", change)

    def truncate(self, path: Path, keep: float = 0.5) -> None:
        """Cut a file, as a full disk, a broken copy or a killed job does."""
        os.truncate(path, int(path.stat().st_size * keep))

    def forget_plans(self) -> None:
        """Remove what preprocessing left, so that planning starts anew."""
        shutil.rmtree(self.preprocessed)

    def add_trainer(self, source: Path) -> None:
        """Put a trainer where nnU-Net looks for it, for this run only."""
        target = self.package / "training" / "nnUNetTrainer" / source.name
        shutil.copy(source, target)
        self.undo.append(lambda: target.unlink(missing_ok=True))

    def preprocessed_file(self, case: int = 0) -> Path:
        """A file with the image of one case; the format changed with 2.6 from npz to blosc2."""
        found = sorted(path for path in self.data.iterdir() if path.suffix in {".npz", ".b2nd"})
        return next(path for path in found[case:] if "_seg" not in path.name)


@dataclass(frozen=True)
class Outcome:
    """If a line of the text matches `key`, this is what nndoctor must say about the text."""

    key: str
    first: str = ""
    status: str = "diagnosed"
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stop:
    """A signal from outside, once the text shows that the run is where it shall be hit."""

    after: str
    signal: int = signals.SIGTERM
    delay: float = 0.0


@dataclass(frozen=True)
class Fault:
    """One row of the table: what is spoiled, what is run, and what the text then has to be read as.

    inject spoils the files or variables; confine limits the run and its workers; in_main and in_worker run inside of
    the command's process and of its spawned workers before nnU-Net is imported. The first outcome whose key is in the
    text holds. With `symptom`, a text that only says that a worker died is recorded as undetermined.
    """

    name: str
    cause: str
    what: str
    command: str
    outcomes: tuple[Outcome, ...]
    inject: Callable[[Scene], object] | None = None
    confine: Callable[[], object] | None = None
    in_main: Callable[[], object] | None = None
    in_worker: Callable[[], object] | None = None
    stop: Stop | None = None
    symptom: bool = False
    limit: float = 60.0
    when: Callable[[Scene], bool] = lambda scene: True


@dataclass(frozen=True)
class Run:
    """What a run left: its text, its exit code (None: it hung and was ended) and the seconds it took."""

    text: str
    exit_code: int | None
    seconds: float
