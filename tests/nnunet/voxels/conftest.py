"""What the tests of voxels share."""

from __future__ import annotations

import sys

import pytest


@pytest.fixture(params=["isal", "zlib"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With isal, and without it."""
    if request.param == "isal":
        pytest.importorskip("isal", reason="no wheel of isal for this platform")
    else:
        monkeypatch.setitem(sys.modules, "isal", None)
    return str(request.param)
