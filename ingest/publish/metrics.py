"""A file for the textfile collector of Prometheus' node exporter, written whole after each night."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

METRICS_VARIABLE = "JUESUAN_METRICS"
METRICS_FILE = "juesuan.prom"


@dataclass(frozen=True, slots=True)
class Gauge:
    """A figure, or several that ``label`` tells apart. Without values it is left out: what is not known is not 0."""

    name: str
    told: str
    values: Mapping[str, float]
    label: str | None = None


@dataclass(frozen=True, slots=True)
class NightFigures:
    """What is watched. Moments are seconds since 1970."""

    now: float
    exit_status: int
    seconds: float
    last_good_run: float | None
    last_good_build: float | None
    documents: int | None
    rejections: Mapping[str, int] | None  # by code
    findings: Mapping[str, int] | None  # by severity
    new_findings: int | None  # not listed as looked up
    builds: int


def gauges(figures: NightFigures) -> Iterator[Gauge]:
    """The figures as they are exposed."""

    def one(name: str, told: str, value: float | None) -> Gauge:
        return Gauge(name, told, {} if value is None else {"": value})

    now, good_run, good_build = figures.now, figures.last_good_run, figures.last_good_build
    yield one("juesuan_last_run_timestamp_seconds", "When the last nightly run ended.", now)
    yield one("juesuan_last_run_exit_status", "0 published or nothing new, 3 with rejections, 1 neither.", figures.exit_status)
    yield one("juesuan_last_run_duration_seconds", "How long the last nightly run took.", figures.seconds)
    yield one("juesuan_last_good_run_timestamp_seconds", "When a nightly run last published, or found nothing new.", good_run)
    yield one("juesuan_last_good_build_timestamp_seconds", "When the published build was finished.", good_build)
    age = None if good_build is None else max(0.0, now - good_build)
    yield one("juesuan_last_good_build_age_seconds", "Age of the published build when the last run ended.", age)
    yield one("juesuan_documents", "Documents in the published build.", figures.documents)
    rejections = figures.rejections
    yield one("juesuan_rejections", "Files that are not loaded.", None if rejections is None else sum(rejections.values()))
    yield Gauge("juesuan_rejections_by_code", "Files that are not loaded, by reason.", rejections or {}, "code")
    findings = figures.findings
    yield one("juesuan_findings", "Findings in the published build.", None if findings is None else sum(findings.values()))
    yield Gauge("juesuan_findings_by_severity", "Findings in the published build, by severity.", findings or {}, "severity")
    yield one("juesuan_new_findings", "Findings that are not listed as looked up.", figures.new_findings)
    yield one("juesuan_builds", "Builds that can be opened.", figures.builds)


def exposition(of: Iterable[Gauge]) -> str:
    """The text format of Prometheus."""
    lines: list[str] = []
    for gauge in of:
        if not gauge.values:
            continue
        lines += [f"# HELP {gauge.name} {gauge.told}", f"# TYPE {gauge.name} gauge"]
        for value_of, value in sorted(gauge.values.items()):
            label = f'{{{gauge.label}="{_escaped(value_of)}"}}' if gauge.label else ""
            lines.append(f"{gauge.name}{label} {value:.15g}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def write_metrics(path: Path, figures: NightFigures) -> None:
    """Replace the file at once: the collector reads whenever it likes, and only names that end in ``.prom``."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        temporary.write_text(exposition(gauges(figures)), encoding="utf-8")
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
