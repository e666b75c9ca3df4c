"""The U-Net of the plans (dynamic_network_architectures: PlainConvUNet, ResidualEncoderUNet; keys of plans up to
v2.2.1 and from v2.3.1 on): its weights, its feature maps, and the planner's own estimate of them."""

from __future__ import annotations

from itertools import pairwise, zip_longest
from math import prod

from nndoctor.nnunet.bounded_json import as_int, as_list, as_numbers, as_object, as_str
from nndoctor.nnunet.memory.model import Level, Model

MOST_LEVELS = 16
MOST_CONVOLUTIONS = 100
FULL_RESOLUTION_MAPS = 8.5
LEAST_FEATURES = 8
UNKNOWN_WEIGHTS = 125_000_000
_KERNEL = {True: (9, 4), False: (27, 8)}


def levels_of(configuration: dict[str, object]) -> tuple[Level, ...]:
    """The network's resolutions, from the highest to the lowest; none when the plans do not say."""
    architecture = as_object(configuration.get("architecture"))
    keywords = as_object(architecture.get("arch_kwargs"))
    if keywords:
        features = _integers(keywords, "features_per_stage")
        down = _integers(keywords, "n_conv_per_stage") or _integers(keywords, "n_blocks_per_stage")
        strides, name = as_list(keywords.get("strides")), as_str(architecture.get("network_class_name"))
    else:
        strides, name = as_list(configuration.get("pool_op_kernel_sizes")), as_str(configuration.get("UNet_class_name"))
        features, down = _doubling(configuration, len(strides)), _integers(configuration, "n_conv_per_stage_encoder")
    up = _integers(keywords or configuration, "n_conv_per_stage_decoder")
    maps = _residual(down) if "Residual" in (name or "") else down
    return tuple(_levels(features, strides[:MOST_LEVELS], maps, up))


def _integers(content: dict[str, object], name: str) -> list[int]:
    numbers = as_numbers(content.get(name)) or []
    return [int(min(max(number, 0), 10_000)) for number in numbers[:MOST_LEVELS]]


def _doubling(configuration: dict[str, object], stages: int) -> list[int]:
    """Features per stage as releases up to v2.2.1 derive them (get_network_from_plans)."""
    first = as_int(configuration.get("UNet_base_num_features")) or 32
    most = as_int(configuration.get("unet_max_num_features")) or 320
    return [min(first * 2**stage, most) for stage in range(min(stages, MOST_LEVELS))]


def _residual(blocks: list[int]) -> list[int]:
    """Feature maps per stage of a residual encoder: two per block; one more for the stem, or for the changed skip
    connection."""
    return [2 * count + 1 for count in blocks]


def _levels(features: list[int], strides: list[object], down: list[int], up: list[int]) -> list[Level]:
    share = 1.0
    levels: list[Level] = []
    for count, stride, maps, back in zip_longest(features, strides[: len(features)], down, up):
        if count is None:
            break
        steps = as_numbers(stride) or [float(as_int(stride) or 1)]
        share /= max(1.0, prod(steps))
        last = len(levels) == len(features) - 1
        convolutions = min(MOST_CONVOLUTIONS, maps or 2)
        levels.append(Level(count, share, convolutions, 0 if last else min(MOST_CONVOLUTIONS, back or 2)))
    return levels


def patch_voxels(model: Model) -> int:
    """Voxels of a patch."""
    voxels = 1
    for size in model.patch:
        voxels *= size
    return voxels


def planner_estimate(model: Model) -> int:
    """Numbers in all feature maps of one sample, as the planner counts them to choose patch and batch
    (compute_conv_feature_map_size; ExperimentPlanner.static_estimate_VRAM_usage)."""
    both_ways = ((level, level.down + (level.up + 1 if level.up else 0)) for level in model.levels)
    maps = sum(level.share * level.features * count for level, count in both_ways)
    return round(patch_voxels(model) * (maps + model.heads))


def weight_bytes(model: Model, channels: int) -> int:
    """The weights of one network, float32: per level its convolutions down and up (the first one up takes twice the
    features), and the transposed convolution between levels. 125 MB (31 million weights) when the plans do not say."""
    if not model.levels:
        return UNKNOWN_WEIGHTS
    kernel, double = _KERNEL[model.is_2d]
    features = [level.features for level in model.levels]
    weights: int = 0
    for before, level in zip([channels, *features], model.levels, strict=False):
        weights += kernel * level.features * (before + level.features * (level.down - 1))
        weights += kernel * level.features**2 * (level.up + 1) if level.up else 0
    weights += sum(double * own * below for own, below in pairwise(features))
    return 4 * weights


def inference_bytes(model: Model, channels: int) -> int:
    """Feature maps of one patch on a CPU (float32): at the highest resolution about 8.5 maps of the first level's
    features live at once (the skip connection, the decoder's input of twice the features, its copy in oneDNN's layout,
    its results), and never fewer than of 8 features. Measured at patches of 64 to 128 voxels, 4 and 32 features
    (docs/memory.md)."""
    features = max(LEAST_FEATURES, model.levels[0].features if model.levels else 32)
    return round(4 * patch_voxels(model) * (FULL_RESOLUTION_MAPS * features + 2 * model.heads + channels))
