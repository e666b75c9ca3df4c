"""Dataset names and ids, and the variables that name nnU-Net's folders."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from tests.lab.faults.commands import MODEL, PLAN, PREDICT, TRAIN, VERIFY, says
from tests.lab.model import DATASET, TRAINER, Fault, Scene

VARIABLES = "env-vars-not-set"


def unset(*names: str) -> Callable[[Scene], None]:
    def change(scene: Scene) -> None:
        for name in names:
            del scene.env[name]

    return change


def variable(name: str, value: str) -> Callable[[Scene], None]:
    return lambda scene: scene.env.update({name: value})


def second_with_same_id(scene: Scene) -> None:
    for folder in (scene.raw, scene.preprocessed, scene.results):
        (folder.parent / "Dataset101_Lesions_old").mkdir()


def named_as_in_v1(scene: Scene) -> None:
    scene.forget_plans()
    shutil.rmtree(scene.results)
    scene.raw.rename(scene.raw.parent / "Task101_Lesion")


def variables_of_v1(scene: Scene) -> None:
    unset("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results")(scene)
    scene.env.update(nnUNet_raw_data_base=str(scene.root), RESULTS_FOLDER=str(scene.root / "nnUNet_results"))


def quoted(scene: Scene) -> None:
    """export nnUNet_raw='"..."' or a .env file that keeps the quotes."""
    scene.forget_plans()
    scene.env["nnUNet_raw"] = f'"{scene.env["nnUNet_raw"]}"'


def misspelt(scene: Scene) -> None:
    scene.env["nnUNet_raw"] = str(scene.root / "nnUNet_row")


UNSET = r"nnUNet_(raw|preprocessed|results) is not defined|nnUNet_(raw|preprocessed|results)=None|not NoneType"
NOT_FOUND = r"Could not find a dataset with the ID"


FAULTS = (
    Fault("plan-unknown-dataset", "dataset-not-found", "no dataset 102", PLAN.replace("101", "102"), says(NOT_FOUND)),
    Fault(
        "train-unknown-dataset",
        "dataset-not-found",
        "no dataset 102",
        TRAIN.replace(" 101 ", " 102 "),
        says(NOT_FOUND),
    ),
    Fault(
        "train-misspelt-dataset",
        "dataset-not-found",
        "the dataset's name is misspelt",
        TRAIN.replace(" 101 ", " Dataset101_Lesions "),
        says(r"FileNotFoundError|No such file", "not-preprocessed"),
    ),
    Fault(
        "plan-task-folder",
        "dataset-not-found",
        "the raw folder has v1's name Task101_Lesion",
        VERIFY,
        says(NOT_FOUND, "nnunet-v1-v2-confusion"),
        named_as_in_v1,
    ),
    Fault(
        "train-two-datasets-one-id",
        "dataset-id-ambiguous",
        "two folders have the id 101",
        TRAIN,
        says("More than one dataset name found"),
        second_with_same_id,
    ),
    Fault(
        "predict-two-datasets-one-id",
        "dataset-id-ambiguous",
        "two folders have the id 101",
        PREDICT,
        says("More than one dataset name found"),
        second_with_same_id,
    ),
    Fault("plan-raw-unset", VARIABLES, "nnUNet_raw is unset", PLAN, says(UNSET), unset("nnUNet_raw")),
    Fault(
        "train-preprocessed-unset",
        VARIABLES,
        "nnUNet_preprocessed is unset",
        TRAIN.replace(" 101 ", f" {DATASET} "),
        says(UNSET),
        unset("nnUNet_preprocessed"),
    ),
    Fault("train-results-unset", VARIABLES, "nnUNet_results is unset", TRAIN, says(UNSET), unset("nnUNet_results")),
    Fault("predict-results-unset", VARIABLES, "nnUNet_results is unset", PREDICT, says(UNSET), unset("nnUNet_results")),
    Fault(
        "predict-all-unset",
        VARIABLES,
        "no variable is set",
        PREDICT,
        says(UNSET),
        unset("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results"),
    ),
    Fault(
        "train-variables-of-v1",
        VARIABLES,
        "only nnUNet_raw_data_base and RESULTS_FOLDER are set",
        TRAIN,
        says(UNSET, "nnunet-v1-v2-confusion"),
        variables_of_v1,
    ),
    Fault(
        "plan-raw-quoted",
        VARIABLES,
        "nnUNet_raw's value holds quotes",
        PLAN,
        says(rf"{NOT_FOUND}|FileNotFoundError|No such file", "dataset-not-found", "path-problem"),
        quoted,
    ),
    Fault(
        "plan-raw-misspelt",
        VARIABLES,
        "nnUNet_raw names a folder that is not there",
        PLAN,
        says(rf"{NOT_FOUND}|FileNotFoundError|No such file", VARIABLES, "path-problem", first="dataset-not-found"),
        misspelt,
    ),
    Fault(
        "train-da-processes-not-a-number",
        VARIABLES,
        "nnUNet_n_proc_DA=auto",
        TRAIN,
        says("invalid literal for int"),
        variable("nnUNet_n_proc_DA", "auto"),
    ),
    Fault(
        "plan-da-processes-zero",
        VARIABLES,
        "nnUNet_n_proc_DA=0 while planning",
        PLAN,
        says("set_num_threads expects a positive integer"),
        variable("nnUNet_n_proc_DA", "0"),
    ),
    Fault(
        "predict-unknown-dataset",
        "dataset-not-found",
        "no dataset 102",
        f"nnUNetv2_predict -i {{input}} -o {{output}} {MODEL.replace('101', '102')} -device cpu",
        says(NOT_FOUND),
    ),
    Fault(
        "train-dataset-not-a-number",
        "cli-usage-error",
        "configuration and dataset are given in the wrong order",
        f"nnUNetv2_train 3d_fullres 101 0 -tr {TRAINER} -device cpu",
        says("dataset_name_or_id must either be an integer", "nnunet-v1-v2-confusion"),
    ),
)
