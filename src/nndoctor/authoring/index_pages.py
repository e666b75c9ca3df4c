"""The pages that lead to causes: home, families, printed messages; and the navigation."""

from __future__ import annotations

from collections.abc import Iterator

from nndoctor.authoring.knowledge import Knowledge
from nndoctor.authoring.page_text import bullets, code, fence, heading, indented, link, other_site, page, prose
from nndoctor.authoring.page_words import family_name, html, other_language, told
from nndoctor.diagnosis.rulebook import as_list
from nndoctor.diagnosis.template import readable
from nndoctor.diagnosis.weights import WEIGHTS

_LOOK_UP = {"messages": "home.message", "releases": "home.release", "known-bugs": "home.bugs", "checks": "home.checks"}
_EXAMPLES = "CUDA out of memory\nUnexpected labels\nbackground workers are no longer alive"
_COMMAND = "nndoctor diagnose traceback.txt"


def home_page(known: Knowledge, documents: dict[str, str]) -> str:
    """Where a reader with a crash begins. `documents` are the keys of the names of further pages, by their path."""
    lang = known.lang
    return page(
        told("home", lang),
        [
            other_language("index.md", lang),
            told("home.intro", lang).format(causes=len(known.rules)),
            told("home.search", lang),
            fence(_EXAMPLES),
            told("home.diagnose", lang),
            fence(_COMMAND, "bash"),
            heading(2, told("home.more", lang), "look-up"),
            bullets([link(told(key, lang), f"{name}.md") for name, key in _LOOK_UP.items()]),
            heading(2, told("home.causes", lang), "causes"),
            *_all_families(known),
            *_documents(known, documents),
        ],
        searched=False,
    )


def _all_families(known: Knowledge) -> Iterator[str]:
    for family in known.families:
        yield heading(3, link(family_name(family, known.lang), f"families/{family}/index.md"), family)
        yield _causes(family, known, "causes/")


def _documents(known: Knowledge, documents: dict[str, str]) -> list[str]:
    """Links to the documents: they are pages of the English site."""
    lang = known.lang
    if lang == "en":
        links = [link(told(key, lang), path) for path, key in documents.items()]
    else:
        links = [other_site(told(key, lang), f"../{html(path)}", "en") for path, key in documents.items()]
    return [heading(2, told("home.docs", lang), "docs"), bullets(links)] if links else []


def family_page(family: str, known: Knowledge) -> str:
    """The causes of one family."""
    path = f"families/{family}/index.md"
    blocks = [other_language(path, known.lang), _causes(family, known, "../../causes/")]
    return page(family_name(family, known.lang), blocks, searched=False)


def _causes(family: str, known: Knowledge, folder: str) -> str:
    causes = [(cause, known.rules[cause]) for cause in known.families[family]]
    return bullets([f"{link(rule.title, f'{folder}{cause}.md')} {code(cause)}" for cause, rule in causes])


def messages_page(known: Knowledge) -> str:
    """Every printed text and exception message, in the order of the alphabet, with the causes that it speaks for."""
    lang, found = known.lang, messages(known)
    blocks = [other_language("messages.md", lang), told("messages.intro", lang)]
    for initial in sorted({_initial(text) for text in found}, key=lambda each: (not each, each)):
        blocks.append(heading(2, initial or told("messages.rest", lang), f"letter-{initial.lower() or 'other'}"))
        chosen = sorted((text for text in found if _initial(text) == initial), key=str.casefold)
        blocks.append(bullets([f"{code(text)} → {_leads_to(found[text], known)}" for text in chosen]))
    return page(told("messages", lang), blocks, searched=False)


def messages(known: Knowledge) -> dict[str, list[str]]:
    """The causes of every message, heaviest sign first."""
    found: dict[str, dict[str, float]] = {}
    for cause, rule in known.rules.items():
        for sign in rule.evidence:
            for text in map(readable, (*as_list(sign.text), *as_list(sign.message))):
                weights = found.setdefault(text, {})
                weights[cause] = max(WEIGHTS[sign.weight], weights.get(cause, 0))
    return {text: sorted(weights, key=lambda cause: -weights[cause]) for text, weights in found.items()}


def _initial(text: str) -> str:
    first = text[:1].upper()
    return first if first.isascii() and first.isalpha() else ""


def _leads_to(causes: list[str], known: Knowledge) -> str:
    return ", ".join(f"[{prose(cause)}](causes/{cause}.md)" for cause in causes)


def navigation(known: Knowledge, documents: dict[str, str]) -> str:
    """The list that the generator reads the navigation from (literate-nav)."""
    lang = known.lang
    about = documents if lang == "en" else {}
    return "\n".join(
        [
            _entry(told("home", lang), "index.md"),
            _group(told("causes", lang), [_family(family, known) for family in known.families]),
            *(_entry(told(name, lang), f"{name}.md") for name in _LOOK_UP),
            *(
                [_group(told("docs", lang), [_entry(told(key, lang), path) for path, key in about.items()])]
                if about
                else []
            ),
            "",
        ]
    )


def _family(family: str, known: Knowledge) -> str:
    return f"{_entry(family_name(family, known.lang), f'families/{family}/index.md')}\n{_entries(family, known)}"


def _group(name: str, entries: list[str]) -> str:
    return "\n".join([f"- {prose(name)}", *(indented(entry) for entry in entries)])


def _entries(family: str, known: Knowledge) -> str:
    lang = known.lang
    named = ((cause, cause if lang == "en" else known.rules[cause].title) for cause in known.families[family])
    return indented("\n".join(_entry(name, f"causes/{cause}.md") for cause, name in named))


def _entry(text: str, path: str) -> str:
    return f"- {link(text, path)}"
