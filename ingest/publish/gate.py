"""The gate: what a finished build must be before anybody may read it.

Each check returns lines that say what is wrong; a build with any line is not published.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingest.publish.diff import GONE, REPLACED, find_documents
from ingest.publish.inputs import Inputs
from ingest.publish.sql import attached, columns, count, first_line, quoted

# A warehouse in which one of these is empty answers no question; a green build of empty tables is worse than none.
KEY_MARTS = ("dim_document", "dim_disclosure", "dim_department", "fct_disclosed_form", "fct_reported_amount")
# What we conclude, not what is printed: a corrected disclosure has fewer findings, and that is why it was corrected.
CONCLUSIONS = frozenset({"bridge_finding_check"})
CONCLUSION_PREFIX = "rpt_"
ALL_TABLES = "all"
AUDIT = "dbt_test__audit"
# What a row is about, the narrowest first.
SUBJECTS = ("document_id", "disclosure_key", "department_key")


@dataclass(frozen=True, slots=True)
class Shrinking:
    """A table that has fewer rows than in the build published before. ``reason`` explains it, where it is explained."""

    table: str
    before: int
    after: int
    reason: str | None
    doubt: str | None

    def __str__(self) -> str:
        return f"marts.{self.table} shrank from {self.before} to {self.after} rows: {self.reason or self.doubt}"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the documents since the build before."""

    replaced: frozenset[str]  # gone, and another document of their disclosure has come
    lost: frozenset[str]  # gone, and nothing has come instead
    departments: frozenset[str]  # with a document that came or went


def inspect_warehouse(path: Path, inputs: Inputs) -> tuple[dict[str, int], tuple[str, ...]]:
    """Open a finished warehouse as a reader would; return the rows of each mart, and what keeps it from being published."""
    if not path.is_file():
        return {}, (f"dbt left no {path.name}",)
    if path.with_name(path.name + ".wal").exists():
        # Replayed into whatever file has this name next, it would mix two builds.
        return {}, (f"{path.name} was not closed: a write-ahead log stands beside it",)
    try:
        with closing(duckdb.connect(path, read_only=True)) as connection:
            counts = count_rows(connection)
            problems = [*_empty_marts(counts), *_lost_rows(counts, inputs), *_audit(connection), *_deaf_views(connection)]
    except duckdb.Error as error:
        return {}, (f"{path.name} cannot be opened for reading: {first_line(str(error))}",)
    return counts, tuple(problems)


def can_be_opened(path: Path) -> bool:
    """Whether there is a warehouse to compare with: one that is broken or of a newer DuckDB must not stop all nights."""
    if not path.is_file():
        return False
    try:
        with closing(duckdb.connect(path, read_only=True)) as connection:
            return "dim_document" in count_rows(connection)
    except duckdb.Error:
        return False


