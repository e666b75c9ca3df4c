from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from nndoctor.nnunet.memory import Model, model_of
from nndoctor.nnunet.memory.gpu import training_bytes
from nndoctor.nnunet.memory.network import inference_bytes, levels_of, planner_estimate, weight_bytes
from tests.nnunet.folders import CONFIGURATION, DATASET_JSON, PLANS
from tests.nnunet.memory.model import MODEL, levels
from tests.nnunet.test_bounded_json import ANY_JSON

BIG = replace(MODEL, patch=(128, 128, 128))
RESIDUAL = replace(BIG, levels=levels(tuple(2 * blocks + 1 for blocks in (1, 3, 4, 6, 6, 6)), 1))
OLD = {
    "UNet_class_name": "PlainConvUNet",
    "UNet_base_num_features": 32,
    "unet_max_num_features": 320,
    "n_conv_per_stage_encoder": [2, 2, 2],
    "n_conv_per_stage_decoder": [2, 2],
    "pool_op_kernel_sizes": [[1, 1, 1], [2, 2, 2], [1, 2, 2]],
}


def test_estimate_is_the_planners() -> None:
    """The numbers that compute_conv_feature_map_size of dynamic_network_architectures 0.4.4 gives for these networks."""
    assert planner_estimate(BIG) == 452_796_416
    assert planner_estimate(RESIDUAL) == 557_420_544


def test_weights_of_the_default_network() -> None:
    """31,196,399 parameters in nnU-Net's default network; biases and norms are not counted."""
    assert abs(weight_bytes(BIG, 1) / 4 / 31_196_399 - 1) < 0.01


def test_both_kinds_of_plans_say_the_same() -> None:
    new = levels_of(CONFIGURATION)
    assert new == levels_of(OLD)
    assert [level.features for level in new] == [32, 64, 128]
    assert [level.share for level in new] == [1, 1 / 8, 1 / 32]
    assert [level.up for level in new] == [2, 2, 0]


def test_training_follows_nnunets_own_table() -> None:
    """resenc_presets.md: 7.7 GB for the default planner, 22.7 GB for ResEnc L, within a tenth."""
    assert abs(training_bytes(_filling(BIG, 560_000_000), 1) / 7.7e9 - 1) < 0.1
    assert abs(training_bytes(_filling(RESIDUAL, 2_100_000_000), 1) / 22.7e9 - 1) < 0.1


def _filling(model: Model, numbers: int) -> Model:
    return replace(model, patch=(numbers * 128**3 // planner_estimate(model), 1, 1))


def test_one_feature_map_more_takes_more() -> None:
    assert inference_bytes(replace(BIG, heads=4), 1) - inference_bytes(BIG, 1) == 2 * 4 * 128**3


def test_model_of_plans() -> None:
    model = model_of(dict(PLANS), dict(CONFIGURATION), "3d_fullres", dict(DATASET_JSON))
    assert model is not None
    assert (model.heads, model.patch, model.spacing, model.batch) == (2, (32, 64, 64), (3.0, 1.0, 1.0), 2)
    assert (model.regions, model.previous, model.nibabel) == (False, 0, False)


def test_model_of_a_cascade_with_regions() -> None:
    dataset = {**DATASET_JSON, "labels": {"background": 0, "whole": [1, 2], "core": 2}, "regions_class_order": [1, 2]}
    plans = {**PLANS, "transpose_forward": [2, 0, 1], "image_reader_writer": "NibabelIOWithReorient"}
    model = model_of(plans, {**CONFIGURATION, "previous_stage": "3d_lowres"}, "3d_cascade_fullres", dataset)
    assert model is not None
    assert (model.heads, model.regions, model.previous) == (2, True, 2)
    assert (model.transpose, model.nibabel) == ((2, 0, 1), True)


def test_plans_without_what_is_needed() -> None:
    assert model_of(PLANS, {}, "3d_fullres", DATASET_JSON) is None
    assert model_of(PLANS, {**CONFIGURATION, "spacing": [0, 1, 1]}, "3d_fullres", DATASET_JSON) is None
    assert model_of(PLANS, CONFIGURATION, "3d_fullres", {}) is None


@settings(max_examples=40)
@given(ANY_JSON, ANY_JSON)
def test_any_plans(first: object, second: object) -> None:
    keys = ("patch_size", "spacing", "batch_size", "architecture", "pool_op_kernel_sizes", "resampling_fn_data_kwargs")
    content = {**CONFIGURATION, **dict.fromkeys(keys[:3], first), **dict.fromkeys(keys[3:], second)}
    model = model_of({"transpose_forward": first}, content, "x", DATASET_JSON)
    assert model is None or (sorted(model.transpose) == [0, 1, 2] and weight_bytes(model, 1) > 0)
