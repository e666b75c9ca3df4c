"""Comparisons of facts, as rules write them: `shm.size < 1 GiB`, `nnunetv2.version >= 2.5.2`."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from nndoctor.facts import Facts, FactValue, vocabulary

_SHAPE = re.compile(r"^\s*([a-z][\w.]*)\s*(==|!=|<=|>=|<|>)\s*(.+?)\s*$")
_NUMBER = re.compile(r"^(-?\d+(?:\.\d+)?)\s*(KiB|MiB|GiB|TiB)?$")
_VERSION = re.compile(r"^v?\d+(\.\d+)*([a-z]+\d*)?$")
_UNITS = {None: 1, "": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}


class ComparisonError(ValueError):
    """A comparison that is malformed or names an unknown fact."""


class Comparison(msgspec.Struct, frozen=True):
    """`left op right`; `other` is the right side's fact name, else `literal` is its value."""

    left: str
    op: str
    literal: FactValue | None
    other: str | None

    def names(self) -> list[str]:
        return [self.left] if self.other is None else [self.left, self.other]

    def holds(self, facts: Facts) -> bool | None:
        """True or False, or None when a fact is missing."""
        left = facts.value(self.left)
        right = facts.value(self.other) if self.other is not None else self.literal
        if left is None and right is not None:
            return self._within_bounds(facts, str(right))
        if left is None or right is None:
            return None
        return _compare(left, self.op, right, vocabulary()[self.left].type == "version")

    def _within_bounds(self, facts: Facts, right: str) -> bool | None:
        """An unknown version may still be known well enough by its oldest and newest possible values."""
        lowest, highest = facts.value(f"{self.left}_min"), facts.value(f"{self.left}_max")
        ends = [_ordered(version_key(str(end)), self.op, version_key(right)) for end in (lowest, highest) if end]
        if self.op in (">", ">=") and lowest is not None and ends[0]:
            return True
        if self.op in ("<", "<=") and highest is not None and ends[-1]:
            return True
        if self.op in (">", ">=") and highest is not None and not ends[-1]:
            return False
        return False if self.op in ("<", "<=") and lowest is not None and not ends[0] else None


def parse(source: str) -> Comparison:
    """The comparison that the text writes. Raises ComparisonError with what is wrong."""
    found = _SHAPE.match(source)
    if found is None:
        raise ComparisonError(f"{source!r} is not 'fact op value'")
    left, op, right = found.groups()
    spec = vocabulary().get(left)
    if spec is None:
        raise ComparisonError(f"{source!r}: there is no fact {left!r}")
    if right in vocabulary():
        return Comparison(left, op, None, right)
    return Comparison(left, op, _literal(source, right, spec.type), None)


def contradicted(conditions: Iterable[str], facts: Facts) -> bool:
    """Whether the facts say that one of these comparisons does not hold; what is not known contradicts nothing."""
    return any(parse(condition).holds(facts) is False for condition in conditions)


def release_bounds(first: str | None, last: str | None) -> list[str]:
    """Comparisons that hold for the releases of nnunetv2 from `first` to `last`; an end that is not set is open."""
    ends = ((">=", first), ("<=", last))
    return [f"nnunetv2.version {operator} {version}" for operator, version in ends if version]


def _literal(source: str, text: str, kind: str) -> FactValue:
    if text in ("true", "false"):
        return text == "true"
    if text[:1] in "'\"" and text[-1:] == text[:1] and len(text) > 1:
        return text[1:-1]
    if kind == "version" and _VERSION.match(text):
        return text.removeprefix("v")
    number = _NUMBER.match(text)
    if number is None:
        raise ComparisonError(f"{source!r}: {text!r} is neither a fact nor a literal")
    value = float(number.group(1)) * _UNITS[number.group(2)]
    return int(value) if value.is_integer() else value


def _compare(left: FactValue, op: str, right: FactValue, versions: bool) -> bool | None:
    if isinstance(left, list):
        return _compare_list(left, op, right)
    if versions:
        return _ordered(version_key(str(left)), op, version_key(str(right)))
    if isinstance(left, str) or isinstance(right, (str, list)):
        return left == right if op == "==" else left != right if op == "!=" else None
    return _ordered((float(left),), op, (float(right),))


def _compare_list(left: list[str] | list[int] | list[float], op: str, right: FactValue) -> bool | None:
    """A list equals a value when it holds it; against a number its length is compared by < and >."""
    if op in ("==", "!="):
        inside = left == right if isinstance(right, list) else right in left
        return inside if op == "==" else not inside
    if isinstance(right, (str, list)):
        return None
    return _ordered((float(len(left)),), op, (float(right),))


def version_key(text: str) -> tuple[float, ...]:
    """Release numbers of a version, without trailing zeros; local parts such as +cu118 do not count."""
    release = re.match(r"v?(\d+(?:\.\d+)*)", text)
    parts = [float(part) for part in release.group(1).split(".")] if release else []
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def _ordered(left: tuple[float, ...], op: str, right: tuple[float, ...]) -> bool:
    results = {
        "==": left == right,
        "!=": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }
    return results[op]
