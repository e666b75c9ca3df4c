"""The Markdown of the documentation site, made of the rules and of a checkout's documents."""

from __future__ import annotations

import shutil
from pathlib import Path

from nndoctor.authoring.bug_pages import bugs_page, releases_page
from nndoctor.authoring.cause_page import cause_page
from nndoctor.authoring.check_page import checks_page
from nndoctor.authoring.house_pages import copy_images, documents, house_pages
from nndoctor.authoring.index_pages import family_page, home_page, messages_page, navigation
from nndoctor.authoring.knowledge import Knowledge, load_knowledge
from nndoctor.report.words import LANGUAGES


def write_pages(rules: Path, checkout: Path, folder: Path) -> None:
    """Write the pages of every language into its own folder, which is made anew. Raises RuleError, OSError."""
    shutil.rmtree(folder, ignore_errors=True)
    for lang in LANGUAGES:
        known = load_knowledge(rules, lang)
        own = house_pages(checkout) if lang == "en" else {}
        for path, text in {**knowledge_pages(known, documents(checkout)), **own}.items():
            file = folder / lang / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    copy_images(checkout, folder / "en")


def knowledge_pages(known: Knowledge, about: dict[str, str]) -> dict[str, str]:
    """The pages of one language by their path. `about` are the paths of the documents, which are in English."""
    return {
        "SUMMARY.md": navigation(known, about),
        "index.md": home_page(known, about),
        "messages.md": messages_page(known),
        "releases.md": releases_page(known),
        "known-bugs.md": bugs_page(known),
        "checks.md": checks_page(known),
        **{f"families/{family}/index.md": family_page(family, known) for family in known.families},
        **{f"causes/{cause}.md": cause_page(cause, known) for cause in known.rules},
    }
