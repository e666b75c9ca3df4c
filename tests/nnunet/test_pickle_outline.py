from __future__ import annotations

import os
import pickle
import time
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nndoctor.nnunet.checkpoints import damaged_members, read_checkpoint
from nndoctor.nnunet.files import BadFileError
from nndoctor.nnunet.pickle_outline import outline_of
from tests.nnunet.checkpoint_files import SHAPES, content, pickled, write_trained

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9) | st.binary(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    | st.tuples(inner, inner),
    max_leaves=20,
)  # fmt: skip


@given(PLAIN, st.integers(0, pickle.HIGHEST_PROTOCOL))
def test_plain_values_come_out_as_they_were(value: object, protocol: int) -> None:
    if protocol >= 3 or not _has_bytes(value):
        assert outline_of(pickle.dumps(value, protocol))[0] == value


def _has_bytes(value: object) -> bool:
    """Old protocols write bytes as a call."""
    if isinstance(value, dict):
        return any(map(_has_bytes, value.values()))
    return any(map(_has_bytes, value)) if isinstance(value, (list, tuple)) else isinstance(value, bytes)


class _Attack:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch {self.path}",)


def test_nothing_is_called(tmp_path: Path) -> None:
    data = pickle.dumps({"trainer_name": "nnUNetTrainer", "evil": _Attack(tmp_path / "harm")})
    value, imported = outline_of(data)
    assert isinstance(value, dict)
    assert value["trainer_name"] == "nnUNetTrainer"
    assert imported == {"posix system"}
    assert not (tmp_path / "harm").exists()


def test_laughs_by_the_billion_cost_nothing() -> None:
    laugh: list[object] = ["ha"]
    for _ in range(60):
        laugh = [laugh] * 10
    start = time.monotonic()
    outline_of(pickle.dumps({"init_args": {"plans": {"a": laugh}}}))
    assert time.monotonic() - start < 1


@pytest.mark.parametrize(
    "data", [b"", b"N", b"\x80\x02.", b"t.", b"\x80\x02}(K\x01u.", b"h\x05.", b"N)R.", b"\x80\x02]]a"]
)
def test_broken_pickles_are_named(data: bytes) -> None:
    with pytest.raises(BadFileError):
        outline_of(data)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 3000), st.integers(0, 255))
def test_no_change_of_a_byte_raises_anything_else(place: int, byte: int) -> None:
    data = bytearray(pickled(content()))
    data[place % len(data)] = byte
    with suppress(BadFileError):
        outline_of(bytes(data))


def test_ordered_dictionaries_are_dictionaries() -> None:
    assert outline_of(pickle.dumps(OrderedDict(a=1), 2))[0] == {"a": 1}


def test_what_a_checkpoint_says_of_itself(tmp_path: Path) -> None:
    found = read_checkpoint(write_trained(tmp_path / "checkpoint_final.pth"))
    assert found is not None
    assert (found.trainer, found.configuration, found.epoch, found.lacking) == (
        "nnUNetTrainer", "3d_fullres", 1000, [],
    )  # fmt: skip
    assert found.shapes == SHAPES
    assert found.plans["plans_name"] == "nnUNetPlans"
    assert found.imports == {"collections OrderedDict", "torch._utils _rebuild_tensor_v2"}


def test_bytes_that_changed_after_they_were_written(tmp_path: Path) -> None:
    path = write_trained(tmp_path / "checkpoint_final.pth")
    assert damaged_members(path) == []
    data = bytearray(path.read_bytes())
    data[data.index(b"\x01" * 3000) + 7] = 9
    path.write_bytes(data)
    assert damaged_members(path) == ["checkpoint_final/data/1"]


def test_parts_that_overlap_are_not_read_again_and_again(tmp_path: Path) -> None:
    path = write_trained(tmp_path / "checkpoint_final.pth")
    data = bytearray(path.read_bytes())
    for name in (b"/data/0", b"/data/1"):
        entry = data.rindex(name) - len(b"checkpoint_final") - 46
        data[entry + 20 : entry + 28] = (2**31).to_bytes(4, "little") * 2
    path.write_bytes(data)
    with pytest.raises(BadFileError, match="overlap"):
        damaged_members(path)
