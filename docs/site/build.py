"""Builds the documentation site into docs/site/build/html: Markdown from rules and documents, then HTML per language.

Needs the extra "docs". A broken link or anchor fails the build. Nothing is fetched: the site works without a network.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from nndoctor.authoring.pages import write_pages

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent
CONFIGURATIONS = ("en.yml", "zh.yml")  # in this order: building the English site empties the folder that zh lies in


def main() -> int:
    """Write the pages, build both sites; the exit status of the first that fails."""
    write_pages(CHECKOUT / "rules", CHECKOUT, HERE / "build" / "pages")
    for name in CONFIGURATIONS:
        command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean", "-f", str(HERE / name)]
        status = subprocess.run(command, check=False).returncode
        if status:
            return status
    print(f"open {HERE / 'build' / 'html' / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
