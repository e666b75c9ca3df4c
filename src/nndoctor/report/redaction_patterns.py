"""What identifies somebody by its form alone: addresses, numbers, tokens, and the places where a text names people."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from nndoctor.report.pseudonyms import PSEUDONYM, SHAPE, Kind, Pseudonyms, is_nobody

_NOT_DONE = rf"(?!{SHAPE}(?!\w))"
# A group named x is what is replaced; without one it is the whole match.
_FORMS: tuple[tuple[Kind, str], ...] = (
    ("secret", r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]{0,8000}?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"),
    ("secret", r"\b(?:gh[pousr]_|github_pat_|hf_|sk-|xox[abprs]-|AKIA|glpat-|wandb_v1_)[A-Za-z0-9_-]{12,}"),
    ("secret", r"\beyJ[\w-]{10,}\.[\w-]{5,}(?:\.[\w-]+)?"),
    ("secret", r"\b[0-9a-fA-F]{40}\b|\b[0-9a-fA-F]{64}\b"),
    (
        "secret",
        rf"(?i:\b\w{{0,40}}(?:api[_-]?key|token|secret|passw(?:or)?d|credentials?)[\"']?\s{{0,3}}[=:]\s{{0,3}}[\"']?)"
        rf"{_NOT_DONE}(?P<x>(?=[^\s\"'&,;]*[0-9])[^\s\"'&,;]{{6,}})",
    ),
    ("secret", rf"(?i:\bbearer\s+){_NOT_DONE}(?P<x>[\w.~+/=-]{{12,}})"),
    ("mail", r"(?<![\w.+@-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"),
    ("mac", r"(?<![\w:-])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![\w:-])"),
    ("uuid", r"\b(?:(?:GPU|MIG)-)?[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b"),
    ("uid", r"(?<![\w.])(?:1\.2\.840(?:\.\d+){1,30}|2\.25\.\d{6,}|\d+(?:\.\d+){6,40})(?![\w])"),
    ("ip", r"(?<![\w.=<>~-])(?<![Vv]ersion )\d{1,3}(?:\.\d{1,3}){3}(?![\w.])"),
    ("ip", r"(?<![\w:.])(?=[0-9A-Fa-f:]{0,39}:[0-9A-Fa-f]{0,4}:)[0-9A-Fa-f:]{3,39}(?![\w:])"),
    ("person", r"\(\s?00(?:08|10|20|32|38|40)\s?,\s?[0-9A-Fa-f]{4}\s?\)(?P<x>\s*(?!anon-|\s)[^\n]{1,300})"),
    ("person", r"\b[A-Z][\w-]{1,60}\^[A-Z][\w^-]{0,60}"),
    ("dataset", r"(?<![A-Za-z0-9])(?:Dataset|Task)\d{3}_(?!redacted(?!\w))[\w-]+"),
)
FORMS = tuple((kind, re.compile(pattern)) for kind, pattern in _FORMS)
# Where a text says who and where: users (u), hosts (h), cases (c).
_SAYS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:^|(?<=[\s(\[\"'=,]))(?P<u>[A-Za-z_][\w.-]{0,31})@(?P<h>[A-Za-z][\w.-]{0,62})(?=[\s:\])\"',;]|$)",
        r"\bslurmstepd-(?P<h>[A-Za-z][\w.-]{0,62})",
        r"\bsrun: error: (?P<h>[A-Za-z][\w.-]{0,62}): task",
        r"\bON (?P<h>[A-Za-z][\w.-]{0,62}) CANCELLED",
        r"(?i:\b(?:hostname|master_addr|slurmd_nodename|slurm_job_nodelist|slurm_nodelist|computername|node ?name)"
        r"[\"']?\s?[=:]\s?[\"']?)(?P<h>[A-Za-z][\w.-]{0,62})",
        r"\b(?:USER|LOGNAME|USERNAME|SLURM_JOB_USER)=[\"']?(?P<u>[A-Za-z_][\w.-]{0,31})",
        r"(?i:(?<!in )\b(?:case|patient|subject|predicting|done with|identifier|accession|mrn)s?"
        r"[\"']?\s?[:=]?\s[\"'\[]{0,2})"
        r"(?P<c>(?=[\w^.-]{0,80}[0-9_^])[\w^-]{4,80})(?![\w^(-])",
        r"\bnp\.str_\([\"'](?P<c>[^\"'\n]{1,80})[\"']\)",
        r"(?i:\blogged in as:? )(?P<u>[A-Za-z_][\w.-]{0,31})",
    )
)


def learn(text: str, names: Pseudonyms) -> None:
    """Collect the users, hosts and cases that a text names."""
    for pattern in _SAYS:
        for match in pattern.finditer(text):
            for kind, word in _said(match):
                if not is_nobody(word) and not PSEUDONYM.search(word):
                    names.name(kind, word)


def _said(match: re.Match[str]) -> Iterator[tuple[Kind, str]]:
    groups = match.groupdict()
    if groups.get("u"):
        yield "user", groups["u"].strip(".-")
    if groups.get("c"):
        yield "case", groups["c"]
    if groups.get("h"):
        host = groups["h"].strip(".-")
        yield "host", host
        if "." in host:
            yield "host", host.split(".", 1)[0]


def replace_forms(text: str, names: Pseudonyms) -> str:
    """Replace all that identifies by its form."""
    for kind, pattern in FORMS:
        text = pattern.sub(lambda match, kind=kind: _renamed(kind, match, names), text)  # type: ignore[misc]
    return text


def _renamed(kind: Kind, match: re.Match[str], names: Pseudonyms) -> str:
    found = match[0]
    if kind == "ip" and not _is_address(found):
        return found
    if kind == "mail" and (found.startswith("git@") or PSEUDONYM.search(found)):
        return found
    if kind == "dataset":
        names.name(kind, found)
        return f"{found[: found.index('_')]}_redacted"
    told = match.groupdict().get("x") or found
    return found[: len(found) - len(told)] + (" " if told[0].isspace() else "") + names.name(kind, told.strip())


def _is_address(found: str) -> bool:
    """Whether this is the address of a computer other than the reader's own."""
    try:
        address = ipaddress.ip_address(found)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)
