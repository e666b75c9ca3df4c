"""The nnU-Net command that the text shows, and the arguments that tell where its files are."""

from __future__ import annotations

import re
import shlex

from nndoctor.logs.model import Line

COMMAND = re.compile(r"(?:^|[\s/\\;&|!('\"`])(nnUNet(?:v2)?_[A-Za-z0-9_]+)(?:\.exe|\.py)?(?=[\s'\"`]|$)(.*)")
LEAD_LENGTH = 300
_LEAD = re.compile(
    r"[$#>!+%]|(?:\([^)]*\)\s*)?[^\s@:~]*[@:~][^\s$#>]*[$#>%]|PS [A-Z]:\S*>|[A-Z]:\\[^>]*>|\([^)]*\)\s*\S*[$#>]"
    r"|In \[\d*\]:|\w+=\S+\s|-m\s|\S*/?bin/|[\"'`]"
    r"|(?:sudo|time|srun|nohup|python\d?|uv run|command|cmd|run(?:ning)?):?\s",
    re.IGNORECASE,
)
_STOPS = re.compile(r"[;&|`]|\s#\s|\s>+\s?\S|2>&1")


def find_commands(lines: list[Line]) -> list[tuple[int, list[str]]]:
    """Line number and words of every nnU-Net command line that the text shows as typed."""
    found = []
    for line in lines:
        words = _command(line) if "nnUNet" in line.text and line.role == "print" else None
        if words:
            found.append((line.number, words))
    return found


def _command(line: Line) -> list[str] | None:
    match = COMMAND.search(line.text)
    if match is None:
        return None
    if not _is_lead(line.text[: match.start(1)]):
        return None
    rest = _STOPS.split(match.group(2), maxsplit=1)[0].strip().strip("\"'`")
    if rest.startswith((":", "=")) or (rest and not _looks_like_arguments(rest)):
        return None
    return [match.group(1), *_split(rest)]


def _is_lead(before: str) -> bool:
    """Whether only prompts, variables and launchers stand before the command."""
    before = before.lstrip()
    while before and len(before) <= LEAD_LENGTH and (found := _LEAD.match(before)) is not None:
        before = before[found.end() :].lstrip()
    return not before


def _looks_like_arguments(rest: str) -> bool:
    return bool(re.search(r"(?:^|\s)-{1,2}[A-Za-z]|^\S*\d|^\S+$|^(?:2d|3d_|Task|Dataset)", rest))


def _split(rest: str) -> list[str]:
    try:
        return shlex.split(rest.replace("\\", "\\\\"))
    except ValueError:
        return rest.split()


def option(words: list[str], *names: str) -> str | None:
    """The value that follows one of the flags, or None."""
    for index, word in enumerate(words[:-1]):
        if word in names and not words[index + 1].startswith("-"):
            return words[index + 1]
    return None
