"""Paths in a text: where they are, and what of them may be kept."""

from __future__ import annotations

import re
from nndoctor.report.pseudonyms import SHAPE, Kind, Pseudonyms, is_nobody
from nndoctor.report.safe_words import endings, folded, is_safe, opens, section

_PART = r"(?:[^\s/\\'\"<>|:`]|\\\ )+"
_MORE = rf"(?:[/\\]+(?:{_PART}(?:\ (?!-){_PART}){{1,3}}(?=[/\\])|{_PART})?)"
_IMAGE = "|".join(re.escape(ending) for ending in sorted(section("images"), key=len, reverse=True))
_OPTION = "|".join(re.escape(option) for option in section("path options"))
_SPAN = re.compile(
    rf"""(?P<url>\b[A-Za-z][A-Za-z0-9+.-]{{1,15}}://[^\s'"<>`]+)
    |(?P<double>(?<=")[^"\n]*[/\\][^"\n]*(?="))
    |(?P<single>(?<=')[^'\n]*[/\\][^'\n]*(?='))
    |(?<!\S)(?:{_OPTION})(?:\s+|=)(?P<option>(?!-)[^\s'"]+)
    |(?P<absolute>(?:(?<![A-Za-z])[A-Za-z]:(?=[/\\])|(?<![\w./\\~<-])(?:~[\w.-]*|\.\.?)?(?=/)|(?<![\w\\])(?=\\\\)|(?<![\w~])~(?=[\w]))
        (?:(?<=~)[\w.-]+)?{_MORE}*)
    |(?P<relative>(?<![\w./\\-])[\w.@+*-]+(?:[/\\]+[\w.@+*-]+)+[/\\]?)
    |(?P<image>(?<![\w./\\-])[^\s/\\'"<>|:=,;()\[\]{{}}`]+(?:{_IMAGE})(?!\w))""",
    re.VERBOSE,
)
_WHOLE_START = re.compile(r"[A-Za-z]:[/\\]|~|\.{0,2}[/\\]")
_SEPARATORS = re.compile(r"([/\\]+(?!\ ))")
_EDGES = re.compile(r"([(\[{]*)(.*?)([.,;:!?)\]}]*)", re.DOTALL)
_CHANNEL = re.compile(r"(.+?)(_00\d\d)?", re.DOTALL)
_DATASET = re.compile(r"((?:Dataset|Task)\d{3})_.+", re.DOTALL)
_DONE = re.compile(rf"~?{SHAPE}(?:_00\d\d)?(?:\.\w+){{0,2}}")
_CODE = (".py", ".pyc", ".pyx", ".so", ".pyd", ".dll", ".c", ".cpp", ".cu", ".h")


class Paths:
    """Rewrites the paths of a text. What it replaces, its Pseudonyms know afterwards."""

    def __init__(self, names: Pseudonyms) -> None:
        self._names = names

    def in_text(self, text: str) -> str:
        return _SPAN.sub(self._span, text)

    def whole(self, path: str) -> str:
        """A text that is a path from its first to its last character."""
        parts = _SEPARATORS.split(path)
        kept: list[str] = []
        behind, home = False, False
        for number, part in enumerate(parts):
            if number % 2 or not part:
                kept.append(part)
                continue
            share = number == 2 and not parts[0] and parts[1].startswith("\\\\")
            kept.append(self._host(part) if share else self._part(part, home, behind and path.endswith(_CODE)))
            home = part.casefold() in folded("homes")
            behind = (behind or opens(part)) and part not in section("roots")
        return "".join(kept)

    def _span(self, match: re.Match[str]) -> str:
        kind = match.lastgroup or ""
        text = match[kind]
        change = self._url if kind == "url" else self.whole if self._is_path(kind, text) else _same
        return match[0][: len(match[0]) - len(text)] + change(text)

    def _is_path(self, kind: str, text: str) -> bool:
        """A slash alone makes no path: 'and/or', '3/4', 'it/s'. A start, a data folder or an image's ending does."""
        if kind in ("absolute", "option", "image"):
            return True
        if kind != "relative" and _WHOLE_START.match(text):
            return True
        return text.endswith(section("images")) or any(part in section("roots")[:12] for part in re.split(r"[/\\]", text))

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
        if not core or core in ("~", "*", "$") or _DONE.fullmatch(core):
            return core
        if core.startswith("~"):
            return "~" + self._core(core[1:], True, False)
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


def looks_like_path(text: str) -> bool:
    """Whether a source is the name of a file or folder, and not of a probe or an option."""
    if re.search(r":\s|[/\\]\s", text):
        return False
    return "/" in text or "\\" in text or text.casefold().endswith(endings())


def _kind(ending: str) -> Kind:
    if ending.casefold() in section("images"):
        return "case"
    return "file" if ending else "dir"


def _split(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    match = pattern.fullmatch(text)
    return tuple(group or "" for group in match.groups()) if match else ("", text, "")[: pattern.groups]


def _same(text: str) -> str:
    return text

