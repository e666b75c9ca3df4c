"""More of what dataset.json can say wrongly, and the splits beside it."""

from __future__ import annotations

from collections.abc import Callable

from tests.lab.faults.commands import PLAN, TRAIN, VERIFY, says
from tests.lab.faults.dataset_json import JSON, REGIONS, dataset
from tests.lab.faults.preprocessed import SPLITS, split
from tests.lab.model import Fault, Scene


def written(text: Callable[[str], bytes]) -> Callable[[Scene], None]:
    """dataset.json as other programs write it."""

    def inject(scene: Scene) -> None:
        scene.forget_plans()
        path = scene.raw / "dataset.json"
        path.write_bytes(text(path.read_text()))

    return inject


def other_case(scene: Scene) -> None:
    scene.forget_plans()
    (scene.raw / "dataset.json").rename(scene.raw / "Dataset.json")


def split_text(text: str) -> Callable[[Scene], None]:
    return lambda scene: (scene.preprocessed / "splits_final.json").write_text(text)  # type: ignore[return-value]


ERROR = r"^\w*(Error|Exception)\b"


FAULTS = (
    Fault(
        "verify-single-quotes",
        JSON,
        "single quotes",
        VERIFY,
        says("JSONDecodeError"),
        written(lambda text: text.replace('"', "'").encode()),
    ),
    Fault(
        "verify-utf16",
        JSON,
        "saved as UTF-16 by an editor of Windows",
        VERIFY,
        says(r"UnicodeDecodeError|JSONDecodeError"),
        written(lambda text: text.encode("utf-16")),
    ),
    Fault(
        "verify-byte-order-mark",
        JSON,
        "saved as UTF-8 with a byte order mark",
        VERIFY,
        says(r"utf-8-sig|BOM"),
        written(lambda text: b"\xef\xbb\xbf" + text.encode()),
    ),
    Fault(
        "preprocess-empty-dataset-json",
        JSON,
        "dataset.json has no bytes",
        PLAN,
        says("JSONDecodeError"),
        written(lambda text: b""),
    ),
    Fault(
        "verify-dataset-json-capital",
        JSON,
        "the file is called Dataset.json",
        VERIFY,
        says(r"dataset\.json"),
        other_case,
    ),
    Fault(
        "verify-num-training-text", JSON, 'numTraining is the text "6"', VERIFY, says(ERROR), dataset(numTraining="6")
    ),
    Fault(
        "verify-channel-names-list",
        JSON,
        "channel_names is a list",
        VERIFY,
        says(ERROR),
        dataset(channel_names=["T1", "FLAIR"]),
    ),
    Fault(
        "preprocess-channel-names-inverted",
        JSON,
        "channel_names are {name: number}",
        PLAN,
        says(ERROR),
        dataset(channel_names={"T1": 0, "FLAIR": 1}),
    ),
    Fault(
        "verify-labels-list",
        JSON,
        "labels is a list of names",
        VERIFY,
        says(ERROR),
        dataset(labels=["background", "edema", "tumor"]),
    ),
    Fault(
        "verify-labels-start-at-one",
        "labels-not-consecutive",
        "labels 0, 2, 3: one was left out",
        VERIFY,
        says("Labels must be in consecutive order"),
        dataset(labels={"background": 0, "tumor": 2, "necrosis": 3}),
    ),
    Fault(
        "verify-label-undeclared-in-json",
        "label-values-unexpected",
        "the label tumor was forgotten in dataset.json",
        VERIFY,
        says("Unexpected labels found in file"),
        dataset(labels={"background": 0, "edema": 1}),
    ),
    Fault(
        "verify-ignore-in-middle",
        REGIONS,
        "the ignore label is 2 of 0 to 3",
        VERIFY,
        says("[Ii]gnore label|Unexpected labels"),
        dataset(labels={"background": 0, "edema": 1, "ignore": 2, "tumor": 3}),
    ),
    Fault(
        "verify-ignore-is-list",
        REGIONS,
        "the ignore label is a list",
        VERIFY,
        says(ERROR),
        dataset(labels={"background": 0, "whole": [1, 2], "core": 2, "ignore": [3]}, regions_class_order=[1, 2]),
    ),
    Fault(
        "plan-region-order-too-long",
        REGIONS,
        "regions_class_order has three entries for two regions",
        PLAN,
        says(r"regions_class_order|AssertionError"),
        dataset(labels={"background": 0, "whole": [1, 2], "core": [2]}, regions_class_order=[1, 2, 3]),
    ),
    Fault(
        "verify-reader-unknown",
        "harmless-warning",
        "overwrite_image_reader_writer names a class that does not exist; nnU-Net takes another",
        VERIFY,
        says(r"Unable to find ioclass specified", "no-failure", status="no-failure"),
        dataset(overwrite_image_reader_writer="SimpleITK_IO"),
    ),
    Fault(
        "verify-ending-capital",
        "file-ending-mismatch",
        "file_ending is .NII.GZ",
        VERIFY,
        says(r"\(6\)\. Found 0 instead", "missing-label-or-image", "no-input-cases"),
        dataset(file_ending=".NII.GZ"),
    ),
    Fault(
        "verify-ending-gz",
        "file-ending-mismatch",
        "file_ending is .gz",
        VERIFY,
        says(
            r"Unable to determine a reader|not all training cases|number of training",
            "missing-label-or-image",
            "unsupported-image-format",
            "file-naming",
        ),
        dataset(file_ending=".gz"),
    ),
    Fault(
        "train-splits-truncated",
        SPLITS,
        "splits_final.json is cut",
        TRAIN,
        says("JSONDecodeError"),
        split_text('[{"train": ["lesion_001", "les'),
    ),
    Fault(
        "train-splits-dictionary",
        SPLITS,
        "splits_final.json is a dictionary, not a list",
        TRAIN,
        says(ERROR),
        split_text('{"train": ["lesion_001", "lesion_002"], "val": ["lesion_003"]}'),
    ),
    Fault(
        "train-splits-with-ending",
        SPLITS,
        "the cases in splits_final.json carry .nii.gz",
        TRAIN,
        says(r"\.nii\.gz", "not-preprocessed", "preprocessed-data-corrupt"),
        split(lambda folds: folds[0].update({k: [f"{c}.nii.gz" for c in folds[0][k]] for k in ("train", "val")})),
    ),
    Fault(
        "train-splits-empty-train",
        SPLITS,
        "fold 0 has no training cases",
        TRAIN,
        says(ERROR),
        split(lambda folds: folds[0].update(train=[])),
        symptom=True,
    ),
    Fault(
        "train-splits-empty-val",
        SPLITS,
        "fold 0 has no validation cases",
        TRAIN,
        says(ERROR),
        split(lambda folds: folds[0].update(val=[])),
        symptom=True,
    ),
)
