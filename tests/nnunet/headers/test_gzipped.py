"""How much a gzip stream holds: never accuse a file that is whole."""

from __future__ import annotations

import gzip
import io
import os
import zlib

from nndoctor.nnunet.headers.gzipped import Effort, head_of, length_of
from nndoctor.nnunet.headers.model import Source

NOISE = os.urandom(100_000)


def _length(data: bytes, expected: int, effort: Effort | None = None) -> str:
    return length_of(Source(io.BytesIO(data), len(data)), 0, expected, effort or Effort())


def test_a_whole_stream_costs_no_effort() -> None:
    effort = Effort()
    assert _length(gzip.compress(NOISE), len(NOISE), effort) == "whole"
    assert effort == Effort()


def test_half_a_stream_is_cut() -> None:
    packed = gzip.compress(NOISE)
    assert _length(packed[: len(packed) // 2], len(NOISE)) == "cut"


def test_only_the_trailer_lost_is_no_accusation_as_the_voxels_are_there() -> None:
    assert _length(gzip.compress(NOISE)[:-6], len(NOISE)) == "whole"


def test_several_members_are_whole() -> None:
    packed = b"".join(gzip.compress(NOISE[start : start + 10_000]) for start in range(0, len(NOISE), 10_000))
    assert _length(packed, len(NOISE)) == "whole"


def test_members_of_which_the_last_is_cut() -> None:
    packed = gzip.compress(NOISE[:50_000]) + gzip.compress(NOISE[50_000:])[:20_000]
    assert _length(packed, len(NOISE)) == "cut"


def test_padding_after_the_stream_is_no_accusation() -> None:
    assert _length(gzip.compress(NOISE) + bytes(512), len(NOISE)) == "whole"


def test_a_stream_that_holds_less_than_the_header_claims_is_cut() -> None:
    assert _length(gzip.compress(NOISE), len(NOISE) + 1) == "cut"


def test_damage_within_the_stream_that_leaves_the_length_is_not_seen_without_a_full_pass() -> None:
    packed = bytearray(gzip.compress(NOISE))
    packed[5000] ^= 255
    assert _length(bytes(packed), len(NOISE)) == "whole"


def test_damage_is_seen_when_the_stream_has_to_be_read() -> None:
    packed = bytearray(gzip.compress(bytes(NOISE) * 4))
    packed[-8:-4] = b"\0\0\0\0"
    assert _length(bytes(packed), 4 * len(NOISE) + 1) == "broken"


def test_a_bomb_is_left_unsettled_when_the_effort_is_spent() -> None:
    bomb = gzip.compress(bytes(30_000_000))
    effort = Effort(5_000_000)
    assert _length(bomb + bytes(9), 30_000_000, effort) == "unsettled"
    assert _length(bomb + bytes(9), 4_900_000, effort) == "whole"


def test_a_header_that_claims_more_than_deflate_can_hold_is_cut_at_no_cost() -> None:
    effort = Effort(0)
    assert _length(gzip.compress(NOISE), 2**50, effort) == "cut"


def test_more_than_four_gib_is_compared_modulo_four_gib() -> None:
    packed = zlib.compress(NOISE) + (12345).to_bytes(4, "little")
    assert _length(packed * 60, 2**32 + 12345) == "whole"


def test_the_head_is_found_behind_a_long_gzip_header() -> None:
    """A file name of 5,000 letters before the stream: more than the bytes that are tried first."""
    packed = gzip.compress(NOISE, mtime=0)
    named = packed[:3] + b"\x08" + packed[4:10] + b"n" * 5000 + b"\0" + packed[10:]
    source = Source(io.BytesIO(named), len(named))
    assert head_of(source, source.at(0, 4096), 540) == NOISE[:540]


def test_the_head_of_a_stored_stream() -> None:
    packed = gzip.compress(NOISE, 0)
    source = Source(io.BytesIO(packed), len(packed))
    assert head_of(source, source.at(0, 4096), 540) == NOISE[:540]
