from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nndoctor.nnunet.variables import Variables, variable_facts
from tests.machine.hanging_drive import hanging_drive
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
        ("nnUNet_nps", "0", "less than 1"),
        ("nnUNet_wandb_enabled", "yes", "not one of"),
    ],
)
def test_values_at_which_nnunet_stops(name: str, value: str, words: str) -> None:
    facts = values(variable_facts(Variables({name: value})))
    invalid = facts["env.invalid"]
    assert isinstance(invalid, list)
    assert words in str(invalid[0])
    assert facts["env.value_problems"] == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("nnUNet_compile", "maybe", "not one of"),
        ("nnUNet_npp", "three", "not an integer"),
        ("nnUNet_extTrainer", "/no/such/folder/", "no such folder: /no/such/folder/"),
    ],
)
def test_values_that_nnunet_silently_replaces(name: str, value: str, words: str) -> None:
    facts = values(variable_facts(Variables({name: value})))
    problems = facts["env.value_problems"]
    assert isinstance(problems, list)
    assert words in str(problems[0])
    assert facts["env.invalid"] == []


def test_values_are_shown_as_they_are(tmp_path: Path) -> None:
    given = {"nnUNet_raw": f' "{tmp_path}"', "nnUNet_compile": "f", "nnUNet_wandb_project": "Jane's study"}
    facts = values(variable_facts(Variables(given)))
    assert facts["env.raw_folder"] == f' "{tmp_path}"'
    assert facts["env.settings"] == ["nnUNet_compile=f"]
    assert gaps(variable_facts(Variables(given)))["env.results_folder"] == "nnUNet_results is not set"


def test_a_folder_on_a_drive_that_hangs(tmp_path: Path) -> None:
    with hanging_drive(tmp_path / "nfs") as drive:
        given = {"nnUNet_raw": str(drive), "nnUNet_results": str(tmp_path), "nnUNet_extTrainer": str(drive / "x")}
        facts = list(variable_facts(Variables(given), 0.5))
        assert gaps(facts)["env.raw_exists"] == "the drive of nnUNet_raw gives no answer"
        assert values(facts)["env.results_exists"] is True
        assert values(facts)["env.value_problems"] == []


def test_valid_values() -> None:
    valid = {"nnUNet_n_proc_DA": "0", "nnUNet_compile": "F", "nnUNet_npp": "", "nnUNet_wandb_mode": "offline"}
    facts = values(variable_facts(Variables(valid)))
    assert facts["env.invalid"] == []
    assert facts["env.n_proc_da"] == 0


@given(st.dictionaries(st.sampled_from(["nnUNet_raw", "nnUNet_n_proc_DA", "nnUNet_extTrainer", "x"]), st.text()))
def test_no_value_raises(environ: dict[str, str]) -> None:
    list(variable_facts(Variables(environ)))
