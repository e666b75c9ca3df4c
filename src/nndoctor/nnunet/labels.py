"""The labels of a dataset.json (nnunetv2/utilities/label_handling/label_handling.py, v2.0 to v2.8.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nndoctor.nnunet.bounded_json import as_int, as_list, as_object


@dataclass(frozen=True)
class Labels:
    """values: the label numbers in use, background included, without the ignore label, in order.
    regions: how many labels or regions are predicted, background not counted."""

    values: list[int]
    ignore: int | None
    has_regions: bool
    regions: int

    @property
    def consecutive(self) -> bool:
        """Whether the values are 0, 1, ... n, and the ignore label n + 1. Regions may overlap."""
        ignored = [] if self.ignore is None else [self.ignore]
        return [*self.values, *ignored] == list(range(len(self.values) + len(ignored)))


def labels_of(content: dict[str, object]) -> Labels | None:
    """The labels of a dataset.json; None when there are none, or when one is no number."""
    declared = as_object(content.get("labels"))
    used = {name: numbers_of(value) for name, value in declared.items() if name != "ignore"}
    if not declared or any(not numbers for numbers in used.values()):
        return None
    return Labels(
        values=sorted({number for numbers in used.values() for number in numbers}),
        ignore=as_int(declared.get("ignore")),
        has_regions=any(len(as_list(value)) > 1 for value in declared.values()),
        regions=sum(set(numbers) != {0} for numbers in used.values()),
    )


def numbers_of(value: object) -> list[int]:
    """The label numbers of one entry, an integer or a list of integers; none when it is neither."""
    items = value if isinstance(value, list) else [value]
    numbers = [as_int(item) for item in items]
    found = [number for number in numbers if number is not None]
    return found if len(found) == len(items) else []


def label_problems(content: dict[str, object]) -> Iterator[str]:
    """What is wrong with the labels, in words."""
    if "labels" not in content:
        return
    labels = labels_of(content)
    if labels is None:
        yield _unusable(content["labels"])
        return
    background = as_object(content["labels"]).get("background")
    if background is None:
        yield "labels has no 'background'"
    elif background != 0:
        yield "the background label is not 0"
    yield from _number_problems(labels, as_object(content["labels"]))
    yield from _region_problems(labels, content.get("regions_class_order"))


def _unusable(declared: object) -> str:
    if not isinstance(declared, dict) or not declared:
        return "labels is no object of names and numbers"
    if all(name.isdigit() for name in declared):
        return "labels are numbers to names, as in v1; v2 wants names to numbers"
    return "a label is neither an integer nor a list of integers"


def _number_problems(labels: Labels, declared: dict[str, object]) -> Iterator[str]:
    if "ignore" in declared and labels.ignore is None:
        yield "the ignore label is no integer"
    elif labels.ignore is not None and labels.ignore != labels.values[-1] + 1:
        yield f"the ignore label is {labels.ignore}; it must be {labels.values[-1] + 1}, the highest plus one"
    numbers = [number for name, value in declared.items() if (number := as_int(value)) is not None]
    if twice := sorted({number for number in numbers if numbers.count(number) > 1}):
        yield f"two labels share the number {twice[0]}"
    if labels.values != list(range(len(labels.values))):
        yield f"label numbers are not consecutive: {labels.values[:12]}"


def _region_problems(labels: Labels, order: object) -> Iterator[str]:
    if not labels.has_regions:
        return
    if order is None:
        yield "labels hold regions, but regions_class_order is missing"
    elif len(as_list(order)) != labels.regions:
        yield f"regions_class_order has {len(as_list(order))} entries for {labels.regions} regions"
