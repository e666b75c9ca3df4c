"""Runs that are stopped from outside, crash in compiled code, or start processes where they must not."""

from __future__ import annotations

import signal

from tests.lab import trainers
from tests.lab.faults.commands import FAST, MODEL, TRAIN, says
from tests.lab.model import TRAINER, Fault, Scene, Stop


def script(scene: Scene) -> None:
    """A user's script that predicts at module level."""
    text = f"""import torch
from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor

predictor = nnUNetPredictor(use_mirroring=False, device=torch.device("cpu"), allow_tqdm=False)
predictor.initialize_from_trained_model_folder("{scene.model}", use_folds=(0,), checkpoint_name="checkpoint_final.pth")
predictor.predict_from_files("{scene.input}", "{scene.output}", num_processes_preprocessing=2,
                             num_processes_segmentation_export=2)
"""
    (scene.root / "my_prediction.py").write_text(text)


def crashing_trainer(scene: Scene) -> None:
    body = "    def train_step(self, batch):\n        import ctypes\n        return ctypes.string_at(0)\n"
    scene.add_trainer(trainers.write(scene.root, "nnUNetTrainerNative", body))


def faulthandler() -> None:
    """What PYTHONFAULTHANDLER=1 does at the start of an interpreter."""
    import faulthandler as handler

    handler.enable()


CANCELLED = says("KeyboardInterrupt")


FAULTS = (
    Fault(
        "train-interrupted",
        "job-killed",
        "Ctrl-C in the first epoch",
        TRAIN,
        CANCELLED,
        stop=Stop("Current learning rate", signal.SIGINT, 0.1),
    ),
    Fault(
        "predict-interrupted",
        "job-killed",
        "Ctrl-C while predicting",
        f"nnUNetv2_predict -i {{input}} -o {{output}} {MODEL} {FAST.replace(' --disable_tta', '')}",
        CANCELLED,
        stop=Stop("Predicting lesion_001", signal.SIGINT),
    ),
    Fault(
        "train-terminated",
        "job-killed",
        "SIGTERM after the run's time is up, as a scheduler does",
        f"bash -c 'timeout --verbose 14 {TRAIN}; exit $?'",
        says(r"sending signal TERM|Terminated"),
    ),
    Fault(
        "predict-no-main-guard",
        "missing-main-guard",
        "a script that predicts at module level",
        "python my_prediction.py",
        says("finished its bootstrapping phase"),
        script,
    ),
    Fault(
        "train-segfault",
        "native-crash",
        "compiled code reads address 0 in a training step",
        f"nnUNetv2_train 101 3d_fullres 0 -tr {TRAINER.replace('Tiny', 'Native')} -device cpu",
        says("Fatal Python error: Segmentation fault"),
        crashing_trainer,
        in_main=faulthandler,
    ),
)
