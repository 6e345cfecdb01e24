"""What an export is of: one published build, and one department of it or all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import version

import duckdb

from ingest.departments import find_department
from ingest.home import Home
from reporting.query import tables

# The label of the row that adds up a form; some budgets leave it blank (macros/total_rows.sql).
TOTAL_LABEL = "^((本年|当年)?(收入|支出|基本支出|项目支出)?(合计|总计))?$"


class CannotExport(Exception):
    """There is nothing to export, or the build is of before there was what it needs."""


@dataclass(frozen=True, slots=True)
class Scope:
    """``department_key`` is ``None`` for all departments."""

    connection: duckdb.DuckDBPyConnection
    build_id: str
    department_key: str | None = None
    department_name: str | None = None
    is_simulated: bool | None = None  # None: some of them

    @property
    def made_by(self) -> str:
        return f"juesuan {version('juesuan')}"


@contextmanager
def open_scope(home: Home, department: str | None, needed: frozenset[str]) -> Iterator[Scope]:
    """The published build, held for as long as the export takes. Raises :class:`CannotExport`, ``NothingFound``."""
    if not home.warehouse.is_file():
        raise CannotExport(f"nothing is published in {home.path} yet: run juesuan ingest PATH…, then juesuan build")
    # Through the link once: what is published meanwhile must not give the id of one build to the figures of another.
    warehouse = home.warehouse.resolve()
    # Opened as everything else here opens it: DuckDB refuses two ways of opening a file in one process.
    with closing(duckdb.connect(warehouse, read_only=True)) as connection:
        missing = needed - set(tables(connection))
        if missing:
            raise CannotExport(f"the published build has no {', '.join(sorted(missing))}: it is of before; run juesuan build")
        key = None if department is None else find_department(connection, department)
        row = connection.execute(
            "select count(*), bool_and(is_simulated), bool_or(is_simulated), any_value(department_name)"
            " from marts.dim_department where department_key = coalesce(?, department_key)",
            [key],
        ).fetchone()
        assert row is not None  # an aggregate has a row
        count, every, some, name = row
        if not count:
            raise CannotExport("the warehouse holds no department")
        yield Scope(connection, warehouse.parent.name, key, name if key else None, every if every == some else None)
