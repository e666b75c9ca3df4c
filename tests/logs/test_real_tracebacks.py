"""Every shape of traceback, printed by the real thing and read back."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from nndoctor.logs import ExceptionEvent, Log, read_text


def run(script: str, tmp_path: Path, *command: str) -> str:
    path = tmp_path / "script.py"
    path.write_text(textwrap.dedent(script), encoding="utf-8")
    arguments = [sys.executable, *command, str(path)]
    done = subprocess.run(arguments, capture_output=True, text=True, cwd=tmp_path, timeout=120, check=False)
    return done.stdout + done.stderr


def the_one(log: Log) -> ExceptionEvent:
    assert len(log.exceptions) == 1, [each.type for each in log.exceptions]
    return log.exceptions[0]


PLAIN = """
    def inner(values, c):
        return values[c]

    def outer():
        return inner([1], 4)

    outer()
"""


def test_plain(tmp_path: Path) -> None:
    text = run(PLAIN, tmp_path)
    event = the_one(read_text(text))
    assert (event.type, event.message) == ("IndexError", "list index out of range")
    assert [frame.function for frame in event.frames] == ["<module>", "outer", "inner"]
    assert event.frames[-1].code == "return values[c]"
    lines = text.splitlines()
    assert lines[event.number - 1] == "IndexError: list index out of range"
    assert event.frames[-1].code_number is not None
    assert lines[event.frames[-1].code_number - 1].strip() == "return values[c]"


@pytest.mark.parametrize("joint, word", [("from problem", "direct cause"), ("", "During handling")])
def test_chained(tmp_path: Path, joint: str, word: str) -> None:
    text = run(
        f"""
        def f():
            try:
                {{}}["x"]
            except KeyError as problem:
                raise RuntimeError("preprocessing failed") {joint}
        f()
        """,
        tmp_path,
    )
    assert word in text
    first, second = read_text(text).exceptions
    assert (first.type, second.type) == ("KeyError", "RuntimeError")
    assert first.leads_to == 1


def test_pool_worker_is_one_exception_with_both_stacks(tmp_path: Path) -> None:
    text = run(
        """
        import multiprocessing

        def work(c):
            return [1][c]

        if __name__ == "__main__":
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                pool.map(work, [5])
        """,
        tmp_path,
    )
    assert "RemoteTraceback" in text
    event = the_one(read_text(text))
    assert event.type == "IndexError"
    functions = [frame.function for frame in event.frames]
    assert functions[0] == "<module>" and functions[-1] == "work"


def test_process_and_thread_labels(tmp_path: Path) -> None:
    text = run(
        """
        import multiprocessing, threading

        def work():
            raise ValueError("boom")

        if __name__ == "__main__":
            process = multiprocessing.get_context("spawn").Process(target=work)
            process.start(); process.join()
            thread = threading.Thread(target=work); thread.start(); thread.join()
        """,
        tmp_path,
    )
    process, thread = read_text(text).exceptions
    assert process.label.startswith("Process SpawnProcess-1")
    assert thread.label.startswith("Exception in thread")
    assert process.message == thread.message == "boom"


@pytest.mark.skipif(sys.version_info < (3, 11), reason="ExceptionGroup is Python 3.11 and newer")
def test_exception_group(tmp_path: Path) -> None:
    text = run(
        """
        def work(c):
            return [1][c]

        problems = []
        for c in (3, 4):
            try:
                work(c)
            except IndexError as problem:
                problems.append(problem)
        raise ExceptionGroup("workers", problems)
        """,
        tmp_path,
    )
    names = [event.type for event in read_text(text).exceptions]
    assert names.count("IndexError") == 2 and "ExceptionGroup" in names


def test_recursion_with_repeated_lines(tmp_path: Path) -> None:
    text = run("def f():\n    f()\nf()\n", tmp_path)
    assert "Previous line repeated" in text
    assert the_one(read_text(text)).type == "RecursionError"


def test_called_process_error_stands_after_the_child(tmp_path: Path) -> None:
    text = run(
        """
        import subprocess, sys
        subprocess.run([sys.executable, "-c", "import nnunetv2_not_there"], check=True)
        """,
        tmp_path,
    )
    child, parent = read_text(text).exceptions
    assert (child.type, parent.type) == ("ModuleNotFoundError", "subprocess.CalledProcessError")


def test_rich_traceback(tmp_path: Path) -> None:
    script = "from rich.traceback import install\ninstall(width=100)\n" + textwrap.dedent(PLAIN)
    event = the_one(read_text(run(script, tmp_path)))
    assert event.type == "IndexError"
    assert event.frames[-1].function == "inner"
    assert event.frames[-1].code == "return values[c]"


def test_pytest_traceback(tmp_path: Path) -> None:
    script = "def test_it():\n    values = [1]\n    assert values[4]\n"
    text = run(script, tmp_path, "-m", "pytest", "-p", "no:cacheprovider")
    assert "IndexError" in {event.type for event in read_text(text).exceptions}


def test_ipython_traceback(tmp_path: Path) -> None:
    pytest.importorskip("IPython", reason="IPython is not installed")
    text = run(PLAIN, tmp_path, "-m", "IPython", "--colors=Linux", "--no-banner", "--simple-prompt")
    event = the_one(read_text(text))
    assert event.type == "IndexError"
    assert event.frames[-1].function == "inner"
    assert event.frames[-1].code == "return values[c]"


def test_fatal_signal_of_a_real_process(tmp_path: Path) -> None:
    text = run(
        "import faulthandler, os, signal\nfaulthandler.enable()\nos.kill(os.getpid(), signal.SIGSEGV)\n", tmp_path
    )
    assert any("Segmentation fault" in line.text for line in read_text(text).lines)
