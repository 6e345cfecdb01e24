"""A question in SQL to the published warehouse, which can only be answered: nothing is written, and no other file is read."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

T = TypeVar("T")

BATCH = 10_000
# What may be said: questions, and what helps to ask them. Temporary tables vanish with the connection.
ALLOWED = frozenset(
    {
        "SELECT",
        "EXPLAIN",
        "CALL",
        "PRAGMA",
        "PREPARE",
        "EXECUTE",
        "RELATION",
        "SET",
        "VARIABLE_SET",
        "CREATE",
        "CREATE_FUNC",
        "DROP",
    }
)
ANSWERING = frozenset({"SELECT", "EXPLAIN", "CALL", "PRAGMA", "EXECUTE", "RELATION"})
MISSING_TABLE = re.compile(r"Table with name (\S+) does not exist!")
PLACE = re.compile(r"\n\s*LINE (\d+):.*", re.DOTALL)


class QueryFailed(Exception):
    """What was asked cannot be answered: the message says why in a line."""


@dataclass(frozen=True, slots=True)
class Column:
    """``type`` is DuckDB's own, such as ``DECIMAL(20,2)``."""

    name: str
    type: str

    @property
    def is_number(self) -> bool:
        return self.type.startswith("DECIMAL") or self.type.removeprefix("U") in NUMBERS


NUMBERS = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE"})


class Answer:
    """The rows of one statement, read once: as Python values, or as Arrow batches."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self.columns = tuple(Column(name, str(kind)) for name, kind, *_ in connection.description)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Decimals as :class:`~decimal.Decimal`, exact; NULL as ``None``."""
        with _plainly():
            while batch := _patiently(self._connection, lambda: self._connection.fetchmany(BATCH)):
                yield from batch

    def batches(self) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
        """The same as Arrow: decimals as decimals, whole numbers of any size as decimals without a fraction."""
        with _plainly():
            reader = _patiently(self._connection, lambda: self._connection.to_arrow_reader(BATCH))
        return reader.schema, self._read(reader)

    def _read(self, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        with _plainly():
            while (batch := _patiently(self._connection, lambda: next(reader, None))) is not None:
                yield batch


@contextmanager
def opened(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that reads this file and can do nothing else. Tables of ``marts`` need not be qualified."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "temp_directory": "",  # else what does not fit in memory would be written beside the warehouse
    }
    with closing(duckdb.connect(warehouse, read_only=True, config=config)) as connection:
        connection.execute("set search_path = 'marts'; set python_enable_replacements = false; set lock_configuration = true")
        yield connection


def answers(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[Answer]:
    """Run the statements in order; yields the answer of each that has one. Raises :class:`QueryFailed`."""
    for statement in parsed(sql):
        with _plainly(connection, sql):
            _patiently(connection, partial(connection.execute, statement))
        if statement.type.name in ANSWERING:
            yield Answer(connection)


def answer_count(sql: str) -> int:
    """How many statements of ``sql`` have an answer. Raises :class:`QueryFailed` where it is no SQL, or would write."""
    return sum(statement.type.name in ANSWERING for statement in parsed(sql))


def parsed(sql: str) -> list[duckdb.Statement]:
    with _plainly(sql=sql):
        statements = duckdb.extract_statements(sql)
    if not statements:
        raise QueryFailed("there is no statement in it")
    for statement in statements:
        if statement.type.name not in ALLOWED:
            verb = statement.query.split(maxsplit=1)[0].lower()
            raise QueryFailed(f"{verb} is not for here: the warehouse is only read, and other files are out of reach")
    return statements


@contextmanager
def time_limit(connection: duckdb.DuckDBPyConnection, seconds: float | None) -> Iterator[None]:
    """End what runs on ``connection`` after so many seconds. Raises :class:`QueryFailed`."""
    if seconds is None:
        yield
        return
    over = threading.Event()

    def interrupt() -> None:
        over.set()
        connection.interrupt()

    timer = threading.Timer(seconds, interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    except QueryFailed:
        if over.is_set():
            raise QueryFailed(f"not answered within {seconds:g} seconds") from None
        raise
    finally:
        timer.cancel()


def _patiently(connection: duckdb.DuckDBPyConnection, work: Callable[[], T]) -> T:
    """Let ``work`` run beside us, so that Ctrl-C reaches us: while it fetches rows, DuckDB does not look for signals."""
    with ThreadPoolExecutor(1) as beside:
        future = beside.submit(work)
        try:
            return future.result()
        except KeyboardInterrupt:
            connection.interrupt()
            raise


@contextmanager
def _plainly(connection: duckdb.DuckDBPyConnection | None = None, sql: str = "") -> Iterator[None]:
    """Errors of DuckDB, also by way of Arrow, in a line."""
    try:
        yield
    except (duckdb.Error, pa.ArrowException) as error:
        raise QueryFailed(plain(str(error), connection, sql)) from None


def plain(message: str, connection: duckdb.DuckDBPyConnection | None, sql: str) -> str:
    """The telling part of a message of DuckDB, with the nearest tables of the marts where it misses one."""
    place = PLACE.search(message)
    text = " ".join(PLACE.sub("", message).split())
    missing = MISSING_TABLE.search(text)
    if missing and connection is not None:
        text = f"there is no table {missing[1]}; {nearest(missing[1], tables(connection))}"
    return f"{text} (line {place[1]})" if place and "\n" in sql.strip() else text


def nearest(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name.rpartition(".")[2], known, n=3, cutoff=0.5)
    listed = "juesuan sql --tables lists what there is"
    return f"the nearest names are: {', '.join(near)}; {listed}" if near else listed


def tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The marts, by name."""
    rows = connection.execute("select table_name from duckdb_tables() where schema_name = 'marts' order by 1").fetchall()
    return [str(name) for (name,) in rows]
