"""Comparisons of facts: literals, units, versions, lists, missing values and version bounds."""

from __future__ import annotations

import pytest

from nndoctor.diagnosis.comparison import ComparisonError, parse
from nndoctor.facts import Fact, Facts, FactValue, Provenance

HERE = Provenance("machine", "test")


def facts(**values: FactValue) -> Facts:
    return Facts(Fact(name.replace("__", "."), value, HERE) for name, value in values.items())


@pytest.mark.parametrize(
    "source, known, holds",
    [
        ("input.channels != model.channels", facts(input__channels=3, model__channels=2), True),
        ("input.channels == model.channels", facts(input__channels=3, model__channels=2), False),
        ("input.channels == model.channels", facts(input__channels=3), None),
        ("shm.size < 1 GiB", facts(shm__size=64 * 2**20), True),
        ("shm.size >= 64 MiB", facts(shm__size=64 * 2**20), True),
        ("nnunetv2.version >= 2.5.2", facts(nnunetv2__version="2.10"), True),
        ("nnunetv2.version < 2.5.2", facts(nnunetv2__version="2.5.1"), True),
        ("torch.version == 2.6", facts(torch__version="2.6.0+cu124"), True),
        ("log.platform == 'windows'", facts(log__platform="windows"), True),
        ("log.truncated == true", facts(log__truncated=True), True),
        ("nnunetv2.version >= 2.3.1", facts(nnunetv2__version_min="2.5.1"), True),
        ("nnunetv2.version >= 2.6", facts(nnunetv2__version_max="2.5.2"), False),
        ("nnunetv2.version < 2.6", facts(nnunetv2__version_max="2.5.2"), True),
        ("nnunetv2.version < 2.6", facts(nnunetv2__version_min="2.6.2"), False),
        ("nnunetv2.version < 2.6", facts(nnunetv2__version_min="2.2"), None),
    ],
)
def test_holds(source: str, known: Facts, holds: bool | None) -> None:
    assert parse(source).holds(known) is holds


@pytest.mark.parametrize("source", ["", "memory", "no.such.fact == 1", "shm.size < much", "shm.size ~ 1"])
def test_malformed(source: str) -> None:
    with pytest.raises(ComparisonError):
        parse(source)
