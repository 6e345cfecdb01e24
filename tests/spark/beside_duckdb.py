"""The same models on DuckDB and on Spark: build both from one staging, then compare what they built, row for row.

    python tests/spark/beside_duckdb.py [--home HOME] [--folder FOLDER] [--all-tests]

Staging goes to Spark as Parquet files, and Spark's tables are Parquet files again, so DuckDB reads both sides of the comparison.
Prints for each mart its rows, those that only one engine has, and the columns in which they differ; of the other schemas only
what differs. Spark runs the unit tests and the singular data tests; the generic ones judge tables that are compared anyhow, and
run with --all-tests. Exit status: 0 the same, 1 something differs or was not built, 2 misuse.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ingest.home import WAREHOUSE_FILE, resolve_home
from ingest.progress import Progress, show_progress
from ingest.publish.dbt import run_dbt
from ingest.publish.sql import attached

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_FOLDER = Path("target") / "spark"
SCHEMAS = ("marts", "seeds", "staging", "intermediate")
# Only marts promise their types: elsewhere each engine sums and multiplies decimals into a precision of its own.
TYPED_SCHEMAS = frozenset({"marts"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two builds of one table have in common."""

    table: str
    rows: int
    missing: int
    """Rows that DuckDB has and Spark has not."""
    added: int
    """Rows that Spark has and DuckDB has not."""
    columns: tuple[str, ...]
    """The columns that differ, in their values or, in a mart, their types."""

    @property
    def same(self) -> bool:
        return not (self.missing or self.added or self.columns)


def export_staging(staging: Path, folder: Path) -> None:
    """Write each table of staging as Parquet: ``folder/<table>/part-0.parquet``."""
    with attached(staging=staging) as connection:
        listed = connection.execute("select table_name from duckdb_tables() where database_name = 'staging'").fetchall()
        for (table,) in listed:
            (folder / table).mkdir(parents=True, exist_ok=True)
            connection.execute(f"copy staging.staging.{table} to '{_quoted(folder / table / 'part-0.parquet')}' (format parquet)")


def compare(warehouse: Path, spark_warehouse: Path, schema: str) -> list[Comparison]:
    """Compare each table of a schema of a DuckDB file with that of a folder of Spark tables."""
    with closing(duckdb.connect()) as connection:
        connection.execute(f"attach '{_quoted(warehouse)}' as built (read_only)")
        found = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'built' and schema_name = ? order by 1", [schema]
        ).fetchall()
        return [
            _compare_table(connection, f"{schema}.{table}", spark_warehouse / f"{schema}.db" / table, schema in TYPED_SCHEMAS)
            for (table,) in found
        ]


def _compare_table(connection: duckdb.DuckDBPyConnection, table: str, folder: Path, typed: bool) -> Comparison:
    ours = f"built.{table}"
    rows = _count(connection, ours)
    if not any(folder.glob("*.parquet")):
        return Comparison(table, rows, rows, 0, ("not built",))
    theirs = f"read_parquet('{_quoted(folder)}/*.parquet')"
    types, other_types = _types(connection, ours), _types(connection, theirs)
    if list(types) != list(other_types):
        differing = sorted(types.keys() ^ other_types.keys()) or ["order of columns"]
        return Comparison(table, rows, rows, _count(connection, theirs), tuple(differing))
    names = ", ".join(types)
    missing, added = _without(connection, names, ours, theirs), _without(connection, names, theirs, ours)
    differing = [
        name
        for name in types
        if (typed and types[name] != other_types[name]) or ((missing or added) and _without(connection, name, ours, theirs))
    ]
    return Comparison(table, rows, missing, added, tuple(differing))


