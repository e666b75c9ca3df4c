"""The shapes in which Python, IPython, Rich and pytest print a frame, a header and an exception."""

from __future__ import annotations

import re

from nndoctor.logs.model import Frame

HEADER = re.compile(r"Traceback \(most recent call last\)")
GROUP = re.compile(r"^\s*\+ Exception Group Traceback")
IPYTHON_HEADER = re.compile(r"^([A-Za-z_][\w.]*)\s+Traceback \(most recent call last\)")
REPEATED = re.compile(r"^\s*\[Previous line repeated \d+ more times?\]|^\s*\.\.\.<\d+ lines>\.\.\.")
CARETS = re.compile(r"^\s*[\^~][\s~^]*$")
ARROW = re.compile(r"^\s*(?:-+>|❱)\s*(\d+)\s?[│|]?\s?(.*)$")
CONTEXT = re.compile(r"^\s{2,}\d+(?:\s|$)|^\s*\d+ [│|]")
OPEN_FRAME = re.compile(r'^\s*File "[^"]*$|^\s*File "[^"]+",(?: line(?: \d+,?(?: in)?)?)?\s*$')
BARE = ("Error", "Exception", "Interrupt", "Exit", "Iteration")
WORKER = re.compile(r"^\s*Exception in background worker \d+:\s*$")
LABEL = re.compile(
    r"^(?:Exception in (?:thread|background worker)\b.*|Process [\w-]+(?:Process|Worker)[\w-]*:.*|Process \S+:$"
    r"|.*\bRemoteTraceback:?\s*|Exception ignored in.*)$"
)

_FRAMES = (
    re.compile(r'^\s*File "(?P<path>[^"]+)", line (?P<line>\d+)(?:,? in (?P<func>.+))?$'),
    re.compile(r"^\s*File (?P<path>[^\s\"].*?\.pyx?):(?P<line>\d+)(?:, in (?P<func>[^\s(]+).*)?$"),
    re.compile(r"^\s*(?P<path>(?:Cell|Input) In ?\[[\d ]*\])(?:, line (?P<line>\d+).*|(?:, | )in (?P<func>.+)|.*)$"),
    re.compile(r"^\s*(?P<path>(?:[~/.]|[A-Za-z]:[\\/]|<ipython|/tmp/ipykernel)\S*) in (?P<func>[^\s(]+)\(.*$"),
    re.compile(r"^\s*(?P<path>\S+\.py):(?P<line>\d+) in (?P<func>[^\s(]+)\s*$"),
    re.compile(r"^(?P<path>\S+\.py):(?P<line>\d+): in (?P<func>\w+)\s*$"),
)
_KNOWN = (
    r"[A-Za-z_]\w*(?:Error|Exception|Interrupt|Exit|Timeout|TimeoutExpired|Empty|Full|StopIteration|Group|Failure|Failed|"
    r"Unsupported|BackendCompilerFailed|NotFound|Missing|Violation|LoadFailed)(?:WithTraceback|V\d)?|StopIteration|"
    r"StopAsyncIteration|Warning|(?:zlib|struct|shutil|binascii|lzma|pickle|socket|_pickle)\.[eE]rror|BadZipFile|EOFError"
    r"|BrokenProcessPool|BadGzipFile"
)
EXCEPTION = re.compile(rf"^(?P<type>(?:[A-Za-z_]\w*\.)*(?:{_KNOWN}))(?::(?: (?P<message>.*))?|\s*)$", re.DOTALL)
ANY_EXCEPTION = re.compile(r"^(?P<type>(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*)(?::(?: (?P<message>.*))?)?$")
MENTION = re.compile(
    r"(?<!except )(?<!raise )(?<![\w.'\"(`/])"
    r"(?P<type>(?:[a-z_]\w{0,60}\.){0,6}_?[A-Z]\w{0,60}(?:Error|Exception|Interrupt)): (?P<message>\S.*)$"
)
PYTEST_END = re.compile(r"^E\s{3}(?P<rest>\S.*)$")


def parse_frame(text: str, number: int) -> Frame | None:
    """The frame that this line shows, or None. Qualified names lose their class, paths their backslashes."""
    if not any(mark in text for mark in ("File ", ".py", " In ", " in ")):
        return None
    text = text.rstrip()
    for pattern in _FRAMES:
        found = pattern.match(text)
        if found is not None:
            return _frame(found, number)
    return None


def _frame(found: re.Match[str], number: int) -> Frame:
    parts = found.groupdict()
    lineno = parts.get("line")
    function = (parts.get("func") or "").strip().rpartition(".")[2]
    return Frame(parts["path"].replace("\\", "/"), int(lineno) if lineno else None, function, number)
