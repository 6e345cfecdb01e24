"""The marts as Parquet files, with a ``datapackage.json`` that says what they are (Data Package, https://datapackage.org).

Rows are written in the order of all their columns by one thread, so that equal tables give equal files. Types, descriptions and
keys are those of the warehouse and of its data tests: nothing is described twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb

from ingest.home import WAREHOUSE_FILE
from ingest.publish.record import write_json
from ingest.publish.sql import literal, quoted

PACKAGE_FILE = "datapackage.json"
FOLDER = "marts"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE_PROFILE = "https://datapackage.org/profiles/2.0/dataresource.json"
SCHEMA_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
# When we read or saw a file: the only columns in which two builds of the same files may differ.
OUR_TIMES = frozenset({"loaded_at", "first_seen_at", "last_seen_at", "stood_from", "stood_until"})
TYPES = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "TIMESTAMP WITH TIME ZONE": "datetime",
    "TIME": "time",
    "TINYINT": "integer",
    "SMALLINT": "integer",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "HUGEINT": "integer",
    "UTINYINT": "integer",
    "USMALLINT": "integer",
    "UINTEGER": "integer",
    "UBIGINT": "integer",
    "FLOAT": "number",
    "DOUBLE": "number",
}


def export_marts(folder: Path, name: str, created: str) -> dict[str, str]:
    """Write the files of a build. Returns for each mart the SHA-256 of its rows without our own times."""
    target = folder / FOLDER
    target.mkdir()
    keys = read_keys(folder / "target" / "manifest.json")
    with closing(duckdb.connect(folder / WAREHOUSE_FILE, read_only=True, config={"threads": 1})) as connection:
        tables = connection.execute(
            "select table_name, comment from duckdb_tables() where schema_name = 'marts' order by table_name"
        ).fetchall()
        resources = []
        for table, comment in tables:
            path = target / f"{table}.parquet"
            connection.execute(
                f"copy (select * from marts.{quoted(table)} order by all) to {literal(path)} (format parquet, compression zstd)"
            )
            fields = read_fields(connection, table)
            resources.append(_resource(path, table, comment, fields, _proven(connection, table, keys.get(table, ()))))
        content = {table: content_digest(connection, table) for table, _ in tables}
    write_json(
        folder / PACKAGE_FILE,
        {
            "$schema": PROFILE,
            "name": "juesuan",
            "id": name,
            "title": "决算: annual disclosures of Chinese government departments",
            "description": "The published marts of a juesuan warehouse: one Parquet file a table. Amounts are in yuan (元).",
            "created": created,
            "version": name,
            "resources": resources,
        },
    )
    return content


def read_fields(connection: duckdb.DuckDBPyConnection, table: str) -> list[dict[str, Any]]:
    """The columns of a mart as fields of a Table Schema."""
    rows = connection.execute(
        "select column_name, data_type, comment from duckdb_columns()"
        " where schema_name = 'marts' and table_name = ? order by column_index",
        [table],
    ).fetchall()
    return [
        {"name": column, "type": field_type(data_type), **({"description": comment} if comment else {})}
        for column, data_type, comment in rows
    ]


def field_type(data_type: str) -> str:
    """A type of DuckDB as a type of a Table Schema."""
    if data_type.startswith("DECIMAL"):
        return "number"
    if data_type.endswith("]"):
        return "array"
    return TYPES.get(data_type, "any")


def read_keys(manifest: Path) -> dict[str, tuple[tuple[str, ...], ...]]:
    """The sets of columns of each mart that a data test holds to be unique."""
    if not manifest.is_file():
        return {}
    found: dict[str, list[tuple[str, ...]]] = {}
    nodes: Mapping[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    for node in nodes.values():
        test = node.get("test_metadata") or {}
        table = (node.get("attached_node") or "").rpartition(".")[2]
        arguments = test.get("kwargs", {})
        if test.get("name") == "unique":
            found.setdefault(table, []).append((arguments["column_name"],))
        elif test.get("name") == "unique_combination":
            found.setdefault(table, []).append(tuple(arguments["columns"]))
    return {table: tuple(sorted(keys, key=lambda key: (len(key), key))) for table, keys in found.items()}


def _proven(
    connection: duckdb.DuckDBPyConnection, table: str, keys: Iterable[tuple[str, ...]]
) -> tuple[tuple[str, ...] | None, list[tuple[str, ...]]]:
    """Of the unique sets of columns one without NULL as primary key, and all the others."""
    primary: tuple[str, ...] | None = None
    others: list[tuple[str, ...]] = []
    for key in keys:
        holes = " or ".join(f"{quoted(column)} is null" for column in key)
        row = connection.execute(f"select count(*) from marts.{quoted(table)} where {holes}").fetchone()
        if primary is None and row == (0,):
            primary = key
        else:
            others.append(key)
    return primary, others


def _resource(
    path: Path,
    table: str,
    comment: str | None,
    fields: Sequence[Mapping[str, Any]],
    keys: tuple[tuple[str, ...] | None, list[tuple[str, ...]]],
) -> dict[str, Any]:
    primary, others = keys
    schema: dict[str, Any] = {"$schema": SCHEMA_PROFILE, "fields": list(fields)}
    if primary:
        schema["primaryKey"] = list(primary)
    if others:
        schema["uniqueKeys"] = [list(key) for key in others]
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {
        "$schema": RESOURCE_PROFILE,
        "name": table,
        "type": "table",
        **({"description": comment} if comment else {}),
        "path": f"{FOLDER}/{path.name}",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
        "schema": schema,
    }


def content_digest(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """A digest over the rows of a mart, whatever their order; our own times are left out."""
    names = [
        column
        for (column,) in connection.execute(
            "select column_name from duckdb_columns() where schema_name = 'marts' and table_name = ? order by column_index",
            [table],
        ).fetchall()
        if column not in OUR_TIMES
    ]
    listed = ", ".join(quoted(name) for name in names)
    row = connection.execute(
        f"""
        select sha256(coalesce(string_agg(digest, '' order by digest), ''))
        from (select sha256(to_json(row({listed}))::varchar) as digest from marts.{quoted(table)})
        """
    ).fetchone()
    assert row is not None  # an aggregate has a row
    return str(row[0])
