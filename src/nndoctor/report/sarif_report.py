"""The Diagnosis of a check as SARIF 2.1.0 (OASIS, 2020), which code hosts and editors read.

One rule for each kind of problem, one result for each place, in files below the folder that was checked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from nndoctor import __version__
from nndoctor.diagnosis.model import Checkup, Diagnosis, Finding, Place, Severity
from nndoctor.report.checkup_view import places_of, times
from nndoctor.report.json_report import ascii_json
from nndoctor.report.locations import below, file_uri, is_absolute
from nndoctor.report.phrases import in_language
from nndoctor.report.visible import one_line
from nndoctor.report.words import Language, words

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
BASE = "CHECKED"
LONGEST_TEXT = 2000
LEVEL: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
Json = dict[str, object]


def render_sarif(d: Diagnosis, *, lang: Language = "en") -> str:
    """The log, as JSON in pure ASCII. Only a check has places in files; raises ValueError for another Diagnosis."""
    d = in_language(d, lang)
    if d.checkup is None:
        raise ValueError("SARIF is made of checks only")
    return ascii_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(d, d.checkup, lang)]})


def _run(d: Diagnosis, checkup: Checkup, lang: Language) -> Json:
    driver = {"name": "nndoctor", "version": __version__, "rules": [_rule(finding, lang) for finding in d.findings]}
    notes = [{"level": "note", "message": _message(note)} for note in [*d.notes, *_left_out(d, lang)]]
    run: Json = {
        "tool": {"driver": driver},
        "language": words(lang)["lang"][:2],
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
        "results": list(_results(d, checkup)),
    }
    if is_absolute(checkup.subject):
        run["originalUriBaseIds"] = {BASE: {"uri": file_uri(checkup.subject).rstrip("/") + "/"}}
    return run


def _left_out(d: Diagnosis, lang: Language) -> Iterator[str]:
    text = words(lang)
    for finding in d.findings:
        more = times(finding) - len(places_of(d, finding))
        if more > 0:
            yield _rule_id(finding) + text["colon"] + text["check.more"].format(count=more)


def _rule_id(finding: Finding) -> str:
    return finding.problem or finding.cause


def _rule(finding: Finding, lang: Language) -> Json:
    text = words(lang)
    steps = [
        f"{number}. {fix.text}" + (f"\n   {fix.command}" if fix.command else "")
        for number, fix in enumerate(finding.fixes, 1)
    ]
    advice = [f"{text['fixes']}{text['colon'].rstrip()}", *steps] if steps else []
    return {
        "id": _rule_id(finding),
        "shortDescription": _message(finding.title),
        "fullDescription": _message(finding.explanation or finding.title),
        "help": {"text": "\n".join([finding.explanation or finding.title, *advice])},
        "defaultConfiguration": {"level": LEVEL[finding.severity]},
        "properties": {"cause": finding.cause},
    }


def _results(d: Diagnosis, checkup: Checkup) -> Iterator[Json]:
    for index, finding in enumerate(d.findings):
        for place in places_of(d, finding):
            location = _location(place, checkup.subject)
            yield {
                "ruleId": _rule_id(finding),
                "ruleIndex": index,
                "level": LEVEL[finding.severity],
                "message": _message(place.text or finding.title),
                "locations": [location],
                "partialFingerprints": {"place/v1": _fingerprint(finding, place, location)},
            }


def _location(place: Place, subject: str) -> Json:
    """The file or folder; what is no file, such as a variable, is named beside the folder that was checked."""
    inside = below(place.where, subject) if is_absolute(subject) else None
    if inside is not None:
        return {"physicalLocation": {"artifactLocation": {"uri": inside, "uriBaseId": BASE}}}
    if is_absolute(place.where):
        return {"physicalLocation": {"artifactLocation": {"uri": file_uri(place.where)}}}
    named: Json = {"logicalLocations": [{"name": one_line(place.where, LONGEST_TEXT) or place.kind}]}
    if is_absolute(subject):
        named["physicalLocation"] = {"artifactLocation": {"uri": "./", "uriBaseId": BASE}}
    return named


def _fingerprint(finding: Finding, place: Place, location: Json) -> str:
    """The same in the next check of the same folder, wherever that folder lies then."""
    told = "\n".join((_rule_id(finding), place.case or place.text, repr(location)))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:32]


def _message(text: str) -> Json:
    """A plain text message. What would be a link in it (`](`, SARIF 3.11.6) is taken apart."""
    return {"text": one_line(text, LONGEST_TEXT).replace("](", "] (") or " "}
