"""The environment variables that nnU-Net reads (nnunetv2/paths.py and others, v2.0 to v2.8.1)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from nndoctor.nnunet.patient_look import LIMIT_S, folders_there
from nndoctor.nnunet.stating import Statement, absent, listed, state
from nndoctor.nnunet.variable_values import Complaint, complaint

FOLDERS = ("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results")
OF_V1 = ("nnUNet_raw_data_base", "RESULTS_FOLDER")
PROJECT = "nnUNet_wandb_project"
OTHERS = (
    "nnUNet_n_proc_DA",
    "nnUNet_def_n_proc",
    "nnUNet_keep_files_open",
    "nnUNet_compile",
    "nnUNet_npp",
    "nnUNet_nps",
    "nnUNet_extTrainer",
    "nnUNet_wandb_enabled",
    PROJECT,
    "nnUNet_wandb_mode",
)
COUNTS = {
    "env.n_proc_da": "nnUNet_n_proc_DA",
    "env.def_n_proc": "nnUNet_def_n_proc",
    "env.npp": "nnUNet_npp",
    "env.nps": "nnUNet_nps",
}
RELATIVE = "is a relative path"
TWICE = "two of nnUNet_raw, nnUNet_preprocessed and nnUNet_results name the same folder"
"""These may be meant; what else is odd about a value never names the folder that was meant."""
WHERE = "environment"
NAMES = (
    "env.raw_set",
    "env.preprocessed_set",
    "env.results_set",
    "env.path_problems",
    "env.path_mistakes",
    "env.near_misses",
    "env.invalid",
    "env.value_problems",
    "env.settings",
)


class Variables:
    """Environment variables under the names that nnU-Net uses. Windows keeps names in capitals and ignores case."""

    def __init__(self, environ: Mapping[str, str], windows: bool = os.name == "nt") -> None:
        self._values = {_spelling(name, windows): value for name, value in environ.items()}

    def get(self, name: str) -> str | None:
        return self._values.get(name)

    def names(self) -> list[str]:
        return sorted(self._values)

    def folder(self, name: str) -> Path | None:
        """The folder that a variable names, as nnU-Net takes it: quotes, `~` and blanks are part of the name."""
        value = self.get(name)
        return Path(value) if value else None


def variable_facts(variables: Variables, limit_s: float = LIMIT_S) -> Iterator[Statement]:
    """The facts of the environment. One without any variable was not looked at: it says nothing.

    A folder on a drive that gives no answer within `limit_s` seconds is unknown.
    """
    if not variables.names():
        yield from absent(NAMES, "the environment of the run is not known")
        return
    there = folders_there(_folders(variables), limit_s)
    for name in FOLDERS:
        yield from _folder_facts(name, variables, there)
    for fact, name in COUNTS.items():
        yield from _count_facts(fact, variables.get(name))
    odd = _path_problems(variables)
    yield from listed("env.path_problems", odd, WHERE)
    yield from listed("env.path_mistakes", [words for words in odd if not words.endswith((RELATIVE, TWICE))], WHERE)
    yield from listed("env.v1_names", [name for name in OF_V1 if variables.get(name) is not None], WHERE)
    yield from listed("env.near_misses", _near_misses(variables), WHERE)
    yield from _value_facts(variables, {folder for folder, is_there in there.items() if is_there is False})


def _spelling(name: str, windows: bool) -> str:
    if not windows:
        return name
    known = (*FOLDERS, *OF_V1, *OTHERS)
    return next((spelling for spelling in known if spelling.upper() == name.upper()), name)


def _folders(variables: Variables) -> list[Path]:
    extra = (variables.get("nnUNet_extTrainer") or "").split(os.pathsep)
    named = [folder for name in FOLDERS if (folder := variables.folder(name)) is not None]
    return [*named, *(Path(folder) for folder in extra if folder)]


def _folder_facts(name: str, variables: Variables, there: Mapping[Path, bool | None]) -> Iterator[Statement]:
    short, where = "env." + name.removeprefix("nnUNet_"), f"{WHERE} {name}"
    folder = variables.folder(name)
    yield state(f"{short}_set", variables.get(name) is not None, WHERE)
    if folder is None:
        yield from absent([f"{short}_folder", f"{short}_exists"], f"{name} is not set")
        return
    yield state(f"{short}_folder", variables.get(name) or "", where)
    is_there = there[folder]
    if is_there is None:
        yield from absent([f"{short}_exists"], f"the drive of {name} gives no answer")
    else:
        yield state(f"{short}_exists", is_there, where)


def _count_facts(fact: str, value: str | None) -> Iterator[Statement]:
    text = (value or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 9:
        yield state(fact, int(text), WHERE)


def _path_problems(variables: Variables) -> list[str]:
    problems = [f"{name} {words}" for name in FOLDERS for words in _odd_path(variables.get(name))]
    values = [value for name in FOLDERS if (value := variables.get(name))]
    if len(set(values)) < len(values):
        problems.append(TWICE)
    return problems


def _odd_path(value: str | None) -> Iterator[str]:
    """What is odd about the value of a folder variable, in words that follow the variable's name."""
    if value is None:
        return
    if not value.strip():
        yield "is empty"
        return
    if value != value.strip():
        yield "begins or ends with white space"
    bare = value.strip()
    if bare[0] in "\"'" or bare[-1] in "\"'":
        yield "has quotes in its value"
    elif bare.startswith("~"):
        yield "begins with ~, which nnU-Net does not expand"
    elif "$" in bare or bare.count("%") > 1:
        yield "holds a variable that was not expanded"
    elif not _absolute(bare):
        yield RELATIVE


def _absolute(value: str) -> bool:
    return value.startswith(("/", "\\")) or (len(value) > 2 and value[1] == ":" and value[2] in "\\/")


def _near_misses(variables: Variables) -> list[str]:
    """Names that are no variable of nnU-Net but look like one that is not set: 'nnUnet_raw (nnUNet_raw)'."""
    unset = {_plain(name): name for name in (*FOLDERS, *OTHERS) if variables.get(name) is None}
    strangers = [name for name in variables.names() if len(name) < 40 and name not in (*FOLDERS, *OF_V1, *OTHERS)]
    pairs = ((name, get_close_matches(_plain(name), unset, n=1, cutoff=0.85)) for name in strangers)
    return [f"{name} ({unset[close[0]]})" for name, close in pairs if close]


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _value_facts(variables: Variables, lost: set[Path]) -> Iterator[Statement]:
    """The other variables that are set, and what is wrong with their values. A project's name is nobody's business."""
    given = [(name, value) for name in OTHERS if (value := variables.get(name)) is not None]
    found = [(name, value, wrong) for name, value in given if (wrong := complaint(name, value, lost)) is not None]
    yield from listed("env.invalid", [_told(*each) for each in found if each[2].stops], WHERE)
    yield from listed("env.value_problems", [_told(*each) for each in found if not each[2].stops], WHERE)
    yield from listed("env.settings", [f"{name}={value}" for name, value in given if name != PROJECT], WHERE)


def _told(name: str, value: str, wrong: Complaint) -> str:
    return f"{name}={value[:80]}: {wrong.words}"
