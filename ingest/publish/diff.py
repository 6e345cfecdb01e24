"""What differs between two builds: figures added, changed and gone by department and year; findings that are new or resolved.

A figure is known by what it is, not by the file that prints it: disclosure, form, side, row, column, and its turn where a form
prints the same row twice. So a corrected file is compared with the one that it replaces. Only what is current counts: where a
disclosure came twice, the superseded figures are no figures of the disclosure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from ingest.publish.sql import attached, columns, count, quoted

ADDED, CHANGED, GONE = "added", "changed", "gone"
REPLACED = "replaced"
NEW, RESOLVED = "new", "resolved"


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure that differs, in yuan (counts of the supplementary form as printed)."""

    change: str  # added | changed | gone
    department_key: str
    fiscal_year: int
    disclosure_key: str
    form_code: str
    side: str | None
    row_code: str | None
    row_label: str | None
    column_code: str
    occurrence: int
    before: Decimal | None
    after: Decimal | None
    text_before: str | None
    text_after: str | None
    page_before: int | None
    page_after: int | None


@dataclass(frozen=True, slots=True)
class FindingChange:
    """A finding that only one of the builds has."""

    change: str  # new | resolved
    department_name: str
    fiscal_year: int
    disclosure_kind: str
    severity: str
    check_name: str
    file_name: str
    source_page: int | None
    form_code: str | None
    row_label: str | None
    printed_text: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """A file that only one of the builds has; ``replaced`` where another of its disclosure took its place."""

    change: str  # added | replaced | gone
    document_id: str
    file_name: str
    disclosure_key: str


@dataclass(frozen=True, slots=True)
class YearCount:
    """How many figures of a department for a year differ."""

    department_key: str
    fiscal_year: int
    added: int
    changed: int
    gone: int


