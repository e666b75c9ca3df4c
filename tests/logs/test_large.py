"""Large logs: the same lines by every engine, flat memory, right line numbers."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nndoctor.logs import open_sources, read_source
from nndoctor.logs.prefilter import HyperscanEngine, ShapeEngine, Words
from nndoctor.logs.windows import WindowReader, cut_at_lines

WORDS = ["normalization_schemes", "Killed", "nan", "oom", "Bus", "float16"]
LINES = [
    "2026-01-01 00:00:00.1: Epoch 12 ",
    "train_loss -0.5",
    "train_loss nan",
    "Killed",
    "unKilled banana float32 xfloat16x",
    "  5%|# | 1/9 [00:01]\r 10%|## | 2/9 [00:02] Killed",
    "scheme = configuration_manager.normalization_schemes[c]",
    "ValueError: x",
    "",
    "页面文件太小 oom",
]


def kept(engine: type[ShapeEngine] | type[HyperscanEngine], data: bytes) -> list[tuple[int, str]]:
    words = Words(WORDS)
    pieces = [data[start : start + 700] for start in range(0, len(data), 700)]
    return WindowReader(words, engine(words)).read(pieces)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=60), st.booleans())
def test_engines_propose_the_same_lines(lines: list[str], ends: bool) -> None:
    pytest.importorskip("hyperscan", reason="hyperscan is not installed (nndoctor[fast])")
    data = "\n".join(lines).encode() + b"\n" * ends
    words = Words(WORDS)
    exact = [index for index, line in enumerate(data.split(b"\n")) if words.in_line(line)]
    split = data.split(b"\n")
    for engine in (ShapeEngine(words), HyperscanEngine(words)):
        proposed = [index for index in engine.propose(data) if words.in_line(split[index])]
        assert proposed == exact


def test_engines_keep_the_same_windows() -> None:
    pytest.importorskip("hyperscan", reason="hyperscan is not installed (nndoctor[fast])")
    random_source = random.Random(3)
    lines = random_source.choices(LINES, weights=[4000, 4000, 1, 1, 300, 1, 1, 1, 300, 1], k=60_000)
    data = "\n".join(lines).encode()
    shape, hyperscan = kept(ShapeEngine, data), kept(HyperscanEngine, data)
    assert shape == hyperscan
    assert all(lines[number - 1] == text for number, text in shape)
    found = {number for number, text in shape if "normalization_schemes" in text}
    assert len(found) >= 3
    assert len(shape) < len(lines)


def test_lines_are_cut_at_newlines() -> None:
    data = b"\n".join(b"x" * size for size in range(300))
    chunks = list(cut_at_lines(data[start : start + 77] for start in range(0, len(data), 77)))
    assert b"".join(chunks) == data
    assert all(chunk.endswith(b"\n") for chunk in chunks[:-1])


def big_log(path: Path, megabytes: int) -> int:
    """Writes epochs around one crash; returns the crash's line."""
    block = "".join(f"2026-01-01 00:00:{n:02}.123: Epoch {n} \ntrain_loss -0.{n}\n" for n in range(60)) * 50
    crash = 'Traceback (most recent call last):\n  File "a.py", line 3, in f\n    g(c)\nValueError: too odd\n'
    half = megabytes * 10**6 // len(block) // 2
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines([block] * half)
        stream.write(crash)
        stream.writelines([block] * half)
    return half * block.count("\n") + 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_line_numbers_in_a_large_log(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "train.log"
    line = big_log(path, 12)
    if encoding != "utf-8":
        path.write_bytes(path.read_bytes().decode().encode(encoding))
    (reading,) = [read_source(source, WORDS) for source in open_sources([str(path)])]
    (event,) = reading.logs[0].exceptions
    assert (event.type, event.number, event.frames[0].function) == ("ValueError", line, "f")
    assert reading.size == path.stat().st_size or encoding != "utf-8"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads its peak memory from /proc")
def test_one_line_of_50_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "line.txt"
    path.write_bytes(b"nnUNet " + b"x" * 50_000_000 + b"\nValueError: at the end\n")
    script = (
        "import re, sys; from pathlib import Path; from nndoctor.logs import open_sources, read_source\n"
        "(r,) = [read_source(s, ['Killed']) for s in open_sources(sys.argv[1:])]\n"
        "peak = re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text()).group(1)\n"
        "print(r.logs[0].exceptions[0].number, int(peak) // 1024)"
    )
    command = [sys.executable, "-c", script, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    line, megabytes = map(int, done.stdout.split())
    assert line == 2
    assert megabytes < 150


HOSTILE = {
    "newlines": "\n" * 4_000_000,
    "short lines": "a\n" * 2_000_000,
    "returns": "a\r" * 2_000_000,
    "errors": "RuntimeError: CUDA out of memory. Tried to allocate 20.00 MiB\n" * 60_000,
    "joints": "ValueError: x\nDuring handling of the above exception, another exception occurred\n" * 45_000,
    "mentions": "oh FooError: y y y y y y y y y y y y y y y y y y y y y\n" * 60_000,
    "frames with blanks": ('  File "a", line 1, in a' + " " * 8000 + "b\n") * 450,
    "boxes with blanks": ("│ a" + " " * 8000 + "b\n") * 450,
}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads its peak memory from /proc")
@pytest.mark.parametrize("name", HOSTILE)
def test_crowded_texts_cost_little(tmp_path: Path, name: str) -> None:
    path = tmp_path / "hostile.txt"
    path.write_text("nnUNetv2_train 1 2d 0\n" * (name != "returns") + HOSTILE[name], encoding="utf-8", newline="")
    script = (
        "import re, sys, time; from pathlib import Path; from nndoctor.logs import open_sources, read_source\n"
        "[read_source(s, ['Killed']) for s in open_sources(sys.argv[1:])]\n"
        "peak = re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text()).group(1)\n"
        "print(time.process_time(), int(peak) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, timeout=60, check=True)
    seconds, megabytes = map(float, done.stdout.split())
    assert seconds < 5 and megabytes < 150
