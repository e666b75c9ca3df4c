"""The pages of known bugs and of nnU-Net's releases."""

from __future__ import annotations

from nndoctor.authoring.knowledge import Knowledge
from nndoctor.authoring.page_text import bullets, capital, code, heading, link, page, prose, table
from nndoctor.authoring.page_words import other_language, told
from nndoctor.diagnosis.bugs import Bug, affected
from nndoctor.diagnosis.releases import Release


def bugs_page(known: Knowledge) -> str:
    """Every known bug, newest fix first."""
    lang = known.lang
    blocks = [other_language("known-bugs.md", lang), told("known-bugs.intro", lang)]
    return page(told("known-bugs", lang), [*blocks, bug_table(known.table.bugs[::-1], known, with_cause=True)])


def bug_table(bugs: list[Bug], known: Knowledge, *, with_cause: bool) -> str:
    """Bugs with the releases that have them; empty without bugs. The table with causes is where links to bugs lead."""
    keys = ["bugs.bug", "bugs.in", "bugs.fixed", *(["cause"] if with_cause else []), "source"]
    rows = [_row(bug, known, with_cause) for bug in bugs]
    return table([capital(told(key, known.lang)) for key in keys], rows) if rows else ""


def _row(bug: Bug, known: Knowledge, with_cause: bool) -> list[str]:
    name = f"{_anchor(bug)}{prose(bug.symptom)}" if with_cause else bug_link(bug, "../")
    fixed = prose(f"{bug.package} {bug.fixed}") if bug.fixed else told("bugs.open", known.lang)
    return [name, _affected(bug, known), fixed, *([_cause(bug, known)] if with_cause else []), prose(bug.source)]


def _anchor(bug: Bug) -> str:
    return f'<a id="{prose(bug.id)}"></a>'


def bug_link(bug: Bug, up: str = "") -> str:
    """A link to a bug's place in the table of all."""
    return link(bug.symptom, f"{up}known-bugs.md#{bug.id}")


def _affected(bug: Bug, known: Knowledge) -> str:
    releases = prose(f"{bug.package} {affected(bug, known.releases)}")
    companions = prose(", ".join(f"{name} {version}" for name, version in bug.companions.items()))
    return f"{releases} {told('bugs.with', known.lang).format(companions=companions)}" if companions else releases


def _cause(bug: Bug, known: Knowledge, up: str = "") -> str:
    return link(known.rules[bug.cause].title, f"{up}causes/{bug.cause}.md") if bug.cause else ""


def releases_page(known: Knowledge) -> str:
    """Every release: its date, what it needs, its known bugs."""
    lang = known.lang
    blocks = [block for release in known.releases[::-1] for block in _release(release, known)]
    return page(told("releases", lang), [other_language("releases.md", lang), told("releases.intro", lang), *blocks])


def _release(release: Release, known: Knowledge) -> list[str]:
    lang = known.lang
    bugs = [f"{bug_link(bug)}{_leads(bug, known)}" for bug in known.bugs_in(release.version)]
    return [
        heading(2, prose(f"nnunetv2 {release.version}"), f"v{release.version.replace('.', '-')}"),
        told("releases.date", lang).format(date=prose(release.date)),
        _needs(release, known),
        f"**{told('known-bugs', lang)}**" if bugs else told("releases.none", lang),
        bullets(bugs),
    ]


def _leads(bug: Bug, known: Knowledge) -> str:
    return f" → {_cause(bug, known)}" if bug.cause else ""


def _needs(release: Release, known: Knowledge) -> str:
    packages = list(dict.fromkeys([*release.needs, *release.in_fact]))
    head = [told(f"releases.{key}", known.lang) for key in ("package", "needs", "in_fact")]
    said = ([release.needs.get(name), release.in_fact.get(name)] for name in packages)
    cells = [[code(specifier) if specifier else "" for specifier in pair] for pair in said]
    return table(head, [[prose(name), *pair] for name, pair in zip(packages, cells, strict=True)])
