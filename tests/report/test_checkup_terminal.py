"""The terminal report of a check: verdict first, advice once, nothing wider than the terminal, nothing that acts."""

from __future__ import annotations

import re
from io import StringIO

import msgspec
import pytest
from rich.cells import cell_len

from nndoctor.diagnosis.model import Diagnosis
from nndoctor.report import print_terminal
from nndoctor.report.words import LANGUAGES, Language

from .checkup_samples import CUT, faulty, name, sound
from .hostile import ATTACKS, hostile_checkup


def shown(d: Diagnosis, *, width: int = 80, color: bool = False, lang: Language = "en") -> str:
    page = StringIO()
    print_terminal(d, width=width, color=color, unicode=True, stream=page, lang=lang)
    return page.getvalue()


def test_the_verdict_comes_first_and_every_kind_follows() -> None:
    text = shown(faulty(), width=100)
    assert text.startswith(" WILL GO WRONG   1 kind of error, 1 kind of warning\n")
    assert "40 cases, 120 files, 1.2 s" in text
    assert f"ERROR  Title of image-truncated ({CUT} times)" in text and f"and {CUT - 5} more" in text
    assert text.index("ERROR") < text.index("WARNING") < text.index("HINT")
    assert shown(sound()).startswith(" SOUND   nothing wrong was seen\n")


def test_advice_is_given_once_and_not_for_hints() -> None:
    d = faulty()
    twice = msgspec.structs.replace(d, findings=[d.findings[0], msgspec.structs.replace(d.findings[0], rank=2)])
    assert shown(twice).count("Look at image-truncated") == 1
    assert "Look at stray-file" not in shown(d) and "Look at mixed-orientation" in shown(d)


def test_the_forecast_says_what_fits() -> None:
    text = " ".join(shown(faulty()).split())
    assert (
        f"{name(4)} needs 41.0 GiB (added up in top: 46.0 GiB) with -nps 3; 24.0 GiB are granted; -nps 1 needs 17.0 GiB"
        in text
    )
    assert "not even one worker fits" in text and "GPU memory 7.0 GiB" in text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [40, 80])
def test_what_is_read_fits_the_width(lang: Language, width: int) -> None:
    lines = [line for line in shown(faulty(), width=width, lang=lang).splitlines() if "ls -l" not in line]
    assert max(map(cell_len, lines)) <= width


@pytest.mark.parametrize(("lang", "first", "last"), [("en", "14.0 GiB", "7.0 GiB"), ("zh", "-npfp 8", "7.0 GiB")])
def test_stages_stand_in_one_column(lang: Language, first: str, last: str) -> None:
    lines = shown(faulty(), width=100, lang=lang).splitlines()
    begins = [
        cell_len(line.split(f"  {value}")[0]) for value in (first, last) for line in lines if f"  {value}" in line
    ]
    assert len(begins) == 2 and begins[0] == begins[1]


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("attack", [None, *ATTACKS], ids=range(len(ATTACKS) + 1))
def test_no_text_acts_on_the_terminal(attack: str | None, color: bool) -> None:
    text = shown(hostile_checkup(attack), color=color)
    text = re.sub(r"\x1b\[[\d;]*m", "", text) if color else text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
