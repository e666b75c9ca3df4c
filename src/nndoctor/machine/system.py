"""The operating system, and the container around it."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from pathlib import Path

from nndoctor.machine.probe import Answer, answer, ask, seen

NAMES = ("os.name", "os.release", "os.distribution", "os.machine", "os.glibc", "os.wsl")
CONTAINER_NAMES = ("container.kind",)
_NAMES = {"Linux": "linux", "Windows": "windows", "Darwin": "macos"}
_BY_VARIABLE = {
    "APPTAINER_CONTAINER": "apptainer",
    "SINGULARITY_CONTAINER": "apptainer",
    "KUBERNETES_SERVICE_HOST": "kubernetes",
}
_BY_WORD = {
    "kubepods": "kubernetes",
    "libpod": "podman",
    "podman": "podman",
    "docker": "docker",
    "lxc": "lxc",
    "containerd": "other",
}


def system_facts(root: Path = Path("/")) -> list[Answer]:
    """Name, release and C library of the system; no host name and no user name."""
    system, release = platform.system(), platform.release()
    return [
        seen("os.name", _NAMES.get(system, system.lower()), "platform.system"),
        answer("os.release", release or None, "platform.release", "the system does not say"),
        ask("os.distribution", lambda: _distribution(root), "/etc/os-release", "/etc/os-release has no name"),
        answer("os.machine", platform.machine() or None, "platform.machine", "the system does not say"),
        ask("os.glibc", _glibc, "confstr CS_GNU_LIBC_VERSION", "this system's C library is not GNU's"),
        seen("os.wsl", _wsl(root), "/proc/sys/kernel/osrelease"),
    ]


def container_facts(root: Path = Path("/"), variables: Mapping[str, str] | None = None) -> list[Answer]:
    """What kind of container this process runs in, or `none`: marker files, variables, then the control group."""
    env = os.environ if variables is None else variables
    kind, where = _container(root, env)
    return [seen("container.kind", kind, where)]


def _distribution(root: Path) -> str | None:
    if platform.system() == "Windows":
        return f"Windows {platform.release()} ({platform.version()})"
    if platform.system() == "Darwin":
        return f"macOS {platform.mac_ver()[0]}"
    lines = (root / "etc/os-release").read_text(encoding="utf-8", errors="replace").splitlines()
    named = (line.partition("=")[2].strip("\"'") for line in lines if line.startswith("PRETTY_NAME="))
    return next(named, None)


def _glibc() -> str | None:
    """The version alone, of `glibc 2.36`; None on macOS, Windows and musl, which have no such name."""
    if "CS_GNU_LIBC_VERSION" not in getattr(os, "confstr_names", {}):
        return None
    name, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
    return version if name == "glibc" else None


def _wsl(root: Path) -> bool:
    return "microsoft" in _text(root / "proc/sys/kernel/osrelease").lower()


def _container(root: Path, env: Mapping[str, str]) -> tuple[str, str]:
    for variable, kind in _BY_VARIABLE.items():
        if env.get(variable):
            return kind, variable
    if (root / ".dockerenv").exists():
        return "docker", "/.dockerenv"
    if (root / "run/.containerenv").exists():
        return "podman", "/run/.containerenv"
    if env.get("container"):
        return _by_word(env["container"]) or "other", "variable container"
    told = _by_word(_text(root / "proc/1/cgroup"))
    return (told, "/proc/1/cgroup") if told else ("none", "no marker of a container")


def _by_word(text: str) -> str | None:
    return next((kind for word, kind in _BY_WORD.items() if word in text), None)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
