"""What is loaded, what could not be, and what became of the last builds."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from ingest.findings import told_after_build
from ingest.home import Home, resolve_home
from ingest.publish.record import BuildRecord, RecordUnreadable, is_whole, read_record, read_state
from ingest.publish.shelf import list_builds
from ingest.publish.sql import attached
from ingest.terminal import lines_of, printable, table

LAST_RUNS = 5
LAST_BUILDS = 20


@dataclass(frozen=True, slots=True)
class LoadedDisclosure:
    """What is loaded of one department for one year, which may come in several files."""

    department_name: str
    fiscal_year: int
    disclosure_kind: str
    reporting_scope: str
    is_simulated: bool
    documents: int
    forms_present: int
    forms_no_data: int
    forms_missing: int
    amounts: int
    notices: int


@dataclass(frozen=True, slots=True)
class FormCount:
    form_code: str
    status: str
    forms: int


@dataclass(frozen=True, slots=True)
class Rejection:
    """A file that is not loaded: what is wrong with it and what to do."""

    file_path: str
    code: str
    message: str
    advice: str
    source_page: int | None
    expectation: str | None
    paste: str | None
    rejected_at: str


@dataclass(frozen=True, slots=True)
class NoticeCount:
    kind: str
    notices: int
    documents: int


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A document that contradicts itself: a form with figures under a note that it is empty."""

    file_name: str
    form_code: str | None
    source_page: int | None
    message: str


@dataclass(frozen=True, slots=True)
class DepartmentProposal:
    """What a name that ``department_alias`` does not have may be to a known one; ``paste`` is a line for that seed."""

    department_name: str
    proposal: str  # spelling | renamed | unit
    other_name: str
    reason: str
    paste: str


@dataclass(frozen=True, slots=True)
class SupersededDocument:
    """A document whose parts (forms, explanation) another one of its disclosure has as well, and why that is current."""

    department_name: str
    fiscal_year: int
    disclosure_kind: str
    reporting_scope: str
    file_name: str
    current_file_name: str
    parts: str  # form codes and `explanation`, joined by commas
    chosen_because: str
    reason: str
    differences: int  # figures of these forms, and statements of the explanation, that were changed, added or are gone


@dataclass(frozen=True, slots=True)
class DocumentPaths:
    """The places of one document that was found at several, or is not any more where it was."""

    file_name: str
    paths: tuple[str, ...]  # those that are gone say so


@dataclass(frozen=True, slots=True)
class IngestRun:
    run_id: str
    started_at: str
    finished_at: str | None
    files_seen: int
    files_loaded: int
    files_unchanged: int
    files_rejected: int


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """One build; ``status`` is ``passed``, ``failed``, ``interrupted`` or ``unreadable``."""

    build_id: str
    status: str
    is_published: bool
    started_at: str | None
    seconds: float | None
    documents: int | None
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LastNight:
    """How the last nightly run ended: ``published``, ``nothing_new``, ``held_back`` or ``not_published``."""

    at: str
    exit_status: int
    outcome: str
    message: str
    last_good_at: str | None


@dataclass(frozen=True, slots=True)
class Status:
    """All that ``juesuan status`` says. ``staging_problem`` tells why staging could not be looked at."""

    home: str
    staging_problem: str | None
    disclosures: tuple[LoadedDisclosure, ...]
    forms: tuple[FormCount, ...]
    notices: tuple[NoticeCount, ...]
    rejections: tuple[Rejection, ...]
    runs: tuple[IngestRun, ...]
    builds: tuple[BuildSummary, ...]
    unpublished_since: str | None  # when staging changed, if that was after the published build had begun
    contradictions: tuple[Contradiction, ...] = ()
    proposals: tuple[DepartmentProposal, ...] = ()  # as of the published build
    last_night: LastNight | None = None
    superseded: tuple[SupersededDocument, ...] = ()  # as of the published build
    paths: tuple[DocumentPaths, ...] = ()


