"""Nothing is wrong: each command once, so that nndoctor learns to say so."""

from __future__ import annotations

from tests.lab.faults.commands import MODEL, PREDICT, TRAIN, VERIFY, says
from tests.lab.model import TRAINER, Fault, Scene

HEALTHY = "no-failure"


def fresh(scene: Scene) -> None:
    scene.forget_plans()


def external_trainers(scene: Scene) -> None:
    """The trainer lives outside of the package: nnU-Net says 'not found' before it finds it there."""
    folder = scene.root / "my_trainers"
    folder.mkdir()
    inside = scene.package / "training" / "nnUNetTrainer" / f"{TRAINER}.py"
    (folder / "nnUNetTrainerMine.py").write_text(inside.read_text().replace(TRAINER, "nnUNetTrainerMine"))
    scene.env["nnUNet_extTrainer"] = str(folder)


def healthy(key: str) -> tuple:  # type: ignore[type-arg]
    return says(key, "harmless-warning", status="no-failure")


FAULTS = (
    Fault("healthy-plan-and-preprocess", HEALTHY, "nothing", VERIFY, healthy("Preprocessing dataset"), fresh),
    Fault(
        "healthy-preprocess",
        HEALTHY,
        "nothing",
        "nnUNetv2_preprocess -d 101 -c 3d_fullres -np 2",
        healthy("Preprocessing dataset"),
    ),
    Fault("healthy-train", HEALTHY, "nothing", f"{TRAIN} --npz", healthy("Mean Validation Dice"), limit=120),
    Fault("healthy-train-continue", HEALTHY, "nothing", f"{TRAIN} --c", healthy("Mean Validation Dice"), limit=120),
    Fault("healthy-predict", HEALTHY, "nothing", PREDICT, healthy("done with lesion_002")),
    Fault(
        "healthy-predict-probabilities",
        HEALTHY,
        "nothing",
        f"nnUNetv2_predict -i {{input}} -o {{output}} {MODEL} -device cpu --save_probabilities",
        healthy("done with lesion_002"),
    ),
    Fault(
        "healthy-preprocess-small-images",
        "harmless-warning",
        "nothing; 3d_lowres is not in the plans of small images, and is skipped with one line",
        "nnUNetv2_preprocess -d 101 -c 3d_fullres 3d_lowres -np 2 2",
        says("Configuration 3d_lowres not found in plans file", HEALTHY, status="no-failure"),
    ),
    Fault(
        "healthy-train-external-trainer",
        "harmless-warning",
        "nothing; the trainer is in nnUNet_extTrainer, so 'not found' is printed first",
        "nnUNetv2_train 101 3d_fullres 1 -tr nnUNetTrainerMine -device cpu",
        says("not found in nnunetv2.training.nnUNetTrainer", HEALTHY, status="no-failure"),
        external_trainers,
        when=lambda scene: scene.release >= (2, 7),
        limit=120,
    ),
)
