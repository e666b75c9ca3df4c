"""A failing or slow probe costs its own facts only."""

from __future__ import annotations

import threading

import pytest

from nndoctor.facts import Missing
from nndoctor.machine.probe import Answer, Probe, ask, run_all, seen


def good() -> list[Answer]:
    return [seen("cpu.host", 4, "here")]


def bad() -> list[Answer]:
    raise RuntimeError("line one\nline two")


def hanging() -> list[Answer]:
    threading.Event().wait(5)
    return []


def test_order_and_isolation() -> None:
    probes = [Probe(("a", "b"), bad), Probe(("slow",), hanging, 0.05), Probe(("cpu.host", "extra"), good)]
    assert run_all(probes) == [
        Missing("a", "the probe failed: RuntimeError: line one line two"),
        Missing("b", "the probe failed: RuntimeError: line one line two"),
        Missing("slow", "the probe gave no answer within 0.05 s"),
        seen("cpu.host", 4, "here"),
        Missing("extra", "the probe does not say"),
    ]


def test_no_thread_to_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert run_all([Probe(("cpu.host",), good)]) == good()


def test_ask_turns_errors_into_reasons() -> None:
    assert ask("x", lambda: int("y"), "file", "") == Missing(
        "x", "file: ValueError: invalid literal for int() with base 10: 'y'"
    )
