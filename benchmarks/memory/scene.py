"""Makes what one measured run needs: images, plans, dataset.json and a model with random weights.

    python scene.py ROOT SCENE.json

Runs in the lab's interpreter (with nnunetv2 in it); SCENE.json holds the fields of measure.Scene.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import SimpleITK

DATASET = "Dataset101_Lesion"
TRAINER = "nnUNetTrainerTiny"


def volume(shape, seed, background):
    """A smooth int16 field, which compresses quickly; a frame of zeros of the given share of each axis around it."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(50, 1500, [max(2, -(-n // 8)) for n in shape]).astype(np.int16)
    for axis in range(3):
        coarse = np.repeat(coarse, 8, axis)
    array = np.ascontiguousarray(coarse[tuple(slice(n) for n in shape)])
    frame = [int(n * background / 2) for n in shape]
    if any(frame):
        inside = np.zeros_like(array)
        box = tuple(slice(f, n - f) for f, n in zip(frame, shape, strict=True))
        inside[box] = array[box]
        return inside
    return array


def label(shape, classes, foreground):
    """Boxes of every foreground class, which fill about the given share of the volume."""
    seg = np.zeros(shape, np.uint8)
    depth = int(shape[1] * foreground)
    rows = np.linspace(0, max(depth, classes), classes).astype(int)
    for value in range(1, classes):
        seg[:, rows[value - 1] : rows[value], :] = value
    return seg


def write(path, array, spacing):
    image = SimpleITK.GetImageFromArray(array)
    image.SetSpacing([float(step) for step in spacing[::-1]])
    SimpleITK.WriteImage(image, str(path), True, 1)


def write_cases(folder, scene, labels=None):
    folder.mkdir(parents=True)
    for case in range(scene["cases"]):
        for channel in range(scene["channels"]):
            array = volume(scene["shape"], case * 10 + channel, scene["background"]).astype(scene["datatype"])
            write(folder / f"case_{case:03d}_{channel:04d}{scene['ending']}", array, scene["spacing"])
        if labels is not None:
            labels.mkdir(parents=True, exist_ok=True)
            array = label(scene["shape"], scene["classes"], scene["foreground"])
            write(labels / f"case_{case:03d}{scene['ending']}", array, scene["spacing"])


def dataset_json(scene):
    names = {"background": 0} | {f"c{value}": value for value in range(1, scene["classes"])}
    order = {}
    if scene["regions"]:
        names = {name: 0 if not value else list(range(value, scene["classes"])) for name, value in names.items()}
        order = {"regions_class_order": list(range(1, scene["classes"]))}
    return {
        "channel_names": {str(channel): f"m{channel}" for channel in range(scene["channels"])},
        "labels": names,
        "numTraining": scene["cases"],
        "file_ending": scene["ending"],
        **order,
    }


def edited_plans(plans, scene):
    """The base's plans with the scene's channels, spacing, patch and features."""
    for settings in plans["configurations"].values():
        settings["normalization_schemes"] = ["ZScoreNormalization"] * scene["channels"]
        settings["use_mask_for_norm"] = [False] * scene["channels"]
    settings = plans["configurations"][scene["configuration"]]
    target = scene["target"] or scene["spacing"]
    settings["spacing"] = list(target)[-2:] if scene["configuration"] == "2d" else list(target)
    settings["patch_size"] = scene["patch"]
    settings["batch_size"] = scene["batch"]
    if "architecture" in settings:
        keywords = settings["architecture"]["arch_kwargs"]
        keywords["features_per_stage"] = [min(scene["features"] * 2**i, 320) for i in range(keywords["n_stages"])]
    else:
        settings["UNet_base_num_features"] = scene["features"]
        settings["unet_max_num_features"] = 320
    plans["transpose_forward"] = scene["transpose"]
    plans["transpose_backward"] = [scene["transpose"].index(axis) for axis in range(3)]
    one = next(iter(plans["foreground_intensity_properties_per_channel"].values()))
    plans["foreground_intensity_properties_per_channel"] = {str(channel): one for channel in range(scene["channels"])}
    return plans


def network(plans, content, scene):
    """The network of the release at hand, by its own trainer."""
    import inspect

    from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer
    from nnunetv2.utilities.plans_handling.plans_handler import PlansManager

    manager = PlansManager(plans)
    configuration = manager.get_configuration(scene["configuration"])
    heads = manager.get_label_manager(content).num_segmentation_heads
    build = nnUNetTrainer.build_network_architecture
    names = list(inspect.signature(build).parameters)
    if "dataset_json" in names:
        return build(manager, content, configuration, scene["channels"], enable_deep_supervision=False)
    if "plans_manager" in names:
        return build(manager, configuration, scene["channels"], heads, enable_deep_supervision=False)
    return build(
        configuration.network_arch_class_name,
        configuration.network_arch_init_kwargs,
        configuration.network_arch_init_kwargs_req_import,
        scene["channels"],
        heads,
        False,
    )


def write_model(folder, plans, content, scene):
    import torch

    net = network(plans, content, scene)
    for fold in scene["folds"]:
        (folder / f"fold_{fold}").mkdir(parents=True)
        checkpoint = {
            "network_weights": net.state_dict(),
            "optimizer_state": {},
            "grad_scaler_state": None,
            "logging": {},
            "_best_ema": 0,
            "current_epoch": 1,
            "init_args": {"configuration": scene["configuration"], "fold": fold},
            "trainer_name": TRAINER,
            "inference_allowed_mirroring_axes": (0, 1) if scene["configuration"] == "2d" else (0, 1, 2),
        }
        torch.save(checkpoint, folder / f"fold_{fold}" / "checkpoint_final.pth")
    (folder / "dataset.json").write_text(json.dumps(content))
    (folder / "plans.json").write_text(json.dumps(plans))


def main():
    root = Path(sys.argv[1])
    scene = json.loads(Path(sys.argv[2]).read_text())
    base = Path(scene["base"]) / "nnUNet_preprocessed" / DATASET
    plans = edited_plans(json.loads((base / "nnUNetPlans.json").read_text()), scene)
    content = dataset_json(scene)
    if scene["stage"] == "predict":
        write_cases(root / "imagesTs", scene)
        folder = root / "nnUNet_results" / DATASET / f"{TRAINER}__nnUNetPlans__{scene['configuration']}"
        write_model(folder, plans, content, scene)
        return
    raw, preprocessed = root / "nnUNet_raw" / DATASET, root / "nnUNet_preprocessed" / DATASET
    write_cases(raw / "imagesTr", scene, raw / "labelsTr")
    preprocessed.mkdir(parents=True)
    for folder in (raw, preprocessed):
        (folder / "dataset.json").write_text(json.dumps(content))
    (preprocessed / "nnUNetPlans.json").write_text(json.dumps(plans))
    if scene["stage"] == "train":
        (preprocessed / "dataset_fingerprint.json").write_text((base / "dataset_fingerprint.json").read_text())


if __name__ == "__main__":
    main()
