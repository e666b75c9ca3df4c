"""The documents of a checkout as pages: their links lead to each other's pages, or to nothing."""

from __future__ import annotations

import re
import shutil
from pathlib import Path, PurePosixPath

DOCUMENTS = {
    "README.md": "docs.readme",
    "docs/check.md": "docs.check",
    "docs/memory.md": "docs.memory",
    "docs/scale.md": "docs.scale",
    "docs/accuracy.md": "docs.accuracy",
    "docs/rules.md": "docs.rules",
    "docs/architecture.md": "docs.architecture",
    "CONTRIBUTING.md": "docs.contributing",
    "CHANGELOG.md": "docs.changelog",
}
_IMAGES = "docs/images"
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^\s*(```|~~~)")


def documents(checkout: Path) -> dict[str, str]:
    """The pages of the documents that there are, each with the key of its name."""
    return {page_of(source): key for source, key in DOCUMENTS.items() if (checkout / source).is_file()}


def page_of(source: str) -> str:
    """The page of a document: docs/rules.md becomes about/rules.md."""
    return f"about/{PurePosixPath(source).name.lower()}"


def house_pages(checkout: Path) -> dict[str, str]:
    """The documents by their pages."""
    there = [source for source in DOCUMENTS if (checkout / source).is_file()]
    return {page_of(source): _relinked((checkout / source).read_text("utf-8"), source, there) for source in there}


def copy_images(checkout: Path, folder: Path) -> None:
    """The images of the documents."""
    if (checkout / _IMAGES).is_dir():
        shutil.copytree(checkout / _IMAGES, folder / "about" / "images", dirs_exist_ok=True)


def _relinked(text: str, source: str, there: list[str]) -> str:
    lines, fenced = [], False
    for line in text.splitlines():
        fenced ^= bool(_FENCE.match(line))
        lines.append(line if fenced else _LINK.sub(lambda found: _link(found, source, there), line))
    return "\n".join([*lines, ""])


def _link(found: re.Match[str], source: str, there: list[str]) -> str:
    """The link as it leads on the site; a file that is no page is named by its words alone."""
    target, _, anchor = found[3].partition("#")
    if not target or "://" in target:
        return found[0]
    path = _joined(PurePosixPath(source).parent, target)
    if path.startswith(f"{_IMAGES}/"):
        return f"{found[1]}[{found[2]}]({path.removeprefix('docs/')})"
    return (
        f"[{found[2]}]({PurePosixPath(page_of(path)).name}{'#' + anchor if anchor else ''})"
        if path in there
        else found[2]
    )


def _joined(folder: PurePosixPath, target: str) -> str:
    parts: list[str] = []
    for part in (folder / target).parts:
        if part == "..":
            del parts[-1:]
        else:
            parts.append(part)
    return "/".join(parts)
