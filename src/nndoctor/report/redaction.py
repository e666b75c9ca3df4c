"""A Diagnosis without names: people, computers, patients and folders become pseudonyms. A best effort, not a promise.

Collect first, replace second, look again third: a text in which an original is left is withheld as a whole.
"""

from __future__ import annotations

import getpass
import re
import socket
from collections.abc import Callable, Iterable

from nndoctor.diagnosis.model import Diagnosis
from nndoctor.report.pseudonyms import Kind, Pseudonyms, everywhere, is_nobody
from nndoctor.report.redaction_paths import Paths, looks_like_path
from nndoctor.report.redaction_patterns import learn, replace_forms
from nndoctor.report.structure import Changes, map_texts, texts

WITHHELD = "[withheld: this text could not be cleaned of names]"
ROUNDS = 6
_HOME = re.compile(r"(?:/home|/Users|\\Users)[/\\]+([^\s/\\'\":,;)<>|]+)")


def redact(d: Diagnosis, *, users: Iterable[str] | None = None, hosts: Iterable[str] | None = None) -> Diagnosis:
    """A copy that says the same without saying who. `users` and `hosts` are this machine's unless they are given."""
    people = tuple(_this_user() if users is None else users)
    computers = tuple(_this_host() if hosts is None else hosts)
    originals: dict[str, str] = {}
    for _ in range(ROUNDS):
        cleaned = _once(d, people, computers, originals)
        if cleaned == d:
            return _checked(d, originals)
        d = cleaned
    return _withheld_where_unstable(d, _once(d, people, computers, originals), originals)


def _once(d: Diagnosis, users: tuple[str, ...], hosts: tuple[str, ...], originals: dict[str, str]) -> Diagnosis:
    names = Pseudonyms(texts(d))
    _learn_all(d, names, users, hosts)
    changes = _changes(names)
    map_texts(d, changes)
    known = everywhere(names.originals)
    originals.update(names.originals)

    def replace(text: str) -> str:
        return text if known is None else known.sub(lambda match: _pseudonym(match, names), text)

    return map_texts(d, Changes(*(_then(change, replace) for change in changes)))


def _learn_all(d: Diagnosis, names: Pseudonyms, users: tuple[str, ...], hosts: tuple[str, ...]) -> None:
    """Collect what the texts say about people and computers, and this machine's own names where they occur."""
    said = "\n".join(texts(d)).casefold()
    own: tuple[tuple[Kind, tuple[str, ...]], ...] = (("user", users), ("host", hosts))
    for kind, words in own:
        for word in words:
            if word.casefold() in said and not is_nobody(word):
                names.name(kind, word)
    for text in texts(d):
        learn(text, names)


def _changes(names: Pseudonyms) -> Changes:
    paths = Paths(names)

    def text(value: str) -> str:
        return value if value == WITHHELD else replace_forms(paths.in_text(value), names)

    def source(value: str) -> str:
        return paths.whole(value) if looks_like_path(value) else text(value)

    return Changes(text, source, lambda value: value if value == WITHHELD else paths.whole(value))


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
