"""A small trained model and images for it, and what a check of a prediction with them finds."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from nndoctor.checkups.options import Common, Effort
from nndoctor.checkups.predict import check_predict
from nndoctor.checkups.predict_options import Prediction
from nndoctor.diagnosis.model import Diagnosis
from nndoctor.nnunet.examination.records import Depth
from tests.nnunet.checkpoint_files import write_trained
from tests.nnunet.folders import DATASET_JSON, PLANS, write_image, write_json

SPACING = (1.0, 1.0, 3.0)
GRID = {"original_median_spacing_after_transp": [3.0, 1.0, 1.0], "original_median_shape_after_transp": [8, 8, 8]}


@dataclass
class Patient:
    """Folders of one prediction. Faults change the folders, or the `options`."""

    root: Path
    options: dict[str, object] = field(default_factory=dict)
    depth: Depth | None = None

    @property
    def model(self) -> Path:
        return self.root / "results" / "Dataset004_Test" / "nnUNetTrainer__nnUNetPlans__3d_fullres"

    @property
    def input(self) -> Path:
        return self.root / "input"

    @property
    def output(self) -> Path:
        return self.root / "output"

    @property
    def checkpoint(self) -> Path:
        return self.model / "fold_0" / "checkpoint_final.pth"

    def image(
        self, name: str = "a_0000.nii.gz", shape: tuple[int, ...] = (8, 8, 8), **header: tuple[float, ...]
    ) -> Path:
        return write_image(self.input, name, shape, **{"spacing": SPACING, **header})

    def edit(self, name: str, change: Callable[[dict[str, object]], object]) -> None:
        """Change dataset.json or plans.json of the model."""
        content = json.loads((self.model / name).read_text())
        change(content)
        write_json(self.model / name, content)

    def configuration(self, **changes: object) -> None:
        self.edit("plans.json", lambda plans: plans["configurations"]["3d_fullres"].update(changes))  # type: ignore[index]

    def architecture(self, **changes: object) -> None:
        self.edit(
            "plans.json",
            lambda plans: plans["configurations"]["3d_fullres"]["architecture"]["arch_kwargs"].update(changes),  # type: ignore[index]
        )

    def check(self) -> Diagnosis:
        given = {"input": self.input, "output": self.output, "model": self.model, "folds": ["0"], "device": "cpu"}
        common = Common(Effort(depth=self.depth, workers=1, cache=False))
        return check_predict(msgspec.convert({**given, **self.options}, Prediction), common, lambda done, total: None)

    def found(self) -> dict[str, str]:
        """The severity of each kind of problem that was found."""
        return {str(finding.problem): str(finding.severity) for finding in self.check().findings}

    def words(self, kind: str) -> str:
        finding = next(each for each in self.check().findings if each.problem == kind)
        return finding.evidence[0].text


def patient(root: Path) -> Patient:
    """Two whole cases, and a model of one fold that fits them."""
    whole = Patient(root)
    write_json(whole.model / "dataset.json", DATASET_JSON)
    write_json(whole.model / "plans.json", {**PLANS, **GRID})
    write_trained(whole.checkpoint)
    for name in ("a_0000.nii.gz", "a_0001.nii.gz", "b_0000.nii.gz", "b_0001.nii.gz"):
        whole.image(name)
    return whole
