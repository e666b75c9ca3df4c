"""Nothing is wrong: planning, preprocessing, training and prediction, so that nndoctor learns to say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.lab.faults.commands import FAST, MODEL, PREDICT, TRAIN, VERIFY, says
from tests.lab.model import TRAINER, Fault, Outcome, Scene

HEALTHY = "no-failure"
VALIDATED = "Mean Validation Dice"
PREDICTED = "done with lesion_002"
LOWRES = f"nnUNetv2_train 101 3d_lowres all -tr {TRAINER} -device cpu"
CASCADE = LOWRES.replace("3d_lowres", "3d_cascade_fullres")


def healthy(key: str) -> tuple[Outcome, ...]:
    return says(key, "harmless-warning", status=HEALTHY)


def sound(name: str, command: str, key: str, inject: Callable[[Scene], object] | None = None, **more: Any) -> Fault:
    """A run in which nothing is wrong; `key` is a line that only a finished run has."""
    return Fault(f"healthy-{name}", HEALTHY, "nothing", command, healthy(key), inject, **more)


def after(*commands: str) -> Callable[[Scene], None]:
    """Healthy runs that have to come first; their text is not kept. {scene} is the scene."""

    def inject(scene: Scene) -> None:
        from tests.lab import runner

        for command in commands:
            log = scene.root / "before.log"
            result = runner.run(command.format(scene=scene), scene.root, scene.env, log, limit=120)
            if result.exit_code != 0:
                raise OSError(f"{command}: {result.text}")
            log.unlink()

    return inject


def in_scene(command: str) -> str:
    """A fault's command line as `after` wants it: {scene.input} for {input}."""
    return command.replace("{", "{scene.")


def steps(*injections: Callable[[Scene], object]) -> Callable[[Scene], None]:
    """Several injections, one after the other."""

    def inject(scene: Scene) -> None:
        for each in injections:
            each(scene)

    return inject


def since(*release: int) -> Callable[[Scene], bool]:
    """Whether the version is this one or newer."""
    return lambda scene: scene.release >= release


def fresh(scene: Scene) -> None:
    scene.forget_plans()


def few_voxels() -> None:
    """Fingerprints are drawn from 10e7 voxels; less will do (see base.small_fingerprint)."""
    from tests.lab import base

    base.small_fingerprint()


def external_trainers(scene: Scene) -> None:
    """The trainer lives outside of the package: nnU-Net says 'not found' before it finds it there."""
    folder = scene.root / "my_trainers"
    folder.mkdir()
    inside = scene.package / "training" / "nnUNetTrainer" / f"{TRAINER}.py"
    (folder / "nnUNetTrainerMine.py").write_text(inside.read_text().replace(TRAINER, "nnUNetTrainerMine"))
    scene.env["nnUNet_extTrainer"] = str(folder)


def no_splits(scene: Scene) -> None:
    (scene.preprocessed / "splits_final.json").unlink()


def half_predicted(scene: Scene) -> None:
    """An interrupted prediction: the second case is not there yet."""
    after(in_scene(PREDICT))(scene)
    (scene.output / "lesion_002.nii.gz").unlink()


def large_images(scene: Scene) -> None:
    """The fingerprint of images that are large enough for a cascade."""

    def enlarge(content: dict[str, Any]) -> None:
        content["shapes_after_crop"] = [[320, 400, 360] for _ in content["shapes_after_crop"]]

    scene.edit(scene.preprocessed / "dataset_fingerprint.json", enlarge)


def cascade(scene: Scene) -> None:
    """Plans with a cascade, its first stage preprocessed."""

    def add(plans: dict[str, Any]) -> None:
        configurations = plans["configurations"]
        configurations["3d_lowres"] = configurations["3d_fullres"] | {
            "data_identifier": "nnUNetPlans_3d_lowres",
            "spacing": [2.0, 1.5, 1.5],
            "next_stage": "3d_cascade_fullres",
        }
        configurations["3d_cascade_fullres"] = {"inherits_from": "3d_fullres", "previous_stage": "3d_lowres"}

    scene.edit(scene.preprocessed / "nnUNetPlans.json", add)
    after("nnUNetv2_preprocess -d 101 -c 3d_lowres -np 1")(scene)