def _types(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    return {row[0]: row[1] for row in connection.execute(f"describe select * from {relation}").fetchall()}


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    assert row is not None  # an aggregate has a row
    return int(row[0])


def _without(connection: duckdb.DuckDBPyConnection, names: str, left: str, right: str) -> int:
    return _count(connection, f"(select {names} from {left} except all select {names} from {right})")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def build_on_spark(staging: Path, warehouse: Path, folder: Path, progress: Progress, *, all_tests: bool) -> list[str]:
    """Run ``dbt build`` in a Spark session of this process; return what did not pass, a line each."""
    from dbt.cli.main import dbtRunner

    def follow(event: Any) -> None:
        if event.info.name == "LogStartLine":
            progress(event.data.index - 1, event.data.total, event.data.description)

    # Spark logs each error once more, with its whole stack; the lines that we return say what it was.
    logging.getLogger("SQLQueryContextLogger").disabled = True
    os.environ["JUESUAN_SPARK_WAREHOUSE"] = str(warehouse)
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    runner = dbtRunner(callbacks=[follow])
    common = [
        "--quiet",
        "--log-level",
        "none",
        "--log-level-file",
        "debug",
        "--target",
        "spark",
        "--target-path",
        str(folder / "target"),
    ]
    common += ["--log-path", str(folder / "logs"), "--project-dir", str(ROOT), "--profiles-dir", str(ROOT)]

    progress(0, 0, "starting Spark")
    registered = runner.invoke(["run-operation", "register_staging", "--args", f"{{location: {staging}}}", *common])
    if not registered.success:
        return [f"staging: {registered.exception or _messages(registered.result)}"]
    tests = [] if all_tests else ["--exclude", "test_type:generic"]
    built = runner.invoke(["build", *tests, *common])
    return [str(built.exception)] if built.exception else _messages(built.result)


def _messages(result: Any) -> list[str]:
    """A line for each node that did not pass, those that were only skipped in one."""
    failed = [node for node in result.results if node.status in ("error", "fail", "runtime error")]
    skipped = sum(node.status == "skipped" for node in result.results)
    lines = [f"{node.node.name}: {' '.join((node.message or str(node.status)).split())[:400]}" for node in failed]
    return lines + ([f"{skipped} more were skipped for it"] if skipped else [])


def report(comparisons: list[Comparison]) -> Iterator[str]:
    """The lines of a table of marts, and of what differs elsewhere."""
    yield f"{'table':45} {'rows':>8} {'only DuckDB':>12} {'only Spark':>11}  columns that differ"
    for found in comparisons:
        if found.table.startswith("marts.") or not found.same:
            yield f"{found.table:45} {found.rows:8} {found.missing:12} {found.added:11}  {', '.join(found.columns)}".rstrip()
    same = sum(found.same for found in comparisons)
    yield f"{same} of {len(comparisons)} tables are the same"


def main(arguments: list[str] | None = None) -> int:
    """Build twice, compare, print."""
    parser = argparse.ArgumentParser(description="Build one staging on DuckDB and on Spark and compare the tables.")
    parser.add_argument("--home", type=Path, help="a warehouse with staging (default: $JUESUAN_HOME, else warehouse)")
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER, help=f"where to build (default: {DEFAULT_FOLDER})")
    parser.add_argument("--all-tests", action="store_true", help="run the generic data tests on Spark as well")
    options = parser.parse_args(arguments)
    staging = resolve_home(options.home).staging
    if not staging.is_file():
        parser.error(f"there is no {staging}; read some disclosures first: juesuan ingest PATH…")

    parts = {name: options.folder.resolve() / name for name in ("staging", "duckdb", "warehouse", "dbt")}
    for part in parts.values():
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
    with show_progress("spark") as progress:
        export_staging(staging, parts["staging"])
        on_duckdb = run_dbt(ROOT, parts["duckdb"], staging, progress).problems()
        on_spark = build_on_spark(parts["staging"], parts["warehouse"], parts["dbt"], progress, all_tests=options.all_tests)
    file = parts["duckdb"] / WAREHOUSE_FILE
    comparisons = [found for schema in SCHEMAS for found in compare(file, parts["warehouse"], schema)] if file.is_file() else []

    for engine, problems in (("DuckDB", on_duckdb), ("Spark", on_spark)):
        for problem in problems:
            print(f"{engine}: {problem}", file=sys.stderr)
    for line in report(comparisons):
        print(line)
    same = bool(comparisons) and all(found.same for found in comparisons)
    return 0 if same and not on_duckdb and not on_spark else 1


if __name__ == "__main__":
    sys.exit(main())
