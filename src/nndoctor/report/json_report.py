"""The Diagnosis as JSON, and the schema of that JSON (schema_version 1, which changes only by adding)."""

from __future__ import annotations

import math
from importlib import resources
from typing import Literal

import msgspec

from nndoctor import __version__
from nndoctor.diagnosis.model import Checkup, Diagnosis, Finding, InputRecord, Status
from nndoctor.facts import Fact, FactValue, Missing, vocabulary
from nndoctor.report.structure import map_texts
from nndoctor.report.visible import SURROGATE

SCHEMA_ID = "https://nndoctor.invalid/schema/diagnosis-1.json"
JsonValue = bool | int | float | str | list[str | int | float]


class Tool(msgspec.Struct, frozen=True):
    """Who made the report."""

    name: str
    version: str


class FactEntry(msgspec.Struct, frozen=True):
    """One fact under its name: the value, its unit and where it was seen."""

    value: JsonValue
    unit: str | None
    origin: str = msgspec.field(name="from")


class Document(msgspec.Struct, frozen=True):
    """What `nndoctor diagnose --format json` prints."""

    schema_version: Literal[1]
    tool: Tool
    status: Status
    findings: list[Finding]
    signature: str | None
    facts: dict[str, FactEntry]
    inputs: list[InputRecord]
    environment: str
    notes: list[str]
    missing: list[Missing]
    checkup: Checkup | None = None


def render_json(d: Diagnosis) -> str:
    """The Diagnosis as JSON in pure ASCII, so that no pipe, code page or terminal can harm it or be harmed."""
    d = map_texts(d, lambda text: SURROGATE.sub("\ufffd", text))
    document = Document(
        schema_version=1,
        tool=Tool("nndoctor", __version__),
        status=d.status,
        findings=d.findings,
        signature=d.signature,
        facts={fact.name: _entry(fact) for fact in d.facts},
        inputs=d.inputs,
        environment=d.environment,
        notes=d.notes,
        missing=d.missing,
        checkup=d.checkup,
    )
    return ascii_json(document)


def ascii_json(document: object) -> str:
    """Indented JSON in pure ASCII. Its strings must hold no lone surrogates."""
    pretty = msgspec.json.format(msgspec.json.encode(document), indent=2).decode()
    return "".join(map(_ascii, pretty)) if not pretty.isascii() or "\x7f" in pretty else pretty


def json_schema() -> dict[str, object]:
    """The JSON Schema of `render_json`, as it ships with the package in schema.json."""
    text = resources.files("nndoctor.report").joinpath("schema.json").read_bytes()
    return msgspec.json.decode(text, type=dict[str, object])


def generated_schema() -> dict[str, object]:
    """The schema as the types state it; schema.json is this, written down."""
    head: dict[str, object] = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID}
    return {**head, **msgspec.json.schema(Document)}


def _entry(fact: Fact) -> FactEntry:
    spec = vocabulary().get(fact.name)
    return FactEntry(_finite(fact.value), None if spec is None else spec.unit, str(fact.source))


def _finite(value: FactValue) -> JsonValue:
    """JSON knows neither nan nor infinity: they become words."""
    if isinstance(value, list):
        return [_number(item) for item in value]
    return _number(value)


def _number(value: str | float) -> str | int | float:
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _ascii(char: str) -> str:
    """Outside ASCII, characters of a JSON text stand in strings only, where an escape means the same."""
    code = ord(char)
    if code < 0x7F:
        return char
    if code < 0x10000:
        return f"\\u{code:04x}"
    return f"\\u{0xD800 + (code - 0x10000 >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


if __name__ == "__main__":
    print(msgspec.json.format(msgspec.json.encode(generated_schema()), indent=2).decode())
