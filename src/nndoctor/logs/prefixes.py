"""What loggers, schedulers, containers and mail put before a line, taken off again."""

from __future__ import annotations

import re

ANSI = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\-_]|\x9b[0-?]*[ -/]*[@-~]|\x1b"
    r"|\[0m|(?<![\w\])])\[\d{1,3}(?:;\d{1,3})*m|\^\[\[\d{1,3}(?:;\d{1,3})*m"
)
BAR = re.compile(r"[^|\r\n]{0,80}?\d{1,3}%\|[^|]{0,200}\|[^\[\]]{0,40}(?:\[[^\]]{0,80}\])?")
COUNTER = re.compile(r"^\s*\d+it \[[^\]]{0,60}\]")
_STAMP = r"\d{4}[-/.]\d\d?[-/.]\d\d?[T ]\d\d?:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?"
_LEVEL = r"(?:DEBUG|INFO|WARNING|WARN|ERROR|CRITICAL|FATAL)"
PREFIX = re.compile(
    "|".join(
        (
            r"(?:> ?)+(?=\S|\s{2})",
            r"\[rank\s?\d+\]:? ?",
            r"\[\d+,\d+\]<std(?:err|out)>: ?",
            r"\d{1,3}: (?=\s|Traceback|[A-Z]\w+Error)",
            _STAMP + r" (?:stdout|stderr) [FP] ",
            r"\[?" + _STAMP + r"\]?(?: ?(?:::|[:|-]) ?| (?=\[)|\s+(?=" + _LEVEL + r"\b)|\s(?=\S|\s{2}))",
            r"\[" + _LEVEL + r"\]\[\w*\] \d\d?[./]\d\d?[./]\d{4} [\d:.]+ \[[^\]]{0,40}\] \([^)]{0,80}\) - ",
            r"\[" + _LEVEL + r"\](?:\[[^\]]{0,40}\])* ?:?(?: - ?)?",
            _LEVEL + r"\s*(?:[-:|] (?:[\w.]{1,60} ?[-:|] )?|  +)(?=Traceback|  File|\s{2}|\w+Error|[A-Z])",
            r"[\w.-]{1,40}(?:-\d+)?\s+\| (?=\S|\s{2})",
            r"\([\w.-]+ pid=\d+(?:, ip=[\d.]+)?\) ?",
            r"\[\w{2,20}\] (?=  File|Traceback|\s{4})",
            r"\[(?:stderr|stdout|VTK|Stream|Python)\]:? ?",
        )
    )
)
BOX = ("│", "┃")


def strip_ansi(text: str) -> str:
    """The text without terminal escape sequences, also those whose ESC byte was lost in copying."""
    if "\x1b" not in text and "[" not in text and "\x9b" not in text:
        return text
    return ANSI.sub("", text)


def strip_bar(text: str) -> str:
    """What follows a tqdm progress bar on its line; the line itself where there is none."""
    if "it [" in text:
        text = COUNTER.sub("", text)
    if "%|" not in text:
        return text
    return BAR.sub("", text)


def strip_prefixes(text: str) -> str:
    """The bare line: quote marks, ranks, time stamps, log levels, container names and box lines are gone."""
    inside = text.strip()
    if inside.startswith(BOX):
        text = inside[1:].removeprefix(" ")
        text = (text[:-1] if text.endswith(BOX) else text).rstrip()
    for _ in range(4):
        found = PREFIX.match(text)
        if found is None or not found.end():
            break
        text = text[found.end() :]
    return text
