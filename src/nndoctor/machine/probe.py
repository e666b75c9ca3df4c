"""A probe is one question to the computer. A failing or slow probe costs its own facts and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Thread
from time import monotonic
from typing import NamedTuple

from nndoctor.facts import Fact, FactValue, Missing, Provenance

Answer = Fact | Missing
LIMIT_S = 5.0


class Probe(NamedTuple):
    """The names that a probe answers for, the probe, and the seconds it may take. Its later answer to a name counts."""

    names: tuple[str, ...]
    run: Callable[[], Iterable[Answer]]
    limit_s: float = LIMIT_S


class _Running(NamedTuple):
    probe: Probe
    thread: Thread
    given: list[Answer]
    deadline: float


def seen(name: str, value: FactValue, where: str) -> Fact:
    """A fact that this machine stated. `where` is the file, variable or call that says it."""
    return Fact(name, value, Provenance("machine", where))


def answer(name: str, value: FactValue | None, where: str, otherwise: str) -> Answer:
    """The fact, or `otherwise` as the reason why there is none."""
    return Missing(name, otherwise) if value is None else seen(name, value, where)


def ask(name: str, read: Callable[[], FactValue | None], where: str, otherwise: str) -> Answer:
    """As `answer`, with a value that may fail to be read (OSError, ValueError, or no such call on this system)."""
    try:
        return answer(name, read(), where, otherwise)
    except (OSError, ValueError, AttributeError) as error:
        return Missing(name, f"{where}: {describe(error)}")


def describe(error: BaseException) -> str:
    """One line for an exception, never empty."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def unknown(names: Iterable[str], reason: str) -> list[Answer]:
    """Every name is missing, for one reason."""
    return [Missing(name, reason) for name in names]


def run_all(probes: Iterable[Probe]) -> list[Answer]:
    """Run the probes side by side. Each of their names is answered once, in the order of the probes; raises nothing."""
    running = [_start(probe) for probe in probes]
    return [given for one in running for given in _collect(one)]


def _start(probe: Probe) -> _Running:
    given: list[Answer] = []
    thread = Thread(target=_answer, args=(probe, given), daemon=True)
    deadline = monotonic() + probe.limit_s
    try:
        thread.start()
    except RuntimeError:  # no more threads for this user, which is worth diagnosing: ask without one
        _answer(probe, given)
    return _Running(probe, thread, given, deadline)


def _answer(probe: Probe, given: list[Answer]) -> None:
    try:
        for each in probe.run():
            given += [each]  # one by one: what was said before a probe hangs still counts
    except Exception as error:
        given[:] = unknown(probe.names, f"the probe failed: {describe(error)}")


def _collect(one: _Running) -> list[Answer]:
    if one.thread.ident is not None:
        one.thread.join(max(0.0, one.deadline - monotonic()))
    late = f"the probe gave no answer within {one.probe.limit_s:g} s"
    otherwise = late if one.thread.is_alive() else "the probe does not say"
    by_name = {given.name: given for given in list(one.given)}
    return [by_name.get(name, Missing(name, otherwise)) for name in one.probe.names]
