"""The device and the worker counts that a prediction is asked to use (predict_entry_point, v2.0 to v2.8.1)."""

from __future__ import annotations

from collections.abc import Iterator

from nndoctor.facts import Facts
from nndoctor.facts.problems import Problem


def device_problems(device: str, facts: Facts) -> Iterator[Problem]:
    """Whether this machine and the installed torch have the device."""
    if device == "mps" and facts.value("os.name") not in (None, "macos"):
        yield Problem("no-mps", "-device", None, {"system": str(facts.value("os.name"))})
    if device != "cuda":
        return
    if facts.value("torch.build") == "cpu":
        yield Problem("torch-without-cuda", "-device", None, {"torch": str(facts.value("torch.version"))})
    elif (reason := _no_gpu(facts)) is not None:
        yield Problem("no-gpu-here", "-device", None, {"reason": reason})


def _no_gpu(facts: Facts) -> str | None:
    if facts.value("gpu.visible_devices") in ("", "-1"):
        return "CUDA_VISIBLE_DEVICES hides all GPUs"
    state = facts.value("gpu.driver_state")
    if state not in (None, "loaded"):
        return f"NVIDIA's driver: {state}"
    return "the driver shows no GPU" if facts.value("gpu.count") == 0 else None


def argument_problems(npp: int, nps: int, part_id: int, num_parts: int, by_folder: bool) -> Iterator[Problem]:
    """Numbers at which nnU-Net stops. Both worker counts zero is its way without processes, which -m does not have."""
    if num_parts < 1 or not 0 <= part_id < num_parts:
        detail = f"-part_id {part_id} with -num_parts {num_parts}: ids go from 0 to num_parts - 1"
        yield Problem("bad-argument", "-part_id", None, {"detail": detail})
    sequential = npp == nps == 0 and not by_folder
    for option, count in (("-npp", npp), ("-nps", nps)):
        if count < 1 and not sequential:
            yield Problem("bad-argument", option, None, {"detail": f"{option} {count}: at least one process is needed"})
