"""Writing to ``staging.duckdb``: whole documents or nothing, each in one transaction.

What staging holds follows from the files alone, in whatever order and however often they are ingested: a document takes the
place of what an older parser read from the same bytes, and of what the same path held before, unless that lies at another path
as well; a file that cannot be read (any more) leaves its reason and nothing else. A file that is deleted from disk stays
loaded, since its disclosure stays published; the path that it had is kept as gone. The figures of a document that gave way to
other bytes at its path are kept beside, with the time between which they stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from ingest.files import INSIDE
from ingest.publication import correction_in_path, date_in_path
from ingest.staging.frames import SCHEMAS, Frames, arrow_table

CATALOG = "juesuan_staging"
FOUND = pa.schema([("document_id", pa.string()), ("file_path", pa.string())])
ANNOUNCED = pa.schema([*FOUND, ("file_name", pa.string()), ("named_date", pa.date32()), ("correction", pa.string())])
SUPERSEDED_COLUMNS = (
    *("document_id", "form_order", "row_order", "form_code", "side", "row_code", "row_label", "column_code"),
    *("amount_text", "printed_value", "unit", "decimals", "source_page", "source_table", "source_row", "source_column"),
)
SCHEMA_SQL = Path(__file__).with_name("schema.sql")


class StagingError(Exception):
    """Staging cannot be opened: the message says why and what to do, in one line."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A file that is not loaded, as ``staging.rejection`` keeps it."""

    file_path: str
    file_name: str
    document_id: str | None
    code: str
    message: str
    advice: str
    source_page: int | None
    paste: str | None
    expectation: str | None
    failing_rows: str | None
    parser_version: str
    rejected_at: datetime


@dataclass(frozen=True, slots=True)
class Loaded:
    """What staging knows of a document: from which path it was read, and by which parser."""

    file_path: str
    parser_version: str


