"""Other interpreters, started for real."""

from __future__ import annotations

import platform
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from nndoctor.machine.interpreter import InterpreterError, interpreter, shebang

PYENV = Path("/root/.pyenv/versions")


def pyenv(version: str) -> str:
    python = PYENV / version / "bin/python"
    if not python.exists():
        pytest.skip(f"no Python {version} of pyenv on this machine")
    return str(python)


def script(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_this_one() -> None:
    told = interpreter()
    assert (told.version, told.executable) == (platform.python_version(), sys.executable)
    assert any(Path(entry).name == "site-packages" for entry in told.path)


@pytest.mark.parametrize("version", ["2.7.18", "3.6.15", "3.8.18", "3.13.0"])
def test_others_of_pyenv(version: str) -> None:
    told = interpreter(pyenv(version))
    assert told.version == version
    assert str(PYENV / version) in told.prefix


def test_a_virtual_environment_of_another_python(tmp_path: Path) -> None:
    subprocess.run([pyenv("3.8.18"), "-m", "venv", "--without-pip", str(tmp_path / "env")], check=True, timeout=60)
    told = interpreter(str(tmp_path / "env/bin/python"))
    assert (told.version, told.prefix) == ("3.8.18", str(tmp_path / "env"))
    assert str(tmp_path / "env/lib/python3.8/site-packages") in told.path


def test_nothing_in_the_current_folder_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('the user's own json.py')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert interpreter(sys.executable).version == platform.python_version()


def test_not_there(tmp_path: Path) -> None:
    with pytest.raises(InterpreterError, match="cannot be started"):
        interpreter(str(tmp_path / "python"))


@pytest.mark.skipif(sys.platform == "win32", reason="shell scripts stand in for the interpreter")
def test_what_is_no_interpreter(tmp_path: Path) -> None:
    with pytest.raises(InterpreterError, match="not JSON"):
        interpreter(script(tmp_path / "talker", "#!/bin/sh\necho hello\n"))
    with pytest.raises(InterpreterError, match=r"ended with code 3: no such library"):
        interpreter(script(tmp_path / "broken", "#!/bin/sh\necho no such library >&2\nexit 3\n"))
    with pytest.raises(InterpreterError, match=r"no answer within 0.2 s"):
        interpreter(script(tmp_path / "sleeper", "#!/bin/sh\nexec sleep 5\n"), limit_s=0.2)


@pytest.mark.skipif(sys.platform == "win32", reason="shell scripts stand in for the interpreter")
def test_a_hook_that_prints_first(tmp_path: Path) -> None:
    wrapper = f'#!/bin/sh\necho "welcome to the cluster"\nexec {sys.executable} "$@"\n'
    assert interpreter(script(tmp_path / "python", wrapper)).version == platform.python_version()


def test_shebangs(tmp_path: Path) -> None:
    def first(text: str) -> str | None:
        return shebang(Path(script(tmp_path / "nnUNetv2_predict", text)))

    assert first("#!/env/bin/python3\nimport re\n") == "/env/bin/python3"
    assert first("#!/bin/sh\n'''exec' \"/very/long/python\" \"$0\" \"$@\"\n' '''\n") == "/very/long/python"
    assert first("MZ\x90 launcher\n") is None
    assert first("") is None


@pytest.mark.parametrize("python", ["C:\\Program Files\\Python311\\python.exe", "C:\\env\\Scripts\\python.exe"])
def test_the_launcher_of_windows_as_pip_writes_it(python: str, tmp_path: Path) -> None:
    """pip's own launcher (distlib): the program, a line that names the interpreter, a zip with __main__.py."""
    stub = next(Path(entry, "pip/_vendor/distlib/t64.exe") for entry in sys.path if Path(entry, "pip").is_dir())
    if not stub.exists():
        pytest.skip("this pip has no launchers")
    with zipfile.ZipFile(tmp_path / "main.zip", "w") as archive:
        archive.writestr("__main__.py", "import sys")
    exe = tmp_path / "nnUNetv2_predict.exe"
    line = f'#!"{python}"\r\n' if " " in python else f"#!{python}\r\n"
    exe.write_bytes(stub.read_bytes() + line.encode() + (tmp_path / "main.zip").read_bytes())
    assert shebang(exe) == python


def test_headers_of_this_python() -> None:
    assert interpreter().include == interpreter(sys.executable).include
