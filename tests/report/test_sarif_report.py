"""SARIF 2.1.0 by its rules: levels, indexes, URIs and messages. The official schema accepts these logs as well."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import msgspec
import pytest

from nndoctor.diagnosis.model import Diagnosis, Place
from nndoctor.report import redact, render_sarif
from nndoctor.report.locations import below, file_uri, is_absolute
from nndoctor.report.structure import map_texts

from .checkup_samples import ROOT, faulty, name, sound
from .hostile import ATTACKS, hostile_checkup
from .samples import channel_mismatch

URI = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-F]{2})*")


def run_of(d: Diagnosis) -> dict[str, Any]:
    """The one run of the log, after all that the standard demands of it was looked at."""
    text = render_sarif(d)
    log = json.loads(text)
    assert text.isascii() and log["version"] == "2.1.0" and log["$schema"].endswith("sarif-schema-2.1.0.json")
    [run] = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["shortDescription"]["text"] and rule["fullDescription"]["text"] and rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
    for base in run.get("originalUriBaseIds", {}).values():
        assert base["uri"].endswith("/") and urlsplit(base["uri"]).scheme == "file" and URI.fullmatch(base["uri"])
    for result in run["results"]:
        _hold(result, run)
    return dict(run)


def _hold(result: dict[str, Any], run: dict[str, Any]) -> None:
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert rule["id"] == result["ruleId"] and rule["defaultConfiguration"]["level"] == result["level"]
    assert result["message"]["text"] and "](" not in result["message"]["text"]
    assert re.fullmatch("[0-9a-f]{32}", result["partialFingerprints"]["place/v1"])
    for location in result["locations"]:
        assert "physicalLocation" in location or location["logicalLocations"][0]["name"]
        artifact = location.get("physicalLocation", {}).get("artifactLocation", {"uri": ""})
        assert URI.fullmatch(artifact["uri"])
        relative = "uriBaseId" in artifact
        assert not relative or (artifact["uriBaseId"] in run["originalUriBaseIds"] and "://" not in artifact["uri"])


def uris(d: Diagnosis) -> list[str]:
    return [each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in run_of(d)["results"]]


def placed(*where: str) -> Diagnosis:
    """A check that found something in these places."""
    d = faulty()
    assert d.checkup is not None
    places = [Place("image-truncated", each, "cut") for each in where]
    return msgspec.structs.replace(
        d, findings=d.findings[:1], checkup=msgspec.structs.replace(d.checkup, places=places)
    )


def test_each_kind_is_a_rule_and_each_place_a_result() -> None:
    run = run_of(faulty())
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["image-truncated", "mixed-orientation", "stray-file"]
    assert [rule["defaultConfiguration"]["level"] for rule in rules] == ["error", "warning", "note"]
    assert len(run["results"]) == 22 and len({each["partialFingerprints"]["place/v1"] for each in run["results"]}) == 22
    assert rules[0]["help"]["text"].startswith("nnU-Net minds image-truncated.\n")
    assert "ls -l 'image-truncated'" in rules[0]["help"]["text"] and "helpUri" not in rules[0]
    notes = [each["message"]["text"] for each in run["invocations"][0]["toolExecutionNotifications"]]
    assert notes == ["a note", "image-truncated: and 10 more"]


def test_places_are_relative_to_what_was_checked() -> None:
    run = run_of(faulty())
    assert run["originalUriBaseIds"]["CHECKED"]["uri"] == f"file://{ROOT}/"
    assert uris(faulty())[0] == f"imagesTr/{name(0)}_0000.nii.gz" and uris(faulty())[20] == "imagesTr"


def test_a_place_elsewhere_is_absolute_and_no_file_is_named() -> None:
    d = placed("/scratch/pre processed/x.npz", "environment", ROOT)
    results = run_of(d)["results"]
    assert uris(d) == ["file:///scratch/pre%20processed/x.npz", "./", "./"]
    assert results[1]["locations"][0]["logicalLocations"] == [{"name": "environment"}]


def test_every_byte_of_a_name_survives() -> None:
    odd = b"caf\xc3\xa9 \xff%2e#?:[x]\n\x1b".decode("utf-8", "surrogateescape")
    [uri] = uris(placed(f"{ROOT}/{odd}"))
    assert unquote_to_bytes(uri) == odd.encode("utf-8", "surrogateescape")


def test_fingerprints_do_not_depend_on_the_folder() -> None:
    d = faulty()
    moved = map_texts(d, lambda text: text.replace(ROOT, "/elsewhere/D"))
    told = [[each["partialFingerprints"] for each in run_of(one)["results"]] for one in (d, moved)]
    assert told[0] == told[1]


def test_redaction_names_nobody_and_stays_valid() -> None:
    text = render_sarif(redact(faulty(), users=(), hosts=()))
    assert not re.search("mueller|hans|charite", text, re.IGNORECASE)
    assert uris(redact(faulty(), users=(), hosts=()))[0] == "imagesTr/anon-case-1_0000.nii.gz"


def test_nothing_found_is_a_valid_log() -> None:
    assert run_of(sound())["results"] == []


@pytest.mark.parametrize("attack", [None, *ATTACKS], ids=range(len(ATTACKS) + 1))
def test_hostile_text_stays_text(attack: str | None) -> None:
    text = render_sarif(hostile_checkup(attack))
    assert not set(text) & set(map(chr, [*range(10), 27, 127]))
    assert len(run_of(hostile_checkup(attack))["results"]) == 22


def test_a_diagnosis_of_a_log_has_no_places() -> None:
    with pytest.raises(ValueError, match="checks only"):
        render_sarif(channel_mismatch())


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("/a b/c", "file:///a%20b/c"),
        ("C:\\data\\x.nii", "file:///C:/data/x.nii"),
        ("\\\\server\\share\\x", "file://server/share/x"),
        ("/\ud800", "file:///%3F"),
    ],
)
def test_paths_of_all_systems_become_uris(path: str, uri: str) -> None:
    assert is_absolute(path) and file_uri(path) == uri


@pytest.mark.parametrize(
    ("path", "folder", "uri"),
    [
        ("/a/b", "/a", "b"),
        ("/a/", "/a", "./"),
        ("/ab", "/a", None),
        ("/a/x\\y", "/a", "x%5Cy"),
        ("C:\\a\\b c", "C:\\a", "b%20c"),
        ("x", "/a", None),
    ],
)
def test_what_lies_below(path: str, folder: str, uri: str | None) -> None:
    assert below(path, folder) == uri
