"""Control groups: this machine's own, and both generations in the kernel's documented format."""

from __future__ import annotations

from pathlib import Path

import pytest

from nndoctor.facts import Facts
from nndoctor.machine.cgroup import NAMES, cgroup_facts
from tests.machine.fake_root import V1_MOUNTS, V1_UNLIMITED, V2_EVENTS, V2_MOUNTS, write

GIB = 1024**3
V2 = "sys/fs/cgroup"
V1 = "sys/fs/cgroup/memory"


def values(root: Path) -> dict[str, object]:
    return {fact.name: fact.value for fact in Facts(cgroup_facts(root))}


def test_this_machine() -> None:
    if not Path("/proc/self/cgroup").exists():
        pytest.skip("this system has no control groups")
    answers = cgroup_facts()
    assert [given.name for given in answers] == list(NAMES)
    facts = Facts(answers)
    if "cgroup.memory_used" in facts:
        assert int(str(facts.value("cgroup.memory_used"))) > 0
    if "cgroup.memory_limit" not in facts:
        assert facts.why_missing("cgroup.memory_limit")


def test_version_2_in_a_container(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "proc/self/cgroup": "0::/\n",
            "proc/self/mounts": V2_MOUNTS,
            f"{V2}/memory.max": f"{16 * GIB}\n",
            f"{V2}/memory.current": f"{3 * GIB}\n",
            f"{V2}/memory.peak": f"{16 * GIB}\n",
            f"{V2}/memory.events": V2_EVENTS.format(2),
            f"{V2}/cpu.max": "150000 100000\n",
            f"{V2}/pids.max": "512\n",
            f"{V2}/pids.current": "37\n",
        },
    )
    assert values(root) == {
        "cgroup.version": 2,
        "cgroup.memory_limit": 16 * GIB,
        "cgroup.memory_used": 3 * GIB,
        "cgroup.memory_peak": 16 * GIB,
        "memory.oom_kills": 2,
        "cgroup.cpu_quota": 1.5,
        "cgroup.pids_limit": 512,
        "cgroup.pids_used": 37,
    }


def test_version_2_obeys_the_groups_above(tmp_path: Path) -> None:
    """SLURM limits the job; the task's own group below says max, and the job's group counts its kills."""
    job = f"{V2}/system.slice/slurmstepd.scope/job_7"
    root = write(
        tmp_path,
        {
            "proc/self/cgroup": "0::/system.slice/slurmstepd.scope/job_7/step_0/user/task_0\n",
            "proc/self/mounts": V2_MOUNTS,
            f"{job}/memory.max": f"{8 * GIB}\n",
            f"{job}/memory.current": f"{GIB}\n",
            f"{job}/memory.events": V2_EVENTS.format(1),
            f"{job}/cpu.max": "max 100000\n",
            f"{V2}/system.slice/slurmstepd.scope/memory.max": f"{32 * GIB}\n",
            f"{job}/step_0/user/task_0/memory.max": "max\n",
            f"{job}/step_0/user/task_0/memory.events": V2_EVENTS.format(0),
        },
    )
    facts = Facts(cgroup_facts(root))
    assert (facts.value("cgroup.memory_limit"), facts.value("memory.oom_kills")) == (8 * GIB, 1)
    assert "no control group sets a limit in cpu.max" in (facts.why_missing("cgroup.cpu_quota") or "")
    assert "memory.peak" in (facts.why_missing("cgroup.memory_peak") or "")  # before Linux 5.19
    limit = facts.get("cgroup.memory_limit")
    assert limit is not None
    assert "job_7/memory.max" in limit.source.where


def test_version_1_seen_from_inside_a_container(tmp_path: Path) -> None:
    """Without a cgroup namespace /proc shows the host's path, which does not exist below the mount."""
    root = write(
        tmp_path,
        {
            "proc/self/cgroup": "9:memory:/docker/4a1f\n7:cpu,cpuacct:/docker/4a1f\n3:pids:/docker/4a1f\n0::/\n",
            "proc/self/mounts": V1_MOUNTS,
            f"{V1}/memory.limit_in_bytes": f"{4 * GIB}\n",
            f"{V1}/memory.usage_in_bytes": f"{GIB}\n",
            f"{V1}/memory.max_usage_in_bytes": f"{2 * GIB}\n",
            f"{V1}/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 5\n",
            f"{V2}/cpu,cpuacct/cpu.cfs_quota_us": "400000\n",
            f"{V2}/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
            f"{V2}/pids/pids.max": "max\n",
            f"{V2}/pids/pids.current": "11\n",
        },
    )
    assert values(root) == {
        "cgroup.version": 1,
        "cgroup.memory_limit": 4 * GIB,
        "cgroup.memory_used": GIB,
        "cgroup.memory_peak": 2 * GIB,
        "memory.oom_kills": 5,
        "cgroup.cpu_quota": 4.0,
        "cgroup.pids_used": 11,
    }


def test_version_1_without_limits(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "proc/self/cgroup": "4:memory:/user\n1:cpu,cpuacct:/\n",
            "proc/self/mounts": V1_MOUNTS,
            f"{V1}/memory.limit_in_bytes": V1_UNLIMITED,
            f"{V1}/user/memory.limit_in_bytes": V1_UNLIMITED,
            f"{V1}/user/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\n",
            f"{V2}/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
            f"{V2}/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
        },
    )
    facts = Facts(cgroup_facts(root))
    assert "no control group sets a limit" in (facts.why_missing("cgroup.memory_limit") or "")
    assert "does not count" in (facts.why_missing("memory.oom_kills") or "")  # before Linux 4.13
    assert "no control group sets a limit" in (facts.why_missing("cgroup.cpu_quota") or "")
    assert "not mounted" in (facts.why_missing("cgroup.pids_limit") or "")


def test_a_system_without_control_groups(tmp_path: Path) -> None:
    assert {given.name for given in cgroup_facts(tmp_path)} == set(NAMES)
    assert values(tmp_path) == {}


def test_nothing_mounted(tmp_path: Path) -> None:
    root = write(tmp_path, {"proc/self/cgroup": "0::/\n", "proc/self/mounts": ""})
    assert values(root) == {}
    assert "not mounted" in (Facts(cgroup_facts(root)).why_missing("cgroup.memory_limit") or "")
