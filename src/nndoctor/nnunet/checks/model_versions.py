"""Can the installed releases load the checkpoint? (torch.load in inference/predict_from_raw_data.py, v2.0 to v2.8.1)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nndoctor.facts import Facts
from nndoctor.facts.problems import Problem
from nndoctor.nnunet.checks.model_content import Named

_FORCED = "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD"
_TRUE = ("1", "y", "yes", "true")
_NUMPY_2 = "numpy._core"
"""Where numpy 2 keeps its scalars; numpy 1.26.1 and newer have a stand-in, older ones do not (seen in the wheels)."""


def version_problems(checkpoint: Named, facts: Facts, environ: Mapping[str, str]) -> Iterator[Problem]:
    """What stands between this checkpoint and the torch, numpy and nnunetv2 that are installed."""
    where = str(checkpoint.path)
    torch, nnunet, numpy = (_release(facts, f"{name}.version") for name in ("torch", "nnunetv2", "numpy"))
    if torch and nnunet and torch >= (2, 6) and nnunet < (2, 5, 2) and environ.get(_FORCED, "").lower() not in _TRUE:
        values = {"torch": str(facts.value("torch.version")), "nnunetv2": str(facts.value("nnunetv2.version"))}
        yield Problem("weights-only", where, None, values)
    if numpy and numpy < (1, 26, 1) and any(name.startswith(_NUMPY_2) for name in checkpoint.content.imports):
        yield Problem("numpy-too-old", where, None, {"numpy": str(facts.value("numpy.version"))})


def _release(facts: Facts, name: str) -> tuple[int, ...]:
    """2.13.0+cpu is (2, 13, 0); empty when it is not known."""
    words = str(facts.value(name) or "").partition("+")[0].split(".")
    numbers = [int(word) for word in words[:3] if word.isdigit()]
    return tuple(numbers)
