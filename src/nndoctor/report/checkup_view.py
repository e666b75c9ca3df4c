"""What the reports of a check share: the verdict, how a forecast and a place are written."""

from __future__ import annotations

from nndoctor.diagnosis.model import CaseEntry, Checkup, Diagnosis, Finding, Forecast, Place
from nndoctor.report.words import Language, words

GIB, MIB = 2**30, 2**20
NOTABLY = 1.05


def verdict(d: Diagnosis) -> str:
    """fails, warns or sound: what the worst finding means for the run."""
    worst = {finding.severity for finding in d.findings}
    return "fails" if "error" in worst else "warns" if "warning" in worst else "sound"


def summary(d: Diagnosis, lang: Language) -> str:
    """How many kinds of errors and warnings there are, in words."""
    text = words(lang)
    counts = [(name, sum(finding.severity == name for finding in d.findings)) for name in ("error", "warning")]
    told = [counted(f"check.counts.{name}", count, lang) for name, count in counts if count]
    return text["comma"].join(told) or text["check.counts.none"]


def looked_at(checkup: Checkup, lang: Language) -> str:
    """12 cases, 36 files, 0.4 s, 30 known from an earlier check"""
    text = words(lang)
    counts = (("check.looked.cases", checkup.cases), ("check.looked.files", checkup.files))
    told = [counted(key, count, lang) for key, count in counts if count]
    told.append(text["check.looked.seconds"].format(seconds=f"{checkup.seconds:.1f}"))
    if checkup.reused:
        told.append(text["check.reused"].format(count=checkup.reused))
    return text["comma"].join(told)


def counted(key: str, count: int, lang: Language) -> str:
    """The words of `key` with the number in them; one thing has words of its own."""
    return words(lang)[f"{key}.one" if count == 1 else key].format(count=f"{count:,}")


def suspicious(checkup: Checkup) -> list[CaseEntry]:
    """The cases of the table with a problem."""
    return [entry for entry in checkup.table if entry.problems]


def sound(checkup: Checkup) -> list[CaseEntry]:
    """The cases of the table without one."""
    return [entry for entry in checkup.table if not entry.problems]


def places_of(d: Diagnosis, finding: Finding) -> list[Place]:
    """The places of a finding that a report may list: what was kept of them, else its evidence."""
    kept = [place for place in d.checkup.places if place.kind == finding.problem] if d.checkup is not None else []
    return kept or [Place(finding.problem or "", sign.source, sign.text) for sign in finding.evidence]


def times(finding: Finding) -> int:
    """How often the problem was seen."""
    return finding.count if finding.count is not None else len(finding.evidence)


def shape_text(entry: CaseEntry) -> str:
    return " x ".join(map(str, entry.shape))


def spacing_text(entry: CaseEntry) -> str:
    return " x ".join(f"{step:.4g}" for step in entry.spacing)


def workers_text(row: Forecast) -> str:
    """-npp 3, or the number alone where no option sets it"""
    return f"{row.option} {row.workers}" if row.option else str(row.workers)


def forecast_line(row: Forecast, known_granted: int | None, lang: Language) -> str:
    """What a stage needs, and what would fit where it does not; what is granted, unless that is known already."""
    text = words(lang)
    known = {
        "case": row.case or text[f"check.stage.{row.stage}"],
        "total": needs(row, lang),
        "option": row.option or "",
        "workers": row.workers,
        "granted": size(row.granted) if row.granted is not None else "?",
    }
    if row.fits:
        told = text["check.fits" if row.option else "check.fits.plain"].format_map(known)
        return (
            told
            if row.granted in (None, known_granted)
            else told + text["semicolon"] + text["check.granted"].format_map(known)
        )
    told = text["check.too_much" if row.option else "check.too_much.plain"].format_map(known)
    return text["semicolon"].join(part for part in (told, way_out(row, lang)) if part)


def stage_name(row: Forecast, lang: Language) -> str:
    """preprocessing, 3d_fullres"""
    name = words(lang)[f"check.stage.{row.stage}"]
    return name if row.configuration is None else f"{name} {row.configuration}"


def needs(row: Forecast, lang: Language) -> str:
    """What counts against the limit, and what psutil adds up to where that is more: 2.5 GiB (psutil: 3.6 GiB)."""
    told = size(row.charged)
    if row.total < row.charged * NOTABLY:
        return told
    return told + words(lang)["brackets"].format(text=words(lang)["check.rss"].format(rss=size(row.total)))


def way_out(row: Forecast, lang: Language) -> str:
    """The largest number of workers that fits, and what it takes; nothing where no option sets them."""
    text = words(lang)
    if row.option is None:
        return ""
    if not row.safe_workers or row.safe_total is None:
        return text["check.unsafe"]
    return text["check.safe"].format(option=row.option or "", workers=row.safe_workers, total=size(row.safe_total))


def size(count: int) -> str:
    """Bytes for a reader: 41.2 GiB, 730 MiB."""
    return f"{count / GIB:.1f} GiB" if count >= GIB else f"{count / MIB:.0f} MiB"