FAULTS = (
    sound("plan-and-preprocess", VERIFY, "Preprocessing dataset", fresh),
    sound("plan-and-preprocess-verbose", f"{VERIFY} --verbose", "Preprocessing dataset", fresh),
    sound("plan-only", f"{VERIFY} --no_pp", "Plans were saved", fresh),
    sound(
        "extract-fingerprint",
        "nnUNetv2_extract_fingerprint -d 101 -np 2",
        "Dataset101_Lesion",
        fresh,
        in_main=few_voxels,
    ),
    sound(
        "verify",
        "nnUNetv2_extract_fingerprint -d 101 -np 2 --verify_dataset_integrity",
        "verify_dataset_integrity Done",
        fresh,
        in_main=few_voxels,
    ),
    sound("plan-experiment", "nnUNetv2_plan_experiment -d 101", "Plans were saved", when=since(2, 2)),
    sound(
        "plan-experiment-resenc",
        "nnUNetv2_plan_experiment -d 101 -pl nnUNetPlannerResEncM",
        "Plans were saved",
        when=since(2, 4),
    ),
    sound(
        "plan-experiment-cascade",
        "nnUNetv2_plan_experiment -d 101",
        "Plans were saved",
        large_images,
        when=since(2, 2),
        limit=240,
    ),
    sound("preprocess", "nnUNetv2_preprocess -d 101 -c 3d_fullres -np 2", "Preprocessing dataset"),
    sound("train", f"{TRAIN} --npz", VALIDATED, limit=120),
    sound("train-continue", f"{TRAIN} --c", VALIDATED, limit=120),
    sound("train-validation", f"{TRAIN} --val", VALIDATED, limit=120),
    sound("train-validation-best", f"{TRAIN} --val --val_best", VALIDATED, when=since(2, 2), limit=120),
    sound("train-no-checkpoints", f"{TRAIN} --disable_checkpointing", VALIDATED, limit=120),
    sound("train-new-splits", TRAIN.replace(" 0 ", " 1 "), VALIDATED, no_splits, limit=120),
    sound("train-all", TRAIN.replace(" 0 ", " all "), VALIDATED, limit=120),
    sound("train-pretrained", f"{TRAIN} -pretrained_weights {{fold}}/checkpoint_final.pth", VALIDATED, limit=120),
    sound(
        "train-2d",
        TRAIN.replace("3d_fullres", "2d"),
        VALIDATED,
        after("nnUNetv2_preprocess -d 101 -c 2d -np 1"),
        limit=120,
    ),
    sound("train-lowres", LOWRES, VALIDATED, cascade, limit=240),
    sound("train-cascade", CASCADE, VALIDATED, steps(cascade, after(LOWRES)), limit=240),
    sound("predict", PREDICT, PREDICTED),
    sound(
        "predict-probabilities",
        f"nnUNetv2_predict -i {{input}} -o {{output}} {MODEL} -device cpu --save_probabilities",
        PREDICTED,
    ),
    sound(
        "predict-modelfolder",
        f"nnUNetv2_predict_from_modelfolder -i {{input}} -o {{output}} -m {{model}} -f 0 {FAST}",
        PREDICTED,
    ),
    sound("predict-sequential", PREDICT.replace("-npp 2 -nps 1", "-npp 0 -nps 0"), r"\d/\d", when=since(2, 6, 2)),
    sound("predict-continue", f"{PREDICT} --continue_prediction", PREDICTED, half_predicted),
    sound("predict-nothing-left", f"{PREDICT} --continue_prediction", "That's 0 cases", after(in_scene(PREDICT))),
    sound("predict-part", f"{PREDICT} -num_parts 2 -part_id 1", PREDICTED),
    sound("predict-best", f"{PREDICT} -chk checkpoint_best.pth", PREDICTED),
    sound("predict-verbose", f"{PREDICT} --verbose", PREDICTED),
    sound(
        "predict-cascade",
        "nnUNetv2_predict -i {input} -o {output} -d 101 -c 3d_cascade_fullres -f all "
        f"-tr {TRAINER} -prev_stage_predictions {{root}}/lowres {FAST}",
        PREDICTED,
        steps(
            cascade,
            after(
                LOWRES,
                CASCADE,
                "nnUNetv2_predict -i {scene.input} -o {scene.root}/lowres -d 101 -c 3d_lowres -f all "
                f"-tr {TRAINER} {FAST}",
            ),
        ),
        when=since(2, 8),
        limit=240,
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