# A form that one file of a disclosure only lists and another one has is not missing.
DISCLOSURES = """
with listed as (
    select
        document_id,
        f.status,
        f.status = 'missing' and bool_or(f.status <> 'missing') over (
            partition by d.department_name, d.fiscal_year, d.disclosure_kind, d.reporting_scope, d.is_simulated, f.form_code
        ) as is_elsewhere
    from staging.staging.form as f
    join staging.staging.document as d using (document_id)
),

forms as (
    select
        document_id,
        count(*) filter (where status = 'present') as present,
        count(*) filter (where status = 'no_data') as no_data,
        count(*) filter (where status = 'missing' and not is_elsewhere) as missing
    from listed
    group by document_id
),

amounts as (
    select document_id, count(*) as amounts from staging.staging.amount group by document_id
),

notices as (
    select document_id, count(*) as notices from staging.staging.notice group by document_id
)

select
    d.department_name,
    d.fiscal_year,
    d.disclosure_kind,
    d.reporting_scope,
    d.is_simulated,
    count(*),
    coalesce(sum(f.present), 0)::bigint,
    coalesce(sum(f.no_data), 0)::bigint,
    coalesce(sum(f.missing), 0)::bigint,
    coalesce(sum(a.amounts), 0)::bigint,
    coalesce(sum(n.notices), 0)::bigint
from staging.staging.document as d
left join forms as f using (document_id)
left join amounts as a using (document_id)
left join notices as n using (document_id)
group by all
order by d.is_simulated, d.department_name, d.reporting_scope, d.disclosure_kind, d.fiscal_year
"""

FORMS = """
select form_code, status, count(*)
from (
    select
        f.form_code,
        f.status,
        f.status = 'missing' and bool_or(f.status <> 'missing') over (
            partition by d.department_name, d.fiscal_year, d.disclosure_kind, d.reporting_scope, d.is_simulated, f.form_code
        ) as is_elsewhere
    from staging.staging.form as f
    join staging.staging.document as d using (document_id)
)
where not is_elsewhere
group by form_code, status
order by all
"""

NOTICES = """
select kind, count(*), count(distinct document_id)
from staging.staging.notice
group by all
order by all
"""

CONTRADICTIONS = """
select file_name, form_code, source_page, message
from staging.staging.notice
join staging.staging.document using (document_id)
where kind = 'contradictory_note'
order by all
"""

PROPOSALS = """
select department_name, proposal, other_name, reason, paste
from marts.rpt_department_proposal
order by department_name, proposal
"""

SUPERSEDED = """
with differences as (
    select current_document_id, other_document_id, form_code, count(*) as differences
    from marts.fct_document_difference
    where is_difference and grain = 'figure'
    group by all

    union all

    select current_document_id, other_document_id, 'explanation' as form_code, count(*) as differences
    from marts.fct_claim_difference
    where is_difference
    group by all
)

select
    d.department_name,
    d.fiscal_year,
    d.disclosure_kind,
    d.reporting_scope,
    b.file_name,
    c.file_name as current_file_name,
    string_agg(b.part, ', ' order by b.part),
    b.chosen_because,
    b.reason,
    coalesce(sum(x.differences), 0)::bigint
from marts.bridge_disclosure_document as b
join marts.dim_disclosure as d using (disclosure_key)
join marts.dim_document as c on b.superseded_by_document_id = c.document_id
left join differences as x
    on b.superseded_by_document_id = x.current_document_id and b.document_id = x.other_document_id and b.part = x.form_code
group by all
order by d.department_name, d.fiscal_year, d.disclosure_kind, current_file_name, b.file_name, b.chosen_because
"""

PATHS = """
select
    d.file_name,
    list(p.file_path || case when p.gone_at is not null then ' (gone)' else '' end order by p.gone_at is not null, p.file_path)
from staging.staging.document as d
join staging.staging.document_path as p using (document_id)
group by d.document_id, d.file_name
having count(*) > 1 or bool_or(p.gone_at is not null)
order by d.file_name
"""

REJECTIONS = """
select file_path, code, message, advice, source_page, expectation, paste, rejected_at
from staging.staging.rejection
order by file_path
"""

RUNS = """
select run_id, started_at, finished_at, files_seen, files_loaded, files_unchanged, files_rejected
from staging.staging.ingest_run
order by started_at desc, run_id desc
limit ?
"""

# A run that loaded or rejected something changed what there is to build; one that found all unchanged did not.
LAST_CHANGE = """
select max(moment)
from (
    select max(loaded_at) as moment from staging.staging.document
    union all
    select max(rejected_at) from staging.staging.rejection
)
"""


