"""The U-Net of the plans: work and feature maps of one patch
(dynamic_network_architectures PlainConvUNet, ResidualEncoderUNet; keys of plans up to v2.2.1 and from v2.3.1 on)."""

from __future__ import annotations

from itertools import pairwise
from math import prod

from nndoctor.nnunet.bounded_json import as_int, as_list, as_numbers, as_object
from nndoctor.nnunet.memory.model import Level, Model

MOST_LEVELS = 16
FULL_RESOLUTION_MAPS = 8.5
FULL_RESOLUTION_MAPS_2D = 8.5
LEAST_FEATURES = 16
MOST_CONVOLUTIONS = 100


def levels_of(configuration: dict[str, object]) -> tuple[tuple[Level, ...], int]:
    """The network's resolutions and how many convolutions it has; none when the plans do not say."""
    keywords = as_object(as_object(configuration.get("architecture")).get("arch_kwargs"))
    if keywords:
        features = [int(number) for number in as_numbers(keywords.get("features_per_stage")) or []]
        strides = as_list(keywords.get("strides"))
        counts = [*_counts(keywords, "n_conv_per_stage", "n_blocks_per_stage"), *_counts(keywords, "n_conv_per_stage_decoder")]
    else:
        strides = as_list(configuration.get("pool_op_kernel_sizes"))
        features = _doubling(configuration, len(strides))
        counts = [*_counts(configuration, "n_conv_per_stage_encoder"), *_counts(configuration, "n_conv_per_stage_decoder")]
    return tuple(_levels(features[:MOST_LEVELS], strides[:MOST_LEVELS])), sum(counts)


def _counts(content: dict[str, object], *names: str) -> list[int]:
    for name in names:
        if numbers := as_numbers(content.get(name)):
            return [min(int(number), MOST_CONVOLUTIONS) for number in numbers[:MOST_LEVELS]]
    return []


def _doubling(configuration: dict[str, object], stages: int) -> list[int]:
    first = as_int(configuration.get("UNet_base_num_features")) or 32
    most = as_int(configuration.get("unet_max_num_features")) or 320
    return [min(first * 2**stage, most) for stage in range(min(stages, MOST_LEVELS))]


def _levels(features: list[int], strides: list[object]) -> list[Level]:
    share, levels = 1.0, []
    for count, stride in zip(features, strides, strict=False):
        steps = as_numbers(stride) or [float(as_int(stride) or 1)]
        share /= max(1.0, prod(steps))
        levels.append(Level(count, share))
    return levels


def patch_voxels(model: Model) -> int:
    return prod(model.patch)


def weight_bytes(model: Model, channels: int) -> int:
    """The weights of one U-Net, float32: per level two convolutions down, two up (the first of twice the features), and the
    transposed convolution between levels. Residual encoders have more blocks: counted by their number of convolutions."""
    if not model.levels:
        return 125_000_000
    kernel = 3 ** len(model.patch)
    features = [level.features for level in model.levels]
    plain = 4 * len(features) - 2
    more = max(1.0, model.convolutions / plain) if model.convolutions else 1.0
    down = sum(kernel * (before + own) * own for before, own in zip([channels, *features], features, strict=False))
    up = sum((kernel * 3 * own + 2 ** len(model.patch) * below) * own for own, below in pairwise(features))
    return round(4 * (down * more + up))


def inference_bytes(model: Model, channels: int) -> int:
    """Feature maps of one patch on a CPU (float32): at the highest resolution about 8.5 maps of the first level's features live
    at once (the skip connection, the decoder's input of twice the features, its copy in oneDNN's layout, its results).
    oneDNN pads to 16 features. Measured: 8.4 to 8.7 at 64 and 96 voxels, 4 and 32 features (docs/memory.md)."""
    features = model.levels[0].features if model.levels else 32
    maps = FULL_RESOLUTION_MAPS if len(model.patch) == 3 else FULL_RESOLUTION_MAPS_2D
    return round(4 * patch_voxels(model) * (maps * max(LEAST_FEATURES, features) + 2 * model.heads + channels))
