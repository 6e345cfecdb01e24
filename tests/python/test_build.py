"""A build is published whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from ingest.build import BuildFailed, build
from ingest.home import Home
from ingest.publish.dbt import follow_events
from ingest.publish.gate import KEY_MARTS, inspect_warehouse
from ingest.publish.inputs import Inputs, NothingToBuild, ProjectMissing, find_project, read_staged
from ingest.publish.record import read_record
from ingest.publish.shelf import list_builds, publish
from tests.python.small_project import ONE_REJECTION, add_test, make_project, make_staging

ONE_DOCUMENT = Inputs(documents=1, forms=2, amounts=2, rejections=0)
GOOD_MARTS = {"dim_document": 1, "dim_disclosure": 1, "dim_department": 1, "fct_disclosed_form": 2, "fct_reported_amount": 2}


def silent(done: int, total: int, doing: str) -> None:
    pass


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    make_staging(home.staging)
    return home


def make_warehouse(path: Path, rows: dict[str, int], extra: str = "select 1") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(path) as connection:
        connection.execute("create schema marts")
        for table, count in rows.items():
            connection.execute(f"create table marts.{table} as select range as n from range({count})")
        connection.execute(extra)
    return path


def make_build(home: Home, build_id: str) -> Path:
    folder = home.builds / build_id
    make_warehouse(folder / "warehouse.duckdb", {"dim_document": int(build_id)})
    return folder


# The way of a good build.


def test_a_good_build_is_published_and_recorded(home: Home, tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    add_test(project, "nothing_is_wrong", "select * from {{ ref('dim_document') }} where document_id is null")
    add_test(
        project,
        "a_doubt",
        "{{ config(severity='warn') }} select * from {{ ref('dim_document') }}",
    )
    seen: list[tuple[int, int]] = []

    record = build(home, project, lambda done, total, doing: seen.append((done, total)))

    assert home.current.readlink() == Path("builds") / record.build_id
    assert not list(home.builds.rglob("*.wal"))
    with duckdb.connect(home.warehouse, read_only=True) as connection:
        assert connection.execute("select sum(amount) from marts.fct_reported_amount").fetchone() == (20,)
        # The catalog keeps its name through publication, so that qualified names stay valid.
        assert connection.execute("select current_database()").fetchone() == ("warehouse",)
    assert record.row_counts == GOOD_MARTS
    assert record.outcomes == {"model": {"success": 5}, "test": {"pass": 1, "warn": 1}}
    assert record.warnings == ("a_doubt: Got 1 result, configured to warn if != 0",)
    assert record.inputs == ONE_DOCUMENT
    assert record == read_record(home.builds / record.build_id)
    assert seen[-1] == (7, 7)


def test_a_failed_build_leaves_the_last_good_one_published(home: Home, tmp_path: Path) -> None:
    publish(home, make_build(home, "1").name)
    project = make_project(tmp_path / "project", dim_department="select cast('一' as integer) as n")
    add_test(project, "amounts_are_small", "select * from {{ ref('fct_reported_amount') }} where amount > 9")

    with pytest.raises(BuildFailed) as caught:
        build(home, project, silent)

    assert home.published_build() == "1"
    model, test = sorted(caught.value.record.problems)
    assert model.startswith("model dim_department: ")
    assert "Could not convert string '一' to INT32" in model
    assert test == "test amounts_are_small: Got 2 results, configured to fail if != 0"
    record = read_record(caught.value.folder)
    assert record is not None
    assert record.status == "failed"
    assert (caught.value.folder / "logs" / "dbt.log").stat().st_size > 0


def test_a_project_that_dbt_cannot_parse_is_named(home: Home, tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", dim_department="select * from {{ ref('nowhere') }}")
    with pytest.raises(BuildFailed, match=r"dim_department.*nowhere"):
        build(home, project, silent)
    assert home.published_build() is None


def test_an_amount_lost_on_the_way_stops_the_build(home: Home, tmp_path: Path) -> None:
    project = make_project(
        tmp_path / "project",
        fct_reported_amount="select * from juesuan_staging.staging.amount where column_code = 'total'",
    )
    with pytest.raises(BuildFailed, match=r"^marts.fct_reported_amount has 1 rows, staging has 2$"):
        build(home, project, silent)


def test_a_build_says_when_there_is_nothing_to_build_from(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with pytest.raises(NothingToBuild, match=r"there is no .*staging.duckdb; read some disclosures first: juesuan ingest"):
        build(home, tmp_path, silent)
    make_staging(home.staging, ONE_REJECTION)
    with pytest.raises(NothingToBuild, match=r"holds no document \(1 files were rejected: see juesuan status\)"):
        build(home, tmp_path, silent)
    assert list_builds(home) == []


def test_staging_that_is_no_database_is_named(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.staging.write_bytes(b"not a database" * 1000)
    with pytest.raises(NothingToBuild, match=r"staging.duckdb cannot be read: .*not a valid DuckDB database"):
        build(home, tmp_path, silent)


def test_the_callers_own_dbt_settings_do_not_decide(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBT_TARGET", "nowhere")
    monkeypatch.setenv("DBT_PROFILES_DIR", "/nowhere")
    assert build(home, make_project(tmp_path / "project"), silent).status == "passed"


def test_staging_is_counted_whatever_its_path_contains(tmp_path: Path) -> None:
    assert read_staged(make_staging(tmp_path / "it's 决算" / "staging.duckdb")).inputs == ONE_DOCUMENT


def test_the_project_is_this_checkout_or_what_the_environment_names(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JUESUAN_PROJECT", raising=False)
    assert find_project() == root
    monkeypatch.setenv("JUESUAN_PROJECT", str(tmp_path))
    with pytest.raises(ProjectMissing, match=r"no dbt_project.yml in"):
        find_project()


# The checks before publication, just inside and just outside.


def test_a_warehouse_that_has_all_rows_passes(tmp_path: Path) -> None:
    path = make_warehouse(tmp_path / "warehouse.duckdb", GOOD_MARTS)
    assert inspect_warehouse(path, ONE_DOCUMENT) == (GOOD_MARTS, ())


@pytest.mark.parametrize("mart", KEY_MARTS)
def test_an_empty_key_mart_is_a_problem(tmp_path: Path, mart: str) -> None:
    path = make_warehouse(tmp_path / "warehouse.duckdb", GOOD_MARTS | {mart: 0})
    assert inspect_warehouse(path, ONE_DOCUMENT)[1] == (f"marts.{mart} is empty",)


@pytest.mark.parametrize("mart", KEY_MARTS)
def test_an_absent_key_mart_is_a_problem(tmp_path: Path, mart: str) -> None:
    path = make_warehouse(tmp_path / "warehouse.duckdb", {m: n for m, n in GOOD_MARTS.items() if m != mart})
    assert inspect_warehouse(path, ONE_DOCUMENT)[1] == (f"there is no marts.{mart}",)


@pytest.mark.parametrize("mart", ["dim_document", "fct_reported_amount"])
@pytest.mark.parametrize("rows", [-1, 1])
def test_one_row_more_or_less_than_staging_is_a_problem(tmp_path: Path, mart: str, rows: int) -> None:
    staged = Inputs(documents=5, forms=5, amounts=5, rejections=0)
    counts = dict.fromkeys(GOOD_MARTS, 5) | {mart: 5 + rows}
    path = make_warehouse(tmp_path / "warehouse.duckdb", counts)
    assert inspect_warehouse(path, staged)[1] == (f"marts.{mart} has {5 + rows} rows, staging has 5",)


def test_another_empty_mart_is_none(tmp_path: Path) -> None:
    counts = GOOD_MARTS | {"fct_year_over_year": 0}
    path = make_warehouse(tmp_path / "warehouse.duckdb", counts)
    assert inspect_warehouse(path, ONE_DOCUMENT) == (counts, ())


def test_a_view_that_answers_from_the_file_alone_is_none(tmp_path: Path) -> None:
    path = make_warehouse(tmp_path / "warehouse.duckdb", GOOD_MARTS, "create view marts.v as from marts.dim_document")
    assert inspect_warehouse(path, ONE_DOCUMENT)[1] == ()


def test_a_view_that_looks_for_another_file_is_a_problem(tmp_path: Path) -> None:
    staging = make_staging(tmp_path / "staging.duckdb")
    view = f"attach '{staging}' as s (read_only); create view marts.v as select * from s.staging.document; detach s"
    path = make_warehouse(tmp_path / "warehouse.duckdb", GOOD_MARTS, view)
    (problem,) = inspect_warehouse(path, ONE_DOCUMENT)[1]
    assert problem.startswith("view marts.v does not answer once published; materialize it as a table: Binder Error")


def test_a_schema_of_failing_rows_is_a_problem(tmp_path: Path) -> None:
    path = make_warehouse(tmp_path / "warehouse.duckdb", GOOD_MARTS, "create schema main_dbt_test__audit")
    (problem,) = inspect_warehouse(path, ONE_DOCUMENT)[1]
    assert problem == "schema main_dbt_test__audit holds failing rows of tests; run them without --store-failures"


def test_a_file_that_was_not_closed_or_is_none_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    assert inspect_warehouse(path, ONE_DOCUMENT) == ({}, ("dbt left no warehouse.duckdb",))
    path.write_bytes(b"not a database" * 1000)
    (problem,) = inspect_warehouse(path, ONE_DOCUMENT)[1]
    assert problem.startswith("warehouse.duckdb cannot be opened for reading: ")
    path.with_name("warehouse.duckdb.wal").touch()
    (problem,) = inspect_warehouse(path, ONE_DOCUMENT)[1]
    assert problem.startswith("warehouse.duckdb was not closed")


# Publication and what becomes of old builds.


def test_a_folder_in_the_place_of_the_link_is_not_replaced(tmp_path: Path) -> None:
    home = Home(tmp_path)
    make_build(home, "1")
    (home.current / "mine").mkdir(parents=True)
    with pytest.raises(FileExistsError, match="current is not a link; move it away"):
        publish(home, "1")
    assert (home.current / "mine").is_dir()


def test_a_home_can_be_moved(tmp_path: Path) -> None:
    home = Home(tmp_path / "here")
    publish(home, make_build(home, "1").name)
    moved = Home(home.path.rename(tmp_path / "there"))
    assert moved.warehouse.is_file()
    assert moved.published_build() == "1"


# What dbt says while it runs.


def test_events_become_progress_and_errors() -> None:
    seen: list[tuple[int, int, str]] = []
    events = [
        {"info": {"name": "LogStartLine", "level": "info", "msg": ""}, "data": {"description": "sql table model a", "total": 2}},
        {"info": {"name": "LogModelResult", "level": "error", "msg": "1 of 2 ERROR"}, "data": {"status": "ERROR"}},
        {"info": {"name": "SkippingDetails", "level": "info", "msg": ""}, "data": {}},
        {"info": {"name": "RunResultError", "level": "error", "msg": "told by run_results.json"}, "data": {}},
        {"info": {"name": "MainEncounteredError", "level": "error", "msg": ""}, "data": {"exc": "Compilation Error\n  in a"}},
    ]
    lines = [json.dumps(event) for event in events]
    errors = follow_events(lines, lambda *step: seen.append(step))
    assert seen == [(0, 2, "sql table model a"), (1, 2, ""), (2, 2, "")]
    assert errors == ("Compilation Error\n  in a",)


def test_a_traceback_of_dbt_is_told_by_its_last_line() -> None:
    assert follow_events(["Traceback (most recent call last):", "ModuleNotFoundError: No module named 'dbt'"], silent) == (
        "ModuleNotFoundError: No module named 'dbt'",
    )
