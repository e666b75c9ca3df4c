"""A Diagnosis without names: people, computers, patients and folders become pseudonyms. A best effort, not a promise.

Collect first, replace second, look again third: a text in which an original is left is withheld as a whole.
"""

from __future__ import annotations

import getpass
import re
import socket
from collections.abc import Callable, Iterable, Iterator
from functools import cache

import msgspec

from nndoctor.diagnosis.model import Diagnosis
from nndoctor.report.pseudonyms import Kind, Pseudonyms, everywhere, is_nobody
from nndoctor.report.redaction_paths import Paths, looks_like_path
from nndoctor.report.redaction_patterns import learn, replace_forms
from nndoctor.report.structure import Changes, map_texts, texts

WITHHELD = "[withheld: this text could not be cleaned of names]"
NAMES_REPLACED = (
    "names of cases, files and folders are replaced, and pictures of cases left out: "
    "--no-redact keeps names, and shows pictures in HTML"
)
ROUNDS = 6
_LEADING = re.compile(r"[^\s:：]+(?=[:：])")
_HOME = re.compile(r"(?:/home|/Users|\\Users)[/\\]+([^\s/\\'\":,;)<>|]+)")


def redact(d: Diagnosis, *, users: Iterable[str] | None = None, hosts: Iterable[str] | None = None) -> Diagnosis:
    """A copy that says the same without saying who. `users` and `hosts` are this machine's unless they are given.

    The names of cases and files are replaced as well, for nothing tells a study's number from a patient's name.
    Pictures show patients: they are left out.
    """
    d = msgspec.structs.replace(d, thumbnails={}, notes=_noted(d))
    people = tuple(_this_user() if users is None else users)
    computers = tuple(_this_host() if hosts is None else hosts)
    originals: dict[str, str] = {}
    for _ in range(ROUNDS):
        cleaned = _once(d, people, computers, originals)
        if cleaned == d:
            return _checked(d, originals)
        d = cleaned
    return _withheld_where_unstable(d, _once(d, people, computers, originals), originals)


def _noted(d: Diagnosis) -> list[str]:
    """The notes; who reads a table of pseudonyms is told how to get the names."""
    named = d.checkup is not None and bool(d.checkup.table or d.checkup.places)
    return [*d.notes, NAMES_REPLACED] if named and NAMES_REPLACED not in d.notes else d.notes


def _once(d: Diagnosis, users: tuple[str, ...], hosts: tuple[str, ...], originals: dict[str, str]) -> Diagnosis:
    names = Pseudonyms(texts(d))
    _learn_all(d, names, users, hosts)
    d = map_texts(d, cache(_replacing(names.cases, names)))
    changes = _changes(names)
    map_texts(d, Changes(*map(cache, changes)))
    replace = _replacing(names.originals, names)
    originals.update(names.originals)
    return map_texts(d, Changes(*(cache(_then(change, replace)) for change in changes)))


def _replacing(originals: Iterable[str], names: Pseudonyms) -> Callable[[str], str]:
    known = everywhere(originals)
    return lambda text: text if known is None else known.sub(lambda match: _pseudonym(match, names), text)


def _learn_all(d: Diagnosis, names: Pseudonyms, users: tuple[str, ...], hosts: tuple[str, ...]) -> None:
    """Collect what the texts say about people and computers, and this machine's own names where they occur."""
    said = "\n".join(texts(d)).casefold()
    own: tuple[tuple[Kind, tuple[str, ...]], ...] = (("user", users), ("host", hosts))
    for kind, words in own:
        for word in words:
            if word.casefold() in said and not is_nobody(word):
                names.name(kind, word)
    for text in dict.fromkeys(texts(d)):
        learn(text, names)
    for case in _cases(d):
        if not looks_like_path(case):
            names.case(case)


def _cases(d: Diagnosis) -> Iterator[str]:
    """The cases that a check names."""
    if d.checkup is not None:
        yield from (entry.case for entry in d.checkup.table)
        yield from (place.case for place in d.checkup.places if place.case)
        yield from (row.case for row in d.checkup.forecast if row.case)


def _changes(names: Pseudonyms) -> Changes:
    paths = Paths(names)

    def text(value: str) -> str:
        return value if value == WITHHELD else replace_forms(paths.in_text(_of_case(value, names)), names)

    def source(value: str) -> str:
        return paths.whole(value) if looks_like_path(value) else text(value)

    def name(value: str) -> str:
        return value if value == WITHHELD else paths.whole(value)

    def case(value: str) -> str:
        return name(value) if value == WITHHELD or looks_like_path(value) else names.case(value)

    return Changes(text, source, name, case)


def _of_case(text: str, names: Pseudonyms) -> str:
    """`CASE: what is wrong` without the name, which may be a mere number there."""
    match = _LEADING.match(text)
    known = None if match is None else names.known_case(match[0])
    return text if match is None or known is None else known + text[match.end() :]


def _then(first: Callable[[str], str], second: Callable[[str], str]) -> Callable[[str], str]:
    return lambda value: value if value == WITHHELD else second(first(value))


def _pseudonym(match: re.Match[str], names: Pseudonyms) -> str:
    return match[0] if match["done"] else names.originals[match["name"].casefold()]


def _checked(d: Diagnosis, originals: Iterable[str]) -> Diagnosis:
    """Withhold every text in which an original or somebody's home folder is left."""
    known = everywhere(originals)
    return map_texts(d, lambda text: WITHHELD if _leaks(text, known) else text)


def _leaks(text: str, known: re.Pattern[str] | None) -> bool:
    if text == WITHHELD:
        return False
    homes = (match[1] for match in _HOME.finditer(text))
    if any(not home.startswith("anon-") and not is_nobody(home) for home in homes):
        return True
    return known is not None and any(match["name"] for match in known.finditer(text))


def _withheld_where_unstable(d: Diagnosis, again: Diagnosis, originals: Iterable[str]) -> Diagnosis:
    """Texts that never come to rest are not understood, so they are not shown."""
    moving = {text for text, other in zip(texts(d), texts(again), strict=True) if text != other}
    return _checked(map_texts(d, lambda text: WITHHELD if text in moving else text), originals)


def _this_user() -> list[str]:
    try:
        return [getpass.getuser()]
    except (OSError, KeyError, ImportError):
        return []


def _this_host() -> list[str]:
    host = socket.gethostname()
    return sorted({host, host.split(".", 1)[0]})
