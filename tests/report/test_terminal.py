"""The terminal: nothing in a log acts, commands can be copied, every stream and code page is served."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.cells import cell_len

from nndoctor.diagnosis.model import Diagnosis
from nndoctor.report import print_terminal
from nndoctor.report.words import LANGUAGES, Language

from .hostile import ATTACKS, hostile
from .samples import SAMPLES, channel_mismatch, undetermined

HERE = Path(__file__).parent
STYLE = re.compile(r"\x1b\[[0-9;]*m")


def shown(d: Diagnosis, *, width: int = 80, color: bool = False, unicode: bool = True, lang: Language = "en") -> str:
    stream = StringIO()
    print_terminal(d, width=width, color=color, unicode=unicode, stream=stream, lang=lang)
    return stream.getvalue()


def test_the_verdict_comes_first() -> None:
    first, _, second = shown(channel_mismatch()).splitlines()[:3]
    assert "DIAGNOSED" in first and "3 channels" in first
    assert "channel-count-mismatch" in second and "97%, almost certain" in second


def test_evidence_is_quoted_with_its_line() -> None:
    assert "predict.log:41  IndexError: list index out of range" in shown(channel_mismatch())


@pytest.mark.parametrize("width", [30, 80, 100])
def test_commands_are_never_broken(width: int) -> None:
    d = channel_mismatch()
    lines = [line.strip() for line in shown(d, width=width).splitlines()]
    for fix in d.findings[0].fixes:
        assert all(line in lines for line in (fix.command or "").splitlines())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_read_fits_the_width(name: str, lang: Language) -> None:
    d = SAMPLES[name]()
    commands = [item.command for found in d.findings for item in (*found.fixes, *found.not_seen)]
    copied = {line for command in commands for line in (command or "").splitlines()}
    for line in shown(d, lang=lang).splitlines():
        assert cell_len(line) <= 80 or line.strip() in copied or "https://" in line


def test_undetermined_names_candidates_and_what_decides() -> None:
    text = shown(undetermined())
    assert text.index("46%") < text.index("22%") < text.index("df -h /dev/shm")
    assert "Do this first" not in text


@pytest.mark.parametrize("color", [True, False])
@pytest.mark.parametrize("attack", [None, *ATTACKS], ids=range(len(ATTACKS) + 1))
def test_no_text_acts_on_the_terminal(attack: str | None, color: bool) -> None:
    text = STYLE.sub("", shown(hostile(attack), color=color))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)


def test_control_characters_become_visible() -> None:
    text = shown(hostile("a\x1b]52;c;x\x07b\u202ec"))
    assert "a␛]52;c;x␇b<U+202E>c" in text
    assert "a^[]52;c;x^Gb<U+202E>c" in shown(hostile("a\x1b]52;c;x\x07b\u202ec"), unicode=False)


def test_markup_stays_text() -> None:
    assert "[/bold] [bold red]x[/] :skull:" in shown(hostile("[/bold] [bold red]x[/] :skull:"))


def test_plain_and_coloured_say_the_same() -> None:
    assert "\x1b" not in shown(channel_mismatch())
    assert STYLE.sub("", shown(channel_mismatch(), color=True)) == shown(channel_mismatch())


def piped(sample: str, **env: str) -> bytes:
    imports = "from report.samples import *; from report.hostile import *; from nndoctor.report import print_terminal"
    code = f"{imports}; print_terminal({sample})"
    keep = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT", "HOME") if key in os.environ}
    path = os.pathsep.join([str(HERE.parent), *filter(None, sys.path)])
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        timeout=60,
        env={**keep, "PYTHONPATH": path, **env},
    )
    return done.stdout


@pytest.mark.parametrize("encoding", ["cp1252", "cp936", "ascii", "utf-8"])
@pytest.mark.parametrize("sample", ["channel_mismatch()", "hostile()"])
def test_every_code_page_gets_what_it_can_show(sample: str, encoding: str) -> None:
    text = piped(sample, PYTHONIOENCODING=encoding).decode(encoding)
    assert "\x1b" not in text and ("█" in text) == (encoding == "utf-8")


def test_the_environment_decides_on_colour() -> None:
    assert b"\x1b[" not in piped("channel_mismatch()")
    assert b"\x1b[" in piped("channel_mismatch()", FORCE_COLOR="1")
    assert b"\x1b[" not in piped("channel_mismatch()", FORCE_COLOR="1", NO_COLOR="1")
    assert b"\x1b[" not in piped("channel_mismatch()", TERM="dumb")
