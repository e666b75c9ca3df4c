from __future__ import annotations

import copy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nndoctor.nnunet.bounded_json import read_object
from nndoctor.nnunet.plans import Plans, read_plans
from tests.nnunet.folders import CONFIGURATION, CORPUS, PLANS, gaps, values, write_json
from tests.nnunet.test_bounded_json import ANY_JSON

OLD = {key: value for key, value in CONFIGURATION.items() if key != "architecture"} | {
    "UNet_class_name": "PlainConvUNet",
    "n_conv_per_stage_encoder": [2, 2, 2],
    "pool_op_kernel_sizes": [[1, 1, 1], [2, 2, 2], [1, 2, 2]],
    "conv_kernel_sizes": [[3, 3, 3]] * 3,
}


def _plans(configuration: object, **others: object) -> Plans:
    return Plans(Path("plans.json"), {**PLANS, "configurations": {"3d_fullres": configuration, **others}})


def test_good_plans(tmp_path: Path) -> None:
    statements, plans = read_plans(write_json(tmp_path / "plans.json", PLANS), "3d_fullres")
    facts = values(statements)
    assert plans is not None
    assert (facts["plans.configurations"], facts["plans.has_configuration"]) == (["3d_fullres"], True)
    assert (facts["plans.channels"], facts["plans.era"], facts["plans.problems"]) == (2, ">=2.3.1", [])
    assert (facts["plans.patch_size"], facts["plans.is_cascade"]) == ([32, 64, 64], False)


def test_a_configuration_that_is_not_there(tmp_path: Path) -> None:
    facts = values(read_plans(write_json(tmp_path / "plans.json", PLANS), "3d_lowres")[0])
    assert facts["plans.has_configuration"] is False


def test_no_plans(tmp_path: Path) -> None:
    statements, plans = read_plans(tmp_path / "plans.json", "2d")
    assert plans is None
    assert values(statements) == {"plans.found": False}
    assert gaps(statements)["plans.era"] == "plans.json: does not exist"


def test_plans_of_the_old_era() -> None:
    assert _plans(OLD).era == "<=2.2.1"
    assert list(_plans(OLD).problems()) == []


def test_inheritance() -> None:
    plans = _plans(CONFIGURATION, child={"inherits_from": "3d_fullres", "batch_size": 9})
    assert plans.configuration("child")["batch_size"] == 9
    assert plans.channels("child") == 2
    assert list(plans.problems()) == []


def test_a_circle_of_heirs_ends() -> None:
    plans = _plans({"inherits_from": "b"}, b={"inherits_from": "3d_fullres"})
    assert [problem.split(":")[0] for problem in plans.problems()] == ["3d_fullres", "b"]


def test_an_heir_of_nobody() -> None:
    assert "which is not there" in next(_plans({"inherits_from": "nobody"}).problems())


def _changed(path: list[str], value: object) -> dict[str, object]:
    changed = copy.deepcopy(CONFIGURATION)
    inner: dict[str, object] = changed
    for key in path[:-1]:
        inner = inner[key]  # type: ignore[assignment]
    inner[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (["batch_size"], 0, "batch_size"),
        (["patch_size"], [32, 64], "not 2 numbers"),
        (["patch_size"], [32, 64, 66], "66 on axis 2 is not divisible by its strides (4)"),
        (["patch_size"], "32", "patch_size"),
        (["spacing"], [0.0, 1, 1], "not positive"),
        (["use_mask_for_norm"], [False], "2 normalization_schemes but 1"),
        (["architecture", "arch_kwargs", "n_stages"], 4, "features_per_stage has 3 entries, n_stages 4 wants 4"),
        (["architecture", "arch_kwargs", "n_conv_per_stage_decoder"], [2], "wants 2"),
    ],
)
def test_one_problem_each(path: list[str], value: object, words: str) -> None:
    assert words in next(_plans(_changed(path, value)).problems())


def test_no_network_at_all() -> None:
    bare = {key: value for key, value in CONFIGURATION.items() if key != "architecture"}
    assert "no network" in next(_plans(bare).problems())


@given(ANY_JSON, st.sampled_from(list(CONFIGURATION)))
def test_no_content_raises(value: object, key: str) -> None:
    plans = _plans({**CONFIGURATION, key: value}, other=value)
    assert all(isinstance(problem, str) for problem in plans.problems())
    plans.channels(None), plans.era, plans.data_identifier("3d_fullres")


REAL = sorted(CORPUS.glob("*plans.json"))


@pytest.mark.skipif(not REAL, reason="the corpus of real JSON files is not on this machine")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name[:20])
def test_real_plans_have_no_problems(path: Path) -> None:
    plans = Plans(path, read_object(path))
    assert list(plans.problems()) == []
    assert plans.era in ("<=2.2.1", ">=2.3.1")
    assert plans.channels(None) is not None