def read_status(home: Home) -> Status:
    """Look at a home without changing it; a home that does not exist yet has an empty status."""
    builds = tuple(_summarize(folder, home.published_build()) for folder in list_builds(home)[:LAST_BUILDS])
    night = read_last_night(home)
    nothing = Status(str(home.path), None, (), (), (), (), (), builds, None, last_night=night)
    if not home.staging.is_file():
        return _with_problem(nothing, f"there is no {home.staging}; read some disclosures first: juesuan ingest PATH…")
    try:
        with attached(staging=home.staging) as connection:
            changed = connection.execute(LAST_CHANGE).fetchone()
            return Status(
                home=str(home.path),
                staging_problem=None,
                disclosures=tuple(LoadedDisclosure(*row) for row in connection.execute(DISCLOSURES).fetchall()),
                forms=tuple(FormCount(*row) for row in connection.execute(FORMS).fetchall()),
                notices=tuple(NoticeCount(*row) for row in connection.execute(NOTICES).fetchall()),
                rejections=tuple(_read_rejection(row) for row in connection.execute(REJECTIONS).fetchall()),
                runs=tuple(_read_run(row) for row in connection.execute(RUNS, [LAST_RUNS]).fetchall()),
                builds=builds,
                unpublished_since=_unpublished_since(changed[0] if changed else None, builds),
                contradictions=tuple(Contradiction(*row) for row in connection.execute(CONTRADICTIONS).fetchall()),
                proposals=_read_proposals(home.warehouse),
                last_night=night,
                superseded=_read_superseded(home.warehouse),
                paths=_read_paths(connection),
            )
    except duckdb.IOException:
        # DuckDB lets nobody read while another process writes.
        return _with_problem(nothing, f"{home.staging} is being written or is no DuckDB file; try again in a moment")


def _read_proposals(warehouse: Path) -> tuple[DepartmentProposal, ...]:
    """Proposals of the published build; none where there is no build, or one of before there were proposals."""
    if not warehouse.is_file():
        return ()
    try:
        with closing(duckdb.connect(warehouse, read_only=True)) as connection:
            return tuple(DepartmentProposal(*row) for row in connection.execute(PROPOSALS).fetchall())
    except (duckdb.CatalogException, duckdb.IOException):
        return ()


def _read_superseded(warehouse: Path) -> tuple[SupersededDocument, ...]:
    """Superseded documents of the published build; none where there is no build, or one of before they were told apart."""
    if not warehouse.is_file():
        return ()
    try:
        with closing(duckdb.connect(warehouse, read_only=True)) as connection:
            return tuple(SupersededDocument(*row) for row in connection.execute(SUPERSEDED).fetchall())
    except (duckdb.CatalogException, duckdb.IOException):
        return ()


def _read_paths(connection: duckdb.DuckDBPyConnection) -> tuple[DocumentPaths, ...]:
    """Documents that were found at several paths; none in a staging of before all paths were kept."""
    try:
        return tuple(DocumentPaths(name, tuple(paths)) for name, paths in connection.execute(PATHS).fetchall())
    except duckdb.CatalogException:
        return ()


def read_last_night(home: Home) -> LastNight | None:
    """What the last night left in ``nightly.json``; nothing where there was none, or where that is not to be read."""
    state = read_state(home)
    try:
        return LastNight(**{field.name: state[field.name] for field in fields(LastNight)})
    except KeyError:
        return None


def _with_problem(status: Status, problem: str) -> Status:
    return replace(status, staging_problem=problem)


def _read_rejection(row: tuple[Any, ...]) -> Rejection:
    *values, rejected_at = row
    return Rejection(*(*values, _moment(rejected_at)))


def _read_run(row: tuple[Any, ...]) -> IngestRun:
    run_id, started_at, finished_at, *counts = row
    return IngestRun(run_id, _moment(started_at), _moment(finished_at) if finished_at else None, *counts)


def _moment(value: datetime) -> str:
    return value.isoformat(sep=" ", timespec="seconds")


def _summarize(folder: Path, published: str | None) -> BuildSummary:
    is_published = folder.name == published
    try:
        record = read_record(folder)
    except RecordUnreadable as error:
        return BuildSummary(folder.name, "unreadable", is_published, None, None, None, (str(error),))
    if record is None:
        return BuildSummary(folder.name, "interrupted", is_published, None, None, None, ())
    # Killed over its last steps: what is there may be complete, and the next night finds out.
    unfinished = record.status == "passed" and bool(record.fingerprint) and not is_whole(folder)
    return BuildSummary(
        folder.name,
        "interrupted" if unfinished else record.status,
        is_published,
        record.started_at,
        record.seconds,
        record.inputs.documents,
        record.problems,
    )


def _unpublished_since(changed: datetime | None, builds: Iterable[BuildSummary]) -> str | None:
    started = next((b.started_at for b in builds if b.is_published), None)
    if changed is None or started is None:
        return None
    # Staging keeps UTC without saying so.
    begun = datetime.fromisoformat(started).replace(tzinfo=None)
    return _moment(changed) if changed > begun else None


def render_status(status: Status) -> str:
    """The status as a person reads it in a terminal."""
    parts = [
        _render_loaded(status),
        _render_contradictions(status.contradictions),
        _render_superseded(status.superseded),
        _render_paths(status.paths),
        _render_proposals(status.proposals),
        _render_rejections(status.rejections),
        _render_runs(status.runs),
        _render_builds(status),
    ]
    return "\n\n".join(part for part in parts if part)


