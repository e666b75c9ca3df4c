"""JSON: the shape that was promised, in ASCII, and a schema that agrees with the types."""

from __future__ import annotations

import base64
import json
import subprocess
import sys

import jsonschema
import msgspec
import pytest

from nndoctor.facts import Fact, Provenance
from nndoctor.report import json_schema, render_json
from nndoctor.report.json_report import generated_schema

from .checkup_samples import CUT, ROOT, faulty, name, png, sound
from .hostile import ATTACKS, hostile, hostile_checkup
from .samples import SAMPLES, channel_mismatch


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_hold_to_the_schema(name: str) -> None:
    jsonschema.validate(json.loads(render_json(SAMPLES[name]())), json_schema())


@pytest.mark.parametrize("attack", [None, *ATTACKS], ids=range(len(ATTACKS) + 1))
def test_hostile_text_is_valid_ascii_json(attack: str | None) -> None:
    text = render_json(hostile(attack))
    assert text.isascii() and text.isprintable() is False and not set(text) & set(map(chr, [*range(10), 27, 127]))
    jsonschema.validate(json.loads(text), json_schema())


def test_the_document_is_the_one_of_the_house() -> None:
    report = json.loads(render_json(channel_mismatch()))
    assert list(report) == [
        *("schema_version", "tool", "status", "findings", "signature", "facts", "inputs", "environment"),
        *("notes", "missing", "checkup"),
    ]
    assert report["schema_version"] == 1 and report["tool"]["name"] == "nndoctor"
    assert report["facts"]["memory.granted"] == {
        "value": 34359738368,
        "unit": "bytes",
        "from": "/sys/fs/cgroup/memory.max",
    }
    first = report["findings"][0]
    assert first["evidence"][0]["line"] == 41 and first["chain"][0] == first["cause"] == "channel-count-mismatch"


@pytest.mark.parametrize("attack", [None, *ATTACKS], ids=range(len(ATTACKS) + 1))
def test_a_check_holds_to_the_schema(attack: str | None) -> None:
    for d in (faulty(), sound(), hostile_checkup(attack)):
        text = render_json(d)
        assert text.isascii() and not set(text) & set(map(chr, [*range(10), 27, 127]))
        jsonschema.validate(json.loads(text), json_schema())


def test_a_check_has_its_cases_and_places_but_no_pictures() -> None:
    d = msgspec.structs.replace(faulty(), thumbnails={name(0): png()})
    report = json.loads(render_json(d))
    assert "thumbnails" not in json.dumps(report) and base64.b64encode(png()).decode() not in render_json(d)
    assert report["checkup"]["places"][0] == {
        "kind": "image-truncated",
        "where": f"{ROOT}/imagesTr/{name(0)}_0000.nii.gz",
        "text": f"imagesTr/{name(0)}_0000.nii.gz: ends after 44 of the 348 bytes of its header",
        "case": name(0),
        "values": {"detail": "ends after 44 of the 348 bytes of its header"},
    }
    assert report["checkup"]["table"][0]["label"] == f"{ROOT}/labelsTr/{name(0)}.nii.gz"
    assert report["findings"][0]["problem"] == "image-truncated" and report["findings"][0]["count"] == CUT


def test_text_survives_the_escapes() -> None:
    text = "中文 🧠 é \u202e \x9b \x7f \x1b"
    d = msgspec.structs.replace(channel_mismatch(), notes=[text])
    assert json.loads(render_json(d))["notes"] == [text]


def test_what_json_cannot_say_becomes_words() -> None:
    odd = Fact("log.epoch_seconds", float("nan"), Provenance("text", "log.txt"))
    listed = Fact("log.losses", [1.0, float("inf")], Provenance("text", "log.txt"))
    report = json.loads(render_json(msgspec.structs.replace(channel_mismatch(), facts=[odd, listed])))
    assert report["facts"]["log.epoch_seconds"]["value"] == "nan"
    assert report["facts"]["log.losses"] == {"value": [1.0, "inf"], "unit": None, "from": "log.txt"}


def test_the_shipped_schema_agrees_with_the_types() -> None:
    """After a change of the types: python -m nndoctor.report.json_report > src/nndoctor/report/schema.json"""
    assert json_schema() == generated_schema()


@pytest.mark.parametrize(
    ("call", "unwanted"),
    [("render_json(d)", ("rich", "jinja2")), ("print_terminal(d)", ("jinja2",)), ("redact(d)", ("rich", "jinja2"))],
)
def test_a_report_imports_only_what_it_draws_with(call: str, unwanted: tuple[str, ...]) -> None:
    code = (
        "import sys\nfrom nndoctor import report\nfrom nndoctor.diagnosis.model import Diagnosis\n"
        "d = Diagnosis('no-failure', [], None, [], [], [], '', [], [])\n"
        f"report.{call}\nassert not set({unwanted!r}) & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)
