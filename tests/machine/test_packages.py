"""Packages by their metadata: written as pip, setuptools and git leave them."""

from __future__ import annotations

import json
from pathlib import Path

from nndoctor.machine.packages import editable, installed, locate, normal, origin
from tests.machine.fake_root import write

WANTED = {"nnunetv2", "torch", "scikit_image", "batchgenerators"}


def test_names_of_folders_say_it_all(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "torch-2.1.0+cu118.dist-info/METADATA": "",
            "Scikit_Image-0.22.0.dist-info/METADATA": "",
            "batchgenerators-0.25-py3.9.egg-info/PKG-INFO": "",
            "~nnunetv2-2.0.dist-info/METADATA": "what an interrupted pip leaves",
            "requests-2.0.dist-info/METADATA": "",
        },
    )
    found = installed([str(tmp_path), str(tmp_path / "gone")], WANTED)
    assert {name: [copy.version for copy in copies] for name, copies in found.items()} == {
        "torch": ["2.1.0+cu118"],
        "scikit_image": ["0.22.0"],
        "batchgenerators": ["0.25"],
    }


def test_the_first_on_the_path_counts(tmp_path: Path) -> None:
    write(tmp_path, {"user/torch-2.3.0.dist-info/METADATA": "", "site/torch-2.1.0.dist-info/METADATA": ""})
    (tmp_path / "site64").symlink_to(tmp_path / "site")
    found = installed([str(tmp_path / name) for name in ("user", "site", "site64")], WANTED)
    assert [copy.version for copy in found["torch"]] == ["2.3.0", "2.1.0"]


def test_editable_is_one_copy(tmp_path: Path) -> None:
    """pip install -e: a dist-info in site-packages, and the egg-info of the build in the source folder."""
    source, site = tmp_path / "nn UNet", tmp_path / "site-packages"
    told = {"url": source.as_uri(), "dir_info": {"editable": True}}
    write(source, {"nnunetv2.egg-info/PKG-INFO": "Name: nnunetv2\nVersion: 2.4\n", "nnunetv2/__init__.py": ""})
    write(site, {"nnunetv2-2.4.dist-info/direct_url.json": json.dumps(told)})
    (copy,) = installed([str(site), str(source)], WANTED)["nnunetv2"]
    assert editable(copy)
    assert locate("nnunetv2", [str(site)], copy) == source / "nnunetv2"


def test_develop_of_old(tmp_path: Path) -> None:
    write(tmp_path / "src", {"nnunetv2.egg-info/PKG-INFO": "Metadata-Version: 2.1\nVersion: 2.1.1\n"})
    (copy,) = installed([str(tmp_path / "src")], WANTED)["nnunetv2"]
    assert (copy.version, editable(copy)) == ("2.1.1", True)


def test_a_fork_tells_its_commit(tmp_path: Path) -> None:
    told = {"url": "https://github.com/someone/nnUNet.git", "vcs_info": {"vcs": "git", "commit_id": "c0ffee"}}
    write(tmp_path, {"nnunetv2-2.2.dist-info/direct_url.json": json.dumps(told)})
    (copy,) = installed([str(tmp_path)], WANTED)["nnunetv2"]
    source = origin(copy)
    assert source is not None
    assert (source.commit, source.editable, source.folder) == ("c0ffee", False, None)


def test_broken_origin_and_windows_path(tmp_path: Path) -> None:
    write(tmp_path / "a", {"torch-1.dist-info/direct_url.json": "{half"})
    write(tmp_path / "b", {"torch-1.dist-info/direct_url.json": '{"url": "file:///C:/my%20nets/torch"}'})
    broken, windows = installed([str(tmp_path / "a"), str(tmp_path / "b")], WANTED)["torch"]
    assert origin(broken) is None
    source = origin(windows)
    assert source is not None
    assert str(source.folder) == "C:/my nets/torch"


def test_normal() -> None:
    assert normal("dynamic-network.Architectures") == "dynamic_network_architectures"
