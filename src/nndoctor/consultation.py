"""One consultation: texts, this machine and nnU-Net's files become facts, facts and rules a Diagnosis."""

from __future__ import annotations

from collections.abc import Iterable

from nndoctor.diagnosis.engine import diagnose
from nndoctor.diagnosis.load import load_rulebook
from nndoctor.diagnosis.model import Diagnosis, InputRecord
from nndoctor.diagnosis.releases import unmet
from nndoctor.diagnosis.rulebook import Rulebook
from nndoctor.facts import Facts
from nndoctor.logs import WHOLE, Log, Reading, Source, observe, open_sources, read_source, read_text
from nndoctor.witnesses import Options, gaps, here, witness

TOGETHER = 4 * WHOLE
EACH = 128 * 1024


def consult(options: Options) -> Diagnosis:
    """Read everything that was named and diagnose it. Raises SourceError and RuleError, each with one clear line."""
    book = load_rulebook(options.rules, options.language)
    skipped: list[str] = []
    readings = _read_all(open_sources(options.texts, skipped), book)
    logs = [log for reading in readings for log in reading.logs]
    facts = Facts(fact for log in reversed(logs) for fact in observe(log))
    environment, notes = witness(options, facts)
    records = [_record(each) for each in readings]
    return diagnose(book, logs, facts, records, environment, [*_broken_rules(book), *skipped, *notes])


def diagnose_text(text: str, name: str = "text", book: Rulebook | None = None) -> Diagnosis:
    """The Diagnosis of a text alone, without a look at this machine."""
    log = read_text(text, name)
    facts = Facts([*observe(log), *gaps("only the text was given")])
    record = InputRecord(name, len(text.encode("utf-8", "replace")), len(log.lines), "text")
    return diagnose(book or load_rulebook(), [log], facts, [record], "none: only the text was used", [])


def diagnose_logs(logs: list[Log], book: Rulebook) -> Diagnosis:
    """The Diagnosis of logs that were read before, without a look at this machine."""
    facts = Facts(fact for log in reversed(logs) for fact in observe(log))
    return diagnose(book, logs, facts, [], "none: only the text was used", [])


def this_computer(python: str | None = None) -> Diagnosis:
    """What is known of this computer and of nnU-Net's variables, as a Diagnosis without findings."""
    notes: list[str] = []
    facts = Facts(here(python, notes))
    facts.extend(unmet(facts, load_rulebook().common_knowledge().releases))
    return Diagnosis("no-failure", [], None, list(facts), facts.missing(), [], "here: nndoctor env", notes, [])


def _read_all(sources: Iterable[Source], book: Rulebook) -> list[Reading]:
    """Small texts are read whole as long as they are few: many together are one large text."""
    readings: list[Reading] = []
    room = TOGETHER
    for source in sources:
        whole = WHOLE if room > 0 else min(WHOLE, EACH)
        readings.append(read_source(source, book.rare_words, book.hidden_words, whole))
        room -= min(readings[-1].size, WHOLE)
    return readings


def _broken_rules(book: Rulebook) -> list[str]:
    return [f"a rule was left out: {problem}" for problem in book.problems]


def _record(reading: Reading) -> InputRecord:
    return InputRecord(reading.name, reading.size, reading.lines, reading.encoding, reading.notes)
