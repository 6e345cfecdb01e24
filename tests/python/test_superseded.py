"""Figures that a department replaced are kept, with the time that they stood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ingest.files import SourceFile
from ingest.staging.frames import frames_of
from ingest.staging.load import (
    Rejection,
    after_last_run,
    announce,
    load_document,
    open_staging,
    reject,
    settle_all_unchanged,
    start_run,
)
from tests.python.staging_samples import document

PATH = Path("/disclosures/决算.txt")
OLD, NEW = "a" * 64, "b" * 64


def night(day: int) -> datetime:
    return datetime(2026, 1, day, 2, 30)


@pytest.fixture
def staging(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_staging(tmp_path / "staging.duckdb") as connection:
        yield connection


def load(staging: duckdb.DuckDBPyConnection, document_id: str, day: int, path: Path = PATH, rows: int = 3) -> None:
    source = SourceFile(path, document_id, 1000)
    load_document(staging, document_id, path, frames_of(document(rows), source, "1", night(day)), night(day))


def stood(staging: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return staging.execute(
        "select document_id, superseded_by, stood_from, stood_until from staging.superseded_document order by stood_from"
    ).fetchall()


def kept(staging: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return staging.execute("select document_id, count(*) from staging.superseded_amount group by all order by all").fetchall()


def test_what_other_bytes_take_the_place_of_is_kept_with_its_time(staging: duckdb.DuckDBPyConnection) -> None:
    load(staging, OLD, 1)
    load(staging, NEW, 5, rows=2)
    assert stood(staging) == [(OLD, NEW, night(1), night(5))]
    assert kept(staging) == [(OLD, 9)]
    assert staging.execute("select distinct document_id from staging.amount").fetchall() == [(NEW,)]
    printed = staging.execute("select distinct printed_value, unit from staging.superseded_amount").fetchall()
    assert printed == [(Decimal("1234.5"), "元")]


def test_what_a_newer_parser_reads_from_the_same_bytes_is_no_history(staging: duckdb.DuckDBPyConnection) -> None:
    load(staging, OLD, 1)
    load(staging, OLD, 2, rows=2)
    assert (stood(staging), kept(staging)) == ([], [])


def test_a_document_that_lies_elsewhere_as_well_still_stands(staging: duckdb.DuckDBPyConnection) -> None:
    load(staging, OLD, 1)
    settle_all_unchanged(staging, [(OLD, Path("/copies/决算.txt"))], night(2))
    load(staging, NEW, 3)
    assert stood(staging) == []
    assert staging.execute("select file_path from staging.document where document_id = ?", [OLD]).fetchall() == [
        ("/copies/决算.txt",)
    ]


def test_one_that_comes_back_and_goes_again_stood_twice_and_is_kept_once(staging: duckdb.DuckDBPyConnection) -> None:
    load(staging, OLD, 1)
    load(staging, NEW, 2)
    load(staging, OLD, 3)
    load(staging, NEW, 4)
    assert stood(staging) == [(OLD, NEW, night(1), night(2)), (NEW, OLD, night(2), night(3)), (OLD, NEW, night(3), night(4))]
    assert kept(staging) == [(OLD, 9), (NEW, 9)]


def test_a_replacement_that_cannot_be_read_leaves_the_old_figures_known(staging: duckdb.DuckDBPyConnection) -> None:
    load(staging, OLD, 1)
    broken = Rejection(str(PATH), PATH.name, NEW, "no_forms", "no form", "check", None, None, None, None, "1", night(4))
    reject(staging, broken)
    assert stood(staging) == [(OLD, None, night(1), night(4))]
    assert staging.execute("select count(*) from staging.document").fetchone() == (0,)


def test_under_a_clock_that_was_set_back_nothing_ends_before_it_began(staging: duckdb.DuckDBPyConnection) -> None:
    load(staging, OLD, 9)
    load(staging, NEW, 2)
    assert stood(staging) == [(OLD, NEW, night(9), night(9))]


def test_all_that_is_unchanged_is_settled_at_once_and_the_rest_one_by_one(staging: duckdb.DuckDBPyConnection) -> None:
    load(staging, OLD, 1)
    load(staging, NEW, 1, path=Path("/disclosures/预算.txt"))
    rejected = Rejection(str(PATH), PATH.name, "c" * 64, "no_forms", "no", "check", None, None, None, None, "1", night(1))
    staging.execute("insert into staging.rejection select * from (values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))", [
        getattr(replace(rejected), name) for name in rejected.__slots__
    ])  # fmt: skip
    found = [(OLD, PATH), (NEW, Path("/disclosures/预算.txt")), (NEW, Path("/new/预算.txt"))]
    settle_all_unchanged(staging, found, night(2))
    paths = staging.execute("select file_path, first_seen_at, last_seen_at from staging.document_path order by all").fetchall()
    assert paths == [
        ("/disclosures/决算.txt", night(1), night(2)),
        ("/disclosures/预算.txt", night(1), night(2)),
        ("/new/预算.txt", night(2), night(2)),
    ]
    assert staging.execute("select count(*) from staging.rejection").fetchone() == (0,)


def test_what_a_run_found_is_known_since_then_whichever_run_reads_it(staging: duckdb.DuckDBPyConnection) -> None:
    other = Path("/disclosures/预算.txt")
    known = "select document_id, first_seen_at, gone_at is null from staging.document_path order by all"
    announce(staging, [(OLD, PATH), (NEW, other), (NEW, other)], night(1))
    assert staging.execute(known).fetchall() == [(OLD, night(1), False), (NEW, night(1), False)]
    load(staging, OLD, 1)
    # The run was killed here. The next one finds both.
    announce(staging, [(NEW, other)], night(2))
    load(staging, NEW, 2, path=other)
    assert staging.execute(known).fetchall() == [(OLD, night(1), True), (NEW, night(1), True)]


def test_a_later_run_is_later_whatever_the_clock_says(staging: duckdb.DuckDBPyConnection) -> None:
    assert after_last_run(staging, night(3)) == night(3)
    start_run(staging, "r1", night(3), "1")
    assert after_last_run(staging, night(4)) == night(4)
    assert after_last_run(staging, night(1)) == night(3) + timedelta(microseconds=1)
