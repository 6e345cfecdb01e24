"""One night: ingest what is new, build if anything has changed, publish, and leave word of what happened.

Whatever goes wrong ends as an exit status, with a line in the log, the metrics and the failure hook; what is published stays.
"""

from __future__ import annotations

import json
import time
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from ingest.build import DIFF_DATA, BuildFailed, Options, build, read_published, standing
from ingest.files import NoSuchPath
from ingest.home import Home, HomeBusy
from ingest.pool import WorkersCannotStart
from ingest.progress import show_progress
from ingest.publish.hook import run_hook
from ingest.publish.inputs import NothingToBuild, ProjectMissing, find_project
from ingest.publish.log import ERROR, WARNING, NightLog
from ingest.publish.metrics import METRICS_FILE, NightFigures, write_metrics
from ingest.publish.record import STATE_FILE, BuildRecord, read_state, write_json
from ingest.publish.shelf import clear_leftovers, whole_builds
from ingest.publish.sql import attached, first_line
from ingest.run import IngestSummary
from ingest.staging.load import StagingError

DONE, NOT_PUBLISHED, MISUSE, WITH_REJECTIONS = 0, 1, 2, 3
# A process of a run that was killed may hold staging for a moment longer than its parent lived.
PATIENCE = 30.0

Ingest = Callable[[], IngestSummary]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a night is asked to do."""

    build: Options
    force: bool = False  # build even if nothing is new
    metrics: Path | None = None
    on_failure: str | None = None


@dataclass(frozen=True, slots=True)
class Night:
    """What a night came to. ``outcome`` is ``published``, ``nothing_new``, ``held_back`` or ``not_published``."""

    exit_status: int
    outcome: str
    message: str
    ingest: IngestSummary | None = None
    record: BuildRecord | None = None
    failed: BuildRecord | None = None
    traceback: str | None = None


INTERRUPTED = Night(NOT_PUBLISHED, "not_published", "interrupted; what is published is as it was")


def run_night(home: Home, plan: Plan, ingest: Ingest, *, patience: float = PATIENCE) -> Night:
    """Run a night from taking the lock to the last word. Raises only :class:`KeyboardInterrupt`, after leaving word of it."""
    began = time.monotonic()
    log = NightLog(home)
    try:
        with home.exclusive("nightly", create=True):
            log.rotate()
            log("started", f"night begins in {home.path}")
            try:
                night = _carry_out(home, plan, ingest, log, patience)
            except KeyboardInterrupt:
                _leave_word(home, plan, INTERRUPTED, log, time.monotonic() - began)
                raise
            _leave_word(home, plan, night, log, time.monotonic() - began)
    except HomeBusy as error:
        night = Night(NOT_PUBLISHED, "not_published", str(error))
        log("busy", night.message, level=WARNING)
    except KeyboardInterrupt:
        log("interrupted", INTERRUPTED.message, level=ERROR)
        _call_hook(home, plan, INTERRUPTED, log)
        raise
    except OSError as error:  # the lock itself: a folder that may not be written
        night = Night(NOT_PUBLISHED, "not_published", str(error))
        log("failed", night.message, level=ERROR)
    _call_hook(home, plan, night, log)
    return night


def _carry_out(home: Home, plan: Plan, ingest: Ingest, log: NightLog, patience: float) -> Night:
    summary: IngestSummary | None = None
    try:
        clear_leftovers(home)  # before anything is written: what a killed run left may be what fills the disk
        summary = _patiently(ingest, patience)
        _log_ingest(summary, log)
        return _build(home, plan, summary, log)
    except BuildFailed as failure:
        kept = f"still published: {failure.published}" if failure.published else "nothing is published yet"
        told = f"build failed: {failure}; {kept}; log: {failure.folder / 'logs' / 'dbt.log'}"
        log("build_failed", told, level=ERROR, build_id=failure.record.build_id, problems=failure.record.problems)
        return Night(NOT_PUBLISHED, "not_published", told, summary, failed=failure.record)
    except NoSuchPath as error:
        log("misuse", str(error), level=ERROR)
        return Night(MISUSE, "not_published", str(error))
    except (NothingToBuild, ProjectMissing, StagingError, WorkersCannotStart, OSError, duckdb.Error) as error:
        # A full disk, a folder that may not be written, a broken file: nothing that a traceback would explain better.
        told = first_line(str(error))
        if "No space left on device" in told:  # the system does not say where
            told = f"the disk of {home.path} is full: make room, or keep fewer builds (--keep); what is published stays ({told})"
        log("failed", told, level=ERROR)
        return Night(NOT_PUBLISHED, "not_published", told, summary)
    except Exception as error:
        told = f"a fault of juesuan: {type(error).__name__}: {first_line(str(error))}"
        trace = traceback.format_exc()
        log("failed", told, level=ERROR, traceback=trace)
        return Night(NOT_PUBLISHED, "not_published", told, summary, traceback=trace)


def _patiently(ingest: Ingest, patience: float) -> IngestSummary:
    until = time.monotonic() + patience
    while True:
        try:
            return ingest()
        except StagingError as error:
            if "has it open" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.5)


def _log_ingest(summary: IngestSummary, log: NightLog) -> None:
    rejected = summary.rejected
    log(
        "ingested",
        f"{summary.seen} files: {summary.loaded} loaded, {summary.unchanged} unchanged, {len(rejected)} rejected",
        run_id=summary.run_id,
        parser_version=summary.parser_version,
        seen=summary.seen,
        loaded=summary.loaded,
        unchanged=summary.unchanged,
        seconds=summary.seconds,
        rejected=len(rejected),
    )
    for rejection in rejected:
        log("rejected", f"rejected {rejection} [{rejection.code}]", level=WARNING, file=rejection.file_path, code=rejection.code)


def _build(home: Home, plan: Plan, summary: IngestSummary, log: NightLog) -> Night:
    status = WITH_REJECTIONS if summary.rejected else DONE
    project = find_project()
    stands = None if plan.force else standing(home, project, plan.build)
    if stands is not None:
        why = f"; {stands.held_back}" if stands.held_back else ""
        told = f"nothing new: build {stands.record.build_id} stands{why}"
        outcome = "held_back" if stands.held_back else "nothing_new"
        log(outcome, told, build_id=stands.record.build_id)
        return Night(status, outcome, told, summary, stands.record)
    with show_progress("build") as show:
        record = build(home, project, show, plan.build, resume=not plan.force)
    difference = read_totals(home.builds / record.build_id)
    told = (
        f"published build {record.build_id} ({record.inputs.documents} documents, {record.seconds:.0f} s){_shortly(difference)}"
    )
    log(
        "published",
        told,
        build_id=record.build_id,
        previous=record.previous,
        seconds=record.seconds,
        phases=record.phases,
        documents=record.inputs.documents,
        amounts=record.inputs.amounts,
        difference=difference,
        explained=record.explained,
        warnings=record.warnings,
    )
    return Night(status, "published", told, summary, record)


def read_totals(folder: Path) -> Mapping[str, Any]:
    """The totals of the difference that a build wrote down."""
    try:
        totals: Mapping[str, Any] = json.loads((folder / DIFF_DATA).read_text(encoding="utf-8"))["totals"]
    except (OSError, ValueError, KeyError):
        return {}
    return totals


def _shortly(totals: Mapping[str, Any]) -> str:
    if not totals:
        return ""
    figures, findings = totals["figures"], totals["findings"]
    return (
        f": {figures['added']} figures added, {figures['changed']} changed, {figures['gone']} gone; "
        f"{findings['new']} new findings, {findings['resolved']} resolved"
    )


def _leave_word(home: Home, plan: Plan, night: Night, log: NightLog, seconds: float) -> None:
    """The state for ``juesuan status``, the metrics, the last line of the log."""
    now = datetime.now(UTC)
    good = night.exit_status in (DONE, WITH_REJECTIONS)
    last_good = now.isoformat(timespec="seconds") if good else read_state(home).get("last_good_at")
    state = {
        "at": now.isoformat(timespec="seconds"),
        "night": log.night,
        "exit_status": night.exit_status,
        "outcome": night.outcome,
        "message": night.message,
        "build_id": home.published_build(),
        "seconds": round(seconds, 1),
        "last_good_at": last_good,
    }
    try:
        write_json(home.path / STATE_FILE, state)
        write_metrics(plan.metrics or home.path / METRICS_FILE, _figures(home, night, now, last_good, seconds))
    except (OSError, ValueError) as error:
        log("not_told", f"state or metrics could not be written: {error}", level=WARNING)
    log("ended", f"night ends with exit status {night.exit_status} after {seconds:.1f} s", state=state)


def _figures(home: Home, night: Night, now: datetime, last_good: str | None, seconds: float) -> NightFigures:
    published = read_published(home)
    findings, unlisted = _findings(home.warehouse)
    return NightFigures(
        now=now.timestamp(),
        exit_status=night.exit_status,
        seconds=round(seconds, 3),
        last_good_run=_moment(last_good),
        last_good_build=_moment(published.finished_at or published.started_at) if published else None,
        documents=published.inputs.documents if published else None,
        rejections=_rejections(home.staging),
        findings=findings,
        new_findings=unlisted,
        builds=len(whole_builds(home)),
    )


def _moment(text: str | None) -> float | None:
    return datetime.fromisoformat(text).timestamp() if text else None


def _findings(warehouse: Path) -> tuple[Mapping[str, int] | None, int | None]:
    if not warehouse.is_file():
        return None, None
    try:
        with closing(duckdb.connect(warehouse, read_only=True)) as connection:
            rows = connection.execute(
                "select severity, count(*), count(*) filter (where not is_known) from marts.rpt_finding group by all"
            ).fetchall()
    except duckdb.Error:
        return None, None
    return {severity: count for severity, count, _ in rows}, sum(new for _, _, new in rows)


def _rejections(staging: Path) -> Mapping[str, int] | None:
    if not staging.is_file():
        return None
    try:
        with attached(staging=staging) as connection:
            codes: Collection[tuple[str]] = connection.execute("select code from staging.staging.rejection").fetchall()
    except duckdb.Error:
        return None
    return Counter(code for (code,) in codes)


def _call_hook(home: Home, plan: Plan, night: Night, log: NightLog) -> None:
    if night.exit_status in (DONE, WITH_REJECTIONS) or not plan.on_failure:
        return
    wrong = run_hook(plan.on_failure, home.path, night.exit_status, night.message)
    log("hook", wrong or "the failure hook was run", level=WARNING if wrong else "info")


def as_json(night: Night) -> dict[str, Any]:
    """For ``--json``."""
    record = night.record or night.failed
    told: dict[str, Any] = {
        "published": night.outcome == "published",
        "outcome": night.outcome,
        "message": night.message,
        "build": asdict(record) if record else None,
        "ingest": asdict(night.ingest) if night.ingest else None,
    }
    return told if night.exit_status in (DONE, WITH_REJECTIONS) else {"error": night.message, **told}
