"""Operating system and container."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from nndoctor.facts import Facts
from nndoctor.machine.system import NAMES, container_facts, system_facts
from tests.machine.fake_root import write


def container(root: Path, **variables: str) -> object:
    return Facts(container_facts(root, variables)).value("container.kind")


def test_this_machine() -> None:
    answers = system_facts()
    assert {given.name for given in answers} == set(NAMES)
    assert Facts(answers).value("os.machine") == platform.machine()


def test_wsl(tmp_path: Path) -> None:
    release = "5.15.153.1-microsoft-standard-WSL2\n"
    root = write(tmp_path, {"proc/sys/kernel/osrelease": release, "etc/os-release": 'PRETTY_NAME="Ubuntu 22.04"\n'})
    facts = Facts(system_facts(root))
    assert facts.value("os.wsl") is True
    if platform.system() == "Linux":
        assert facts.value("os.distribution") == "Ubuntu 22.04"


@pytest.mark.parametrize(("system", "name"), [("Windows", "windows"), ("Darwin", "macos"), ("FreeBSD", "freebsd")])
def test_other_systems(system: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    facts = Facts(system_facts(tmp_path))
    assert (facts.value("os.name"), facts.value("os.wsl")) == (name, False)
    assert "os.distribution" in facts or facts.why_missing("os.distribution")


def test_no_glibc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("os.confstr", raising=False)
    assert Facts(system_facts()).why_missing("os.glibc")


def test_containers(tmp_path: Path) -> None:
    assert container(tmp_path) == "none"
    assert container(tmp_path, KUBERNETES_SERVICE_HOST="10.0.0.1") == "kubernetes"
    assert container(tmp_path, APPTAINER_CONTAINER="/x.sif") == "apptainer"
    assert container(tmp_path, container="podman") == "podman"
    assert container(tmp_path, container="systemd-nspawn") == "other"
    assert container(write(tmp_path / "a", {"proc/1/cgroup": "9:memory:/kubepods/pod7\n"})) == "kubernetes"
    assert container(write(tmp_path / "b", {"proc/1/cgroup": "9:memory:/docker/4a1f\n"})) == "docker"
    assert container(write(tmp_path / "c", {"proc/1/cgroup": "0::/init.scope\n"})) == "none"
    assert container(write(tmp_path / "d", {".dockerenv": ""})) == "docker"
    assert container(write(tmp_path / "e", {"run/.containerenv": ""})) == "podman"