def count_rows(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """The rows of each table of the marts."""
    tables = connection.execute("select table_name from duckdb_tables() where schema_name = 'marts' order by all").fetchall()
    return {table: count(connection, f"marts.{quoted(table)}") for (table,) in tables}


def _empty_marts(counts: Mapping[str, int]) -> list[str]:
    missing = [f"there is no marts.{mart}" for mart in KEY_MARTS if mart not in counts]
    return missing + [f"marts.{mart} is empty" for mart in KEY_MARTS if counts.get(mart) == 0]


def _lost_rows(counts: Mapping[str, int], inputs: Inputs) -> list[str]:
    """Nothing that was read may be lost or doubled on the way from staging to the marts.

    A form that one document lists and another of its disclosure has is no form of the first: a data test of the project sees
    to fct_disclosed_form.
    """
    pairs = (("dim_document", inputs.documents), ("fct_reported_amount", inputs.amounts))
    return [
        f"marts.{mart} has {counts[mart]} rows, staging has {expected}"
        for mart, expected in pairs
        if counts.get(mart) and counts[mart] != expected
    ]


def _audit(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Tests that keep their failing rows leave a schema for them; it is nobody's table."""
    for (schema,) in connection.execute(
        "select schema_name from duckdb_schemas() where database_name = current_database() order by all"
    ).fetchall():
        if schema.endswith(AUDIT):
            yield f"schema {schema} holds failing rows of tests; run them without --store-failures"


def _deaf_views(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Views that do not answer from this file alone, where a reader opens it."""
    views = connection.execute(
        "select schema_name, view_name from duckdb_views() where not internal and database_name = current_database() order by all"
    ).fetchall()
    for schema, view in views:
        try:
            connection.execute(f"select * from {quoted(schema)}.{quoted(view)}").fetchall()
        except duckdb.Error as error:
            yield (f"view {schema}.{view} does not answer once published; materialize it as a table: {first_line(str(error))}")


def find_shrinking(new: Path, old: Path, *, same_code: bool) -> list[Shrinking]:
    """The marts that have fewer rows than the build published before, each with what explains it.

    Where the code is the same, rows may go only where a document of their department came or was replaced by another of its
    disclosure, and conclusions (findings, reports) may go with whatever they were drawn from. Nothing explains rows that a change
    of the code takes away.
    """
    with attached(new=new, old=old) as connection:
        tables = columns(connection, "new")
        before = {table: count(connection, f"old.marts.{quoted(table)}") for table in columns(connection, "old")}
        after = {table: count(connection, f"new.marts.{quoted(table)}") for table in tables}
        shrunk = {table: (rows, after.get(table, 0)) for table, rows in before.items() if after.get(table, 0) < rows}
        if not shrunk:
            return []
        change = _find_change(connection)
        return [
            _judge(connection, table, rows, change, tables.get(table), same_code=same_code)
            for table, rows in sorted(shrunk.items())
        ]


def _find_change(connection: duckdb.DuckDBPyConnection) -> Change:
    documents = find_documents(connection)
    return Change(
        replaced=frozenset(d.document_id for d in documents if d.change == REPLACED),
        lost=frozenset(d.document_id for d in documents if d.change == GONE),
        departments=frozenset(_department(d.disclosure_key) for d in documents),
    )


def _department(disclosure_key: str) -> str:
    return disclosure_key.partition("/")[0]


def _has(connection: duckdb.DuckDBPyConnection, catalog: str, table: str, column: str) -> bool:
    return column in columns(connection, catalog).get(table, ())


def _judge(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    rows: tuple[int, int],
    change: Change,
    there: Collection[str] | None,
    *,
    same_code: bool,
) -> Shrinking:
    reason, doubt = None, None
    if there is None:
        doubt = "there is no such table any more"
    elif not same_code:
        doubt = "the code has changed, and nothing in the documents explains it"
    elif change.lost:
        doubt = f"documents that are gone with none in their place: {_some_files(connection, change.lost)}"
    elif table.startswith(CONCLUSION_PREFIX) or table in CONCLUSIONS:
        reason = "conclusions that no longer hold"
    else:
        reason, doubt = _by_subject(connection, table, change, there)
    return Shrinking(table, *rows, reason, doubt)


def _by_subject(
    connection: duckdb.DuckDBPyConnection, table: str, change: Change, there: Collection[str]
) -> tuple[str | None, str | None]:
    """A document may change what is said of others of its department: which is current, what other years are held against."""
    if not change.departments:
        return None, "no document has changed"
    told = (
        f"documents replaced by others of their disclosures: {_some_files(connection, change.replaced)}"
        if change.replaced
        else f"documents that have come, of {_some(change.departments)}"
    )
    documents = dict(connection.execute("select document_id, disclosure_key from old.marts.dim_document").fetchall())
    for subject in SUBJECTS:
        if subject in there and _has(connection, "old", table, subject):
            shrunk = _shrunk_subjects(connection, table, subject)
            doubtful = {key for key in shrunk if _department(documents.get(key, key)) not in change.departments}
            if doubtful:
                return None, f"rows of {subject} {_some(doubtful)} are gone, of whose department no document has changed"
            return told, None
    return told, None


def _shrunk_subjects(connection: duckdb.DuckDBPyConnection, table: str, subject: str) -> set[str]:
    rows = connection.execute(
        f"""
        select old_rows.subject
        from (select {subject} as subject, count(*) as rows from old.marts.{quoted(table)} group by all) as old_rows
        left join (select {subject} as subject, count(*) as rows from new.marts.{quoted(table)} group by all) as new_rows
            on old_rows.subject = new_rows.subject
        where old_rows.subject is not null and coalesce(new_rows.rows, 0) < old_rows.rows
        """
    ).fetchall()
    return {str(row[0]) for row in rows}


def _some_files(connection: duckdb.DuckDBPyConnection, documents: Iterable[str]) -> str:
    if not _has(connection, "old", "dim_document", "file_name"):
        return _some(documents)
    names = connection.execute(
        "select file_name from old.marts.dim_document where list_contains(?, document_id)", [list(documents)]
    ).fetchall()
    return _some(name for (name,) in names)


def _some(values: Iterable[str], shown: int = 3) -> str:
    listed = sorted(values)
    return ", ".join(listed[:shown]) + (f" and {len(listed) - shown} more" if len(listed) > shown else "")


def sort_out(found: Iterable[Shrinking], allowed: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What keeps a build from being published, and what is explained or was allowed by name."""
    problems: list[str] = []
    explained: list[str] = []
    for shrinking in found:
        if shrinking.reason is not None:
            explained.append(str(shrinking))
        elif ALL_TABLES in allowed or shrinking.table in allowed:
            explained.append(f"{shrinking} (allowed by --allow-shrinking)")
        else:
            problems.append(f"{shrinking}; if that is right: --allow-shrinking {shrinking.table}")
    return tuple(problems), tuple(explained)
