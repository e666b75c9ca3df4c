from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nndoctor.nnunet.bounded_json import MOST_BYTES, as_int, as_numbers, depth, parse, read_object
from nndoctor.nnunet.files import BadFileError
from tests.nnunet.folders import CORPUS

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(ANY_JSON)
def test_reads_what_python_writes(value: object) -> None:
    text = json.dumps(value)
    assert json.dumps(parse(text.encode())) == text


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300) | st.text(alphabet='[]{}",:\\ 1eN', max_size=300).map(str.encode))
def test_no_bytes_raise(data: bytes) -> None:
    try:
        parse(data)
    except BadFileError as error:
        assert str(error) and "\n" not in str(error)


@pytest.mark.parametrize(("text", "wanted"), [('{"a": [1, "[[[", "\\"[", "\\\\"]}', 2), ("[" * 100, 100), ("1", 0)])
def test_depth_counts_brackets_outside_of_strings(text: str, wanted: int) -> None:
    assert depth(text.encode()) == wanted


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b'{"a": 1,}', "line 1, column"),
        (b"[" * 100_000, "deeper than 64"),
        (b'{"a": ' * 100_000, "deeper than 64"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "bounds"),
        (b'\xef\xbb\xbf{"a": 1}', "BOM"),
        (b'{"a": "\xe9"}', "not UTF-8"),
        (b"version https://git-lfs.github.com/spec/v1", "git-lfs"),
        (b"[1]", "no JSON object but list"),
    ],
)
def test_the_reason_is_told(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "a.json").write_bytes(data)
    with pytest.raises(BadFileError, match=words):
        read_object(tmp_path / "a.json")


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.json").open("wb") as stream:
        stream.truncate(MOST_BYTES + 1)
    with pytest.raises(BadFileError, match="too large"):
        read_object(tmp_path / "a.json")


def test_numbers() -> None:
    assert as_numbers([1, 2.5]) == [1.0, 2.5]
    assert as_numbers([1, "2"]) is None
    assert as_numbers([True]) is None
    assert as_int(2**70) is None


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of real JSON files is not on this machine")
def test_every_real_file_is_read_or_told_why_not() -> None:
    bad = []
    for path in CORPUS.glob("*.json"):
        try:
            parse(path.read_bytes())
        except BadFileError:
            bad.append(path.name)
    assert bad == ["MartsenkoVS__Wrist_Joint_segmentation_nnU-Net__splits_final.json"]
