"""An environment as facts: a real virtual environment with metadata as pip writes it, and nothing imported."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from nndoctor.facts import Facts
from nndoctor.machine.interpreter import interpreter
from nndoctor.machine.packages import locate
from nndoctor.machine.python import NAMES, python_facts
from tests.machine.fake_root import write

TORCH = """\
from typing import Optional

__all__ = ['__version__', 'debug', 'cuda', 'git_version', 'hip']
__version__ = '2.1.0+cu118'
debug = False
cuda: Optional[str] = {cuda}
git_version = '7bcf7da3a268b435777fe87c7794c382f444e86d'
hip: Optional[str] = {hip}
raise SystemExit("imported")
"""


def environment(folder: Path, files: dict[str, str]) -> str:
    """A real environment of this Python, without pip, with `files` in its site-packages."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=60)
    site = next(folder.glob("[lL]ib/**/site-packages"))
    write(site, files)
    return str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def torch_of(folder: Path, version_py: str) -> Facts:
    files = {"torch-2.1.0+cu118.dist-info/METADATA": "", "torch/__init__.py": "", "torch/version.py": version_py}
    return Facts(python_facts(environment(folder, files)))


def test_every_name_once() -> None:
    assert sorted(given.name for given in python_facts()) == sorted(NAMES)


def test_torch_with_cuda(tmp_path: Path) -> None:
    facts = torch_of(tmp_path, TORCH.format(cuda="'11.8'", hip="None"))
    assert (facts.value("torch.installed"), facts.value("torch.version")) == (True, "2.1.0+cu118")
    assert (facts.value("torch.build"), facts.value("torch.cuda_build")) == ("cuda", "11.8")


def test_torch_without_cuda(tmp_path: Path) -> None:
    facts = torch_of(tmp_path / "cpu", TORCH.format(cuda="None", hip="None"))
    assert facts.value("torch.build") == "cpu"
    assert facts.why_missing("torch.cuda_build") == "this torch was built for cpu, without CUDA"
    old = torch_of(tmp_path / "rocm", "__version__ = '1.9.0'\ncuda = None\nhip = '4.2'\n")
    assert old.value("torch.build") == "rocm"
    broken = Facts(python_facts(environment(tmp_path / "broken", {"torch/__init__.py": ""})))
    assert broken.value("torch.installed") is True
    assert "version.py" in (broken.why_missing("torch.build") or "")


def test_an_environment_without_nnunet(tmp_path: Path) -> None:
    facts = Facts(python_facts(environment(tmp_path, {"nnunet-1.7.1.dist-info/METADATA": ""})))
    assert facts.value("nnunetv2.installed") is False
    assert "is not installed in" in (facts.why_missing("nnunetv2.version") or "")
    assert facts.value("nnunet.version") == "1.7.1"
    assert facts.value("python.duplicates") == []


def test_a_copy_on_the_path_shadows_the_installed_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clone = write(
        tmp_path / "clone", {"nnunetv2/__init__.py": "raise SystemExit", "nnunetv2.egg-info/PKG-INFO": "Version: 2.1"}
    )
    python = environment(tmp_path / "env", {"nnunetv2-2.5.1.dist-info/METADATA": "", "nnunetv2/__init__.py": ""})
    monkeypatch.setenv("PYTHONPATH", str(clone))
    facts = Facts(python_facts(python))
    assert facts.value("nnunetv2.location") == str(clone / "nnunetv2")
    duplicates = facts.value("python.duplicates")
    assert isinstance(duplicates, list)
    assert len(duplicates) == 2
    assert str(duplicates[0]).startswith("nnunetv2 2.1 in ")


@pytest.mark.skipif(os.name == "nt", reason="Windows has .exe launchers without a readable first line")
def test_the_script_of_another_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = environment(tmp_path / "env", {})
    script = write(tmp_path, {"bin/nnUNetv2_predict": "#!/other/bin/python\n"}) / "bin/nnUNetv2_predict"
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")
    facts = Facts(python_facts(python))
    assert (facts.value("nnunetv2.script"), facts.value("nnunetv2.script_matches")) == (str(script), False)
    script.write_text(f"#!{python}\n", encoding="utf-8")
    assert Facts(python_facts(python)).value("nnunetv2.script_matches") is True


def test_an_interpreter_that_is_not_there() -> None:
    facts = Facts(python_facts("/nowhere/python"))
    assert all("/nowhere/python cannot be started" in (facts.why_missing(name) or "") for name in NAMES)


@pytest.mark.skipif(os.name == "nt", reason="a launcher of Windows is no text")
def test_the_interpreter_of_the_script_on_the_path_where_this_one_has_no_nnunet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = environment(tmp_path / "env", {"nnunetv2-2.5.1.dist-info/METADATA": "", "nnunetv2/__init__.py": ""})
    script = write(tmp_path, {"bin/nnUNetv2_predict": f"#!{python}\n"}) / "bin/nnUNetv2_predict"
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")
    found = Facts(python_facts())
    own = locate("nnunetv2", interpreter().path, None)
    assert found.value("python.executable") == (python if own is None else sys.executable)
    monkeypatch.setattr("nndoctor.machine.python.locate", lambda module, path, copy: Path("here"))
    assert Facts(python_facts()).value("python.executable") == sys.executable


def test_headers_and_triton(tmp_path: Path) -> None:
    facts = Facts(python_facts(environment(tmp_path / "a", {"pytorch_triton-3.0.0.dist-info/METADATA": ""})))
    assert (facts.value("torch.has_triton"), facts.value("triton.version")) == (True, "3.0.0")
    assert facts.value("python.headers") is Path(sysconfig.get_paths()["include"], "Python.h").is_file()
    assert Facts(python_facts(environment(tmp_path / "b", {}))).value("torch.has_triton") is False
