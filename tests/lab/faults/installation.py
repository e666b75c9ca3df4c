"""Commands that are not there, v1's words in v2's mouth, arguments that argparse refuses."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.lab.faults.commands import MODEL, PLAN, PREDICT, TRAIN, says
from tests.lab.model import TRAINER, Fault, Scene

V1 = "nnunet-v1-v2-confusion"
USAGE = "cli-usage-error"
NOT_INSTALLED = "nnunet-not-installed"
SYSTEM_PYTHON = Path("/usr/bin/python3")


def other_environment(scene: Scene) -> None:
    """The shell has another environment, or none, activated."""
    scene.env["PATH"] = "/usr/bin:/bin"


def without_dependencies(scene: Scene) -> None:
    """`pip install --no-deps --target lib nnunetv2`"""
    other_environment(scene)
    (scene.root / "lib").mkdir()
    shutil.copytree(scene.package, scene.root / "lib" / "nnunetv2")
    scene.env["PYTHONPATH"] = str(scene.root / "lib")


def import_of_v1(scene: Scene) -> None:
    lines = [
        "from nnunet.inference.predict import predict_from_folder",
        "",
        "predict_from_folder('model', 'in', 'out')",
    ]
    (scene.root / "predict_old.py").write_text("\n".join(lines) + "\n")


FAULTS = (
    Fault(
        "train-command-not-found",
        NOT_INSTALLED,
        "the environment with nnunetv2 is not activated",
        TRAIN,
        says("command not found", "wrong-environment"),
        other_environment,
    ),
    Fault(
        "module-not-found",
        NOT_INSTALLED,
        "the system's Python does not have nnunetv2",
        f"{SYSTEM_PYTHON} -m nnunetv2.run.run_training 101 3d_fullres 0",
        says("No module named|ModuleNotFoundError", "wrong-environment"),
        other_environment,
        when=lambda scene: SYSTEM_PYTHON.exists(),
    ),
    Fault(
        "predict-without-dependencies",
        "dependency-missing",
        "nnunetv2 was installed with --no-deps",
        f"{SYSTEM_PYTHON} -m nnunetv2.inference.predict_from_raw_data -d 101",
        says("ModuleNotFoundError: No module named"),
        without_dependencies,
        when=lambda scene: SYSTEM_PYTHON.exists(),
    ),
    Fault(
        "train-v1-command",
        V1,
        "v1's command with v2 installed",
        "nnUNet_train 3d_fullres nnUNetTrainerV2 Task101_Lesion 0",
        says("nnUNet_train: command not found", NOT_INSTALLED),
    ),
    Fault(
        "plan-v1-flag",
        V1,
        "v1's -t with v2's command",
        "nnUNetv2_plan_and_preprocess -t 101 --verify_dataset_integrity",
        says("unrecognized arguments: -t|arguments are required", USAGE),
    ),
    Fault(
        "predict-v1-flags",
        V1,
        "v1's -t and -m with v2's command",
        "nnUNetv2_predict -i {input} -o {output} -t 101 -m 3d_fullres -f 0",
        says("arguments are required: -d", USAGE),
    ),
    Fault(
        "train-v1-arguments",
        V1,
        "v1's order of arguments with v2's command",
        "nnUNetv2_train 3d_fullres nnUNetTrainerV2 Task101_Lesion 0",
        says("unrecognized arguments", USAGE),
    ),
    Fault(
        "script-imports-v1",
        V1,
        "a script imports nnunet, nnunetv2 is installed",
        "python predict_old.py",
        says("No module named 'nnunet'", "dependency-missing", NOT_INSTALLED),
        import_of_v1,
    ),
    Fault(
        "predict-no-output",
        USAGE,
        "-o is forgotten",
        f"nnUNetv2_predict -i {{input}} {MODEL}",
        says("arguments are required: -o"),
    ),
    Fault(
        "predict-unknown-flag",
        USAGE,
        "--disable-tta instead of --disable_tta",
        PREDICT.replace("--disable_tta", "--disable-tta"),
        says("unrecognized arguments"),
    ),
    Fault(
        "plan-dataset-name",
        USAGE,
        "-d with a name where planning wants a number",
        PLAN.replace("-d 101", "-d Dataset101_Lesion"),
        says("invalid int value"),
    ),
    Fault(
        "train-device-gpu",
        USAGE,
        "-device gpu",
        TRAIN.replace("-device cpu", "-device gpu"),
        says("-device must be either"),
    ),
    Fault(
        "train-no-fold",
        USAGE,
        "the fold is forgotten",
        f"nnUNetv2_train 101 3d_fullres -tr {TRAINER}",
        says("arguments are required"),
    ),
    Fault(
        "train-continue-and-validate",
        USAGE,
        "--c together with --val",
        f"{TRAIN} --c --val",
        says("Cannot set --c and --val flag at the same time"),
    ),
    Fault(
        "predict-part-of-parts",
        USAGE,
        "-part_id 2 of -num_parts 2: counting starts at 0",
        f"{PREDICT} -num_parts 2 -part_id 2",
        says("Do you even read the documentation"),
    ),
)
