"""A ranked candidate becomes a Finding: title, evidence, chain, what was not seen, fixes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nndoctor.diagnosis.advice import fixes_for, not_seen
from nndoctor.diagnosis.model import Evidence, Finding
from nndoctor.diagnosis.rule import Rule
from nndoctor.diagnosis.rulebook import as_list
from nndoctor.diagnosis.weights import WEIGHTS
from nndoctor.facts import Facts, vocabulary

if TYPE_CHECKING:
    from nndoctor.diagnosis.matching import Hit, Texts
    from nndoctor.diagnosis.weigh import Candidate, FactHit

EVIDENCE_SHOWN = 12
TEXT_SHOWN = 600


def build_finding(candidate: Candidate, confidence: float, symptoms: list[str], texts: Texts, facts: Facts) -> Finding:
    """The Finding of one candidate; `symptoms` end its causal chain. Its rank is 0 until the list is complete."""
    rule = candidate.card.rule()
    hits = sorted(candidate.hits, key=lambda hit: (-WEIGHTS[hit.sign.weight], hit.event))
    against = sorted(candidate.against, key=lambda hit: (-WEIGHTS[hit.sign.weight], hit.event))
    chain = [rule.id, *candidate.chain, *(name for name in symptoms if name not in (rule.id, *candidate.chain))]
    return Finding(
        rank=0,
        cause=rule.id,
        title=_title(rule, hits, facts),
        confidence=round(confidence, 3),
        severity=rule.severity,
        explanation=rule.explanation,
        evidence=_evidence(hits, candidate.fact_hits, texts, 1.0),
        against=_evidence(against, candidate.facts_against, texts, -1.0),
        not_seen=not_seen(rule, facts),
        chain=chain,
        fixes=fixes_for(rule.fixes, facts, {hit.sign.bug for hit in hits}),
    )


def _title(rule: Rule, hits: list[Hit], facts: Facts) -> str:
    """The first of the rule's titles whose names are all known: captures, and facts with _ for the dot."""
    known: dict[str, object] = {fact.name.replace(".", "_"): fact.value for fact in facts}
    for hit in reversed(hits):
        known.update({**hit.sign.tells, **hit.captures})
    return next((title for each in as_list(rule.title_if) if (title := _filled(each, known))), rule.title)


def _filled(title: str, known: dict[str, object]) -> str | None:
    try:
        return title.format_map(known)
    except (KeyError, ValueError, IndexError, AttributeError):
        return None


def _evidence(hits: list[Hit], fact_hits: list[FactHit], texts: Texts, direction: float) -> list[Evidence]:
    """Each sign by its first line and its source line, then further lines of signs, then facts; each line once."""
    lines = [each for hit in hits for each in _lines(hit, texts, direction)]
    lines = sorted(lines, key=lambda each: each.weight == 0 and each.kind != "code")
    found = [*lines, *(_fact(hit, texts, direction) for hit in fact_hits)]
    unique: dict[tuple[str, int | None, str], Evidence] = {}
    for each in found:
        unique.setdefault((each.source, each.line, each.text), each)
    return list(unique.values())[:EVIDENCE_SHOWN]


def _lines(hit: Hit, texts: Texts, direction: float) -> list[Evidence]:
    weight = direction * WEIGHTS[hit.sign.weight]
    lines = []
    for index, proof in enumerate(hit.proofs):
        says = hit.sign.says if index == 0 else None
        if index == 0 and hit.times > 1:
            says = f"{says or ''} ({hit.times} times)".strip()
        source = texts.logs[proof.place.log].name
        text = proof.text.strip()[:TEXT_SHOWN]
        lines.append(Evidence(proof.kind, source, text, weight if index == 0 else 0.0, proof.place.line, says))
    return lines


def _fact(hit: FactHit, texts: Texts, direction: float) -> Evidence:
    """The comparison that holds; where the text itself states the fact, the line that states it."""
    words = ", ".join(f"{fact.name} = {value_words(fact.name, fact.value)}" for fact in hit.facts)
    source = hit.facts[0].source
    weight = direction * WEIGHTS[hit.sign.weight]
    printed = texts.shown(source.where, source.line) if source.witness == "text" else None
    if printed is not None:
        says = f"{hit.sign.says} ({words})" if hit.sign.says else words
        return Evidence("fact", source.where, printed[:TEXT_SHOWN], weight, source.line, says)
    return Evidence("fact", source.where, words, weight, source.line, hit.sign.says)


def value_words(name: str, value: object) -> str:
    """A fact's value for a sentence: 12 mm; 31.2 GiB; a; b."""
    unit = vocabulary()[name].unit
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if unit == "bytes" and isinstance(value, int) and value >= 2**20:
        return f"{value / 2**30:.1f} GiB" if value >= 2**30 else f"{value / 2**20:.0f} MiB"
    return f"{value} {unit}" if unit else str(value)
