"""Drafts of a rule and of its case, made from one text."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from nndoctor.diagnosis.lint import UNWRITTEN
from nndoctor.diagnosis.template import TemplateError, anchor_words
from nndoctor.logs import ExceptionEvent, Log

_PARTICULAR = re.compile(r"'[^']*'|\"[^\"]*\"|(?:[A-Za-z]:)?[\\/][^\s,;:)\]]+|0x[0-9a-fA-F]+|-?\d+(?:\.\d+)?")


def draft_rule(cause: str, log: Log) -> dict[str, object]:
    """A rule as YAML data: its signs are read off the text, its words are still to be written."""
    return {
        "id": cause,
        "title": f"{UNWRITTEN}: the cause in one line",
        "explanation": f"{UNWRITTEN}: what happened, in words a PhD student understands",
        "prior": "uncommon",
        "evidence": [_sign(event) for event in log.exceptions[:1]] or [{"text": _telling(log), "weight": "strong"}],
        "explains": ["background-worker-died"],
        "ask": [{"text": f"{UNWRITTEN}: the one thing that settles it"}],
    }


def draft_case(cause: str, log: Log) -> dict[str, object]:
    """The case.yaml beside the text."""
    number = log.exceptions[0].number if log.exceptions else None
    shown = {line.number: line.shown.strip() for line in log.lines}
    expect = {"status": "diagnosed", "first": cause, "also": [], "key_line": shown.get(number or 0) or _telling(log)}
    return {"origin": "written", "fault": f"{UNWRITTEN}: what was wrong", "expect": expect}


def _sign(event: ExceptionEvent) -> dict[str, object]:
    sign: dict[str, object] = {"exception": event.name}
    template = masked(event.message)
    if template:
        sign["message"] = template
    if event.frames:
        sign["in"] = event.frames[-1].function
        sign["file"] = event.frames[-1].path.rpartition("/")[2]
    return {**sign, "weight": "strong"}


def masked(message: str) -> str | None:
    """The message as a template, its particulars as holes; None when no word is left to find it by."""
    template = re.sub(r"(?:\[\*\]\s*)+", "[*] ", _PARTICULAR.sub("[*]", " ".join(message.split())[:160])).strip()
    try:
        anchor_words(template)
    except TemplateError:
        return None
    return template


def _telling(log: Log) -> str:
    """The last line that says something."""
    lines = [line.text.strip() for line in log.lines if len(line.text.strip()) > 12]
    return lines[-1][:160] if lines else ""


def write_yaml(path: Path, data: dict[str, object]) -> None:
    """Write a new file. Raises FileExistsError when there is one, OSError when it cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as stream:
        yaml.safe_dump(data, stream, sort_keys=False, allow_unicode=True, width=120)
