"""Every text of a Diagnosis that a log, a file or a machine may have written, found by walking its types.

Names, closed vocabularies and what rule authors wrote (fixes, explanations) hold nothing of the user's and stay; so
do pictures, which are no texts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar, cast

import msgspec

from nndoctor.diagnosis.model import CaseEntry, Checkup, Diagnosis, Evidence, Finding, Fix, Forecast, NotSeen, Place
from nndoctor.facts import Fact, Missing

T = TypeVar("T")
Change = Callable[[str], str]
CLOSED = frozenset(
    {
        *("status", "kind", "severity", "treats", "cause", "chain", "fact", "witness", "encoding", "thumbnails"),
        *("problem", "problems", "depth", "stage", "option", "formula"),
    }
)
AUTHORED = {
    Finding: ("explanation",),
    Evidence: ("says",),
    NotSeen: ("meaning", "command"),
    Checkup: ("command",),
}
SOURCES = ("name", "where", "source", "files", "label", "subject")
NAMED = (Fact, Missing)
FILE_FACTS = ("_folder", "_file", "_path", ".paths", "_case", ".case", "_cases", ".cases")


class Changes(NamedTuple):
    """What happens to a free text, to the name of a source, to a value that is a file, a folder or a case, and to
    the name of a case."""

    text: Change
    source: Change
    name: Change
    case: Change


def map_texts(d: Diagnosis, change: Change | Changes) -> Diagnosis:
    """A copy with every free text changed."""
    changes = change if isinstance(change, Changes) else Changes(change, change, change, change)
    return _mapped(d, changes.text, changes)


def texts(d: Diagnosis) -> list[str]:
    """Every free text, in the order in which the types list them."""
    found: list[str] = []

    def keep(text: str) -> str:
        found.append(text)
        return text

    map_texts(d, keep)
    return found


def _mapped(value: T, change: Change, changes: Changes) -> T:
    if isinstance(value, str):
        return cast(T, change(value))
    if isinstance(value, list):
        return cast(T, [_mapped(item, change, changes) for item in value])
    if isinstance(value, dict):
        return cast(T, {key: _mapped(item, change, changes) for key, item in value.items()})
    if isinstance(value, msgspec.Struct):
        return cast(T, _mapped_struct(value, changes))
    return value


def _mapped_struct(value: msgspec.Struct, changes: Changes) -> msgspec.Struct:
    new: dict[str, object] = {}
    if isinstance(value, Fix):
        return value
    authored = AUTHORED.get(type(value), ())
    if isinstance(value, Finding) and value.problem is not None:
        authored = (*authored, "title")
    for field in value.__struct_fields__:
        if field in CLOSED or field in authored or (field == "name" and isinstance(value, NAMED)):
            continue
        new[field] = _mapped(getattr(value, field), _change_of(value, field, changes), changes)
    return msgspec.structs.replace(value, **new)


def _change_of(value: msgspec.Struct, field: str, changes: Changes) -> Change:
    if isinstance(value, Fact) and field == "value" and value.name.endswith(FILE_FACTS):
        return changes.name
    if field == "case" and isinstance(value, CaseEntry | Place | Forecast):
        return changes.case
    return changes.source if field in SOURCES else changes.text
