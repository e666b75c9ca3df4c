"""The answers that a triage asks for in every ticket, taken from the facts where they hold them."""

from __future__ import annotations

from nndoctor.diagnosis.model import Diagnosis
from nndoctor.facts import Fact, vocabulary
from nndoctor.report.markdown_text import code
from nndoctor.report.view import lead, near_place, value_text
from nndoctor.report.words import Language, words

LONGEST_COMMAND = 1000
LONGEST_VALUE = 160
LONGEST_PLACE = 40
# The names of facts that answer a question; the first that is known answers it, or all under a prefix do.
COMMAND = ("log.command_line", "log.command")
VERSION = ("nnunetv2.version",)
VERSION_RANGE = (("≥ ", "nnunetv2.version_min"), ("≤ ", "nnunetv2.version_max"))
# What the report itself has shown by its excerpts and its verdict.
SHOWN = ("log.exceptions", "log.truncated", "log.paths")
DATASET = ("dataset.", "input.", "model.", "plans.", "log.dataset", "log.configuration")


def triage_block(d: Diagnosis, lang: Language) -> str:
    """The four answers as a list; one that is not known says so."""
    text = words(lang)
    facts = {fact.name: fact for fact in d.facts}
    answers = (
        ("command", _first(facts, COMMAND)),
        ("version", _first(facts, VERSION) or _range(facts)),
        ("traceback", _traceback(d, lang)),
        ("dataset", _dataset(d, lang)),
    )
    lines = [f"- {text[f'triage.{key}']}{text['colon']}{answer or text['triage.unknown']}" for key, answer in answers]
    return f"**{text['triage']}**\n\n" + "\n".join(lines)


def untold_facts(d: Diagnosis) -> list[Fact]:
    """The facts that the block does not tell already."""
    told = {*COMMAND, *VERSION, *SHOWN}
    return [fact for fact in d.facts if fact.name not in told and not fact.name.startswith(DATASET)]


def _first(facts: dict[str, Fact], names: tuple[str, ...]) -> str:
    return next((code(_value(facts[name]), LONGEST_COMMAND) for name in names if name in facts), "")


def _range(facts: dict[str, Fact]) -> str:
    known = [f"{sign}{_value(facts[name])}" for sign, name in VERSION_RANGE if name in facts]
    return code(", ".join(known)) if known else ""


def _traceback(d: Diagnosis, lang: Language) -> str:
    """The exceptions among the evidence; without one, the lines that stand as evidence."""
    first = lead(d)
    signs = [] if first is None else [sign for sign in first.evidence if sign.line is not None]
    signs = [sign for sign in signs if sign.kind == "exception"] or signs
    places = [code(near_place(d, sign, LONGEST_PLACE, lang), LONGEST_VALUE) for sign in signs[:3]]
    text = words(lang)
    told = (text["brackets"].format(text=where) for where in places)
    return text["semicolon"].join(
        code(sign.text, LONGEST_VALUE) + where for sign, where in zip(signs, told, strict=False)
    )


def _dataset(d: Diagnosis, lang: Language) -> str:
    told = [fact for fact in d.facts if fact.name.startswith(DATASET)]
    return words(lang)["comma"].join(code(f"{fact.name} = {_value(fact)}", LONGEST_VALUE) for fact in told[:12])


def _value(fact: Fact) -> str:
    spec = vocabulary().get(fact.name)
    return value_text(fact.value, None if spec is None else spec.unit)
