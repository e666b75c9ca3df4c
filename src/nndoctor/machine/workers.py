"""How many processes nnU-Net's commands start when no option says otherwise, and the CPUs that these would need.

Sources, nnunetv2 v2.0 to v2.8.1: utilities/default_n_proc_DA.py, configuration.py, training/nnUNetTrainer/
nnUNetTrainer.py (get_dataloaders), experiment_planning/plan_and_preprocess_entrypoints.py,
inference/predict_from_raw_data.py (predict_entry_point; the variables nnUNet_npp and nnUNet_nps since v2.6.2).
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping

from nndoctor.facts import Facts, Missing
from nndoctor.machine.probe import Answer, seen, unknown

NAMES = (
    "workers.augmentation",
    "workers.augmentation_validation",
    "workers.default",
    "workers.fingerprint",
    "workers.preprocessing_2d",
    "workers.preprocessing_3d_fullres",
    "workers.preprocessing_3d_lowres",
    "workers.prediction_preprocessing",
    "workers.prediction_export",
    "workers.problems",
)
_AUGMENTATION = 12
_HOSTS = (
    *((f"hdf19-gpu{number}", 16) for number in (16, 17, 18, 19)),
    ("e230-AMDworkstation", 16),
    ("e230-dgx1", 10),
    ("hdf18-gpu", 16),
    ("e132-comp", 16),
    ("e230-dgx2", 6),
    ("e230-dgxa100-", 28),
    ("e230-thinka100-", 20),
    ("lsf22-gpu", 28),
)
"""Hosts of DKFZ by the beginning of their names, as in v2.8.1. Those that are not here have the default."""
_NPP_SINCE = (2, 6, 2)
_PLAN = "the default of -np"


def worker_facts(facts: Facts, variables: Mapping[str, str] | None = None, host: str | None = None) -> list[Answer]:
    """Worker counts in force on this machine, each with what sets it, and in words those above the CPUs granted.

    Reads cpu.host, cpu.granted and nnunetv2.version from `facts`. A variable that is no number makes nnU-Net stop
    when it is imported, so its count is missing.
    """
    env = os.environ if variables is None else variables
    counts = [
        *_augmentation(facts, env, socket.gethostname() if host is None else host),
        _counted(NAMES[2], "nnUNet_def_n_proc", 8, env),
        seen(NAMES[3], 8, "the default of -npfp"),
        *(seen(name, count, _PLAN) for name, count in zip(NAMES[4:7], (8, 4, 8), strict=True)),
        _prediction(NAMES[7], "nnUNet_npp", "-npp", facts, env),
        _prediction(NAMES[8], "nnUNet_nps", "-nps", facts, env),
    ]
    return [*counts, _problems(Facts(counts), facts)]


def _augmentation(facts: Facts, env: Mapping[str, str], host: str) -> list[Answer]:
    """Workers of one training and its validation, per GPU; never more than os.cpu_count(), which is the host's.

    0 means that the main process augments: default_n_proc_DA.py, get_dataloaders (there the validation has none).
    """
    cpus, variable = facts.value("cpu.host"), "nnUNet_n_proc_DA"
    wanted = _number(env[variable]) if variable in env else _of_host(host)
    if wanted is None:
        return unknown(NAMES[:2], _unusable(variable))
    if not isinstance(cpus, int):
        return unknown(NAMES[:2], "the number of CPUs of this computer is not known")
    count = min(wanted, cpus)
    where = variable if variable in env else _default(variable, wanted)
    if count < wanted:
        where = f"{variable}: {wanted}, at most the CPUs of the host"
    return [
        seen(NAMES[0], count, where),
        seen(NAMES[1], max(1, count // 2) if count else 0, "half of workers.augmentation"),
    ]


def _unusable(variable: str) -> str:
    return f"{variable} is no number that can be used: nnU-Net stops when it is imported"


def _default(variable: str, count: int) -> str:
    return f"{variable} is not set: the default {count}"


def _of_host(host: str) -> int:
    return next((count for start, count in _HOSTS if host.startswith(start)), _AUGMENTATION)


def _counted(name: str, variable: str, default: int, env: Mapping[str, str]) -> Answer:
    if variable not in env:
        return seen(name, default, _default(variable, default))
    count = _number(env[variable])
    if count is None:
        return Missing(name, _unusable(variable))
    return seen(name, count, variable)


def _prediction(name: str, variable: str, option: str, facts: Facts, env: Mapping[str, str]) -> Answer:
    """3, or since v2.6.2 the variable where it is a number (_getDefaultValue); -m's own command ignores it."""
    count = _number(env.get(variable, "")) or None
    if count is None or not _at_least(facts.value("nnunetv2.version"), _NPP_SINCE):
        return seen(name, 3, f"the default of {option}")
    return seen(name, count, variable)


def _number(text: str) -> int | None:
    """What Python's int() makes of it; None where it raises, or where no machine starts so many."""
    try:
        number = int(text)
    except ValueError:
        return None
    return number if 0 <= number < 10**6 else None


def _at_least(version: object, least: tuple[int, ...]) -> bool:
    from packaging.version import InvalidVersion, Version

    try:
        return Version(str(version)).release >= least
    except InvalidVersion:
        return False


def _problems(counts: Facts, facts: Facts) -> Answer:
    """Only of what keeps its workers busy: augmentation, and the pools that read, crop and resample."""
    granted = facts.value("cpu.granted")
    if not isinstance(granted, int):
        return Missing(NAMES[9], "it is not known how many CPUs were granted")
    busy = (("nnUNet_n_proc_DA", NAMES[0]), ("nnUNet_def_n_proc", NAMES[2]), ("-npfp", NAMES[3]), ("-np", NAMES[4]))
    above: dict[int, list[str]] = {}
    for setting, name in busy:
        if isinstance(count := counts.value(name), int) and count > granted:
            above.setdefault(count, []).append(setting)
    lines = [f"{', '.join(settings)}: {count} workers for {granted} granted CPUs" for count, settings in above.items()]
    return seen(NAMES[9], lines, "cpu.granted")
