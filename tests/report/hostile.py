"""A Diagnosis in which every free text is an attack on whoever shows it."""

from __future__ import annotations

from nndoctor.diagnosis.model import Diagnosis
from nndoctor.report.structure import map_texts

from .checkup_samples import faulty
from .samples import channel_mismatch

URL = "https://evil.example/x.png"
ATTACKS = (
    "<script>document.title='PWNED'</script>",
    f"<img src={URL} onerror=\"document.title='PWNED'\">",
    f'"><svg onload="document.title=\'PWNED\'"><link rel=stylesheet href={URL}><style>@import "{URL}"</style>',
    "</code></pre></details></style></title><h1>PWNED</h1><iframe src=javascript:alert(1)></iframe>",
    "{{ 7*7 }} {% for x in ().__class__ %} ${7*7}",
    "\x1b]52;c;cm0gLXJmIC8=\x07 \x1b[2J \x1b[31mred \x9b31m \x00 \x08\x08\x08 \x7f",
    "\u202egpj.exe\u2066 \u200b\u2028 \ufeff \U000e0041 \ud800",
    "[/bold] [bold red]markup[/] [link=https://evil.example]x[/link] :skull:",
    "\"\"\" ''' ``` ```` ~~~ ` `` |||| <!-- --> ]]>",
    "@everyone @octocat/team #123 GH-7 owner/repo#9 https://github.com/a/b/issues/1 www.evil.example a1b2c3d4e5",
    "::set-output name=x::y\n::add-mask::secret\n ##[error]x\n##[command]rm",
    "line one\r\n# heading\r> quote\n---\n- [ ] task\n1. item\n[x]: https://evil.example",
    "A" * 50_000,
    "中文 日本語 émigré 🧠 " * 3,
    "",
)


def hostile(attack: str | None = None) -> Diagnosis:
    """Every text replaced by one attack, or by all of them in turn."""
    turn = iter(range(10_000))
    return map_texts(channel_mismatch(), lambda _: ATTACKS[next(turn) % len(ATTACKS)] if attack is None else attack)


def hostile_checkup(attack: str | None = None) -> Diagnosis:
    """The same with the Diagnosis of a check: its files, its cases and what is said of them."""
    turn = iter(range(100_000))
    return map_texts(faulty(), lambda _: ATTACKS[next(turn) % len(ATTACKS)] if attack is None else attack)
