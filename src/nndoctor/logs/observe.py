"""A Log's own facts: command, epochs, paths, platform."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from statistics import median

from nndoctor.facts import Fact, FactValue, Provenance
from nndoctor.logs.commands import find_commands, option
from nndoctor.logs.model import Line, Log

_EPOCH = re.compile(r"^\s*[Ee]poch:?\s+(\d+)\s*$")
_LOSS = re.compile(r"^\s*(?:train_loss|val_loss|train loss ?:|validation loss:)\s*:?\s*(\S+)")
_EPOCH_TIME = re.compile(r"^\s*(?:Epoch time:|This epoch took)\s*([\d.]+) ?s")
_CASES = re.compile(r"There are (\d+) cases in the source folder")
_PATH = re.compile(r"(?<![\w.:/\\])(?:[A-Za-z]:[\\/]|/)(?:[^\s'\"<>|*?:,;()\[\]{}]+)")
_SYSTEM = ("/usr/", "/lib", "/proc/", "/dev/", "/bin/", "/sys/", "/etc/", "/__w/", "//")
PATHS_KEPT = 40


def observe(log: Log) -> Iterator[Fact]:
    """Every fact that the text states, with the line that states it."""
    yield from _command_facts(log)
    yield from _training_facts(log)
    yield from _path_facts(log)
    where = Provenance("text", log.name)
    yield Fact("log.exceptions", len(log.exceptions), where)
    yield Fact("log.truncated", log.truncated, where)


def _command_facts(log: Log) -> Iterator[Fact]:
    commands = find_commands(log.lines)
    if not commands:
        return
    number, words = commands[-1]
    where = Provenance("text", log.name, number)
    positional = [word for word in words[1:4] if not word.startswith("-")]
    trains = words[0].endswith("_train")
    values: dict[str, str | None] = {
        "log.command": words[0],
        "log.command_line": " ".join(words),
        "log.input_folder": option(words, "-i", "--input_folder"),
        "log.model_folder": option(words, "-m") if "modelfolder" in words[0] else None,
        "log.dataset": option(words, "-d", "-t") or (positional[0] if trains and positional else None),
        "log.configuration": option(words, "-c") or (positional[1] if trains and len(positional) > 1 else None),
    }
    yield from (Fact(name, value, where) for name, value in values.items() if value)


def _training_facts(log: Log) -> Iterator[Fact]:
    epochs = _numbers(log, _EPOCH, int)
    if epochs:
        yield Fact("log.last_epoch", epochs[-1][1], Provenance("text", log.name, epochs[-1][0]))
    nans = [line.number for line in log.lines if line.role == "print" and _is_nan_loss(line)]
    if epochs or nans:
        yield Fact("log.nan_epochs", len(nans), Provenance("text", log.name, nans[0] if nans else None))
    times = _numbers(log, _EPOCH_TIME, float)
    if times:
        yield Fact("log.epochs", len(times), Provenance("text", log.name, times[-1][0]))
        middle = float(median(seconds for _, seconds in times))
        yield Fact("log.epoch_seconds", middle, Provenance("text", log.name, times[-1][0]))
    yield from _said(log, "log.training_done", "Training done.")
    yield from _said(log, "log.validation_complete", "Validation complete")
    cases = _numbers(log, _CASES, int)
    if cases:
        yield Fact("log.cases_found", cases[-1][1], Provenance("text", log.name, cases[-1][0]))


def _is_nan_loss(line: Line) -> bool:
    found = _LOSS.match(line.text) if "loss" in line.text else None
    return found is not None and found.group(1).strip("[](),").lower() in ("nan", "tensor(nan")


def _numbers(log: Log, pattern: re.Pattern[str], convert: Callable[[str], float]) -> list[tuple[int, int | float]]:
    found = []
    for line in log.lines:
        match = pattern.search(line.text) if line.role == "print" else None
        if match is not None:
            try:
                found.append((line.number, convert(match.group(1))))
            except ValueError:
                continue
    return found


def _said(log: Log, name: str, words: str) -> Iterator[Fact]:
    for line in log.lines:
        if words in line.text and line.role == "print":
            yield Fact(name, True, Provenance("text", log.name, line.number))
            return


def _path_facts(log: Log) -> Iterator[Fact]:
    paths: dict[str, int] = {}
    for line in log.lines:
        if "/" in line.text or ":\\" in line.text:
            for found in _PATH.findall(line.text):
                paths.setdefault(found.rstrip(".:"), line.number)
    frames = {frame.path: frame.number for event in log.exceptions for frame in event.frames}
    platform = _platform([*frames, *paths])
    if platform:
        yield Fact("log.platform", platform, Provenance("text", log.name))
    own: list[FactValue] = [
        path for path in [*frames, *paths] if not path.startswith(_SYSTEM) and path.count("/") + path.count("\\") > 2
    ]
    kept = [str(path) for path in dict.fromkeys(map(str, own))][:PATHS_KEPT]
    if kept:
        yield Fact("log.paths", kept, Provenance("text", log.name))


def _platform(paths: list[str]) -> str | None:
    if any(re.match(r"[A-Za-z]:[\\/]", path) for path in paths):
        return "windows"
    if any(path.startswith(("/Users/", "/opt/homebrew", "/Applications")) for path in paths):
        return "macos"
    return "linux" if any(path.startswith(("/home/", "/usr/", "/opt/", "/root/", "/mnt/")) for path in paths) else None
