"""The reader's language: --lang, else the locale, and never letters that the stream cannot show."""

from __future__ import annotations

import json

import pytest

from tests.cli.running import SEED, nndoctor

CHINESE = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_CN.UTF-8", "PYTHONIOENCODING": "utf-8"}
TITLE = "通道"
EVIDENCE = "证据"


@pytest.mark.parametrize("form", ["terminal", "html", "markdown"])
def test_a_chinese_locale_gets_a_chinese_report(form: str) -> None:
    text = nndoctor("diagnose", SEED, "--format", form, env=CHINESE).stdout.decode()
    assert TITLE in text and EVIDENCE in text


def test_json_keeps_its_keys_and_speaks_the_language() -> None:
    found = json.loads(nndoctor("diagnose", SEED, "--format", "json", env=CHINESE).stdout)
    assert found["status"] == "diagnosed" and TITLE in found["findings"][0]["title"]


def test_the_option_beats_the_locale() -> None:
    assert TITLE not in nndoctor("diagnose", SEED, "--lang", "en", env=CHINESE).stdout.decode()
    english = {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "utf-8"}
    assert TITLE in nndoctor("diagnose", SEED, "--lang", "zh", env=english).stdout.decode()


def test_a_stream_without_chinese_letters_gets_english() -> None:
    done = nndoctor("diagnose", SEED, env={**CHINESE, "PYTHONIOENCODING": "cp1252"})
    assert done.returncode == 0 and b"diagnosed" in done.stdout.lower()


def test_a_windows_console_in_cp936_gets_chinese() -> None:
    done = nndoctor("diagnose", SEED, env={**CHINESE, "PYTHONIOENCODING": "cp936"})
    assert TITLE in done.stdout.decode("cp936")


def test_explain_and_list_speak_it_too() -> None:
    assert TITLE in nndoctor("explain", "channel-count-mismatch", env=CHINESE).stdout.decode()
    assert TITLE in nndoctor("rules", "list", "--lang", "zh").stdout.decode()


def test_no_line_is_wider_than_the_terminal() -> None:
    from rich.cells import cell_len

    text = nndoctor("explain", "channel-count-mismatch", "--lang", "zh", env={"COLUMNS": "80"}).stdout.decode()
    prose = [line for line in text.splitlines() if not line.startswith("    ")]
    assert prose and max(map(cell_len, prose)) <= 80
    assert not [line for line in prose if line.strip()[:1] in set("，。：；、）")]
