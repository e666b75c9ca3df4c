"""Whether nnU-Net would call torch.compile on this machine: nnUNetTrainer._do_i_compile, nnUNetPredictor.

v2.0 and v2.1 know no nnUNet_compile. v2.2 to v2.3.1 compile when it is true, 1 or t. Since v2.4 a training also
compiles when it is not set; since v2.5 never on Windows, the CPU or MPS. A prediction compiles only when it is set, in
all releases since v2.2 (predict_from_raw_data.py, initialize_from_trained_model_folder).
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from nndoctor.facts import Facts
from nndoctor.machine.probe import Answer, seen, unknown

NAMES = ("torch.compile_training", "torch.compile_prediction")
_VARIABLE = "nnUNet_compile"
_TRUE = ("true", "1", "t")


def torch_compile_facts(facts: Facts, variables: Mapping[str, str] | None = None) -> list[Answer]:
    """What a training and a prediction on a CUDA device do. Reads nnunetv2.version and os.name from `facts`."""
    env = os.environ if variables is None else variables
    release = _release(facts.value("nnunetv2.version"))
    if release is None:
        return unknown(NAMES, "the version of nnunetv2 is not known")
    value, version = env.get(_VARIABLE), facts.value("nnunetv2.version")
    where = f"nnunetv2 {version}, {_VARIABLE} not set" if value is None else f"nnunetv2 {version}, {_VARIABLE}={value}"
    training = _training(release, value, facts.value("os.name") == "windows")
    return [seen(NAMES[0], training, where), seen(NAMES[1], release >= (2, 2) and _wanted(env), where)]


def _training(release: tuple[int, ...], value: str | None, windows: bool) -> bool:
    if release < (2, 2) or (windows and release >= (2, 5)):
        return False
    if value is None:
        return release >= (2, 4)
    return value.lower() in _TRUE


def _wanted(env: Mapping[str, str]) -> bool:
    return env.get(_VARIABLE, "").lower() in _TRUE


def _release(version: object) -> tuple[int, ...] | None:
    from packaging.version import InvalidVersion, Version

    try:
        return Version(str(version)).release
    except InvalidVersion:
        return None
