"""The pages of known bugs and of nnU-Net's releases."""

from __future__ import annotations

from nndoctor.authoring.knowledge import Knowledge
from nndoctor.authoring.page_text import bullets, capital, code, heading, link, page, prose, table
from nndoctor.authoring.page_words import other_language, told
from nndoctor.diagnosis.bugs import NNUNET, Bug, affected
from nndoctor.diagnosis.releases import Release


def bugs_page(known: Knowledge) -> str:
    """Every known bug, newest fix first."""
    lang = known.lang
    blocks = [other_language("known-bugs.md", lang), told("known-bugs.intro", lang)]
    return page(
        told("known-bugs", lang), [*blocks, bug_table(known.table.bugs[::-1], known, with_cause=True)], wide=True
    )


def bug_table(bugs: list[Bug], known: Knowledge, *, with_cause: bool) -> str:
    """Bugs with the releases that have them; empty without bugs. The table with causes is where links to bugs lead."""
    keys = ["bugs.bug", "bugs.in", "bugs.fixed", *(["cause"] if with_cause else []), "source"]
    rows = [_row(bug, known, with_cause) for bug in bugs]
    return table([capital(told(key, known.lang)) for key in keys], rows) if rows else ""


def _row(bug: Bug, known: Knowledge, with_cause: bool) -> list[str]:
    name = f"{_anchor(bug)}{prose(bug.symptom)}" if with_cause else bug_link(bug, "../")
    fixed = prose(_of_package(bug, bug.fixed)) if bug.fixed else told("bugs.open", known.lang)
    return [name, _affected(bug, known), fixed, *([_cause(bug)] if with_cause else []), prose(bug.source)]


def _anchor(bug: Bug) -> str:
    return f'<a id="{prose(bug.id)}"></a>'


def bug_link(bug: Bug, up: str = "") -> str:
    """A link to a bug's place in the table of all."""
    return link(bug.symptom, f"{up}known-bugs.md#{bug.id}")


def _affected(bug: Bug, known: Knowledge) -> str:
    releases = prose(_of_package(bug, affected(bug, known.releases)))
    companions = prose(", ".join(f"{name} {version}" for name, version in bug.companions.items()))
    return f"{releases} {told('bugs.with', known.lang).format(companions=companions)}" if companions else releases


def _of_package(bug: Bug, version: str) -> str:
    return version if bug.package == NNUNET else f"{bug.package} {version}"


def _cause(bug: Bug) -> str:
    return f"[{prose(bug.cause)}](causes/{bug.cause}.md)" if bug.cause else ""


def releases_page(known: Knowledge) -> str:
    """Every release: its date, what it needs, its known bugs."""
    lang = known.lang
    blocks = [block for release in known.releases[::-1] for block in _release(release, known)]
    return page(
        told("releases", lang),
        [other_language("releases.md", lang), told("releases.intro", lang), *blocks],
        searched=False,
    )


def _release(release: Release, known: Knowledge) -> list[str]:
    lang = known.lang
    bugs = [f"{bug_link(bug)}{_leads(bug)}" for bug in known.bugs_in(release.version)]
    return [
        heading(2, prose(f"nnunetv2 {release.version}"), f"v{release.version.replace('.', '-')}"),
        told("releases.date", lang).format(date=prose(release.date)),
        _needs(release, known),
        f"**{told('known-bugs', lang)}**" if bugs else told("releases.none", lang),
        bullets(bugs),
    ]


def _leads(bug: Bug) -> str:
    return f" → {_cause(bug)}" if bug.cause else ""


def _needs(release: Release, known: Knowledge) -> str:
    """What the release says; what it needs beyond that, where it is more."""
    columns = {"needs": release.needs, "in_fact": release.in_fact}
    shown = {name: needs for name, needs in columns.items() if needs}
    packages = dict.fromkeys(name for needs in shown.values() for name in needs)
    head = [told(f"releases.{name}", known.lang) for name in ("package", *shown)]
    return table(head, [[prose(name), *_specifiers(name, shown)] for name in packages])


def _specifiers(package: str, columns: dict[str, dict[str, str]]) -> list[str]:
    found = (needs.get(package) for needs in columns.values())
    return [code(specifier) if specifier else "" for specifier in found]
