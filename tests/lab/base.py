"""The base folder: a healthy raw dataset, preprocessed, and a trained model. Each fault gets a copy of it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

from tests.lab import dataset, runner, trainers
from tests.lab.model import DATASET, TRAINER, Scene

PLAN = "nnUNetv2_plan_and_preprocess -d 101 --verify_dataset_integrity -c 3d_fullres -npfp 1 -np 1"
TRAIN = f"nnUNetv2_train 101 3d_fullres 0 -tr {TRAINER} -device cpu"


def package() -> Path:
    """nnU-Net's own folder, without importing it."""
    spec = importlib.util.find_spec("nnunetv2")
    if spec is None or spec.origin is None:
        raise SystemExit("nnunetv2 is not installed in this interpreter: see tests/lab/README.md")
    return Path(spec.origin).parent


def environment(root: Path) -> dict[str, str]:
    """A user's environment on this machine, with the folders below `root` and as few processes as possible."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    folders = {name: str(root / name) for name in ("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results")}
    path = f"{runner.SCRIPTS}{os.pathsep}{kept.get('PATH', '/usr/bin:/bin')}"
    tuning = {"nnUNet_def_n_proc": "1", "nnUNet_n_proc_DA": "1", "nnUNet_compile": "f", "OMP_WAIT_POLICY": "passive"}
    return kept | folders | tuning | {"PATH": path, "LANG": "C.UTF-8", "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD": "1"}


def small_fingerprint() -> None:
    """The fingerprint draws 10e7 voxels from however small a dataset: seconds a case, for nothing."""
    from nnunetv2.experiment_planning.dataset_fingerprint import fingerprint_extractor

    extractor = fingerprint_extractor.DatasetFingerprintExtractor
    original = extractor.__init__

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.num_foreground_voxels_for_intensitystats = 10e4

    extractor.__init__ = init


def _shrink(plans: Any) -> None:
    """Make the network tiny: four to eight features instead of 32 to 320."""
    settings = plans["configurations"]["3d_fullres"]
    if "architecture" in settings:
        keywords = settings["architecture"]["arch_kwargs"]
        keywords["features_per_stage"] = [4] + [8] * (keywords["n_stages"] - 1)
    else:
        settings["UNet_base_num_features"] = 4
        settings["unet_max_num_features"] = 8


def _checked(command: str, scene: Scene, log: Path) -> None:
    hook = small_fingerprint if "plan" in command else None
    result = runner.run(command, scene.root, scene.env, log, in_main=hook, limit=240)
    if result.exit_code != 0:
        raise SystemExit(f"the healthy base could not be built: {command}\n{result.text}")


def scene(root: Path) -> Scene:
    """The scene of one run in a copy of the base."""
    return Scene(root, importlib.metadata.version("nnunetv2"), package(), environment(root))


def build(work: Path) -> Path:
    """Build the base once below the work folder; later calls find it there."""
    ready = work / f"base-{importlib.metadata.version('nnunetv2')}"
    trainers.install(package())
    if ready.exists():
        return ready
    root = work / "nnunet-lab"
    shutil.rmtree(root, ignore_errors=True)
    dataset.make(root)
    here = scene(root)
    _checked(PLAN, here, work / "base.log")
    plans = here.preprocessed / "nnUNetPlans.json"
    here.edit(plans, _shrink)
    _checked(TRAIN, here, work / "base.log")
    root.rename(ready)
    return ready


def copy(base: Path, work: Path) -> Scene:
    """A fresh copy of the base, always at the same place: paths inside of it stay true."""
    root = work / "nnunet-lab"
    for _ in range(20):  # a process that outlived its run may still be writing
        shutil.rmtree(root, ignore_errors=True)
        if not root.exists():
            break
        time.sleep(0.25)
    shutil.copytree(base, root, symlinks=True)
    return scene(root)


def plans_of(base: Path) -> dict[str, Any]:
    """The plans of the base."""
    content: dict[str, Any] = json.loads((base / "nnUNet_preprocessed" / DATASET / "nnUNetPlans.json").read_text())
    return content
