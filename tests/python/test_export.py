"""The marts as Parquet: equal tables give equal files, and the data package says what they are."""

from __future__ import annotations

import hashlib
import json
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from ingest.home import Home
from ingest.publish.export import content_digest, export_marts, field_type

ROWS = "(2, 0.10, '财政', '2026-01-02 03:04:05'), (1, null, null, '2026-01-02 03:04:05')"
SHUFFLED = "(1, null, null, '2026-01-02 03:04:05'), (2, 0.10, '财政', '2026-01-02 03:04:05')"
LATER = "(1, null, null, '2027-01-02 03:04:05'), (2, 0.10, '财政', '2026-01-02 03:04:05')"
OTHER = "(1, null, '', '2026-01-02 03:04:05'), (2, 0.10, '财政', '2026-01-02 03:04:05')"

# What a data package must be (https://datapackage.org/standard): the parts of its profile that this project uses.
FIELD_TYPES = {"string", "number", "integer", "boolean", "date", "datetime", "array", "time", "any"}


def build(folder: Path, rows: str) -> Path:
    folder.mkdir()
    with duckdb.connect(folder / "warehouse.duckdb") as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.fct (k integer, amount decimal(20, 2), label varchar, loaded_at timestamp);"
            "comment on table marts.fct is 'One row a thing.'; comment on column marts.fct.k is 'Which.'"
        )
        connection.execute(f"insert into marts.fct values {rows}")
        connection.execute("create table marts.none (k integer)")
    return folder


def digest(folder: Path) -> str:
    with closing(duckdb.connect(folder / "warehouse.duckdb", read_only=True)) as connection:
        return content_digest(connection, "fct")


def test_rows_in_another_order_give_the_same_bytes(tmp_path: Path) -> None:
    one, two = build(tmp_path / "1", ROWS), build(tmp_path / "2", SHUFFLED)
    content = export_marts(one, "1", "2026-01-01T00:00:00+00:00")
    assert content == export_marts(two, "2", "2026-01-02T00:00:00+00:00")
    for table in ("fct", "none"):
        path = Path("marts") / f"{table}.parquet"
        assert (one / path).read_bytes() == (two / path).read_bytes()


def test_a_digest_of_content_is_blind_to_our_own_times_alone(tmp_path: Path) -> None:
    first = digest(build(tmp_path / "1", ROWS))
    assert digest(build(tmp_path / "2", LATER)) == first
    assert digest(build(tmp_path / "3", OTHER)) != first
    assert digest(build(tmp_path / "4", f"{ROWS}, {ROWS}")) != first


@pytest.mark.parametrize(
    ("data_type", "expected"),
    [
        ("VARCHAR", "string"),
        ("DECIMAL(20,2)", "number"),
        ("INTEGER", "integer"),
        ("TIMESTAMP", "datetime"),
        ("VARCHAR[]", "array"),
        ("BLOB", "any"),
    ],
)
def test_types_are_those_of_table_schema(data_type: str, expected: str) -> None:
    assert field_type(data_type) == expected


def test_a_package_describes_every_file(tmp_path: Path) -> None:
    folder = build(tmp_path / "1", ROWS)
    export_marts(folder, "1", "2026-01-01T00:00:00+00:00")
    check_package(folder)
    (fct, none) = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    assert fct["description"] == "One row a thing."
    assert fct["schema"]["fields"][:2] == [
        {"name": "k", "type": "integer", "description": "Which."},
        {"name": "amount", "type": "number"},
    ]
    assert none["name"] == "none"


def check_package(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert package["resources"]
    names = [resource["name"] for resource in package["resources"]]
    assert len(set(names)) == len(names)
    for resource in package["resources"]:
        path = folder / resource["path"]
        assert not Path(resource["path"]).is_absolute() and ".." not in resource["path"]
        assert resource["bytes"] == path.stat().st_size
        assert resource["hash"] == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        fields = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
        assert set(fields.values()) <= FIELD_TYPES
        with closing(duckdb.connect()) as connection:
            told = connection.execute(f"describe from '{path}'").fetchall()
            assert [column for column, *_ in told] == list(fields)
            key = resource["schema"].get("primaryKey", [])
            if key:
                columns = ", ".join(key)
                query = f"select count(*), count(distinct ({columns})), count(*) filter (where ({columns}) is null) from '{path}'"
                rows, distinct, _ = connection.execute(query).fetchone() or (0, -1, 0)
                assert rows == distinct, resource["name"]


def test_the_samples_as_a_data_package(sample_home: Home) -> None:
    check_package(sample_home.current)
    package = json.loads((sample_home.current / "datapackage.json").read_text(encoding="utf-8"))
    by_name = {resource["name"]: resource for resource in package["resources"]}
    assert by_name["dim_document"]["schema"]["primaryKey"] == ["document_id"]
    assert by_name["fct_expenditure_by_function"]["schema"]["primaryKey"] == ["disclosure_key", "form_code", "functional_code"]
    # Every table and every column of the marts tells what it is.
    for name, resource in by_name.items():
        assert resource["description"], name
        assert all(field.get("description") for field in resource["schema"]["fields"]), name


def test_the_record_of_the_samples_explains_the_build(sample_home: Home) -> None:
    record = json.loads((sample_home.current / "build.json").read_text(encoding="utf-8"))
    assert record["status"] == "passed" and (sample_home.current / "SUCCESS").is_file()
    assert len(record["documents"]) == record["inputs"]["documents"] == record["row_counts"]["dim_document"]
    assert all(len(document["document_id"]) == 64 for document in record["documents"])
    assert record["code"]["catalogue"] and record["code"]["project"] and "+" in record["code"]["parser"]
    assert record["packages"]["duckdb"] == record["versions"]["duckdb"]
    years = record["rows_by_year"]["fct_reported_amount"]
    assert set(years) == {str(year) for year in range(2017, 2025)}
    assert sum(years.values()) == record["row_counts"]["fct_reported_amount"]
    assert {test["status"] for test in record["tests"]} <= {"pass", "warn"}
    assert record["waivers"]["known_discrepancy"]
    assert set(record["phases"]) == {"dbt", "checks", "export", "diff"}