def _render_loaded(status: Status) -> str:
    if status.staging_problem:
        return printable(status.staging_problem)
    documents = sum(d.documents for d in status.disclosures)
    lines = [f"Loaded in {status.home}: {documents} documents, {sum(d.amounts for d in status.disclosures)} amounts"]
    header = ("department", "years", "kind", "scope", "documents", "forms", "no data", "missing", "amounts", "notices")
    rows = [_department_row(group) for group in _by_department(status.disclosures)]
    if rows:
        lines += table(header, rows)
    if status.forms:
        codes = sorted({f.form_code for f in status.forms})
        counts = {(f.form_code, f.status): f.forms for f in status.forms}
        states = ("present", "no_data", "missing")
        lines += ["", *table(("form", *states), [(c, *(str(counts.get((c, s), 0)) for s in states)) for c in codes])]
    if status.notices:
        lines += [
            "",
            *table(("notice", "count", "documents"), [(n.kind, str(n.notices), str(n.documents)) for n in status.notices]),
        ]
    return lines_of(lines)


def _by_department(disclosures: Iterable[LoadedDisclosure]) -> list[list[LoadedDisclosure]]:
    groups: dict[tuple[bool, str, str, str], list[LoadedDisclosure]] = {}
    for d in disclosures:
        groups.setdefault((d.is_simulated, d.department_name, d.reporting_scope, d.disclosure_kind), []).append(d)
    return list(groups.values())


def _department_row(group: Sequence[LoadedDisclosure]) -> tuple[str, ...]:
    first = group[0]
    sums = (
        sum(d.documents for d in group),
        sum(d.forms_present for d in group),
        sum(d.forms_no_data for d in group),
        sum(d.forms_missing for d in group),
        sum(d.amounts for d in group),
        sum(d.notices for d in group),
    )
    return (
        first.department_name + (" (simulated)" if first.is_simulated else ""),
        year_ranges([d.fiscal_year for d in group]),
        first.disclosure_kind,
        first.reporting_scope,
        *(str(n) for n in sums),
    )


def year_ranges(years: Iterable[int]) -> str:
    """``2017-2019, 2021``: what is there, so that a gap shows."""
    ranges: list[list[int]] = []
    for year in sorted(set(years)):
        if ranges and ranges[-1][1] == year - 1:
            ranges[-1][1] = year
        else:
            ranges.append([year, year])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def _render_contradictions(contradictions: Sequence[Contradiction]) -> str:
    if not contradictions:
        return ""
    lines = ["Documents that contradict themselves; their figures are loaded as printed"]
    for c in contradictions:
        place = f", page {c.source_page}" if c.source_page else ""
        lines.append(f"  {c.file_name}{place}: {c.message}")
    return lines_of(lines)


def _render_superseded(superseded: Sequence[SupersededDocument]) -> str:
    if not superseded:
        return ""
    lines = [
        "Disclosures that came more than once; the facts take what is current,"
        " fct_document_difference and fct_claim_difference have what differs"
    ]
    disclosure = None
    for s in superseded:
        if disclosure != (s.department_name, s.fiscal_year, s.disclosure_kind, s.reporting_scope):
            disclosure = (s.department_name, s.fiscal_year, s.disclosure_kind, s.reporting_scope)
            lines.append(f"  {s.department_name} · {s.fiscal_year} {s.disclosure_kind.replace('_', ' ')} ({s.reporting_scope})")
        differ = f"{s.differences} figures differ" if s.differences else "no figure differs"
        lines += [
            f"      {s.current_file_name} is current, not {s.file_name}, in {s.parts}: {differ}",
            f"        {s.chosen_because}: {s.reason}",
        ]
    return "\n".join(lines)


def _render_paths(paths: Sequence[DocumentPaths]) -> str:
    if not paths:
        return ""
    lines = ["Documents that were found at several paths, or are gone from theirs"]
    for document in paths:
        lines += [f"  {document.file_name}", *(f"      {path}" for path in document.paths)]
    return "\n".join(lines)


def _render_proposals(proposals: Sequence[DepartmentProposal]) -> str:
    if not proposals:
        return ""
    lines = [
        "Names that may belong together; none is merged until you check its line and paste it into seeds/department_alias.csv"
    ]
    for p in proposals:
        relation = {"spelling": "another spelling of", "renamed": "the successor of", "unit": "a unit of"}[p.proposal]
        lines += [f"  {p.department_name} may be {relation} {p.other_name}: {p.reason}", f"      | {p.paste}"]
    return lines_of(lines)


