"""Room on the disks of nnU-Net's folders, and the mount table."""

from __future__ import annotations

import os
import shutil
from pathlib import Path, PureWindowsPath

import pytest

from nndoctor.facts import Facts
from nndoctor.machine.disk import FOLDERS, disk_facts, disk_probes
from nndoctor.machine.mounts import Mount, mount_of, mounts
from nndoctor.machine.probe import run_all
from tests.machine.fake_root import write
from tests.machine.hanging_drive import hanging_drive


def test_a_real_folder(tmp_path: Path) -> None:
    facts = Facts(disk_facts("raw", tmp_path))
    assert facts.value("disk.raw_total") == shutil.disk_usage(tmp_path).total
    assert 0 < int(str(facts.value("disk.raw_free"))) <= int(str(facts.value("disk.raw_total")))
    assert facts.value("disk.raw_readonly") is False
    assert facts.value("disk.raw_filesystem")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    facts = Facts(disk_facts("raw", tmp_path / "gone"))
    assert facts.why_missing("disk.raw_free") == f"{str(tmp_path / 'gone')!r} does not exist"
    assert "not set" in (Facts(disk_facts("raw", None)).why_missing("disk.raw_free") or "")


def test_a_network_drive(tmp_path: Path) -> None:
    share = tmp_path / "my share"
    share.mkdir()
    spelled = str(share.resolve()).replace(" ", "\\040")
    table = f"/dev/sda1 / ext4 rw 0 0\nserver:/data {spelled} nfs4 rw,relatime,vers=4.2 0 0\nbroken line\n"
    facts = Facts(disk_facts("results", share, write(tmp_path / "root", {"proc/self/mounts": table})))
    assert facts.value("disk.results_filesystem") == "nfs4"
    assert facts.value("disk.results_remote") is True


def test_a_real_read_only_mount() -> None:
    folders = (Path(mount.point) for mount in mounts() if "ro" in mount.options)
    folder = next((folder for folder in folders if folder.is_dir()), None)
    if folder is None:
        pytest.skip("nothing is mounted read-only on this machine")
    assert Facts(disk_facts("raw", folder)).value("disk.raw_readonly") is True


def test_a_network_drive_of_windows() -> None:
    """As psutil lists it there: the filesystem is the server's, the kind of drive is an option."""
    assert Mount("Z:\\", "NTFS", frozenset({"rw", "remote"})).remote
    assert not Mount("C:\\", "NTFS", frozenset({"rw", "fixed"})).remote


def test_the_deepest_and_latest_mount_counts(tmp_path: Path) -> None:
    table = "a / ext4 rw 0 0\nb /data xfs rw 0 0\nc /data fuse.sshfs rw 0 0\nd /data2 btrfs rw 0 0\n"
    found = mounts(write(tmp_path, {"proc/mounts": table}))
    deep, other = mount_of(Path("/data/x"), found), mount_of(Path("/database"), found)
    assert deep is not None
    assert other is not None
    assert (deep.filesystem, deep.remote) == ("fuse.sshfs", True)
    assert (other.filesystem, other.remote) == ("ext4", False)


def test_a_system_without_proc_asks_psutil(tmp_path: Path) -> None:
    assert mount_of(Path.cwd(), mounts(tmp_path)) is not None


def test_a_system_that_counts_no_inodes_as_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: room)
    monkeypatch.delattr(os, "statvfs", raising=False)
    facts = Facts(disk_facts("raw", tmp_path))
    assert facts.why_missing("disk.raw_inodes_free") == "this filesystem sets no number of files"
    assert (facts.value("disk.raw_free"), facts.value("disk.raw_readonly")) == (room.free, False)


def test_given_folders_come_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("nnUNet_raw", str(tmp_path / "not there"))
    monkeypatch.setenv("nnUNet_results", str(tmp_path))
    probes = disk_probes({"nnUNet_raw": tmp_path})
    assert len(probes) == len(FOLDERS)
    facts = Facts(given for probe in probes for given in probe.run())
    assert "disk.raw_free" in facts
    assert "disk.results_free" in facts


def test_an_unknown_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nnUNet_rw"):
        disk_probes({"nnUNet_rw": tmp_path})


def test_a_drive_that_hangs_still_tells_its_kind(tmp_path: Path) -> None:
    with hanging_drive(tmp_path / "nfs") as drive:
        probes = [probe._replace(limit_s=0.5) for probe in disk_probes({"raw": drive, "tmp": tmp_path})]
        facts = Facts(run_all(probes))
        assert (facts.value("disk.raw_filesystem"), facts.value("disk.raw_remote")) == ("fuse", True)
        assert facts.why_missing("disk.raw_free") == "the probe gave no answer within 0.5 s"
        assert "disk.tmp_free" in facts


def test_paths_of_windows() -> None:
    """As psutil lists them there: letters of any case, a mapped network drive, and shares that are not listed."""
    table = [Mount("C:\\", "NTFS", frozenset({"rw", "fixed"})), Mount("Z:\\", "NTFS", frozenset({"rw", "remote"}))]
    local, mapped = mount_of(PureWindowsPath("c:/data/raw"), table), mount_of(PureWindowsPath("Z:\\raw"), table)
    share = mount_of(PureWindowsPath("\\\\server\\share\\raw"), table)
    assert (local is not None and local.remote, mapped is not None and mapped.remote) == (False, True)
    assert share is not None
    assert (share.point, share.remote) == ("\\\\server\\share", True)
