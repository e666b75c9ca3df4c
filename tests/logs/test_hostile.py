"""Text that nobody meant well: reading never raises, and twice the text takes at most about twice the time."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nndoctor.logs import observe, read_text
from nndoctor.logs.decode import decode
from nndoctor.logs.notebook import notebook_cells

PIECES = [
    "Traceback (most recent call last):\n",
    '  File "a/b.py", line 3, in f\n',
    "    x = y[0]\n",
    "    ~^^^\n",
    "IndexError: list index out of range\n",
    "During handling of the above exception, another exception occurred:\n",
    "  + Exception Group Traceback (most recent call last):\n",
    "  | ",
    "\x1b[31m",
    "\x1b]52;c;",
    "\r",
    "\0",
    "│ ",
    " 33%|███▎ | 1/3 [00:01<00:02]",
    "nnUNetv2_train 1 2d 0",
    "user@host:~$ ",
    '"""\n',
    "> ",
    "Process SpawnProcess-6:\n",
    "multiprocessing.pool.RemoteTraceback: \n",
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=30))).map("".join))
@example("Traceback (most recent call last):")
@example("RuntimeError: \ud800")
def test_reading_never_raises(text: str) -> None:
    log = read_text(text)
    list(observe(log))
    assert all(line.shown.encode() is not None for line in log.lines)
    assert all(event.number >= 1 for event in log.exceptions)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_bytes_never_raise(data: bytes) -> None:
    read_text(decode(data)[0])
    notebook_cells(data)


SLOW = [
    "A" * 50 + "Error: ",
    "a@b~:$ ",
    "nnUNetv2_train a@a:a@a:",
    "\x1b]52;",
    "9%|",
    '  File "',
    "> > ",
    "2026-01-01 00:00:00 ",
    "(" * 40,
    "Traceback (most recent call last):\n",
    "\r9%|#| 1/2 [a]",
]


@pytest.mark.parametrize("piece", SLOW)
def test_time_is_linear(piece: str) -> None:
    def seconds(times: int) -> float:
        text = piece * times
        start = time.process_time()
        list(observe(read_text(text)))
        return time.process_time() - start

    size = 200_000 // len(piece)
    seconds(size // 4)
    small, large = min(seconds(size) for _ in range(2)), min(seconds(4 * size) for _ in range(2))
    assert large < 0.3 or large < 12 * small
