"""The same crash, as people really paste it: every shape must give the same exception with the same frames."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from nndoctor.logs import Reading, SourceError, open_sources, read_source, read_text

CRASH = """Traceback (most recent call last):
  File "/home/u/venv/lib/python3.11/site-packages/nnunetv2/inference/data_iterators.py", line 57, in preprocess
    data, seg = preprocessor.run_case(files)
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/home/u/venv/lib/python3.11/site-packages/nnunetv2/preprocessing/default_preprocessor.py", line 183, in _normalize
    scheme = configuration_manager.normalization_schemes[c]
IndexError: list index out of range"""


def prefixed(prefix: str) -> str:
    return "\n".join(prefix + line for line in CRASH.splitlines())


SHAPES = {
    "fenced": f"It crashes:\n```\n{CRASH}\n```\nplease help",
    "quoted": prefixed("> "),
    "quoted twice": prefixed("> > "),
    "rank": prefixed("[rank0]: "),
    "docker compose": prefixed("trainer-1  | "),
    "kubernetes": prefixed("2026-01-02T03:04:05.678901234Z stderr F "),
    "slicer": prefixed("2026/07/30 08:11:57.388 :: "),
    "srun label": prefixed("0: "),
    "mpi": prefixed("[1,0]<stderr>:"),
    "python logger": prefixed("2026-01-02 03:04:05,678 - ERROR - "),
    "logger with brackets": prefixed("[2026-01-02 03:04:05,678] "),
    "crlf": CRASH.replace("\n", "\r\n"),
    "lone cr": CRASH.replace("\n", "\r"),
    "ansi": "\n".join(f"\x1b[0;31m{line}\x1b[0m" for line in CRASH.splitlines()),
    "ansi on every token": "\n".join(
        " ".join(f"\x1b[1;32m{word}\x1b[0m" if word else "" for word in line.split(" ")) for line in CRASH.splitlines()
    ),
    "ansi without escape": "\n".join(f"[0;31m{line}[0m" for line in CRASH.splitlines()),
    "after a progress bar": f"  0%|          | 0/3 [00:00<?, ?it/s]\r 33%|███▎      | 1/3 [00:01<00:02,  1.0it/s]{CRASH}",
    "no indentation": "\n".join(line.strip() for line in CRASH.splitlines()),
    "truncated at the top": CRASH.partition("\n")[2],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_shape(shape: str) -> None:
    (event,) = read_text(SHAPES[shape]).exceptions
    assert (event.type, event.message.split("```")[0].strip()) == ("IndexError", "list index out of range")
    assert event.frames[-1].function == "_normalize"
    assert event.frames[-1].code == "scheme = configuration_manager.normalization_schemes[c]"


def test_wrapped_by_mail() -> None:
    wrapped = CRASH.replace("site-packages/nnunetv2", "site-packages/\nnnunetv2").replace('.py", line', '.py",\nline')
    (event,) = read_text(wrapped).exceptions
    assert event.type == "IndexError"
    assert event.frames[-1].path.endswith("site-packages/nnunetv2/preprocessing/default_preprocessor.py")


def test_last_line_only() -> None:
    (event,) = read_text("it says RuntimeError: Background workers died. Look further up").exceptions
    assert event.bare and event.message == "Background workers died. Look further up"


def test_cut_at_the_end() -> None:
    log = read_text("\n".join(CRASH.splitlines()[:3]))
    assert log.truncated and log.exceptions[0].type == ""


def test_two_workers_interleaved() -> None:
    text = "\n".join(line for pair in zip(CRASH.splitlines(), CRASH.splitlines(), strict=True) for line in pair)
    assert {event.type for event in read_text(text).exceptions if event.type} == {"IndexError"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    note = {"gb18030": "页面文件太小，无法完成操作。", "cp1252": "größe überprüfen café"}.get(encoding, "größe 页面")
    path = tmp_path / "log.txt"
    path.write_bytes(f"{note}\n{CRASH}\n".encode(encoding))
    (reading,) = readings(path)
    (log,) = reading.logs
    assert reading.encoding.replace("-sig", "").startswith(encoding.replace("-sig", "")[:5])
    assert log.exceptions[0].number == 8
    assert log.lines[0].shown == note


def readings(path: Path) -> list[Reading]:
    return [read_source(source, ()) for source in open_sources([str(path)])]


def test_gzip_and_notebook_and_folder(tmp_path: Path) -> None:
    (tmp_path / "a.log.gz").write_bytes(gzip.compress(CRASH.encode()))
    output = {"output_type": "error", "ename": "IndexError", "evalue": "x", "traceback": CRASH.splitlines()}
    cell = {"cell_type": "code", "source": ["!nnUNetv2_predict -i in -o out -d 1 -c 2d\n"], "outputs": [output]}
    (tmp_path / "b.ipynb").write_text(json.dumps({"cells": [cell], "nbformat": 4}))
    (tmp_path / "c.png").write_bytes(b"\x89PNG")
    logs = [log for reading in readings(tmp_path) for log in reading.logs]
    assert [log.exceptions[0].type for log in logs] == ["IndexError", "IndexError"]
    assert logs[1].name.endswith("b.ipynb[cell 0]")


@pytest.mark.parametrize(
    "data, words",
    [
        (b"", "empty"),
        (b"\x7fELF\0\0\0\1\2\3" * 100, "binary"),
        (b"\x1f\x8b\x08\0broken", "gzip"),
        (b"PK\x03\x04broken", "zip"),
    ],
)
def test_unreadable_is_one_line(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "log.txt"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=words) as problem:
        list(open_sources([str(path)]))
    assert "\n" not in str(problem.value) and str(path) in str(problem.value)


def test_half_a_gzip_is_read_up_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "log.gz"
    whole = gzip.compress((CRASH + "\n" + "\n".join(str(hash(str(n))) for n in range(9000))).encode())
    path.write_bytes(whole[: len(whole) // 2])
    (reading,) = readings(path)
    assert reading.logs[0].exceptions[0].type == "IndexError"
    assert any("broken" in note for note in reading.notes)