def _render_rejections(rejections: Sequence[Rejection]) -> str:
    if not rejections:
        return ""
    lines = [f"Rejected: {len(rejections)} files"]
    for r in rejections:
        path = Path(r.file_path)
        lines.append(f"  {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}: {r.message} [{r.code}]")
        lines.append(f"      {r.advice}")
        if r.paste:
            lines += [f"      | {line}" for line in r.paste.splitlines()]
    return lines_of(lines)


def _render_runs(runs: Sequence[IngestRun]) -> str:
    if not runs:
        return ""
    rows = [
        (
            r.started_at,
            "interrupted" if r.finished_at is None else "finished",
            *(str(n) for n in (r.files_seen, r.files_loaded, r.files_unchanged, r.files_rejected)),
        )
        for r in runs
    ]
    return lines_of(["Last ingest runs (UTC)", *table(("started", "state", "files", "loaded", "unchanged", "rejected"), rows)])


def _render_builds(status: Status) -> str:
    lines: list[str] = []
    if status.last_night:
        night = status.last_night
        lines.append(f"Last night ended at {night.at} with exit status {night.exit_status}: {night.message}")
        if night.last_good_at and night.last_good_at != night.at:
            lines.append(f"  the last one that ended well did so at {night.last_good_at}")
    if not status.builds:
        return "\n".join([*lines, "No build yet: juesuan build"])
    lines.append("Last builds")
    for b in status.builds:
        mark = " <- current" if b.is_published else ""
        extent = f", {b.documents} documents, {b.seconds:.0f} s" if b.seconds is not None else ""
        lines.append(f"  {b.build_id}  {b.status}{extent}{mark}")
        lines += [f"      {problem}" for problem in b.problems]
    if status.unpublished_since:
        lines.append(f"Staging changed at {status.unpublished_since} UTC, after the published build: juesuan build")
    return lines_of(lines)


def render_build(record: BuildRecord, home: Home) -> str:
    """What was published, and what to ask it next."""
    checks = [record.outcomes.get(kind, {}) for kind in ("test", "unit test")]
    passed = sum(outcomes.get("pass", 0) for outcomes in checks)
    lines = [
        f"Published {home.warehouse} (build {record.build_id}, {record.seconds:.0f} s)",
        f"  {record.inputs.documents} documents, {record.inputs.forms} forms, {record.inputs.amounts} amounts; "
        f"{passed} checks passed" + (f", {len(record.warnings)} warned" if record.warnings else ""),
        *(f"  warning: {warning}" for warning in record.warnings),
        *(f"  {line}" for line in told_after_build(home)),
    ]
    return lines_of([*lines, "", "Ask it, for example", *(f"  {line}" for line in next_steps(home))])


EXAMPLE_QUESTION = """\
select d.department_name, a.fiscal_year, a.disclosure_kind, a.amount from marts.fct_reported_amount as a \
join marts.dim_disclosure as d on a.disclosure_key = d.disclosure_key \
where a.form_code = 'expenditure' and a.row_label = '合计' and a.column_code = 'total' order by all"""

# A figure that is worth following back: of a real department where there is one, of the latest year.
EXAMPLE_FIGURE = """
select d.department_name, a.fiscal_year, a.row_code
from marts.fct_reported_amount as a
inner join marts.dim_disclosure as d on a.disclosure_key = d.disclosure_key
where a.form_code = 'expenditure' and a.column_code = 'total' and a.row_code is not null
order by d.is_simulated, a.fiscal_year desc, a.amount desc, length(a.row_code) desc, d.department_name
limit 1
"""


def next_steps(home: Home) -> list[str]:
    """Command lines that can be pasted as they are: a question, and the way of one figure back to its page."""
    juesuan = _shown(Path(sys.executable).parent / "juesuan")
    option = "" if str(home.path) == str(resolve_home(None).path) else f" --home {shlex.quote(str(home.path))}"
    steps = [f'{juesuan} sql{option} "{EXAMPLE_QUESTION}"', f"{juesuan} findings{option}", f"{juesuan} site{option}"]
    with closing(duckdb.connect(home.warehouse, read_only=True)) as connection:
        figure = connection.execute(EXAMPLE_FIGURE).fetchone()
    if figure:
        department, year, code = figure
        steps.append(f"{juesuan} explain{option} --department {shlex.quote(department)} --year {year} --code {code}")
    return steps


def _shown(program: Path) -> str:
    """A program as it would be typed from here."""
    here = Path.cwd()
    return shlex.quote(str(program.relative_to(here) if program.is_relative_to(here) else program))
