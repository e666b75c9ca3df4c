"""Python scripts that use nnU-Net's classes wrongly, `python -m`, and several mistakes in one run."""

from __future__ import annotations

from collections.abc import Callable

from tests.lab.faults.channels import extra_channel, one_channel
from tests.lab.faults.commands import MODEL, PREDICT, VERIFY, says
from tests.lab.faults.custom_code import CODE, raw_trainer, train, trainer
from tests.lab.faults.variables import unset
from tests.lab.faults.workers import SYMPTOM, SYMPTOM_ONLY, dies
from tests.lab.model import TRAINER, Fault, Outcome, Scene

ERROR = r"^\w*(Error|Exception)\b"
HEAD = """import numpy as np
import torch
from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor


def main():
    predictor = nnUNetPredictor(use_mirroring=False, device=torch.device("cpu"), allow_tqdm=False)
"""
LOAD = '    predictor.initialize_from_trained_model_folder("{model}", use_folds=({folds},), checkpoint_name="checkpoint_final.pth")\n'
FOOT = '\n\nif __name__ == "__main__":\n    main()\n'


def script(body: str, load: bool = True, folds: str = "0") -> Callable[[Scene], None]:
    def inject(scene: Scene) -> None:
        lines = "".join(f"    {line}\n" for line in body.format(scene=scene).split("\n"))
        loading = LOAD.format(model=scene.model, folds=folds) if load else ""
        (scene.root / "run_inference.py").write_text(HEAD + loading + lines + FOOT)

    return inject


def train_at_module_level(scene: Scene) -> None:
    text = f"""import torch
from nnunetv2.run.run_training import run_training

run_training("101", "3d_fullres", 0, trainer_class_name="{TRAINER}", device=torch.device("cpu"))
"""
    (scene.root / "run_inference.py").write_text(text)


def plan_at_module_level(scene: Scene) -> None:
    scene.forget_plans()
    text = "from nnunetv2.experiment_planning.plan_and_preprocess_api import extract_fingerprints\n\nextract_fingerprints([101], num_processes=2)\n"
    (scene.root / "run_inference.py").write_text(text)


def wrong_import(scene: Scene) -> None:
    (scene.root / "run_inference.py").write_text(
        "from nnunetv2.inference.predict import nnUNetPredictor\n\nnnUNetPredictor()\n"
    )


RUN = "python run_inference.py"
PROPERTIES = '{{"sitk_stuff": {{}}}}'
EPOCH = """    def on_epoch_end(self):
        self.logger.log("dice_of_tumor", self.dice_of_tumor, self.current_epoch)
        super().on_epoch_end()
"""
LOSS_TYPE = """    def train_step(self, batch):
        output = self.network(batch["data"])
        return {"loss": self.loss(output, batch["target"])[0].item()}
"""
NETWORK = """    @staticmethod
    def build_network_architecture(*args, **kwargs):
        return torch.nn.Sequential(torch.nn.Conv3d(1, 8, 3, padding=1), torch.nn.Conv3d(8, 3, 1))
"""
NAME = """    def initialize(self):
        super().initialize()
        self.network = monai.networks.nets.UNet(3, 2, 3, (8, 16), (2,))
"""
INDENT = f"""from nnunetv2.training.nnUNetTrainer.{TRAINER} import {TRAINER}


class nnUNetTrainerLong({TRAINER}):
    def initialize(self):
    self.num_epochs = 2
"""


def train_trainer(name: str, body: str) -> tuple[str, Callable[[Scene], None]]:
    return train(name), trainer(name, body)


def two_mistakes(*steps: Callable[[Scene], object]) -> Callable[[Scene], None]:
    def inject(scene: Scene) -> None:
        for step in steps:
            step(scene)

    return inject


def truncate_checkpoint(scene: Scene) -> None:
    scene.truncate(scene.fold / "checkpoint_final.pth")


