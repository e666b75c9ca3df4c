"""Files of a model or of the preprocessed data that are cut, swapped or edited."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.lab.faults.checkpoints import BROKEN, BROKEN_FILE, MISMATCH, MISSING, checkpoint, wider
from tests.lab.faults.commands import PREDICT, PREPROCESS, TRAIN, says
from tests.lab.faults.plans import EDITED, cascade, plans
from tests.lab.faults.preprocessed import CORRUPT, DATA_ERROR, training_case
from tests.lab.model import Fault, Scene

ERROR = r"^\w*(Error|Exception)\b"
STAGE = "cascade-previous-stage-missing"


def settings(**changes: object) -> Callable[[Scene], None]:
    """Edit the configuration in the plans."""
    return plans(lambda content, configuration: configuration.update(changes))


def architecture(content: dict[str, Any], configuration: dict[str, Any]) -> None:
    if "architecture" in configuration:
        configuration["architecture"]["network_class_name"] = (
            "dynamic_network_architectures.architectures.unet.PlainUNet"
        )
    else:
        configuration["UNet_class_name"] = "PlainUNet"


def cut(path: Callable[[Scene], Path], keep: float) -> Callable[[Scene], None]:
    return lambda scene: scene.truncate(path(scene), keep)


def zeros(scene: Scene) -> None:
    """What a crash of a file system leaves: the right length, no content."""
    checkpoint(scene).write_bytes(b"\0" * checkpoint(scene).stat().st_size)


def plain_weights(scene: Scene) -> None:
    """A checkpoint of another program: the weights alone."""
    import torch

    content = torch.load(checkpoint(scene), weights_only=False)
    torch.save(content["network_weights"], checkpoint(scene))


def foreign_folds(scene: Scene) -> None:
    """Continue with a checkpoint of a network with other features: the plans were replaced."""
    wider(scene)
    shutil.copy(scene.model / "plans.json", scene.preprocessed / "nnUNetPlans.json")


def pretrained_cut(scene: Scene) -> None:
    shutil.copy(checkpoint(scene), scene.root / "pretrained.pth")
    scene.truncate(scene.root / "pretrained.pth", 0.9)


def pretrained_other_plans(scene: Scene) -> None:
    """Pretrained weights of the same architecture with other widths."""
    shutil.copy(checkpoint(scene), scene.root / "pretrained.pth")
    wider(scene)
    shutil.copy(scene.model / "plans.json", scene.preprocessed / "nnUNetPlans.json")


def cascade_some(scene: Scene) -> None:
    """The first stage's predictions of some cases are missing."""
    plans(cascade)(scene)
    folder = (
        scene.results
        / scene.model.name.replace("3d_fullres", "3d_lowres")
        / "predicted_next_stage"
        / "3d_cascade_fullres"
    )
    folder.mkdir(parents=True)
    (folder / "lesion_001.npz").write_bytes(b"")


def one_shorter(scene: Scene) -> None:
    path = training_case(scene, ".pkl")
    scene.truncate(path, 0.2)


def stale_other_shape(scene: Scene) -> None:
    """Both formats in one folder: an old and a new nnU-Net preprocessed here."""
    path = training_case(scene, "")
    (path.parent / f"{path.name}.npz").write_bytes(b"PK\x05\x06" + b"\0" * 18)


