"""dataset.json, dataset names and ids, and the variables that name nnU-Net's folders."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from tests.lab.faults.commands import MODEL, PLAN, PREDICT, TRAIN, VERIFY, says
from tests.lab.model import DATASET, TRAINER, Fault, Scene

JSON = "dataset-json-invalid"
REGIONS = "region-config-invalid"
VARIABLES = "env-vars-not-set"


def dataset(**changes: object) -> Callable[[Scene], None]:
    """A change of the raw dataset.json before anything was planned."""

    def change(scene: Scene) -> None:
        scene.forget_plans()
        scene.edit_dataset(**changes)

    return change


def unset(*names: str) -> Callable[[Scene], None]:
    return lambda scene: [scene.env.pop(name) for name in names] and None


def variable(name: str, value: str) -> Callable[[Scene], None]:
    return lambda scene: scene.env.update({name: value})


def unparsable(scene: Scene) -> None:
    """A comma too many, the usual slip of an editor."""
    scene.forget_plans()
    path = scene.raw / "dataset.json"
    path.write_text(path.read_text().replace('"tumor": 2', '"tumor": 2,'))


def no_dataset_json(scene: Scene) -> None:
    scene.forget_plans()
    (scene.raw / "dataset.json").unlink()


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
    scene.env["nnUNet_raw"] = f'"{scene.env["nnUNet_raw"]}"'


def misspelt(scene: Scene) -> None:
    scene.env["nnUNet_raw"] = str(scene.root / "nnUNet_row")


REGION_LABELS = {"background": 0, "whole": [1, 2], "core": 2}
UNSET = r"nnUNet_(raw|preprocessed|results) is not defined|nnUNet_(raw|preprocessed|results)=None|not NoneType"
NOT_FOUND = r"Could not find a dataset with the ID"

FAULTS = (
    Fault("verify-no-dataset-json", JSON, "no dataset.json", VERIFY, says(r"dataset\.json"), no_dataset_json),
    Fault("verify-unparsable-dataset-json", JSON, "a comma too many", VERIFY, says("JSONDecodeError"), unparsable),
    Fault(
        "verify-dataset-json-keys",
        JSON,
        "dataset.json lacks file_ending and numTraining",
        VERIFY,
        says("not all required keys are present"),
        dataset(file_ending=None, numTraining=None),
    ),
    Fault(
        "preprocess-dataset-json-keys",
        JSON,
        "dataset.json lacks file_ending; not verified",
        PLAN,
        says("KeyError: 'file_ending'"),
        dataset(file_ending=None),
    ),
    Fault(
        "verify-dataset-json-of-v1",
        JSON,
        "dataset.json has v1's 'modality' instead of 'channel_names'",
        VERIFY,
        says("not all required keys are present", "nnunet-v1-v2-confusion"),
        dataset(channel_names=None, modality={"0": "T1", "1": "FLAIR"}),
    ),
    Fault(
        "verify-inverted-labels",
        JSON,
        "dataset.json's labels are v1's {id: name}",
        VERIFY,
        says(r"Error:|ValueError|KeyError|TypeError", "nnunet-v1-v2-confusion"),
        dataset(labels={"0": "background", "1": "edema", "2": "tumor"}),
    ),
    Fault(
        "verify-labels-with-gap",
        "labels-not-consecutive",
        "labels 0, 1, 3",
        VERIFY,
        says("Labels must be in consecutive order"),
        dataset(labels={"background": 0, "edema": 1, "tumor": 3}),
    ),
    Fault(
        "verify-no-background",
        "labels-not-consecutive",
        "no background label",
        VERIFY,
        says(r"[Bb]ackground", JSON),
        dataset(labels={"edema": 1, "tumor": 2}),
    ),
    Fault(
        "verify-regions-without-order",
        REGIONS,
        "region-based labels without regions_class_order",
        VERIFY,
        says("regions_class_order"),
        dataset(labels=REGION_LABELS),
    ),
    Fault(
        "plan-regions-wrong-order-length",
        REGIONS,
        "regions_class_order has one entry for two regions",
        VERIFY,
        says("regions_class_order"),
        dataset(labels=REGION_LABELS, regions_class_order=[1]),
    ),
    Fault(
        "plan-ignore-label-not-last",
        REGIONS,
        "the ignore label is not the highest",
        VERIFY,
        says(r"[Ii]gnore label"),
        dataset(labels={"background": 0, "ignore": 1, "edema": 2}),
    ),
    Fault(
        "plan-unknown-dataset", "dataset-not-found", "no dataset 102", PLAN.replace("101", "102"), says(NOT_FOUND)
    ),
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
        lambda scene: (scene.forget_plans(), quoted(scene)),
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
        says("dataset_name_or_id must either be an integer"),
    ),
)