FAULTS = (
    Fault(
        "script-not-initialized",
        CODE,
        "predict_from_files before a model was loaded",
        RUN,
        says(ERROR),
        script('predictor.predict_from_files("{scene.input}", "{scene.output}")', load=False),
    ),
    Fault(
        "script-fold-not-trained",
        "checkpoint-missing",
        "a script asks for fold 3",
        RUN,
        says(r"fold_3", "training-incomplete"),
        script('predictor.predict_from_files("{scene.input}", "{scene.output}")', folds="3"),
    ),
    Fault(
        "script-array-without-channel",
        CODE,
        "an array without the axis of channels",
        RUN,
        says(ERROR, "shape-mismatch", "channel-count-mismatch"),
        script('predictor.predict_single_npy_array(np.zeros((32, 40, 36), np.float32), {{"spacing": [1.5, 1, 1]}})'),
    ),
    Fault(
        "script-properties-without-spacing",
        CODE,
        "the properties of an array lack 'spacing'",
        RUN,
        says(r"KeyError: 'spacing'", "spacing-invalid"),
        script('predictor.predict_single_npy_array(np.zeros((2, 32, 40, 36), np.float32), {{"origin": (0, 0, 0)}})'),
    ),
    Fault(
        "script-array-one-channel",
        "channel-count-mismatch",
        "an array with one channel for a model of two",
        RUN,
        says(r"expected input\[.*\] to have \d+ channels, but got \d+ channels", CODE),
        script('predictor.predict_single_npy_array(np.ones((1, 32, 40, 36), np.float32), {{"spacing": [1.5, 1, 1]}})'),
    ),
    Fault(
        "script-flat-list",
        CODE,
        "a list of files where nnU-Net wants a list of lists",
        RUN,
        says(ERROR, "channel-count-mismatch", "image-unreadable", "file-naming"),
        script(
            'predictor.predict_from_files(["{scene.input}/lesion_001_0000.nii.gz", "{scene.input}/lesion_001_0001.nii.gz"], ["{scene.root}/out.nii.gz"])'
        ),
    ),
    Fault(
        "script-unknown-argument",
        CODE,
        "a keyword that predict_from_files does not have",
        RUN,
        says(r"unexpected keyword argument", "nnunet-outdated"),
        script('predictor.predict_from_files("{scene.input}", "{scene.output}", num_threads=2)'),
    ),
    Fault(
        "script-model-folder-wrong",
        "checkpoint-missing",
        "a script names a model folder that is not there",
        RUN,
        says(r"FileNotFoundError|No such file", "path-problem", CODE),
        script('predictor.initialize_from_trained_model_folder("{scene.root}/model", use_folds=(0,))', load=False),
    ),
    Fault(
        "script-trains-at-module-level",
        "missing-main-guard",
        "a script that preprocesses at module level",
        RUN,
        says("finished its bootstrapping phase"),
        plan_at_module_level,
    ),
    Fault(
        "script-wrong-import",
        CODE,
        "a script imports a module that nnunetv2 does not have",
        RUN,
        says("No module named 'nnunetv2.inference.predict'", "nnunet-outdated", "dependency-version-conflict"),
        wrong_import,
    ),
    Fault(
        "module-unknown",
        "cli-usage-error",
        "python -m with a module that nnunetv2 does not have",
        "bash -c 'python -m nnunetv2.inference.predict -d 101; exit $?'",
        says("No module named", "dependency-missing", "nnunet-not-installed", "nnunet-outdated"),
    ),
    Fault(
        "module-train-no-fold",
        "cli-usage-error",
        "python -m nnunetv2.run.run_training without a fold",
        "bash -c 'python -m nnunetv2.run.run_training 101 3d_fullres; exit $?'",
        says("arguments are required: fold"),
    ),
    Fault(
        "module-predict-no-gpu",
        "cuda-unavailable",
        "python -m, -device cuda with a CPU build of torch",
        f"bash -c 'python -m nnunetv2.run.run_training 101 3d_fullres 0 -tr {TRAINER} -device cuda; exit $?'",
        says(r"not compiled with CUDA|no NVIDIA driver|Cannot access accelerator"),
    ),
    Fault(
        "predict-export-worker-segfault",
        SYMPTOM,
        "the worker that exports segmentations crashes",
        PREDICT,
        (*SYMPTOM_ONLY, Outcome("ZeroDivisionError", SYMPTOM, "undetermined", ("host-out-of-memory",))),
        in_worker=dies("nnunetv2.inference.export_prediction:export_prediction_from_logits", by=11),
    ),
    Fault(
        "train-trainer-attribute",
        CODE,
        "a trainer logs an attribute that it never set",
        train("nnUNetTrainerLog"),
        says("has no attribute 'dice_of_tumor'"),
        trainer("nnUNetTrainerLog", EPOCH),
        limit=90,
    ),
    Fault(
        "train-trainer-loss-index",
        CODE,
        "a trainer indexes its scalar loss",
        train("nnUNetTrainerIndex"),
        says("invalid index of a 0-dim tensor|IndexError"),
        trainer("nnUNetTrainerIndex", LOSS_TYPE),
    ),
    Fault(
        "train-trainer-own-network",
        CODE,
        "a trainer's own network takes one channel",
        train("nnUNetTrainerOwn"),
        says(r"expected input\[.*\] to have \d+ channels|Error: ", "channel-count-mismatch"),
        trainer("nnUNetTrainerOwn", NETWORK),
    ),
    Fault(
        "train-trainer-name-error",
        CODE,
        "a trainer uses a module that it did not import",
        train("nnUNetTrainerMonai"),
        says("name 'monai' is not defined"),
        trainer("nnUNetTrainerMonai", NAME),
    ),
    Fault(
        "train-trainer-indentation",
        CODE,
        "a trainer's file is not indented",
        train("nnUNetTrainerLong"),
        says("IndentationError"),
        raw_trainer("nnUNetTrainerLong", INDENT),
    ),
    Fault(
        "train-trainer-file-not-class",
        "trainer-not-found",
        "the trainer's file has another class name",
        train("nnUNetTrainerShort"),
        says("Could not find requested nnunet trainer"),
        raw_trainer(
            "nnUNetTrainerShort",
            INDENT.replace("nnUNetTrainerLong", "nnUNetTrainerBrief").replace("    self.num", "        self.num"),
        ),
    ),
    Fault(
        "two-checkpoint-and-channel",
        "checkpoint-corrupt",
        "a cut checkpoint, and a channel too many",
        PREDICT,
        says(r"PytorchStreamReader failed|EOFError|UnpicklingError"),
        two_mistakes(truncate_checkpoint, extra_channel),
    ),
    Fault(
        "two-channel-and-gpu",
        "channel-count-mismatch",
        "a channel too few in a run of `nnUNetv2_predict ... || nnUNetv2_predict -d 102`",
        f"bash -c '{PREDICT}; nnUNetv2_predict -i {{input}} -o {{output}} {MODEL.replace('101', '102')}; exit $?'",
        says(r"expected input\[.*\] to have \d+ channels", "dataset-not-found"),
        one_channel,
    ),
    Fault(
        "two-unset-and-flag",
        "cli-usage-error",
        "no variable is set, and -f is misspelt --fold",
        "nnUNetv2_predict -i {input} -o {output} -d 101 -c 3d_fullres --fold 0",
        says("unrecognized arguments", "env-vars-not-set"),
        unset("nnUNet_results"),
    ),
    Fault(
        "two-plan-fails-then-train",
        "missing-label-or-image",
        "planning fails, the script goes on and trains",
        f"bash -c '{VERIFY}; nnUNetv2_train 101 3d_fullres 0 -device cpu; exit $?'",
        says("not all training cases have a label", "not-preprocessed"),
        lambda scene: (scene.forget_plans(), (scene.raw / "labelsTr" / "lesion_002.nii.gz").unlink()),
    ),
    Fault(
        "two-train-fails-then-predict",
        "cuda-unavailable",
        "training fails for want of a GPU, the script goes on and predicts",
        "bash -c 'nnUNetv2_train 101 3d_fullres 1; nnUNetv2_predict -i {input} -o {output} -d 101 -c 3d_fullres -f 1; exit $?'",
        says(r"not compiled with CUDA|no NVIDIA driver|Cannot access accelerator", "checkpoint-missing"),
        when=lambda scene: scene.release >= (2, 6),
    ),
)
