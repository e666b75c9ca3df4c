"""The reader's language: --lang, else the locale."""

from __future__ import annotations

import os
import sys
from enum import Enum
from typing import Annotated

import typer

from nndoctor.report.words import Language

_CHINESE = ("zh", "chinese")
_SAMPLE = "诊断"


class Lang(str, Enum):
    """An Enum, because typer older than 0.19 takes no Literal."""

    en = "en"
    zh = "zh"


LangOption = Annotated[
    Lang | None, typer.Option("--lang", help="Language of what is written. Default: that of the locale.")
]


def language(chosen: Lang | None) -> Language:
    """The language that was asked for; else Chinese in a Chinese locale whose standard output can show it."""
    if chosen is not None:
        return "zh" if chosen is Lang.zh else "en"
    return "zh" if _locale().lower().startswith(_CHINESE) and _can_show_chinese() else "en"


def _locale() -> str:
    """The name of the locale for messages, as POSIX has it (LC_ALL, LC_MESSAGES, LANG); on Windows the user's."""
    named = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    if named or sys.platform != "win32":
        return named
    import locale

    return locale.getlocale()[0] or ""


def _can_show_chinese() -> bool:
    from nndoctor.report.screen import encodable

    return encodable(_SAMPLE, sys.stdout)
