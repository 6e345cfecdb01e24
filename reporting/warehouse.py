"""A published warehouse, open for reading, and answers that carry the SQL that made them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from ingest.home import WAREHOUSE_FILE, resolve_home

Value = str | int | bool | None | Sequence[str] | Sequence[int]

_PARAMETER = re.compile(r"\$([a-z_]+)")


class NoWarehouse(Exception):
    """There is no published warehouse to read. The message is one line for the user."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query answered: the very text that was run, with its values in it, and the rows. Decimals are exact."""

    sql: str
    frame: pd.DataFrame


def find_warehouse(option: Path | str | None = None) -> Path:
    """The file to read: ``option`` (a .duckdb file, a home or one of its builds), else ``$JUESUAN_HOME``, else ``warehouse/``.

    Raises :class:`NoWarehouse`.
    """
    path = resolve_home(Path(option) if option else None).path
    if path.is_file():
        return path
    for candidate in (path / "current" / WAREHOUSE_FILE, path / WAREHOUSE_FILE):
        if candidate.is_file():
            return candidate
    raise NoWarehouse(f"no published warehouse at {path}; 'make warehouse' makes one of the samples, 'juesuan build' of yours")


@contextmanager
def open_warehouse(option: Path | str | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A published warehouse, read-only and without access to any other file. Raises :class:`NoWarehouse`."""
    path = find_warehouse(option)
    try:
        connection = duckdb.connect(str(path), read_only=True, config={"enable_external_access": "false"})
    except duckdb.Error as error:
        raise NoWarehouse(f"{path} cannot be read as a warehouse: {str(error).splitlines()[0]}") from error
    try:
        if not connection.execute("select 1 from duckdb_schemas() where schema_name = 'marts'").fetchone():
            raise NoWarehouse(f"{path} is a DuckDB file, but not a published warehouse: it has no schema marts")
        yield connection
    finally:
        connection.close()


def ask(connection: duckdb.DuckDBPyConnection, sql: str, **values: Value) -> Answer:
    """Run a query whose ``$names`` stand for ``values``.

    The values are written into the text as SQL literals before it runs, so that the text shown to a reader, pasted elsewhere, is
    the one that answered. Raises ``KeyError`` for a name without a value.
    """
    text = fill_in(sql, values)
    table = connection.execute(text).to_arrow_table()
    # .df() would turn DECIMAL into float.
    return Answer(text, table.to_pandas(types_mapper=pd.ArrowDtype))


def fill_in(sql: str, values: Mapping[str, Value]) -> str:
    """The text of a query with each ``$name`` replaced by its value as a literal."""
    return _PARAMETER.sub(lambda match: literal(values[match[1]]), sql).strip()


def literal(value: Value) -> str:
    """A value as a SQL literal of DuckDB, whose strings know no escape but the doubled quote."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "[" + ", ".join(literal(each) for each in value) + "]"
