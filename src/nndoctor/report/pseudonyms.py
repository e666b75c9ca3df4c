"""The names that redaction gives: the same for the same original all through one report, and telling nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Literal

from nndoctor.report.safe_words import folded, is_safe

Kind = Literal["user", "host", "mail", "ip", "mac", "uid", "uuid", "secret", "person", "case", "file", "dir", "dataset"]
SHAPE = r"anon-[a-z]+-\d+"
PSEUDONYM = re.compile(SHAPE)
_NUMBERED = re.compile(r"anon-([a-z]+)-(\d+)")
_TELLING = re.compile(r"[0-9_^.\-A-Z]|[^\x00-\x7f]")
LONG = 8


class Pseudonyms:
    """Originals by kind, each with its pseudonym. Numbers that the texts already use are not given again."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._names: dict[tuple[str, str], str] = {}
        self._last: defaultdict[str, int] = defaultdict(int)
        self.originals: dict[str, str] = {}
        for text in texts:
            for kind, number in _NUMBERED.findall(text):
                self._last[kind] = max(self._last[kind], int(number))

    def name(self, kind: Kind, original: str) -> str:
        """The pseudonym of `original`; a pseudonym stays itself."""
        if PSEUDONYM.fullmatch(original):
            return original
        key = (kind, original.casefold())
        if key not in self._names:
            self._last[kind] += 1
            self._names[key] = f"anon-{kind}-{self._last[kind]}"
        if _counts_everywhere(kind, original):
            self.originals.setdefault(original.casefold(), self._names[key])
        return self._names[key]

    def is_user(self, word: str) -> bool:
        return ("user", word.casefold()) in self._names


def is_nobody(word: str) -> bool:
    """Whether an account or host name is nobody's, such as root or localhost."""
    return word.casefold() in folded("people") or word.casefold() in folded("hosts")


def is_telling(word: str) -> bool:
    """Whether a word looks like a name that somebody gave and not like a word of the language."""
    return len(word) > 3 and _TELLING.search(word) is not None


def _counts_everywhere(kind: Kind, original: str) -> bool:
    """Whether an original must not be left anywhere, or only in the place where it was recognised."""
    if len(original) < 3 or original.casefold() in folded("people") or is_safe(original) or PSEUDONYM.search(original):
        return False
    if kind in ("user", "host"):
        return not original.isdigit() or len(original) > 5
    if original.isdigit():
        return len(original) > 5
    return is_telling(original)


def everywhere(originals: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern for all originals, longest first: short ones as words of their own, long ones wherever they stand."""
    parts = [_literal(original) for original in sorted(originals, key=len, reverse=True)]
    if not parts:
        return None
    return re.compile(f"(?P<done>{SHAPE})|(?P<name>{'|'.join(parts)})", re.IGNORECASE)


def _literal(original: str) -> str:
    literal = re.escape(original)
    return literal if len(original) >= LONG else rf"(?<![^\W_]){literal}(?![^\W_])"
