"""Paths in a text: where they are, and what of them may be kept."""

from __future__ import annotations

import re

from nndoctor.report.pseudonyms import APPLE, SHAPE, Kind, Pseudonyms, is_nobody, is_telling
from nndoctor.report.safe_words import endings, folded, is_code_tree, is_safe, section

_PART = r"(?:[^\s/\\'\"<>|:`]|\\\ )+"
_MORE = rf"(?:[/\\]+(?:{_PART}(?:\ (?!-){_PART}){{1,3}}(?=[/\\])|{_PART})?)"
_IMAGE = "|".join(re.escape(ending) for ending in sorted(section("images"), key=len, reverse=True))
_OPTION = "|".join(re.escape(option) for option in section("path options"))
_URL = re.compile(r"\b[A-Za-z][A-Za-z0-9+.-]{1,15}://[^\s'\"<>`]+")
_QUOTED = re.compile(r"""(?<=(["']))(?=[\w.~@+/\\])(?P<quoted>(?:(?!\1)[^\n])*)(?=\1)""")
_BARE = re.compile(
    rf"""(?<!\S)(?:{_OPTION})(?:\s+|=)(?P<option>(?![-/\\~.]|[A-Za-z]:|\w+://)[^\s'"]+)
    |(?P<absolute>(?:(?<![A-Za-z])[A-Za-z]:(?=[/\\])
        |(?<![\w./\\~<-])(?:~[\w.-]*|\.\.?)?(?=/)
        |(?<![\w\\])(?=\\\\)){_MORE}+)
    |(?P<relative>(?<![\w.@+*/\\-])[\w.@+*-]+(?:[/\\]+[\w.@+*-]+)+[/\\]?)
    |(?P<image>(?<![^\s/\\'"<>|:=,;()\[\]{{}}`])[^\s/\\'"<>|:=,;()\[\]{{}}`]+(?:{_IMAGE})(?!\w))""",
    re.VERBOSE | re.IGNORECASE,
)
_WHOLE_START = re.compile(r"[A-Za-z]:[/\\]|~[\w.-]*[/\\]|\.{0,2}[/\\]")
_FLAG = re.compile(r"\s-\w|\s[/~]|://")
_SEPARATORS = re.compile(r"([/\\]+(?!\ ))")
_EDGES = re.compile(r"([(\[{]*)(.*?)([.,;:!?)\]}#$%]*)", re.DOTALL)
_CHANNEL = re.compile(r"(.+?)(_00\d\d)?", re.DOTALL)
_DATASET = re.compile(r"((?:Dataset|Task)\d{3})_.+", re.DOTALL)
_DONE = re.compile(rf"(?:~|\._)?{SHAPE}(?:_00\d\d)?(?:\.\w+){{0,2}}")
_CODE = re.compile(r"\.(?:pyc?|pyx|pyd|so|dll|cc?|[cht]xx|cpp|cuh?|h|hpp)\W*\Z")


