"""The names that redaction gives: the same for the same original all through one report, and telling nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby
from os.path import commonprefix
from typing import Literal

from nndoctor.report.safe_words import folded, is_safe

Kind = Literal["user", "host", "mail", "ip", "mac", "uid", "uuid", "secret", "person", "case", "file", "dir", "dataset"]
SHAPE = r"anon-[a-z]+-\d+"
PSEUDONYM = re.compile(SHAPE)
_NUMBERED = re.compile(r"anon-([a-z]+)-(\d+)")
_TELLING = re.compile(r"[0-9_^.\-A-Z]|[^\x00-\x7f]")
LONG = 8
DEEPEST = 12
APPLE = "._"
"""Before the names of the hidden files of macOS. nnU-Net takes them for images; it is the proof, so it stays."""


class Pseudonyms:
    """Originals by kind, each with its pseudonym. Numbers that the texts already use are not given again."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._names: dict[tuple[str, str], str] = {}
        self._last: defaultdict[str, int] = defaultdict(int)
        self.originals: dict[str, str] = {}
        self.cases: set[str] = set()
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

    def case(self, original: str) -> str:
        """The pseudonym of what is known to be a case, whatever it looks like: no text keeps the name."""
        if not original or is_safe(original) or PSEUDONYM.fullmatch(original.removeprefix(APPLE)):
            return original
        if original.startswith(APPLE) and original != APPLE:
            return APPLE + self.case(original[len(APPLE) :])
        name = self.name("case", original)
        if len(original) > 2 and not _short_number(original) and not PSEUDONYM.search(original):
            self.originals.setdefault(original.casefold(), name)
            self.cases.add(original.casefold())
        return name

    def known_case(self, original: str) -> str | None:
        """The pseudonym of a case, where it has one."""
        return self._names.get(("case", original.casefold()))

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
    if _short_number(original):
        return False
    return kind in ("user", "host") or original.isdigit() or is_telling(original)


def _short_number(word: str) -> bool:
    """A number that could be anything, and so names nobody."""
    return word.isdigit() and len(word) < 6


def everywhere(originals: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern for all originals, longest first: short ones as words of their own, long ones wherever they stand,
    but case_1 not in case_10."""
    known = sorted(set(originals))
    short = _tree([original for original in known if len(original) < LONG])
    long = _tree([original for original in known if len(original) >= LONG])
    parts = [rf"(?:{long})(?!(?<=\d)\d)"] if long else []
    parts += [rf"(?<![^\W_])(?:{short})(?![^\W_])"] if short else []
    return re.compile(f"(?P<done>{SHAPE})|(?P<name>{'|'.join(parts)})", re.IGNORECASE) if parts else None


def _tree(names: list[str], depth: int = 0) -> str:
    """A pattern of sorted names that share their beginnings, so that hundreds of cases cost little more than one."""
    if depth == DEEPEST:
        return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    branches = [_branch(list(same), depth) for first, same in groupby(names, key=lambda name: name[:1]) if first]
    return "|".join([*branches, ""] if branches and "" in names else branches)


def _branch(names: list[str], depth: int) -> str:
    """Names that begin with the same character. A name that begins another one comes after it."""
    shared = commonprefix(names)  # noqa: RUF071 - characters, not folders, are meant
    rest = _tree([name[len(shared) :] for name in names], depth + 1)
    return re.escape(shared) + (f"(?:{rest})" if rest else "")
