"""Every free text of a Diagnosis, found by walking its types; names and closed vocabularies stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar, cast

import msgspec

from nndoctor.diagnosis.model import Diagnosis
from nndoctor.facts import Fact, Missing

T = TypeVar("T")
Change = Callable[[str], str]
CLOSED = frozenset({"status", "kind", "severity", "treats", "cause", "chain", "fact", "witness", "encoding"})
NAMED = (Fact, Missing)


def map_texts(d: Diagnosis, change: Change, change_path: Change | None = None) -> Diagnosis:
    """A copy with `change` applied to every free text, and `change_path` to those that name a file or folder."""
    return _mapped(d, change, change_path or change)


def texts(d: Diagnosis) -> Iterator[str]:
    """Every free text, in the order in which the types list them."""
    found: list[str] = []

    def keep(text: str) -> str:
        found.append(text)
        return text

    map_texts(d, keep)
    return iter(found)


def _mapped(value: T, change: Change, change_path: Change) -> T:
    if isinstance(value, str):
        return cast(T, change(value))
    if isinstance(value, list):
        return cast(T, [_mapped(item, change, change_path) for item in value])
    if isinstance(value, msgspec.Struct):
        return cast(T, _mapped_struct(value, change, change_path))
    return value


def _mapped_struct(value: msgspec.Struct, change: Change, change_path: Change) -> msgspec.Struct:
    new: dict[str, object] = {}
    for field in value.__struct_fields__:
        if field in CLOSED or (field == "name" and isinstance(value, NAMED)):
            continue
        change_field = change_path if _names_a_file(value, field) else change
        new[field] = _mapped(getattr(value, field), change_field, change_path)
    return cast(msgspec.Struct, msgspec.structs.replace(value, **new))


def _names_a_file(value: msgspec.Struct, field: str) -> bool:
    """Whether this field is a file or folder as a whole, such as the name of an input."""
    if isinstance(value, Fact):
        return field == "value" and value.name.endswith(("_folder", "_file", "_path", ".paths"))
    return field in ("name", "where") or (field == "source" and not hasattr(value, "treats"))
