"""What the reports of a check share: the verdict, how a forecast and a place are written."""

from __future__ import annotations

from nndoctor.diagnosis.model import Checkup, Diagnosis, Forecast
from nndoctor.report.words import Language, words

GIB, MIB = 2**30, 2**20


def verdict(d: Diagnosis) -> str:
    """fails, warns or sound: what the worst finding means for the run."""
    worst = {finding.severity for finding in d.findings}
    return "fails" if "error" in worst else "warns" if "warning" in worst else "sound"


def summary(d: Diagnosis, lang: Language) -> str:
    """How many kinds of errors and warnings there are, in words."""
    text = words(lang)
    counted = [(name, sum(finding.severity == name for finding in d.findings)) for name in ("error", "warning")]
    told = [text[f"check.counts.{name}"].format(count=count) for name, count in counted if count]
    return text["comma"].join(told) or text["check.counts.none"]


def looked_at(checkup: Checkup, lang: Language) -> str:
    """12 cases, 36 files, 0.4 s, 30 known from an earlier check"""
    text = words(lang)
    told = text["check.looked"].format(cases=checkup.cases, files=checkup.files, seconds=f"{checkup.seconds:.1f}")
    if not checkup.reused:
        return told
    return told + text["comma"] + text["check.reused"].format(count=checkup.reused)


def forecast_line(row: Forecast, lang: Language) -> str:
    """What a stage needs, and what would fit where it does not."""
    text = words(lang)
    known = {
        "case": row.case or text[f"check.stage.{row.stage}"],
        "total": size(row.total),
        "option": row.option or "",
        "workers": row.workers,
        "granted": size(row.granted) if row.granted is not None else "?",
    }
    if row.fits:
        told = text["check.fits" if row.option else "check.fits.plain"].format_map(known)
        return told if row.granted is None else told + text["semicolon"] + text["check.granted"].format_map(known)
    return text["check.too_much"].format_map(known) + text["semicolon"] + _way_out(row, lang)


def _way_out(row: Forecast, lang: Language) -> str:
    text = words(lang)
    if not row.safe_workers or row.safe_total is None:
        return text["check.unsafe"]
    return text["check.safe"].format(option=row.option or "", workers=row.safe_workers, total=size(row.safe_total))


def size(count: int) -> str:
    """Bytes for a reader: 41.2 GiB, 730 MiB."""
    return f"{count / GIB:.1f} GiB" if count >= GIB else f"{count / MIB:.0f} MiB"
