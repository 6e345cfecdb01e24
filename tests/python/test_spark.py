"""The comparison of two engines sees what differs; nothing here needs Spark, whose tables are folders of Parquet files."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from tests.python.small_project import make_staging
from tests.spark.beside_duckdb import Comparison, compare, export_staging

ROWS = """
from (
    values (1, cast(0.10 as decimal(20, 2)), '财政'), (1, cast(0.10 as decimal(20, 2)), '财政'), (2, null, '')
) as t (k, amount, label)
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with closing(duckdb.connect(str(path))) as connection:
        connection.execute(f"create schema marts; create table marts.fct as {ROWS}")
    return path


def spark_table(folder: Path, query: str) -> None:
    (folder / "marts.db" / "fct").mkdir(parents=True)
    with closing(duckdb.connect()) as connection:
        connection.execute(f"copy ({query}) to '{folder}/marts.db/fct/part-0.parquet' (format parquet)")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (ROWS, (0, 0, ())),
        (f"{ROWS} order by k desc", (0, 0, ())),
        # Equal rows are counted, not only found.
        (f"select distinct * {ROWS}", (1, 0, ("k", "amount", "label"))),
        (f"select k, amount, nullif(label, '') as label {ROWS}", (1, 1, ("label",))),
        (f"select k, amount + 0.01 as amount, label {ROWS}", (2, 2, ("amount",))),
        (f"select k, cast(amount as decimal(21, 2)) as amount, label {ROWS}", (0, 0, ("amount",))),
        (f"select k, label {ROWS}", (3, 3, ("amount",))),
    ],
)
def test_each_difference_is_seen(warehouse: Path, tmp_path: Path, query: str, expected: tuple[int, int, tuple[str, ...]]) -> None:
    spark_table(tmp_path / "spark", query)
    missing, added, columns = expected
    assert compare(warehouse, tmp_path / "spark", "marts") == [Comparison("marts.fct", 3, missing, added, columns)]


def test_a_table_that_was_not_built_differs(warehouse: Path, tmp_path: Path) -> None:
    (found,) = compare(warehouse, tmp_path / "spark", "marts")
    assert not found.same


def test_staging_crosses_by_parquet(tmp_path: Path) -> None:
    staging = tmp_path / "staging.duckdb"
    make_staging(staging)
    export_staging(staging, tmp_path / "parquet")
    with closing(duckdb.connect()) as connection:
        connection.execute(f"attach '{staging}' as staging (read_only)")
        tables = connection.execute("select table_name from duckdb_tables() where database_name = 'staging'").fetchall()
        assert tables
        for (table,) in tables:
            ours = connection.execute(f"from staging.staging.{table}").fetchall()
            theirs = connection.execute(f"from read_parquet('{tmp_path}/parquet/{table}/*.parquet')").fetchall()
            assert theirs == ours
