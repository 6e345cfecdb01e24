"""Small helpers around DuckDB that several modules here share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb


def quoted(name: str) -> str:
    """An identifier as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | Path) -> str:
    """A text as SQL takes it."""
    return "'" + str(text).replace("'", "''") + "'"


def count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    assert row is not None  # an aggregate has a row
    return int(row[0])


@contextmanager
def attached(**files: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in memory with files attached read-only, each under the name that it is given."""
    with closing(duckdb.connect()) as connection:
        for name, path in files.items():
            connection.execute(f"attach {literal(path)} as {quoted(name)} (read_only)")
        yield connection


def columns(connection: duckdb.DuckDBPyConnection, catalog: str, schema: str = "marts") -> dict[str, list[str]]:
    """The tables of a schema with their columns, in order; empty where there is no such schema."""
    found: dict[str, list[str]] = {}
    for table, column in connection.execute(
        """
        select table_name, column_name
        from duckdb_columns()
        where database_name = ? and schema_name = ?
        order by table_name, column_index
        """,
        [catalog, schema],
    ).fetchall():
        found.setdefault(table, []).append(column)
    return found


def first_line(text: str | None) -> str:
    """The telling part of a message of dbt or DuckDB, which is in its first two lines, on one line."""
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    return " ".join(lines[:2])