@dataclass(frozen=True, slots=True)
class TableCount:
    table: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs. ``before`` is ``None`` for the first build: then all is new, and only counted."""

    before: str | None
    after: str
    years: tuple[YearCount, ...]
    figures: tuple[FigureChange, ...]
    findings: tuple[FindingChange, ...]
    documents: tuple[DocumentChange, ...]
    tables: tuple[TableCount, ...]

    @property
    def totals(self) -> Mapping[str, int]:
        """How many figures were added, changed and are gone."""
        return {
            ADDED: sum(year.added for year in self.years),
            CHANGED: sum(year.changed for year in self.years),
            GONE: sum(year.gone for year in self.years),
        }

    @property
    def finding_totals(self) -> Mapping[str, int]:
        return {change: sum(f.change == change for f in self.findings) for change in (NEW, RESOLVED)}

    @property
    def is_empty(self) -> bool:
        return not (self.figures or self.findings or self.documents or any(self.totals.values()))


@dataclass(frozen=True, slots=True)
class _Keyed:
    """Rows of a mart, the columns that say which row is which, those that say what it says, and what is shown beside."""

    table: str
    key: Sequence[str]
    shown: Sequence[str]
    ties: Sequence[str]  # which of two rows of one key and place comes first
    place: Sequence[str] = ("source_page", "source_table", "source_row", "source_column")


FIGURES = _Keyed(
    "fct_reported_amount",
    key=("department_key", "fiscal_year", "disclosure_key", "form_code", "side", "row_code", "label_key", "column_code"),
    ties=("amount", "document_id"),
    shown=("row_label", "amount", "amount_text"),
)
FINDINGS = _Keyed(
    "rpt_finding",
    key=("disclosure_key", "check_name", "place_kind", "form_code", "side", "row_code", "row_label", "column_code"),
    ties=("finding_key",),
    shown=(*("department_name", "fiscal_year", "disclosure_kind", "severity", "file_name", "printed_text", "reason"),),
)


def compare(before: Path | None, after: Path, names: tuple[str | None, str]) -> Difference:
    """Compare two warehouses; either may have been built by an older version that lacks columns or tables."""
    if before is None:
        with attached(new=after) as connection:
            return Difference(*names, _all_new(connection), (), (), (), _tables(connection, ("new",)))
    with attached(old=before, new=after) as connection:
        figures = tuple(FigureChange(*row) for row in _figures(connection))
        return Difference(
            *names,
            years=_by_year(figures),
            figures=figures,
            findings=tuple(FindingChange(*row) for row in _findings(connection)),
            documents=find_documents(connection),
            tables=_tables(connection, ("old", "new")),
        )


def _all_new(connection: duckdb.DuckDBPyConnection) -> tuple[YearCount, ...]:
    rows = connection.execute(
        f"select department_key, fiscal_year, count(*) from ({_rows(connection, 'new', FIGURES)}) group by all order by all"
    ).fetchall()
    return tuple(YearCount(department, year, added, 0, 0) for department, year, added in rows)


def _by_year(figures: Iterable[FigureChange]) -> tuple[YearCount, ...]:
    counts: dict[tuple[str, int], dict[str, int]] = {}
    for figure in figures:
        of = counts.setdefault((figure.department_key, figure.fiscal_year), {ADDED: 0, CHANGED: 0, GONE: 0})
        of[figure.change] += 1
    return tuple(YearCount(*where, of[ADDED], of[CHANGED], of[GONE]) for where, of in sorted(counts.items()))


def _figures(connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    key = FIGURES.key
    return connection.execute(
        f"""
        with old_rows as ({_rows(connection, "old", FIGURES)}),
        new_rows as ({_rows(connection, "new", FIGURES)})
        select
            case when o.occurrence is null then 'added' when n.occurrence is null then 'gone' else 'changed' end,
            {_either("department_key", "fiscal_year", "disclosure_key", "form_code")},
            {_either("side", "row_code", "row_label", "column_code")},
            coalesce(n.occurrence, o.occurrence),
            o.amount, n.amount, o.amount_text, n.amount_text, o.source_page, n.source_page
        from old_rows as o
        full join new_rows as n on {_same(key)}
        where o.occurrence is null or n.occurrence is null or o.amount is distinct from n.amount
        order by 2, 3, 4, 5, {_either(*FIGURES.place)}, 6 nulls first, 7, 8, 9, 10, 1
        """
    ).fetchall()


def _findings(connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    if not all(FINDINGS.table in columns(connection, catalog) for catalog in ("old", "new")):
        return []
    shown = _either("department_name", "fiscal_year", "disclosure_kind", "severity", "check_name", "file_name", "source_page")
    return connection.execute(
        f"""
        with old_rows as ({_rows(connection, "old", FINDINGS)}),
        new_rows as ({_rows(connection, "new", FINDINGS)})
        select
            case when o.occurrence is null then 'new' else 'resolved' end,
            {shown},
            {_either("form_code", "row_label", "printed_text", "reason")}
        from old_rows as o
        full join new_rows as n on {_same(FINDINGS.key)}
        where o.occurrence is null or n.occurrence is null
        order by all
        """
    ).fetchall()


def find_documents(connection: duckdb.DuckDBPyConnection) -> tuple[DocumentChange, ...]:
    """Which documents went and came between the warehouses attached as ``old`` and ``new``."""
    rows = connection.execute(
        """
        with gone as (
            select document_id, file_name, disclosure_key
            from old.marts.dim_document
            where document_id not in (select document_id from new.marts.dim_document)
        ),
        came as (
            select document_id, file_name, disclosure_key
            from new.marts.dim_document
            where document_id not in (select document_id from old.marts.dim_document)
        )
        select 'added', document_id, file_name, disclosure_key from came
        union all
        select
            case when disclosure_key in (select disclosure_key from came) then 'replaced' else 'gone' end,
            document_id, file_name, disclosure_key
        from gone
        order by 4, 1, 3, 2
        """
    ).fetchall()
    return tuple(DocumentChange(*row) for row in rows)


def _rows(connection: duckdb.DuckDBPyConnection, catalog: str, keyed: _Keyed) -> str:
    """The current rows of a mart with their turn among those of the same key; columns that it lacks are NULL."""
    there = columns(connection, catalog)[keyed.table]
    # Where there is a code the code says which row it is, whatever its label.
    computed = {"label_key": "case when row_code is null then row_label end"}
    wanted = dict.fromkeys([*keyed.key, *keyed.shown, *keyed.place])
    listed = ", ".join(f"{_column(name, there, computed)} as {name}" for name in wanted)
    partition = ", ".join(_column(name, there, computed) for name in keyed.key)
    order = ", ".join(name for name in (*keyed.place, *keyed.ties) if name in there)
    current = "where is_current" if "is_current" in there else ""
    return f"""
        select {listed}, row_number() over (partition by {partition} order by {order}) as occurrence
        from {catalog}.marts.{quoted(keyed.table)} {current}
    """


def _column(name: str, there: Sequence[str], computed: Mapping[str, str]) -> str:
    if name in computed:
        return computed[name]
    return quoted(name) if name in there else "null"


def _same(key: Sequence[str]) -> str:
    # A full join by hash takes equality only; NULL is a value of these keys.
    pairs = [f"coalesce(cast(o.{name} as varchar), '\\0') = coalesce(cast(n.{name} as varchar), '\\0')" for name in key]
    return " and ".join([*pairs, "o.occurrence = n.occurrence"])


def _either(*names: str) -> str:
    return ", ".join(f"coalesce(n.{name}, o.{name})" for name in names)


def _tables(connection: duckdb.DuckDBPyConnection, catalogs: Sequence[str]) -> tuple[TableCount, ...]:
    counts = {
        catalog: {table: count(connection, f"{catalog}.marts.{quoted(table)}") for table in columns(connection, catalog)}
        for catalog in catalogs
    }
    before, after = counts.get("old", {}), counts["new"]
    return tuple(TableCount(table, before.get(table), after.get(table)) for table in sorted(before.keys() | after.keys()))
