"""What in one configuration of the plans contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator

from nndoctor.nnunet.bounded_json import as_int, as_list, as_numbers, as_object

_REQUIRED = ("data_identifier", "preprocessor_name", "batch_size", "patch_size", "spacing", "normalization_schemes")
_OLD_NETWORK = ("UNet_class_name", "n_conv_per_stage_encoder", "pool_op_kernel_sizes", "conv_kernel_sizes")


def configuration_problems(content: dict[str, object]) -> Iterator[str]:
    """What is wrong with a configuration, inheritance resolved, in words."""
    missing = [key for key in _REQUIRED if key not in content]
    if missing:
        yield "missing: " + ", ".join(missing)
        return
    yield from _size_problems(content)
    yield from _channel_problems(content)
    yield from _network_problems(content)


def _size_problems(content: dict[str, object]) -> Iterator[str]:
    patch, spacing = as_numbers(content["patch_size"]), as_numbers(content["spacing"])
    batch = as_int(content["batch_size"])
    if batch is None or batch < 1:
        yield "batch_size is no positive integer"
    if patch is None or len(patch) not in (2, 3) or any(size < 1 or size % 1 for size in patch):
        yield "patch_size is no list of 2 or 3 positive integers"
    elif spacing is None or len(spacing) != len(patch):
        yield f"spacing has not {len(patch)} numbers as patch_size has"
    elif not all(step > 0 for step in spacing):
        yield "spacing is not positive"


def _channel_problems(content: dict[str, object]) -> Iterator[str]:
    schemes, masks = content["normalization_schemes"], content.get("use_mask_for_norm")
    if masks is not None and len(as_list(schemes)) != len(as_list(masks)):
        yield f"{len(as_list(schemes))} normalization_schemes but {len(as_list(masks))} use_mask_for_norm"


def _network_problems(content: dict[str, object]) -> Iterator[str]:
    if "architecture" in content:
        kwargs = as_object(as_object(content["architecture"]).get("arch_kwargs"))
        yield from _stage_problems(kwargs)
        yield from _stride_problems(content["patch_size"], kwargs.get("strides"))
    elif any(key in content for key in _OLD_NETWORK):
        missing = [key for key in _OLD_NETWORK if key not in content]
        if missing:
            yield "missing: " + ", ".join(missing)
        yield from _stride_problems(content["patch_size"], content.get("pool_op_kernel_sizes"))
    else:
        yield "neither 'architecture' nor 'UNet_class_name': no network is described"


def _stage_problems(kwargs: dict[str, object]) -> Iterator[str]:
    """Lists of arch_kwargs that have not one entry per stage. An integer stands for all stages."""
    stages = as_int(kwargs.get("n_stages"))
    if stages is None:
        return
    per_stage = ("features_per_stage", "kernel_sizes", "strides", "n_conv_per_stage", "n_blocks_per_stage")
    wanted = {**dict.fromkeys(per_stage, stages), "n_conv_per_stage_decoder": stages - 1}
    for key, length in wanted.items():
        found = kwargs.get(key)
        if isinstance(found, list) and len(found) != length:
            yield f"{key} has {len(found)} entries, n_stages {stages} wants {length}"


def _stride_problems(patch_size: object, strides: object) -> Iterator[str]:
    """Axes whose patch size cannot be divided by the product of the strides of all stages."""
    patch = as_numbers(patch_size)
    steps = [as_numbers(stride) for stride in as_list(strides)]
    if patch is None or any(step is None or len(step) != len(patch) for step in steps):
        return
    for axis, size in enumerate(patch):
        product = 1.0
        for step in steps:
            product *= step[axis] if step else 1.0
        if product and size % product:
            yield f"patch_size {int(size)} on axis {axis} is not divisible by its strides ({int(product)})"
