"""Compilers on a PATH made for the test: real scripts in their place, and the real one of this machine."""

from __future__ import annotations

import platform
import shutil
import sys
import time
from pathlib import Path

import pytest

from nndoctor.facts import Facts
from nndoctor.machine.compilers import compiler_facts

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="shell scripts stand in for compilers")


def tool(folder: Path, name: str, body: str) -> str:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    file.chmod(0o755)
    return str(file)


def told(limit_s: float = 5.0, **variables: str) -> Facts:
    return Facts(compiler_facts(variables, limit_s))


@pytest.mark.skipif(shutil.which("gcc") is None, reason="no gcc on this machine")
def test_the_compiler_of_this_machine() -> None:
    facts = Facts(compiler_facts())
    assert facts.value("compiler.found") is True
    assert "gcc" in str(facts.value("compiler.banner")).lower()


def test_none(tmp_path: Path) -> None:
    tool(tmp_path, "cc", "echo cc 1.0")
    facts = told(PATH=str(tmp_path))
    assert facts.value("compiler.found") is False
    assert "gcc" in (facts.why_missing("compiler.path") or "")
    assert facts.why_missing("compiler.banner") == facts.why_missing("compiler.path")


def test_clang_where_there_is_no_gcc(tmp_path: Path) -> None:
    clang = tool(tmp_path, "clang", "echo; echo clang version 18.1.3; echo Target: x86_64")
    facts = told(PATH=str(tmp_path))
    assert (facts.value("compiler.path"), facts.value("compiler.banner")) == (clang, "clang version 18.1.3")


def test_the_variable_cc_beats_the_path_even_where_it_is_wrong(tmp_path: Path) -> None:
    tool(tmp_path, "gcc", "echo gcc 12")
    mine = tool(tmp_path, "mycc", "echo mine 1")
    assert told(PATH=str(tmp_path), CC="mycc").value("compiler.path") == mine
    wrong = told(PATH=str(tmp_path), CC="/no/such/cc")
    assert wrong.value("compiler.found") is False
    assert wrong.why_missing("compiler.path") == "/no/such/cc (variable CC) cannot be started"


def test_a_compiler_that_hangs_costs_its_version_only(tmp_path: Path) -> None:
    gcc = tool(tmp_path, "gcc", "sleep 62")
    began = time.monotonic()
    facts = told(0.3, PATH=f"{tmp_path}:/bin:/usr/bin")
    assert time.monotonic() - began < 3
    assert facts.value("compiler.path") == gcc
    assert facts.why_missing("compiler.banner") == f"{gcc}: no answer within 0.3 s"


def test_what_says_nothing_or_cannot_be_started(tmp_path: Path) -> None:
    gcc = tool(tmp_path, "gcc", "exit 1")
    assert told(PATH=str(tmp_path)).why_missing("compiler.banner") == f"{gcc} does not say its version"
    Path(gcc).write_bytes(b"\x7fELF broken")
    assert "cannot be started" in (told(PATH=str(tmp_path)).why_missing("compiler.banner") or "")


def test_microsofts_compiler_is_asked_without_an_option_as_on_windows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the name of the system is made up: a script stands in for cl, which prints its banner on standard error."""
    banner = "Microsoft (R) C/C++ Optimizing Compiler Version 19.38.33133 for x64"
    tool(tmp_path, "cl", f'test $# = 0 && echo "{banner}" >&2')
    monkeypatch.setattr(platform, "system", lambda: "Windows")
    assert told(PATH=str(tmp_path)).value("compiler.banner") == banner
