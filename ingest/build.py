"""Build the warehouse aside, check it, write what belongs to it, then publish it in one step.

Readers follow ``current``, a link that is swapped only after everything else has been written and checked, so they see the last
good build or the new one and nothing between. Whatever stops us before that leaves a folder that nobody reads.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from ingest.home import WAREHOUSE_FILE, Home
from ingest.progress import Progress
from ingest.publish.dbt import DbtRun, count_outcomes, run_dbt, test_results, tidy
from ingest.publish.diff import compare
from ingest.publish.diff_text import as_json, as_markdown
from ingest.publish.export import export_marts
from ingest.publish.gate import can_be_opened, find_shrinking, inspect_warehouse, sort_out
from ingest.publish.inputs import (
    DECIDING,
    VERSIONS_OF,
    Inputs,
    Staged,
    code_versions,
    fingerprint,
    installed_packages,
    installed_versions,
    read_staged,
)
from ingest.publish.record import BuildRecord, RecordUnreadable, mark_whole, read_record, write_json, write_record
from ingest.publish.reports import make_reports, reports_digest
from ingest.publish.shelf import (
    KEEP_BUILDS,
    KEEP_MONTHS,
    clear_leftovers,
    finished_but_unpublished,
    held_back,
    new_build_id,
    prune,
    publish,
)
from ingest.publish.sql import columns, quoted

DIFF_DATA, DIFF_PAGE = "diff.json", "diff.md"
KNOWN_DISCREPANCIES = "known_discrepancy"


@dataclass(frozen=True, slots=True)
class Options:
    """``allow_shrinking`` names marts that may have fewer rows than before, or ``all``.

    ``reports`` asks for the report site and dbt's documentation beside the marts.
    """

    allow_shrinking: Collection[str] = ()
    keep: int = KEEP_BUILDS
    keep_months: int = KEEP_MONTHS
    reports: bool = False

    def reports_digest(self) -> str | None:
        """What decides how the reports of this build look; nothing where it has none."""
        return reports_digest() if self.reports else None


class BuildFailed(Exception):
    """The build did not pass; the published warehouse is untouched."""

    def __init__(self, record: BuildRecord, folder: Path, published: str | None) -> None:
        self.record = record
        self.folder = folder
        self.published = published
        super().__init__("; ".join(record.problems))


@dataclass(frozen=True, slots=True)
class Standing:
    """Nothing has to be built. ``record`` is of the published build, ``held_back`` tells of a rollback that keeps it there."""

    record: BuildRecord
    held_back: str | None


@dataclass(frozen=True, slots=True)
class _Job:
    home: Home
    project: Path
    progress: Progress
    options: Options
    staged: Staged
    fingerprint: str


@dataclass(slots=True)
class _Clock:
    phases: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self.phases[name] = round(time.monotonic() - began, 3)


def standing(home: Home, project: Path, options: Options) -> Standing | None:
    """What is published, if a build of what staging holds now would be no other; or if it was rolled back by hand."""
    published = read_published(home)
    if published is None or not can_be_opened(home.warehouse):
        return None
    print_now = fingerprint(read_staged(home.staging), project, options.reports_digest())
    if published.fingerprint == print_now:
        return Standing(published, None)
    hold = held_back(home, print_now)
    if hold is None:
        return None
    return Standing(published, f"build {hold.before} of the same documents was rolled back at {hold.at}")


def read_published(home: Home) -> BuildRecord | None:
    """The record of the published build, where it can be opened and this version wrote it."""
    if not home.warehouse.is_file():
        return None
    try:
        return read_record(home.current)
    except RecordUnreadable:
        return None


def build(home: Home, project: Path, progress: Progress, options: Options | None = None, *, resume: bool = False) -> BuildRecord:
    """Build, check and publish. Raises :class:`NothingToBuild` or :class:`BuildFailed`; then nothing is published.

    With ``resume``, a whole build of the same inputs is published that an earlier run was killed over.
    """
    options = options or Options()
    staged = read_staged(home.staging)
    clear_leftovers(home)
    print_now = fingerprint(staged, project, options.reports_digest())
    if resume and (record := _resume(home, print_now, staged.inputs)) is not None:
        _prune(home, options)
        return record
    record, folder = _make(_Job(home, project, progress, options, staged, print_now))
    if record.problems:
        _prune(home, options)
        raise BuildFailed(record, folder, home.published_build())
    mark_whole(folder, record)
    publish(home, record.build_id)
    _prune(home, options)
    return record


def _prune(home: Home, options: Options) -> None:
    # What is published is published: an old build that cannot be removed now goes another night.
    with suppress(OSError):
        prune(home, options.keep, options.keep_months)


def _resume(home: Home, print_now: str, inputs: Inputs) -> BuildRecord | None:
    folder = finished_but_unpublished(home, print_now)
    if folder is None or inspect_warehouse(folder / WAREHOUSE_FILE, inputs)[1]:
        return None
    publish(home, folder.name, reason="it was finished by a run that ended before it could publish it")
    return read_record(folder)


def _make(job: _Job) -> tuple[BuildRecord, Path]:
    """A build aside, with all that belongs to it but the marker."""
    home, project, progress, options, staged = job.home, job.project, job.progress, job.options, job.staged
    started = datetime.now(UTC)
    began = time.monotonic()
    clock = _Clock()
    folder = home.builds / new_build_id(home, started)
    folder.mkdir(parents=True)
    warehouse = folder / WAREHOUSE_FILE
    previous = home.published_build() if can_be_opened(home.warehouse) else None
    code = code_versions(project)

    with clock.phase("dbt"):
        run = run_dbt(project, folder, home.staging, progress)
    problems = run.problems()
    steps = len(run.nodes)
    counts: dict[str, int] = {}
    by_year: dict[str, dict[str, int]] = {}
    content: dict[str, str] = {}
    broken = home.published_build() if previous is None else None
    explained: tuple[str, ...] = (
        (f"build {broken} is published and cannot be opened: nothing was compared with it",) if broken else ()
    )
    waivers: dict[str, Any] = {}
    if not problems:
        progress(steps, steps, "checking the build")
        with clock.phase("checks"):
            counts, problems = inspect_warehouse(warehouse, staged.inputs)
            if not problems and previous is not None:
                same_code = _same_code(read_published(home), code)
                problems, explained = sort_out(
                    find_shrinking(warehouse, home.warehouse, same_code=same_code), options.allow_shrinking
                )
    if not problems:
        progress(steps, steps, "writing Parquet files")
        with clock.phase("export"):
            content = export_marts(folder, folder.name, started.isoformat(timespec="seconds"))
            by_year, waivers = count_by_year(warehouse), waivers_in(warehouse, run, options)
        progress(steps, steps, "comparing with the build before")
        with clock.phase("diff"):
            difference = compare(home.warehouse if previous else None, warehouse, (previous, folder.name))
            write_json(folder / DIFF_DATA, as_json(difference))
            (folder / DIFF_PAGE).write_text(as_markdown(difference), encoding="utf-8")
    if not problems and options.reports:
        progress(steps, steps, "making the reports")
        with clock.phase("reports"):
            problems = make_reports(job.project, folder, home.staging, started.isoformat(timespec="seconds"), progress)
    tidy(folder)

    record = BuildRecord(
        build_id=folder.name,
        status="failed" if problems else "passed",
        problems=problems,
        warnings=run.warnings,
        started_at=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - began, 1),
        inputs=staged.inputs,
        versions=installed_versions(VERSIONS_OF),
        outcomes=count_outcomes(run.nodes),
        row_counts=counts,
        node_seconds={node.name: node.seconds for node in run.nodes},
        finished_at=datetime.now(UTC).isoformat(timespec="seconds"),
        previous=previous,
        fingerprint=job.fingerprint,
        code=code,
        packages=installed_packages(),
        phases=clock.phases,
        documents=staged.documents,
        rejections=staged.rejections,
        rows_by_year=by_year,
        content=content,
        tests=test_results(run.nodes),
        waivers=waivers,
        explained=explained,
    )
    write_record(folder, record)
    return record, folder


def _same_code(published: BuildRecord | None, code: Mapping[str, str | None]) -> bool:
    """Whether the published build was made by the same parser, project and database."""
    if published is None or not published.code:
        return False
    same = all(published.code.get(name) == code[name] for name in ("parser", "project"))
    return same and all(published.versions.get(name) == now for name, now in installed_versions(DECIDING).items())


def count_by_year(warehouse: Path) -> dict[str, dict[str, int]]:
    """The rows of each mart by fiscal year; of marts without a year of their own by that of the disclosure or document."""
    found: dict[str, dict[str, int]] = {}
    with closing(duckdb.connect(warehouse, read_only=True)) as connection:
        tables = columns(connection, "warehouse")
        for table, there in tables.items():
            source = _with_year(there, tables)
            if source is None:
                continue
            rows = connection.execute(
                f"select {source[0]}, count(*) from marts.{quoted(table)} as t {source[1]} group by all order by 1 nulls first"
            ).fetchall()
            found[table] = {"" if year is None else str(year): rows_of for year, rows_of in rows}
    return found


def _with_year(there: Collection[str], tables: Mapping[str, Collection[str]]) -> tuple[str, str] | None:
    if "fiscal_year" in there:
        return "t.fiscal_year", ""
    if "fiscal_year" not in tables.get("dim_disclosure", ()):
        return None
    disclosure = "left join marts.dim_disclosure as d on d.disclosure_key = {}.disclosure_key"
    if "disclosure_key" in there:
        return "d.fiscal_year", disclosure.format("t")
    if "document_id" in there and "disclosure_key" in tables.get("dim_document", ()):
        return "d.fiscal_year", "left join marts.dim_document as f on f.document_id = t.document_id " + disclosure.format("f")
    return None


def waivers_in(warehouse: Path, run: DbtRun, options: Options) -> dict[str, Any]:
    """What this build was let pass with: discrepancies that are listed as looked up, tests that only warn, tables let shrink."""
    with closing(duckdb.connect(warehouse, read_only=True)) as connection:
        try:
            cursor = connection.execute(f"select * from seeds.{KNOWN_DISCREPANCIES} order by all")
            names = [column[0] for column in cursor.description or ()]
            known = [dict(zip(names, map(_told, row), strict=True)) for row in cursor.fetchall()]
        except duckdb.CatalogException:  # a project without that seed
            known = []
    return {
        KNOWN_DISCREPANCIES: known,
        "warnings": list(run.warnings),
        "allow_shrinking": sorted(options.allow_shrinking),
    }


def _told(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | str) else str(value)
