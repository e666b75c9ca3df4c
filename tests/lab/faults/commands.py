"""The command lines that most faults use; {input} and the like are properties of the scene."""

from __future__ import annotations

from tests.lab.model import TRAINER, Outcome

MODEL = f"-d 101 -c 3d_fullres -f 0 -tr {TRAINER}"
FAST = "-device cpu -npp 2 -nps 1 --disable_tta"
PREDICT = f"nnUNetv2_predict -i {{input}} -o {{output}} {MODEL} {FAST}"
PLAN = "nnUNetv2_plan_and_preprocess -d 101 -c 3d_fullres -npfp 2 -np 2"
VERIFY = f"{PLAN} --verify_dataset_integrity"
PREPROCESS = "nnUNetv2_preprocess -d 101 -c 3d_fullres -np 2"
TRAIN = f"nnUNetv2_train 101 3d_fullres 0 -tr {TRAINER} -device cpu"

WORKER_DIED = r"Background workers died|6 feet under|no longer alive|export worker died"
SYMPTOM = Outcome(WORKER_DIED, "background-worker-died", "undetermined")


def says(key: str, *also: str, first: str = "", status: str = "diagnosed") -> tuple[Outcome, ...]:
    """The usual case: one line proves the fault's own cause; `also` are causes that the text allows as well."""
    return (Outcome(key, first, status, also),)
