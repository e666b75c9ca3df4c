"""Make a recorded text independent of where it was recorded, and of nothing else."""

from __future__ import annotations

import re
import sys
import sysconfig
from pathlib import Path

LAB = "/home/user/nnunet-lab"
VENV = "/home/user/venv"
# faulthandler (which writes no comma before 'line') shows every frame, ours too
FRAME = re.compile(rf'File "{re.escape(str(Path(__file__).parent))}/|File "<frozen runpy>", line \d+ in _run')


def _prefixes() -> list[str]:
    """Every folder whose packages this interpreter can import: an old version borrows another one's torch."""
    suffix = sysconfig.get_path("purelib").removeprefix(sys.prefix)
    found = {path.removesuffix(suffix) for path in sys.path if path.endswith(suffix)}
    return sorted(found | {sys.prefix}, key=len, reverse=True)


def scrub(text: str, root: Path) -> str:
    """Replace the lab's folder, the environments and the interpreter's own library by a user's."""
    text = text.replace(str(root), LAB)
    for prefix in _prefixes():
        text = text.replace(prefix, VENV)
    text = text.replace(sys.base_prefix, "/usr")
    return "".join(line for line in text.splitlines(keepends=True) if not FRAME.search(line))
