"""Hits and facts become a score per cause, in decibans of log-odds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

import msgspec

from nndoctor.diagnosis.comparison import contradicted, parse
from nndoctor.diagnosis.matching import Hit, Place
from nndoctor.diagnosis.rule import Sign
from nndoctor.diagnosis.rulebook import Card, Rulebook
from nndoctor.diagnosis.weights import PRIORS, WEIGHTS, combine, decibans
from nndoctor.facts import Fact, Facts

CONSEQUENCE = 0.5
CONTRADICTED = WEIGHTS["moderate"]
UNSAID = -6.0


class FactHit(msgspec.Struct, frozen=True):
    """A comparison of facts that holds."""

    index: int
    sign: Sign
    facts: list[Fact]


class Candidate(msgspec.Struct):
    """One cause under consideration. `score` is its log-odds in decibans, `place` where its heaviest line stands."""

    card: Card
    hits: list[Hit]
    fact_hits: list[FactHit]
    against: list[Hit]
    facts_against: list[FactHit]
    score: float = 0.0
    place: Place | None = None
    chain: list[str] = []

    @property
    def heaviest(self) -> float:
        """Weight of its heaviest sign in the text, in decibans."""
        return max((WEIGHTS[hit.sign.weight] for hit in self.hits), default=0.0)


def weigh(book: Rulebook, hits: list[Hit], facts: Facts, consequences: set[Place]) -> list[Candidate]:
    """Every cause that some sign speaks for, and every candidate of a symptom that the text shows."""
    candidates = _collect(book, hits, facts)
    symptoms = [each for each in candidates.values() if each.card.symptom and each.hits]
    for symptom in symptoms:
        for cause in symptom.card.candidates:
            _candidate(candidates, book, cause)
    for each in candidates.values():
        _score(each, symptoms, consequences, facts)
    _hold_back_unsaid(candidates.values(), symptoms)
    told = _told(symptoms)
    return [each for each in candidates.values() if each.hits or each.fact_hits or each.card.id in told]


def _told(symptoms: list[Candidate]) -> set[str]:
    return {cause for symptom in symptoms for cause in symptom.card.candidates}


def _hold_back_unsaid(candidates: Iterable[Candidate], symptoms: list[Candidate]) -> None:
    """What no line of the text says cannot beat what a line says, unless the text shows its symptom."""
    told = _told(symptoms)
    spoken = any(each.hits and each.card.severity != "info" for each in candidates)
    for each in candidates:
        if spoken and not each.hits and each.card.id not in told:
            each.score = min(each.score, UNSAID)


def _collect(book: Rulebook, hits: list[Hit], facts: Facts) -> dict[str, Candidate]:
    found: dict[str, Candidate] = {}
    for hit in hits:
        filed = book.sign(hit.index)
        candidate = _candidate(found, book, book.cards[filed.rule].id)
        if candidate is not None:
            (candidate.hits if filed.side == "for" else candidate.against).append(hit)
    for index in sorted({index for fact in facts for index in book.fact_names.get(fact.name, [])}):
        filed = book.sign(index)
        holding = _fact_hit(index, filed.sign, facts)
        candidate = _candidate(found, book, book.cards[filed.rule].id) if holding else None
        if candidate is not None and holding is not None:
            (candidate.fact_hits if filed.side == "for" else candidate.facts_against).append(holding)
    return found


def _candidate(found: dict[str, Candidate], book: Rulebook, cause: str) -> Candidate | None:
    if cause not in found:
        card = book.card(cause)
        if card is None:
            return None
        found[cause] = Candidate(card, [], [], [], [])
    return found[cause]


def _fact_hit(index: int, sign: Sign, facts: Facts) -> FactHit | None:
    comparison = parse(sign.fact or "")
    if not comparison.holds(facts):
        return None
    known = [fact for name in comparison.names() if (fact := facts.get(name)) is not None]
    return FactHit(index, sign, known)


def _score(candidate: Candidate, symptoms: list[Candidate], consequences: set[Place], facts: Facts) -> None:
    def weight(hit: Hit) -> float:
        halved = hit.event in consequences and not candidate.card.symptom
        full = WEIGHTS[hit.sign.weight] * (CONSEQUENCE if halved else 1.0)
        return max(0.0, full - CONTRADICTED) if contradicted(hit.sign.applies_if, facts) else full

    prior = PRIORS[candidate.card.prior]
    given = [symptom.card.candidates.get(candidate.card.id, 0.0) for symptom in symptoms]
    if any(given):
        prior = max(prior, decibans(max(given)))
    positive = combine(_per_event(candidate.hits, weight)) + _facts(candidate.fact_hits)
    negative = combine(_per_event(candidate.against, weight)) + _facts(candidate.facts_against)
    candidate.score = prior + positive - negative
    heaviest = max(candidate.hits, key=lambda hit: (weight(hit), -hit.event.log, -hit.event.line), default=None)
    candidate.place = None if heaviest is None else heaviest.event


def _facts(hits: list[FactHit]) -> float:
    return sum(WEIGHTS[hit.sign.weight] for hit in hits)


def _per_event(hits: list[Hit], weight: Callable[[Hit], float]) -> list[float]:
    """The heaviest sign of each exception or line."""
    best: dict[Place, float] = defaultdict(float)
    for hit in hits:
        best[hit.event] = max(best[hit.event], weight(hit))
    return list(best.values())
