"""The marts follow from what is in staging, not from the order in which it came there."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import duckdb

from ingest.home import WAREHOUSE_FILE, Home
from ingest.publish.dbt import run_dbt
from ingest.publish.export import content_digest
from ingest.publish.sql import attached, columns, literal
from ingest.staging.load import open_staging


def shuffle(staging: Path, to: Path) -> None:
    """A staging with the same rows in another order, as other workers and other nights would leave it."""
    with open_staging(to):
        pass
    with attached(old=staging) as connection:
        connection.execute(f"attach {literal(to)} as new")
        for table in columns(connection, "old", "staging"):
            connection.execute(f"delete from new.staging.{table}")
            connection.execute(
                f"insert into new.staging.{table} by name select * from old.staging.{table} order by hash({table}::varchar)"
            )


def test_rows_in_another_order_give_the_same_marts(sample_home: Home, root: Path, tmp_path: Path) -> None:
    staging = tmp_path / "staging.duckdb"
    shuffle(sample_home.staging, staging)
    run = run_dbt(root, tmp_path / "build", staging, lambda *_: None, tests=False)
    assert run.problems() == ()
    told = json.loads((sample_home.current / "build.json").read_text(encoding="utf-8"))["content"]
    with closing(duckdb.connect(tmp_path / "build" / WAREHOUSE_FILE, read_only=True)) as connection:
        found = {table: content_digest(connection, table) for table in told}
    assert len(told) > 20
    assert {table for table in told if told[table] != found[table]} == set()
