"""`nndoctor check dataset` in every format, of a real folder whose file names attack whoever shows them."""

from __future__ import annotations

import json
import os
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote_to_bytes

import numpy as np
import pytest
import SimpleITK
from markdown_it import MarkdownIt

from tests.cli.running import Done, nndoctor

PATIENT = "Mueller_Hans_19520314"
NAMES = (
    b"<img src=x onerror=alert(1)>",
    b"\x1b[31mred\x1b]0;pwn\x07",
    b"@everyone #123 GH-7 `x` | a | ](https:evil)",
    b"line1\nline2\n::set-output name=x::y",
    "\u202egpj\u2066".encode(),
    b"{0.__class__}{case}",
    b"[bold]x",
    b"~~~",
    b"caf\xe9_\xff\xfe",
    PATIENT.encode(),
    b"hans",
)
ACTS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
SYSTEM = pytest.mark.skipif(sys.platform != "linux", reason="only here may names be any bytes")


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of two channels; no image can be read, and the names are an attack each."""
    root = _dataset(tmp_path_factory.mktemp("evil") / "Dataset101_Evil")
    for name in NAMES:
        for ending in (b"_0000.nii.gz", b"_0001.nii.gz"):
            Path(os.fsdecode(os.fsencode(root) + b"/imagesTr/" + name + ending)).write_bytes(b"no image")
        Path(os.fsdecode(os.fsencode(root) + b"/labelsTr/" + name + b".nii.gz")).write_bytes(b"no label")
    return root


@pytest.fixture(scope="module")
def suspicious(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One case whose second channel is cut short and whose first can be drawn."""
    root = _dataset(tmp_path_factory.mktemp("some") / "Dataset102_Some")
    voxels = np.arange(4 * 8 * 8, dtype=np.uint8).reshape(4, 8, 8)
    paths = [root / "imagesTr" / f"{PATIENT}_000{channel}.nii.gz" for channel in range(2)]
    for path in (*paths, root / "labelsTr" / f"{PATIENT}.nii.gz"):
        SimpleITK.WriteImage(SimpleITK.GetImageFromArray(voxels), str(path))
    paths[1].write_bytes(paths[1].read_bytes()[:100])
    return root


def _dataset(root: Path) -> Path:
    for name in ("imagesTr", "labelsTr"):
        (root / name).mkdir(parents=True)
    description = {
        "channel_names": {"0": "CT", "1": "PET"},
        "labels": {"background": 0, "x": 1},
        "numTraining": 1,
        "file_ending": ".nii.gz",
    }
    (root / "dataset.json").write_text(json.dumps(description))
    return root


def check(root: Path, *options: str | Path) -> Done:
    done = nndoctor("check", "dataset", "-d", root, "--workers", "1", *options)
    assert done.returncode == 1 and b"Traceback" not in done.stderr, done.stderr
    return done


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, list[str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, [name for name, _ in attrs]))


@SYSTEM
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_hostile_names_do_nothing_in_a_terminal(evil: Path, lang: str) -> None:
    text = check(evil, "--lang", lang).stdout.decode()
    assert not ACTS.search(text) and "␛[31mred" in text


@SYSTEM
def test_hostile_names_are_no_html(evil: Path) -> None:
    text = check(evil, "--format", "html", "--no-redact").stdout.decode()
    assert not ACTS.search(text) and "&lt;img src=x onerror=alert(1)&gt;" in text
    assert not [
        tag for tag, names in Tags(text).seen if tag in ("img", "script") or any(n.startswith("on") for n in names)
    ]


@SYSTEM
def test_hostile_names_mention_nobody_in_markdown(evil: Path) -> None:
    text = check(evil, "--format", "markdown", "--no-redact").stdout.decode()
    assert not re.search(r"^\s*::", text, re.MULTILINE)
    for token in MarkdownIt().enable("table").parse(text):
        for child in token.children or []:
            assert child.type not in ("link_open", "image")
            assert child.type != "html_inline" or child.content in ("<sub>", "</sub>")
            assert child.type != "text" or not re.search(r"@\w|#\d|GH-\d|https?:", child.content)


@SYSTEM
def test_hostile_names_are_valid_json_and_sarif(evil: Path) -> None:
    report = check(evil, "--format", "json", "--no-redact").stdout
    assert report.isascii() and len(json.loads(report)["checkup"]["table"]) == len(NAMES)
    log = check(evil, "--format", "sarif", "--no-redact").stdout
    results = json.loads(log)["runs"][0]["results"]
    uris = [each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in results]
    named = {unquote_to_bytes(uri) for uri in uris}
    assert log.isascii() and {b"labelsTr/" + name + b".nii.gz" for name in NAMES} <= named


@SYSTEM
@pytest.mark.parametrize("form", ["html", "markdown", "json", "sarif"])
def test_names_are_in_no_report_by_default(evil: Path, form: str) -> None:
    text = check(evil, "--format", form).stdout.decode()
    assert not re.search(r"mueller|hans(?!\w|\")", text, re.IGNORECASE) and "no-redact" in text


def test_pictures_come_only_where_names_may_be_shown(suspicious: Path, tmp_path: Path) -> None:
    check(suspicious, "--report", tmp_path / "named.html", "--no-redact")
    check(suspicious, "--report", tmp_path / "clean.html")
    named, clean = ((tmp_path / name).read_text(encoding="utf-8") for name in ("named.html", "clean.html"))
    assert named.count('<img src="data:image/png;base64,') == 1 and PATIENT in named
    assert "<img" not in clean and PATIENT not in clean and "shows pictures in HTML" in clean
    done = check(suspicious, "--format", "json", "--no-redact")
    assert b"base64" not in done.stdout and PATIENT.encode() in done.stdout


def test_the_ending_of_the_report_is_its_format(suspicious: Path, tmp_path: Path) -> None:
    for name, begins in (
        ("a.sarif", '{\n  "$schema"'),
        ("a.md", "### nndoctor check"),
        ("a.json", '{\n  "schema_version"'),
    ):
        done = check(suspicious, "--report", tmp_path / name)
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)
        assert f"report written to {tmp_path / name}".encode() in done.stderr and b"WILL GO WRONG" in done.stdout


@pytest.mark.parametrize("options", [("--format", "sarif"), ("-o", "x.sarif")])
def test_sarif_of_a_log_is_wrong_usage(options: tuple[str, str], tmp_path: Path) -> None:
    done = nndoctor("diagnose", "-", *options, stdin=b"Killed\n", cwd=tmp_path)
    assert done.returncode == 2 and done.stdout == b"" and not list(tmp_path.iterdir())
    assert b"SARIF is a format of nndoctor check only" in done.stderr or b"sarif" in done.stderr.lower()