class Paths:
    """Rewrites the paths of a text. What it replaces, its Pseudonyms know afterwards."""

    def __init__(self, names: Pseudonyms) -> None:
        self._names = names

    def in_text(self, text: str) -> str:
        """`text` with every path rewritten: addresses, then what stands in quotes, then the rest."""
        pieces: list[str] = []
        end = 0
        for url in _URL.finditer(text):
            pieces += [self._plain(text[end : url.start()]), self._url(url[0])]
            end = url.end()
        return "".join([*pieces, self._plain(text[end:])])

    def whole(self, path: str) -> str:
        """A text that is a path from its first to its last character."""
        parts = _SEPARATORS.split(path)
        kept: list[str] = []
        behind, home = False, False
        code, is_code = _ends_as(path, "compiled"), _CODE.search(path) is not None
        for number, part in enumerate(parts):
            if number % 2 or not part:
                kept.append(part)
                continue
            share = number == 2 and not parts[0] and parts[1].startswith("\\\\")
            kept.append(self._host(part) if share else self._part(part, home, behind or (code and is_code)))
            home = part.casefold() in folded("homes")
            data = home or part in section("roots")
            behind, code = (behind or part in section("behind")) and not data, (code or is_code_tree(part)) and not data
        return "".join(kept)

    def _plain(self, text: str) -> str:
        text = _QUOTED.sub(self._quoted, text)
        return _BARE.sub(self._bare, text)

    def _quoted(self, match: re.Match[str]) -> str:
        text = match["quoted"]
        if not ("/" in text or "\\" in text) or _FLAG.search(text):
            return text
        return self.whole(text) if _WHOLE_START.match(text) or _holds_data(text) else text

    def _bare(self, match: re.Match[str]) -> str:
        kind = match.lastgroup or ""
        text = match[kind]
        before = match[0][: len(match[0]) - len(text)]
        if (kind == "relative" and not _holds_data(text)) or (kind == "option" and not is_telling(text)):
            return match[0]
        return before + self.whole(text)

    def _url(self, url: str) -> str:
        scheme, rest = url.split("://", 1)
        if scheme.casefold() == "file":
            return f"{scheme}://{self.whole(rest)}"
        host, slash, tail = rest.partition("/")
        host = host.rpartition("@")[2]
        name = re.split(r":(?=\d)", host)[0]
        if name.casefold() in folded("hosts"):
            return f"{scheme}://{host}{slash}{tail}"
        return f"{scheme}://{self._host(name)}{host[len(name) :]}{slash}{self.whole(tail)}"

    def _host(self, name: str) -> str:
        return name if not name or is_nobody(name) else self._names.name("host", name)

    def _part(self, part: str, home: bool, behind: bool) -> str:
        before, core, after = _split(_EDGES, part)
        return before + self._core(core, home, behind) + after

    def _core(self, core: str, home: bool, behind: bool) -> str:
        if len(core) < 2 or _DONE.fullmatch(core):
            return core
        if core.startswith("~") and not core.casefold().endswith(endings()):
            return "~" + self._core(core[1:], True, False)
        if core.startswith(APPLE) and len(core) > len(APPLE):
            return APPLE + self._core(core[len(APPLE) :], home, behind)
        if home:
            return core if is_nobody(core) else self._names.name("user", core)
        if self._names.is_user(core) and not is_safe(core):
            return self._names.name("user", core)
        return core if behind or is_safe(core) else self._renamed(core)

    def _renamed(self, core: str) -> str:
        dataset = _DATASET.fullmatch(core)
        ending = next((known for known in endings() if core.casefold().endswith(known) and core != known), "")
        ending = core[len(core) - len(ending) :] if ending else ""
        if dataset is not None:
            self._names.name("dataset", core[: len(core) - len(ending)])
            return f"{dataset[1]}_redacted{ending}"
        stem, channel = _split(_CHANNEL, core[: len(core) - len(ending)])
        if is_safe(stem) or _DONE.fullmatch(stem):
            return core
        return self._names.name(_kind(ending), stem) + channel + ending


def _holds_data(text: str) -> bool:
    """A slash alone makes no path: 'and/or', '3/4', 'it/s'. A data folder in it or an image's ending does."""
    return text.casefold().endswith(section("images")) or any(
        part in section("roots") for part in re.split(r"[/\\]", text)
    )


def looks_like_path(text: str) -> bool:
    """Whether a source is the name of a file or folder, and not of a probe or an option."""
    if re.search(r":\s|[/\\]\s", text):
        return False
    return "/" in text or "\\" in text or text.casefold().endswith(endings())


def _ends_as(path: str, name: str) -> bool:
    return path.rstrip(".,:;)\"' ").casefold().endswith(section(name))


def _kind(ending: str) -> Kind:
    if ending.casefold() in section("images"):
        return "case"
    return "file" if ending else "dir"


def _split(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    match = pattern.fullmatch(text)
    return tuple(group or "" for group in match.groups()) if match else ("", text, "")[: pattern.groups]
