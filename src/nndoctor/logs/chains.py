"""Exceptions of one text are linked: what led to what, and which two are one exception seen in two processes."""

from __future__ import annotations

from nndoctor.logs.model import ExceptionEvent, Line

DIRECT = "The above exception was the direct cause of the following exception"
CONTEXT = "During handling of the above exception, another exception occurred"


def link_chains(lines: list[Line], events: list[ExceptionEvent]) -> list[ExceptionEvent]:
    """Events in text order; chained ones know what they led to, re-raised ones are merged with their frames."""
    joints = sorted(line.number for line in lines if DIRECT in line.shown or CONTEXT in line.shown)
    _link(joints, events)
    return _merge(events)


def _link(joints: list[int], events: list[ExceptionEvent]) -> None:
    for joint in joints:
        before = [index for index, event in enumerate(events) if event.number < joint]
        after = [index for index, event in enumerate(events) if event.first > joint]
        if before and after:
            events[before[-1]].leads_to = after[0]


def _merge(events: list[ExceptionEvent]) -> list[ExceptionEvent]:
    merged_into: dict[int, int] = {}
    for index, event in enumerate(events):
        target = event.leads_to
        if target is not None and _same(event, events[target]):
            root = merged_into.get(index, index)
            events[root].frames = events[target].frames + events[root].frames
            merged_into[target] = root
            events[root].leads_to = events[target].leads_to
    kept = [index for index in range(len(events)) if index not in merged_into]
    place = {old: new for new, old in enumerate(kept)}
    for index in kept:
        target = events[index].leads_to
        events[index].leads_to = None if target is None else place.get(merged_into.get(target, target))
    return [events[index] for index in kept]


def _same(inner: ExceptionEvent, outer: ExceptionEvent) -> bool:
    if inner.name != outer.name:
        return False
    one, two = " ".join(inner.message.split()), " ".join(outer.message.split())
    return one == two or (len(one) > 20 and two.startswith(one[:200])) or (len(two) > 20 and one.startswith(two[:200]))
