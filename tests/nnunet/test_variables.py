from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nndoctor.nnunet.variables import Variables, variable_facts
from tests.nnunet.folders import gaps, values


def test_folders_that_are_set_and_there(tmp_path: Path) -> None:
    facts = values(variable_facts(Variables({"nnUNet_raw": str(tmp_path), "nnUNet_results": str(tmp_path / "x")})))
    assert (facts["env.raw_set"], facts["env.raw_exists"]) == (True, True)
    assert (facts["env.results_set"], facts["env.results_exists"]) == (True, False)
    assert facts["env.preprocessed_set"] is False
    assert facts["env.path_problems"] == []


def test_without_an_environment_nothing_is_said() -> None:
    facts = list(variable_facts(Variables({})))
    assert values(facts) == {}
    assert "env.raw_set" in gaps(facts)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("", "is empty"),
        ('"/data/raw"', "quotes"),
        ("/data/raw ", "white space"),
        ("/data/raw\r", "white space"),
        ("~/raw", "~"),
        ("$HOME/raw", "not expanded"),
        ("%USERPROFILE%\\raw", "not expanded"),
        ("data/raw", "relative"),
    ],
)
def test_odd_paths(value: str, words: str) -> None:
    problems = values(variable_facts(Variables({"nnUNet_raw": value})))["env.path_problems"]
    assert isinstance(problems, list)
    assert len(problems) == 1
    assert words in str(problems[0])


@pytest.mark.parametrize("value", ["/data/raw", "C:\\data\\raw", "\\\\server\\share", "/data/Übung 1"])
def test_good_paths(value: str) -> None:
    assert values(variable_facts(Variables({"nnUNet_raw": value})))["env.path_problems"] == []


def test_the_same_folder_twice() -> None:
    facts = values(variable_facts(Variables({"nnUNet_raw": "/data", "nnUNet_results": "/data"})))
    assert facts["env.path_problems_count"] == 1


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("nnUnet_raw", "nnUNet_raw"),
        ("NNUNET_RAW", "nnUNet_raw"),
        ("nnUNet_result", "nnUNet_results"),
        ("nnUNetv2_raw", "nnUNet_raw"),
        ("nnUNet_preprocesed", "nnUNet_preprocessed"),
        ("nnUNet_n_proc_da", "nnUNet_n_proc_DA"),
    ],
)
def test_near_misses(name: str, meant: str) -> None:
    assert values(variable_facts(Variables({name: "1"}, windows=False)))["env.near_misses"] == [f"{name} ({meant})"]


def test_names_of_others_are_no_near_misses() -> None:
    others = {
        "PATH": "/",
        "HOME": "/",
        "CUDA_VISIBLE_DEVICES": "0",
        "nnUNet_raw_data_base": "/x",
        "TEMP": "",
        "raw": "",
    }
    facts = values(variable_facts(Variables(others, windows=False)))
    assert facts["env.near_misses"] == []
    assert facts["env.v1_names"] == ["nnUNet_raw_data_base"]


def test_windows_keeps_names_in_capitals() -> None:
    facts = values(variable_facts(Variables({"NNUNET_RAW": "C:\\raw"}, windows=True)))
    assert facts["env.raw_set"] is True
    assert facts["env.near_misses"] == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("nnUNet_n_proc_DA", "abc", "not an integer"),
        ("nnUNet_n_proc_DA", "-1", "less than 0"),
        ("nnUNet_def_n_proc", "0", "less than 1"),
        ("nnUNet_compile", "maybe", "not one of"),
        ("nnUNet_wandb_enabled", "yes", "not one of"),
        ("nnUNet_extTrainer", "/no/such/folder", "no such folder"),
    ],
)
def test_invalid_values(name: str, value: str, words: str) -> None:
    invalid = values(variable_facts(Variables({name: value})))["env.invalid"]
    assert isinstance(invalid, list)
    assert words in str(invalid[0])


def test_valid_values() -> None:
    valid = {"nnUNet_n_proc_DA": "0", "nnUNet_compile": "F", "nnUNet_npp": "", "nnUNet_wandb_mode": "offline"}
    facts = values(variable_facts(Variables(valid)))
    assert facts["env.invalid"] == []
    assert facts["env.n_proc_da"] == 0


@given(st.dictionaries(st.sampled_from(["nnUNet_raw", "nnUNet_n_proc_DA", "nnUNet_extTrainer", "x"]), st.text()))
def test_no_value_raises(environ: dict[str, str]) -> None:
    list(variable_facts(Variables(environ)))
