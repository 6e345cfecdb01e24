"""A published warehouse is read, never written, and each answer carries the text that was run."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ingest.home import Home
from reporting.warehouse import NoWarehouse, ask, find_warehouse, literal, open_warehouse


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts; create table marts.amounts (name varchar, amount decimal(20, 2))")
        connection.execute("insert into marts.amounts values ('甲', 999999999999999999.99), ('乙', null)")
    return path


def test_decimals_are_exact_and_null_is_none(warehouse: Path) -> None:
    with open_warehouse(warehouse) as connection:
        frame = ask(connection, "from marts.amounts").frame
    assert frame["amount"][0] == Decimal("999999999999999999.99")
    assert frame["amount"].isna().tolist() == [False, True]


def test_the_sql_of_an_answer_answers_the_same_when_pasted(warehouse: Path) -> None:
    with open_warehouse(warehouse) as connection:
        answer = ask(connection, "select amount from marts.amounts where name = $name and amount > $least", name="甲", least=1)
        assert answer.sql == "select amount from marts.amounts where name = '甲' and amount > 1"
        assert ask(connection, answer.sql).frame.equals(answer.frame)


def test_values_cannot_leave_their_quotes(warehouse: Path) -> None:
    name = "甲' or true or name = '\\'; --$least"
    with open_warehouse(warehouse) as connection:
        answer = ask(connection, "select * from marts.amounts where name = $name", name=name)
        assert answer.frame.empty
        assert ask(connection, "select $name as name", name=name).frame["name"][0] == name
    assert literal(None) == "null"
    assert literal(True) == "true"
    assert literal(["甲", "o'"]) == "['甲', 'o''']"


def test_a_warehouse_is_not_written_to_and_reads_no_other_file(warehouse: Path, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a\n1\n")
    with open_warehouse(warehouse) as connection:
        with pytest.raises(duckdb.Error, match="read-only"):
            connection.execute("create table marts.mine (a int)")
        with pytest.raises(duckdb.Error, match="disabled"):
            connection.execute(f"from '{tmp_path / 'other.csv'}'")


def test_a_home_a_build_and_a_file_are_found(sample_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for option in (sample_home.path, sample_home.current, sample_home.warehouse, str(sample_home.path)):
        assert find_warehouse(option).samefile(sample_home.warehouse)
    monkeypatch.setenv("JUESUAN_HOME", str(sample_home.path))
    assert find_warehouse().samefile(sample_home.warehouse)


def test_without_a_warehouse_one_line_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NoWarehouse) as refused:
        find_warehouse(tmp_path / "nowhere")
    assert str(tmp_path / "nowhere") in str(refused.value)
    assert "make warehouse" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_no_warehouse_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "notes.duckdb").write_text("not a database " * 1000)
    with duckdb.connect(str(tmp_path / "empty.duckdb")):
        pass
    for name in ("notes.duckdb", "empty.duckdb"):
        with pytest.raises(NoWarehouse, match=name) as refused, open_warehouse(tmp_path / name):
            pass
        assert "\n" not in str(refused.value)
