"""Checkpoints: what can be told of a .pth file without loading it. It is never unpickled."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

from nndoctor.nnunet.bounded_json import as_int, as_object, as_str
from nndoctor.nnunet.files import BadFileError, opened
from nndoctor.nnunet.headers.model import Source
from nndoctor.nnunet.pickle_outline import MOST_BYTES, Opaque, outline_of
from nndoctor.nnunet.zip_directory import Member, data_offset, members_of, zip_problem

OLD_PICKLE = b"\x80\x02\x8a\x0al\xfc\x9c"
"""How torch before 1.6 begins a file (torch/serialization.py, MAGIC_NUMBER): no zip, and no way to check its end."""
NEEDED = ("network_weights", "trainer_name", "init_args")
"""What a prediction takes from a checkpoint (nnUNetPredictor.initialize_from_trained_model_folder, v2.0 to v2.8.1)."""
STORED = 0
BLOCK = 4 * 1024 * 1024
_TENSOR = "torch._utils _rebuild_tensor_v2"


@dataclass(frozen=True)
class Checkpoint:
    """What a checkpoint says of itself. `imports`: the names that loading it would import, as "module name"."""

    content: dict[str, object]
    imports: set[str]

    @property
    def lacking(self) -> list[str]:
        return [key for key in NEEDED if key not in self.content]

    @property
    def trainer(self) -> str | None:
        return as_str(self.content.get("trainer_name"))

    @property
    def configuration(self) -> str | None:
        return as_str(self._arguments.get("configuration"))

    @property
    def epoch(self) -> int | None:
        """Epochs that were done when it was written."""
        return as_int(self.content.get("current_epoch"))

    @property
    def plans(self) -> dict[str, object]:
        """The plans that the network was trained with; empty when they are not told."""
        return as_object(self._arguments.get("plans"))

    @property
    def dataset_json(self) -> dict[str, object]:
        return as_object(self._arguments.get("dataset_json"))

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every weight of the network, by its name."""
        weights = as_object(self.content.get("network_weights"))
        found = ((str(name), _shape(value)) for name, value in weights.items())
        return {name: shape for name, shape in found if shape is not None}

    @property
    def _arguments(self) -> dict[str, object]:
        return as_object(self.content.get("init_args"))


def checkpoint_problem(path: Path) -> str | None:
    """Why a checkpoint cannot be loaded, in words; None when its zip directory is whole, or when it is too old
    to tell."""
    try:
        with opened(path) as (stream, size):
            source = Source(stream, size)
            return None if source.at(0, 64).startswith(OLD_PICKLE) else zip_problem(source)
    except BadFileError as error:
        return str(error)


def read_checkpoint(path: Path) -> Checkpoint | None:
    """What a checkpoint says of itself, by following the opcodes of its data.pkl; None when it is no zip of torch.

    Raises BadFileError when the pickle is broken, or not one of a dictionary.
    """
    with opened(path) as (stream, size):
        source = Source(stream, size)
        member = next((each for each in members_of(source) if each.name.endswith("/data.pkl")), None)
        start = data_offset(source, member) if member is not None else None
        if member is None or start is None or member.method != STORED:
            return None
        if member.size > MOST_BYTES:
            raise BadFileError(f"its data.pkl has {member.size} bytes: too large")
        content, imports = outline_of(source.at(start, member.size))
    if not isinstance(content, dict):
        raise BadFileError("it holds no dictionary as nnU-Net's checkpoints do")
    return Checkpoint(content, imports)


def damaged_members(path: Path) -> list[str]:
    """Members whose bytes do not fit their checksum, which torch.load does not compare. Reads the whole file.

    Empty when none fits: then the checksums were not computed (torch.serialization.set_crc32_options).
    Raises BadFileError when its members would be larger together than the file.
    """
    with opened(path) as (stream, size):
        source = Source(stream, size)
        stored = [each for each in members_of(source) if each.method == STORED and each.size]
        if sum(each.size for each in stored) > size:
            raise BadFileError("broken: its parts overlap")
        wrong = [each.name for each in stored if _checksum(source, each) != each.crc]
    return wrong if len(wrong) < len(stored) else []


def _checksum(source: Source, member: Member) -> int | None:
    start = data_offset(source, member)
    if start is None:
        return None
    crc = 0
    for at in range(start, start + member.size, BLOCK):
        crc = zlib.crc32(source.at(at, min(BLOCK, start + member.size - at)), crc)
    return crc


def _shape(value: object) -> tuple[int, ...] | None:
    """The third argument of torch's _rebuild_tensor_v2(storage, offset, size, stride, ...) (torch/_utils.py)."""
    if not isinstance(value, Opaque) or value.name != _TENSOR or not isinstance(value.arguments, tuple):
        return None
    size = value.arguments[2] if len(value.arguments) > 2 else None
    if not isinstance(size, tuple):
        return None
    axes = tuple(axis for axis in size if isinstance(axis, int))
    return axes if len(axes) == len(size) else None
