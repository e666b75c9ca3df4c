"""Exceptions of one text are linked: what led to what, and which two are one exception seen in two processes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from nndoctor.logs.model import ExceptionEvent, Frame, Line

DIRECT = "The above exception was the direct cause of the following exception"
CONTEXT = "During handling of the above exception, another exception occurred"


def link_chains(lines: list[Line], events: list[ExceptionEvent]) -> list[ExceptionEvent]:
    """Events in text order; chained ones know what they led to, re-raised ones are merged with their frames."""
    joints = sorted(line.number for line in lines if DIRECT in line.shown or CONTEXT in line.shown)
    _link(joints, events)
    return _merge(events)


def _link(joints: list[int], events: list[ExceptionEvent]) -> None:
    ends, starts = [event.number for event in events], [event.first for event in events]
    for joint in joints:
        before, after = bisect_left(ends, joint) - 1, bisect_right(starts, joint)
        if before >= 0 and after < len(events):
            events[before].leads_to = after


def _merge(events: list[ExceptionEvent]) -> list[ExceptionEvent]:
    merged_into: dict[int, int] = {}
    outer_frames: dict[int, list[list[Frame]]] = {}
    for index, event in enumerate(events):
        target = event.leads_to
        if target is not None and _same(event, events[target]):
            root = merged_into.get(index, index)
            outer_frames.setdefault(root, []).append(events[target].frames)
            merged_into[target] = root
            events[root].leads_to = events[target].leads_to
    for root, parts in outer_frames.items():
        events[root].frames = [frame for part in (*reversed(parts), events[root].frames) for frame in part]
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