FAULTS = (
    Fault(
        "predict-checkpoint-last-bytes",
        BROKEN,
        "the checkpoint lacks its last bytes",
        PREDICT,
        says(BROKEN_FILE),
        cut(checkpoint, 0.98),
    ),
    Fault(
        "predict-checkpoint-first-kilobyte",
        BROKEN,
        "only the checkpoint's first bytes are there",
        PREDICT,
        says(BROKEN_FILE),
        cut(checkpoint, 0.01),
    ),
    Fault(
        "predict-checkpoint-zeros",
        BROKEN,
        "the checkpoint is full of zeros",
        PREDICT,
        says(rf"{BROKEN_FILE}|filename 'storages' not found"),
        zeros,
    ),
    Fault(
        "predict-weights-alone",
        MISMATCH,
        "the checkpoint holds the weights alone, without nnU-Net's keys",
        PREDICT,
        says(r"KeyError: '(trainer_name|network_weights|init_args)'", BROKEN),
        plain_weights,
    ),
    Fault(
        "predict-model-plans-cut",
        "plans-incompatible",
        "plans.json beside the model is cut",
        PREDICT,
        says("JSONDecodeError", EDITED, BROKEN, CORRUPT),
        cut(lambda scene: scene.model / "plans.json", 0.6),
    ),
    Fault(
        "predict-model-dataset-json-cut",
        "dataset-json-invalid",
        "dataset.json beside the model is cut",
        PREDICT,
        says("JSONDecodeError"),
        cut(lambda scene: scene.model / "dataset.json", 0.6),
    ),
    Fault(
        "predict-model-plans-missing",
        MISSING,
        "plans.json beside the model is not there",
        PREDICT,
        says(r"plans\.json", "training-incomplete"),
        lambda scene: (scene.model / "plans.json").unlink(),
    ),
    Fault(
        "train-plans-cut",
        EDITED,
        "nnUNetPlans.json is cut",
        TRAIN,
        says("JSONDecodeError", "plans-incompatible", CORRUPT),
        cut(lambda scene: scene.preprocessed / "nnUNetPlans.json", 0.7),
    ),
    Fault(
        "train-plans-comma",
        EDITED,
        "a comma too many in nnUNetPlans.json",
        TRAIN,
        says("JSONDecodeError", "plans-incompatible", CORRUPT),
        lambda scene: (scene.preprocessed / "nnUNetPlans.json").write_text(
            (scene.preprocessed / "nnUNetPlans.json").read_text().replace('"batch_size": 2', '"batch_size": 2,,')
        ),
    ),
    Fault(
        "plan-fingerprint-cut",
        CORRUPT,
        "dataset_fingerprint.json is cut",
        "nnUNetv2_plan_experiment -d 101",
        says("JSONDecodeError", EDITED),
        cut(lambda scene: scene.preprocessed / "dataset_fingerprint.json", 0.5),
        when=lambda scene: scene.release >= (2, 2),
    ),
    Fault(
        "plan-fingerprint-missing",
        "not-preprocessed",
        "planning before the fingerprint",
        "nnUNetv2_plan_experiment -d 101",
        says(r"[Ff]ingerprint|dataset_fingerprint\.json", "earlier-step-failed"),
        lambda scene: (scene.preprocessed / "dataset_fingerprint.json").unlink(),
        when=lambda scene: scene.release >= (2, 2),
    ),
    Fault("train-batch-size-text", EDITED, 'batch_size is "two"', TRAIN, says(ERROR), settings(batch_size="two")),
    Fault("train-batch-size-zero", EDITED, "batch_size is 0", TRAIN, says(ERROR), settings(batch_size=0), symptom=True),
    Fault(
        "preprocess-plans-spacing-zero",
        EDITED,
        "the plans' spacing is 0 in one axis",
        PREPROCESS,
        says(ERROR),
        settings(spacing=[0, 1.0, 1.0]),
        symptom=True,
    ),
    Fault(
        "train-network-unknown",
        EDITED,
        "the plans name a network that does not exist",
        TRAIN,
        says(r"PlainUNet", "plans-incompatible", "trainer-not-found"),
        plans(architecture),
    ),
    Fault(
        "train-patch-zero",
        EDITED,
        "patch_size has a 0",
        TRAIN,
        says(ERROR),
        settings(patch_size=[0, 40, 40]),
        symptom=True,
    ),
    Fault(
        "preprocess-one-normalization",
        EDITED,
        "one normalization scheme for two channels",
        PREPROCESS,
        says(r"normalization_schemes\[c\]|IndexError", "channel-count-mismatch"),
        settings(normalization_schemes=["ZScoreNormalization"]),
    ),
    Fault(
        "preprocess-resampling-unknown",
        EDITED,
        "the plans name a resampling function that does not exist",
        PREPROCESS,
        says(
            r"Unable to find resampling function|Error: .*resample_fast|NoneType",
            "trainer-not-found",
            "plans-incompatible",
        ),
        settings(resampling_fn_data="resample_fast"),
    ),
    Fault(
        "train-data-identifier-other",
        "not-preprocessed",
        "data_identifier names a folder that is not there",
        TRAIN,
        says("nnUNetPlans_new", EDITED),
        settings(data_identifier="nnUNetPlans_new"),
    ),
    Fault(
        "train-continue-other-plans",
        MISMATCH,
        "--c after the plans were replaced by wider ones",
        f"{TRAIN} --c",
        says("size mismatch for"),
        foreign_folds,
    ),
    Fault(
        "train-pretrained-cut",
        BROKEN,
        "the pretrained weights are cut",
        f"{TRAIN} -pretrained_weights {{root}}/pretrained.pth",
        says(BROKEN_FILE),
        pretrained_cut,
    ),
    Fault(
        "train-pretrained-other-widths",
        MISMATCH,
        "the pretrained weights have other widths",
        f"{TRAIN} -pretrained_weights {{root}}/pretrained.pth",
        says(r"shape of the parameters of key|AssertionError|size mismatch"),
        pretrained_other_plans,
    ),
    Fault(
        "train-cascade-some-missing",
        STAGE,
        "the first stage predicted one case of six",
        TRAIN.replace("3d_fullres", "3d_cascade_fullres"),
        says(r"predicted_next_stage|previous stage|prev"),
        cascade_some,
    ),
    Fault("train-one-properties-cut", CORRUPT, "one .pkl is cut", TRAIN, says(DATA_ERROR), one_shorter, symptom=True),
    Fault(
        "train-two-formats",
        "stale-preprocessed",
        "npz and b2nd files in one folder",
        TRAIN,
        says("more than one file ending|Found more than one", CORRUPT),
        stale_other_shape,
        when=lambda scene: scene.release >= (2, 6),
    ),
    Fault(
        "train-validate-best-missing",
        MISSING,
        "--val_best, checkpoint_best.pth is not there",
        f"{TRAIN} --val --val_best",
        says(r"checkpoint_best\.pth", "training-incomplete"),
        lambda scene: (scene.fold / "checkpoint_best.pth").unlink(missing_ok=True),
    ),
)
