"""Tables of the marts as CSV or Parquet, of one department or of all, with a ``datapackage.json`` that says what they are."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ingest.publish.export import PACKAGE_FILE, PROFILE, read_fields
from ingest.publish.record import write_json
from reporting.exports.scope import Scope
from reporting.query import Answer
from reporting.result_formats import csv_cell, write_parquet

# Which rows of a mart belong to a department; what is not listed here is of no department, and is written whole.
BY_DEPARTMENT = "department_key = $key"
BY_DISCLOSURE = "disclosure_key in (select disclosure_key from marts.dim_disclosure where department_key = $key)"
TABLES: Mapping[str, str | None] = {
    "bridge_disclosure_document": BY_DISCLOSURE,
    "bridge_functional_cofog": None,
    "dim_department": BY_DEPARTMENT,
    "dim_department_name": BY_DEPARTMENT,
    "dim_disclosure": BY_DEPARTMENT,
    "dim_document": BY_DISCLOSURE,
    "dim_economic_classification": None,
    "dim_functional_classification": None,
    "dim_metric": None,
    "fct_disclosed_form": BY_DEPARTMENT,
    "fct_expenditure_by_economic_class": BY_DEPARTMENT,
    "fct_expenditure_by_function": BY_DEPARTMENT,
    "fct_fund_movement": BY_DEPARTMENT,
    "fct_income_by_function": BY_DEPARTMENT,
    "fct_income_expenditure_summary": BY_DEPARTMENT,
    "fct_metric": BY_DEPARTMENT,
    "fct_reported_amount": BY_DEPARTMENT,
    "fct_supplementary_information": BY_DEPARTMENT,
    "fct_three_public_expenses": BY_DEPARTMENT,
    "rpt_disclosure_quality": BY_DEPARTMENT,
    "rpt_finding": BY_DEPARTMENT,
}
# Of this machine, and nothing to hand on.
LEFT_OUT = frozenset({"file_path"})
MEDIA_TYPES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
GUARDED = (
    "In CSV a text that a spreadsheet would run as a formula has an apostrophe before it, and what is not printable is �; "
    "Parquet has every text as it is."
)


def write_tables(scope: Scope, folder: Path, form: str) -> int:
    """Write the tables and their description into ``folder``; returns how many rows they have."""
    resources = []
    count = 0
    for table, belongs in TABLES.items():
        fields = [field for field in read_fields(scope.connection, table) if field["name"] not in LEFT_OUT]
        listed = ", ".join(str(field["name"]) for field in fields)
        where = f"where {belongs}" if belongs and scope.department_key else ""
        parameters = {"key": scope.department_key} if where else {}
        scope.connection.execute(f"select {listed} from marts.{table} {where} order by all", parameters)
        path = folder / f"{table}.{form}"
        count += write_csv_file(Answer(scope.connection), path) if form == "csv" else _parquet(Answer(scope.connection), path)
        resources.append(resource(path, table, _comment(scope, table), {"fields": fields}))
    write_json(folder / PACKAGE_FILE, package(scope, "juesuan-tables", "Tables", resources, GUARDED if form == "csv" else ""))
    return count


def package(scope: Scope, name: str, title: str, resources: Sequence[Mapping[str, Any]], told: str) -> dict[str, Any]:
    """What is the same in all packages: where they come from, how they may be used, and whether their figures are invented."""
    whose = scope.department_name or "all departments"
    simulated = {
        None: "Simulated data among it: rows with is_simulated have invented figures. ",
        True: "Simulated data: the figures are invented. ",
        False: "",
    }
    return {
        "$schema": PROFILE,
        "name": name,
        "id": f"{name}-{scope.build_id}",
        "title": f"决算 juesuan: {title}, {whose}",
        "description": (
            f"{simulated[scope.is_simulated]}Amounts are in yuan (元, CNY), as the departments published them. "
            f"The licence is that of the compilation. {told}"
        ).strip(),
        "version": scope.build_id,
        "licenses": [
            {"name": "Apache-2.0", "title": "Apache License 2.0", "path": "https://www.apache.org/licenses/LICENSE-2.0"},
        ],
        "sources": [
            {"title": f"Build {scope.build_id} of a juesuan warehouse; its files are listed by SHA-256 with the documents"}
        ],
        "resources": list(resources),
    }


def resource(path: Path, name: str, description: str | None, schema: Mapping[str, Any]) -> dict[str, Any]:
    form = path.suffix[1:]
    content = path.read_bytes()
    return {
        "name": name,
        "type": "table",
        **({"description": description} if description else {}),
        "path": path.name,
        "format": form,
        "mediatype": MEDIA_TYPES[form],
        **({"encoding": "utf-8"} if form == "csv" else {}),
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {**schema, **({"missingValues": [""]} if form == "csv" else {})},
    }


def write_csv_file(answer: Answer, path: Path, *, mark: bool = True) -> int:
    """CSV in UTF-8; with a byte order ``mark``, by which a spreadsheet knows it. Returns the number of rows."""
    count = 0
    with path.open("w", encoding="utf-8-sig" if mark else "utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([column.name for column in answer.columns])
        for row in answer.rows():
            writer.writerow([csv_cell(value) for value in row])
            count += 1
    return count


def _parquet(answer: Answer, path: Path) -> int:
    with path.open("wb") as stream:
        return write_parquet(answer, stream)


def _comment(scope: Scope, table: str) -> str | None:
    row = scope.connection.execute(
        "select comment from duckdb_tables() where schema_name = 'marts' and table_name = ?", [table]
    ).fetchone()
    return row[0] if row else None
