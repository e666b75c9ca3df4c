"""A Coverage as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from nndoctor.coverage.judge import Coverage, Verdict


def as_text(coverage: Coverage) -> Iterator[str]:
    """The open sites by file, then the counts."""
    file = ""
    for each in coverage.open:
        if each.site.file != file:
            file = each.site.file
            yield f"\n{file}"
        yield f"  {file}:{each.site.line}  {each.site.function}  {_said(each)}"
    yield ("\n" if file else "") + summary(coverage)


def summary(coverage: Coverage) -> str:
    """One line of counts."""
    states = " · ".join(f"{coverage.count(state)} {state}" for state in ("covered", "internal", "open"))
    return f"{len(coverage.verdicts)} sites: {states} · {coverage.share:.1%} covered or internal"


def _said(verdict: Verdict) -> str:
    site = verdict.site
    if site.exception:
        return f"{site.exception}: {site.words}"
    return f"{site.kind}: {site.words}"


def as_json(coverage: Coverage, packages: list[str]) -> str:
    """Every site with its verdict."""
    told = {
        "schema_version": 1,
        "packages": packages,
        "counts": {state: coverage.count(state) for state in ("covered", "internal", "open")},
        "share": round(coverage.share, 4),
        "sites": [_record(each) for each in coverage.verdicts],
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode()


def _record(verdict: Verdict) -> dict[str, object]:
    site = verdict.site
    return {
        "state": verdict.state,
        "file": site.file,
        "line": site.line,
        "function": site.function,
        "kind": site.kind,
        "exception": site.exception or None,
        "message": site.pattern,
        "code": site.code,
        "causes": verdict.causes,
        "reason": verdict.reason or None,
    }