def utc_now() -> datetime:
    """Now, in UTC and without a zone, as DuckDB's TIMESTAMP keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


@contextmanager
def open_staging(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Staging for writing, created where it does not exist; its tables are called ``staging.…``.

    It is attached under another name than that of its file: in a catalog ``staging`` the schema ``staging`` is ambiguous.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect()
    try:
        _attach(connection, path)
        connection.execute(SCHEMA_SQL.read_text(encoding="utf-8"))
        yield connection
    finally:
        connection.close()


def _attach(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    location = str(path).replace("'", "''")
    try:
        connection.execute(f"attach '{location}' as {CATALOG}")
    except duckdb.Error as error:
        holder = re.search(r"\(PID \d+\)", str(error))
        if "lock" in str(error):
            advice = f"another process {holder[0] if holder else ''} has it open: try again when it is done"
        else:
            advice = "it is no DuckDB file that this version can read: move it away and ingest again"
        raise StagingError(f"{path}: cannot be opened for writing; {advice}") from error
    connection.execute(f"use {CATALOG}")


@contextmanager
def _transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def loaded_documents(connection: duckdb.DuckDBPyConnection) -> Mapping[str, Loaded]:
    """The documents in staging by their id."""
    rows = connection.execute("select document_id, file_path, parser_version from staging.document").fetchall()
    return {document_id: Loaded(path, version) for document_id, path, version in rows}


def standing_rejections(connection: duckdb.DuckDBPyConnection) -> Mapping[str, Rejection]:
    """The rejections in staging by path."""
    names = ", ".join(field.name for field in fields(Rejection))
    rows = connection.execute(f"select {names} from staging.rejection").fetchall()
    return {row[0]: Rejection(*row) for row in rows}


def load_document(
    connection: duckdb.DuckDBPyConnection, document_id: str, path: Path, frames: Frames, seen_at: datetime | None = None
) -> None:
    """Put a document in the place of what staging holds of its bytes and of its path; ``seen_at`` is when the run began."""
    seen_at = seen_at or utc_now()
    with _transaction(connection):
        _remove(connection, document_id)
        _vacate(connection, str(path), seen_at, kept=document_id)
        _see_path(connection, document_id, path, seen_at)
        for table in SCHEMAS:
            connection.register("incoming", arrow_table(table, frames[table]))
            connection.execute(f"insert into staging.{table} by name select * from incoming")
            connection.unregister("incoming")
        connection.execute("delete from staging.rejection where file_path = ? or document_id = ?", [str(path), document_id])


def reject(connection: duckdb.DuckDBPyConnection, rejection: Rejection) -> None:
    """Keep why a file is not loaded, and nothing of what an older parser or an older file at this path gave."""
    names = [field.name for field in fields(Rejection)]
    marks = ", ".join("?" for _ in names)
    with _transaction(connection):
        _remove(connection, rejection.document_id)
        _vacate(connection, rejection.file_path, rejection.rejected_at)
        connection.execute(
            f"insert or replace into staging.rejection ({', '.join(names)}) values ({marks})",
            [getattr(rejection, name) for name in names],
        )


def relocate(connection: duckdb.DuckDBPyConnection, document_id: str, path: Path) -> None:
    """A loaded document lies at another path now."""
    connection.execute(
        "update staging.document set file_path = ?, file_name = ? where document_id = ?",
        [str(path), path.name, document_id],
    )


def settle_unchanged(
    connection: duckdb.DuckDBPyConnection, document_id: str, path: Path, seen_at: datetime | None = None
) -> None:
    """The bytes at a path are loaded already: the path is theirs, is not rejected, and holds no other document any more."""
    seen_at = seen_at or utc_now()
    with _transaction(connection):
        _vacate(connection, str(path), seen_at, kept=document_id)
        _see_path(connection, document_id, path, seen_at)
        connection.execute("delete from staging.rejection where file_path = ?", [str(path)])


def settle_all_unchanged(connection: duckdb.DuckDBPyConnection, found: Iterable[tuple[str, Path]], seen_at: datetime) -> None:
    """As :func:`settle_unchanged` for many documents and paths: nearly all of them are as they were, and cost one statement."""
    at = dict.fromkeys(found)
    columns = {"document_id": [document_id for document_id, _ in at], "file_path": [str(path) for _, path in at]}
    connection.register("found", pa.table(columns, schema=FOUND))
    changed = connection.execute(
        """
        select found.document_id, found.file_path
        from found
        left join staging.document_path as known
            on known.document_id = found.document_id and known.file_path = found.file_path and known.gone_at is null
        where
            known.document_id is null
            or exists (select 1 from staging.rejection as r where r.file_path = found.file_path)
            or exists (
                select 1 from staging.document as d
                where d.file_path = found.file_path and d.document_id <> found.document_id
            )
            or exists (
                select 1 from staging.document_path as p
                where p.file_path = found.file_path and p.document_id <> found.document_id and p.gone_at is null
            )
        order by all
        """
    ).fetchall()
    with _transaction(connection):
        connection.execute(
            """
            update staging.document_path
            set last_seen_at = ?
            from found
            where
                document_path.document_id = found.document_id
                and document_path.file_path = found.file_path
                and document_path.gone_at is null
            """,
            [seen_at],
        )
    connection.unregister("found")
    for document_id, path in changed:
        settle_unchanged(connection, document_id, Path(path), seen_at)


def forget_rejections(connection: duckdb.DuckDBPyConnection, paths: Iterable[str]) -> None:
    """There is nothing at these paths any more that could be rejected."""
    with _transaction(connection):
        for path in paths:
            connection.execute("delete from staging.rejection where file_path = ?", [path])


def settle_archive(connection: duckdb.DuckDBPyConnection, path: Path, seen_at: datetime) -> None:
    """A path holds an archive, which is no document: it is not rejected, and holds no document any more."""
    with _transaction(connection):
        _vacate(connection, str(path), seen_at)
        connection.execute("delete from staging.rejection where file_path = ?", [str(path)])


def after_last_run(connection: duckdb.DuckDBPyConnection, now: datetime) -> datetime:
    """When a run begins: now or, under a clock that was set back, just after the last one, so that later stays later."""
    last = connection.execute("select max(started_at) from staging.ingest_run").fetchone()
    return now if last is None or last[0] is None else max(now, last[0] + timedelta(microseconds=1))


def start_run(connection: duckdb.DuckDBPyConnection, run_id: str, started_at: datetime, parser_version: str) -> None:
    """Note that a run began: one that never ends keeps no ``finished_at``."""
    connection.execute("insert into staging.ingest_run values (?, ?, null, ?, 0, 0, 0, 0)", [run_id, started_at, parser_version])


def announce(connection: duckdb.DuckDBPyConnection, found: Iterable[tuple[str, Path]], seen_at: datetime) -> None:
    """Keep since when files are known that are about to be read.

    Of two documents that were found by one run none was seen first. A run that is killed when it has read one of them must not
    make it so: the next run finds both known. Until it is loaded a document counts as gone from its path.
    """
    at = dict.fromkeys(found)
    paths = [path for _, path in at]
    columns = {
        "document_id": [document_id for document_id, _ in at],
        "file_path": [str(path) for path in paths],
        "file_name": [path.name for path in paths],
        "named_date": [date_in_path(str(path)) for path in paths],
        "correction": [correction_in_path(str(path)) for path in paths],
    }
    connection.register("announced", pa.table(columns, schema=ANNOUNCED))
    connection.execute(
        """
        insert into staging.document_path
        select announced.*, $1, $1, $1
        from announced
        anti join staging.document_path using (document_id, file_path)
        """,
        [seen_at],
    )
    connection.unregister("announced")


def finish_run(  # one argument a column
    connection: duckdb.DuckDBPyConnection, run_id: str, *, seen: int, loaded: int, unchanged: int, rejected: int
) -> None:
    """Note how a run ended."""
    connection.execute(
        """
        update staging.ingest_run
        set finished_at = ?, files_seen = ?, files_loaded = ?, files_unchanged = ?, files_rejected = ?
        where run_id = ?
        """,
        [utc_now(), seen, loaded, unchanged, rejected, run_id],
    )


def mark_gone(connection: duckdb.DuckDBPyConnection, looked_at: Iterable[Path], seen_at: datetime) -> None:
    """Of the paths that a run looked at (files, and all below folders and in archives), those that it did not find are gone."""
    for path in looked_at:
        connection.execute(
            """
            update staging.document_path
            set gone_at = ?
            where
                gone_at is null and last_seen_at < ?
                and (file_path = ? or starts_with(file_path, ?) or starts_with(file_path, ?))
            """,
            [seen_at, seen_at, str(path), f"{str(path).rstrip('/')}/", f"{path}{INSIDE}"],
        )


def _remove(connection: duckdb.DuckDBPyConnection, document_id: str | None) -> None:
    """Take away what was read from these bytes; where and since when they were seen stays known."""
    for table in SCHEMAS:
        connection.execute(f"delete from staging.{table} where document_id = ?", [document_id])


def _vacate(connection: duckdb.DuckDBPyConnection, file_path: str, seen_at: datetime, *, kept: str | None = None) -> None:
    """A path holds other bytes now: what it held goes, unless it lies at another path as well."""
    connection.execute(
        """
        update staging.document_path
        set gone_at = ?
        where gone_at is null and file_path = ? and document_id is distinct from ?
        """,
        [seen_at, file_path, kept],
    )
    displaced = connection.execute(
        "select document_id from staging.document where file_path = ? and document_id is distinct from ?", [file_path, kept]
    ).fetchall()
    for (document_id,) in displaced:
        elsewhere = connection.execute(
            "select min(file_path) from staging.document_path where document_id = ? and gone_at is null", [document_id]
        ).fetchone()
        if elsewhere is not None and elsewhere[0] is not None:
            relocate(connection, document_id, Path(elsewhere[0]))
        else:
            keep_superseded(connection, document_id, kept, seen_at)
            _remove(connection, document_id)


def keep_superseded(
    connection: duckdb.DuckDBPyConnection, document_id: str, superseded_by: str | None, seen_at: datetime
) -> None:
    """Keep the figures of a document that gives way to other bytes, with the time that they stood, before it is removed."""
    connection.execute(
        f"""
        insert into staging.superseded_amount
        select {", ".join(SUPERSEDED_COLUMNS)}
        from staging.amount
        where document_id = $1 and document_id not in (select document_id from staging.superseded_amount)
        """,
        [document_id],
    )
    # One that came back stood since it was loaded again. A clock that was set back must not end a time before it began.
    connection.execute(
        """
        insert or ignore into staging.superseded_document
        select
            document_id, file_name, file_path, department_name, fiscal_year, disclosure_kind, reporting_scope, is_simulated,
            $2, stood_from, greatest(stood_from, $3)
        from (
            select
                *,
                case
                    when document_id in (select document_id from staging.superseded_document) then loaded_at
                    else coalesce(
                        (select min(first_seen_at) from staging.document_path where document_path.document_id = d.document_id),
                        loaded_at
                    )
                end as stood_from
            from staging.document as d
            where document_id = $1
        )
        """,
        [document_id, superseded_by, seen_at],
    )


def _see_path(connection: duckdb.DuckDBPyConnection, document_id: str, path: Path, seen_at: datetime) -> None:
    known = [str(path), document_id]
    before = connection.execute(
        "select min(first_seen_at) from staging.document_path where file_path = ? and document_id = ?", known
    ).fetchone()
    first_seen_at = before[0] if before is not None and before[0] is not None else seen_at
    connection.execute("delete from staging.document_path where file_path = ? and document_id = ?", known)
    connection.execute(
        "insert into staging.document_path values (?, ?, ?, ?, ?, ?, ?, null)",
        [document_id, str(path), path.name, date_in_path(str(path)), correction_in_path(str(path)), first_seen_at, seen_at],
    )
