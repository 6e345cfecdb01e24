"""Frames and loading: exact figures, one transaction per document, convergence of reruns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ingest.parsed import ParsedDocument, Rejected
from ingest.staging.frames import SCHEMAS, Frames, frames_of
from ingest.staging.load import SCHEMA_SQL, Rejection, StagingError, load_document, open_staging, reject
from tests.python.staging_samples import amount, document, source

NOW = datetime(2026, 11, 1, 12, 0, 0)
A, B = "a" * 64, "b" * 64


@pytest.fixture
def staging(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_staging(tmp_path / "new folder" / "staging.duckdb") as connection:
        yield connection


def frames(parsed: ParsedDocument, digest: str = A, version: str = "1", name: str = "star.pdf") -> Frames:
    return frames_of(parsed, source(name, digest), version, NOW)


def load(connection: duckdb.DuckDBPyConnection, digest: str, name: str = "star.pdf", version: str = "1") -> None:
    load_document(connection, digest, source(name).path, frames(document(), digest, version, name))


def rejection(name: str = "star.pdf", digest: str | None = A) -> Rejection:
    path = source(name).path
    return Rejection(str(path), name, digest, "no_forms", "no form", "look", None, None, None, None, "2", NOW)


def counts(connection: duckdb.DuckDBPyConnection, document_id: str) -> dict[str, int]:
    found = {}
    for table in SCHEMAS:
        row = connection.execute(f"select count(*) from staging.{table} where document_id = ?", [document_id]).fetchone()
        found[table] = row[0] if row else 0
    return found


LOADED = {"document": 1, "form": 3, "form_row": 3, "amount": 9, "text_line": 2, "witness": 1, "notice": 1}
LOADED |= {"sentence": 1, "claim": 1, "project": 1, "project_execution": 1, "performance_indicator": 1}
LOADED |= {"publication_mark": 1}
NOTHING = dict.fromkeys(LOADED, 0)


def test_the_frames_have_the_columns_types_and_nulls_of_the_tables(staging: duckdb.DuckDBPyConnection) -> None:
    for table, schema in SCHEMAS.items():
        described = staging.execute(
            "select column_name, data_type, is_nullable from information_schema.columns "
            "where table_schema = 'staging' and table_name = ? order by ordinal_position",
            [table],
        ).fetchall()
        relation = duckdb.arrow(schema.empty_table())
        from_frames = [
            (field.name, str(kind), "YES" if field.nullable else "NO") for field, kind in zip(schema, relation.types, strict=True)
        ]
        assert from_frames == described, table


def test_every_table_of_documents_in_the_schema_has_a_frame() -> None:
    tables = set(re.findall(r"create table if not exists staging\.(\w+)", SCHEMA_SQL.read_text(encoding="utf-8")))
    of_runs = {
        "rejection",
        "ingest_run",
        "document_path",
        "seen_file",
        "seen_archive",
        "superseded_document",
        "superseded_amount",
    }
    assert tables - of_runs == set(SCHEMAS)


@pytest.mark.parametrize("text", ["0.000001", "999999999999999999.999999", "-999999999999999999.999999", "0.1", "0"])
def test_an_amount_arrives_as_printed_and_never_as_a_float(staging: duckdb.DuckDBPyConnection, text: str) -> None:
    sound = document()
    parsed = replace(sound, amounts=(amount(sound.rows[0], 0, text),))
    load_document(staging, A, source().path, frames(parsed))
    assert staging.execute("select printed_value, amount_text from staging.amount").fetchall() == [(Decimal(text), text)]


@pytest.mark.parametrize("text", ["0.0000001", "1000000000000000000", "-1000000000000000000"])
def test_an_amount_that_staging_cannot_hold_is_refused_with_its_place(text: str) -> None:
    sound = document()
    with pytest.raises(Rejected, match=re.escape(f"page 4, table 1, row 4: '{text}' has more digits")) as caught:
        frames(replace(sound, amounts=(amount(sound.rows[0], 0, text),)))
    assert (caught.value.code, caught.value.page) == ("figure_out_of_range", 4)


def test_the_place_of_an_amount_arrives_with_it(staging: duckdb.DuckDBPyConnection) -> None:
    load(staging, A)
    place = "source_page, source_table, source_row, source_column, x0, top, x1, bottom, column_header"
    row = staging.execute(f"select {place} from staging.amount where row_code = '20103' and column_code = 'basic'").fetchall()
    assert row == [(4, 1, 5, 4, 10.0, 20.0, 30.0, 40.0, "支出 / basic")]


def test_a_document_with_empty_tables_loads(staging: duckdb.DuckDBPyConnection) -> None:
    bare = replace(document(), forms=(), rows=(), amounts=(), text_lines=(), witnesses=(), notices=(), sentences=(), claims=())
    bare = replace(bare, projects=(), executions=(), indicators=(), publication_marks=())
    load_document(staging, A, source().path, frames(bare))
    assert counts(staging, A) == NOTHING | {"document": 1}


def test_loading_again_replaces_and_does_not_add(staging: duckdb.DuckDBPyConnection) -> None:
    load(staging, A, version="1")
    load(staging, A, version="2")
    assert counts(staging, A) == LOADED
    assert staging.execute("select parser_version from staging.document").fetchall() == [("2",)]


def test_a_path_with_new_content_gives_up_what_it_held(staging: duckdb.DuckDBPyConnection) -> None:
    load(staging, A, "one.pdf")
    load(staging, B, "one.pdf")
    assert (counts(staging, A), counts(staging, B)) == (NOTHING, LOADED)


def test_documents_of_other_paths_stay(staging: duckdb.DuckDBPyConnection) -> None:
    load(staging, A, "one.pdf")
    load(staging, B, "two.pdf")
    assert (counts(staging, A), counts(staging, B)) == (LOADED, LOADED)


def test_a_rejection_takes_the_rows_of_an_older_parser_away(staging: duckdb.DuckDBPyConnection) -> None:
    load(staging, A)
    reject(staging, rejection())
    assert counts(staging, A) == NOTHING
    assert staging.execute("select file_name, code from staging.rejection").fetchall() == [("star.pdf", "no_forms")]


@pytest.mark.parametrize(("name", "digest"), [("star.pdf", B), ("copy.pdf", A)])
def test_a_success_takes_the_rejections_of_its_path_and_of_its_bytes_away(
    staging: duckdb.DuckDBPyConnection, name: str, digest: str
) -> None:
    reject(staging, rejection())
    load(staging, digest, name)
    assert staging.execute("select * from staging.rejection").fetchall() == []


def test_a_success_leaves_the_rejections_of_other_files(staging: duckdb.DuckDBPyConnection) -> None:
    reject(staging, rejection("other.pdf", B))
    load(staging, A)
    assert staging.execute("select file_name from staging.rejection").fetchall() == [("other.pdf",)]


def test_a_document_that_fails_half_way_leaves_staging_as_it_was(staging: duckdb.DuckDBPyConnection) -> None:
    load(staging, A, version="1")
    broken = dict(frames(document(), A, "2"))
    broken["form_row"] = broken["form_row"].iloc[[0, 0]]  # the key twice
    with pytest.raises(duckdb.ConstraintException):
        load_document(staging, A, source().path, broken)
    assert counts(staging, A) == LOADED
    assert staging.execute("select parser_version from staging.document").fetchall() == [("1",)]


def test_a_file_that_is_no_database_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "staging.duckdb"
    path.write_text("not a database, but long enough to look at" * 200)
    with (
        pytest.raises(StagingError, match=r"staging\.duckdb: cannot be opened for writing; it is no DuckDB file"),
        open_staging(path),
    ):
        pass
