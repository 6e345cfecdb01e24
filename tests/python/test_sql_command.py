"""`juesuan sql`: the same figures in every format, and no way to write, to read another file, or to wait for ever."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ingest.cli import main
from ingest.home import Home
from ingest.terminal import display_width

SHANGHAI = (
    "select functional_code, printed_name, total_amount, remittance_to_superior_amount as remitted"
    " from {schema}fct_expenditure_by_function"
    " where department_key = '上海市普陀区财政局' and form_code = 'expenditure' and level = 'class' order by 1 limit 2"
)
# Longer than a computation with cubes of the warehouse would take.
ENDLESS = "select count(*) from range(100000000000) as a, range(1000) as b"


class Asked:
    """`juesuan sql` on the samples: what it prints, what it complains of, its exit status."""

    def __init__(self, home: Home, capsys: pytest.CaptureFixture[str]) -> None:
        self._home, self._capsys = home, capsys

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        self._capsys.readouterr()
        status = main(["--home", str(self._home.path), "sql", *arguments])
        printed = self._capsys.readouterr()
        return status, printed.out, printed.err


@pytest.fixture
def ask(sample_home: Home, capsys: pytest.CaptureFixture[str]) -> Asked:
    return Asked(sample_home, capsys)


@pytest.mark.parametrize("schema", ["", "marts."])
def test_a_table_has_figures_to_the_right_and_shows_what_is_missing(ask: Asked, schema: str) -> None:
    assert ask(SHANGHAI.format(schema=schema))[:2] == (
        0,
        "functional_code  printed_name        total_amount  remitted\n"
        "---------------  ------------------  ------------  --------\n"
        "201              一般公共服务支出     21066600.00      NULL\n"
        "208              社会保障和就业支出    3267200.00      NULL\n"
        "(2 rows)\n",
    )


def test_chinese_columns_are_aligned(ask: Asked) -> None:
    _, out, _ = ask(SHANGHAI.format(schema=""))
    lines = out.splitlines()[:-1]
    assert {display_width(line) for line in lines} == {display_width(lines[0])}


def test_every_format_has_the_same_figures(ask: Asked, tmp_path: Path) -> None:
    sql = SHANGHAI.format(schema="")
    assert ask(sql, "--format", "csv")[1].splitlines()[:2] == [
        "functional_code,printed_name,total_amount,remitted",
        "201,一般公共服务支出,21066600.00,",
    ]
    assert '"total_amount": 21066600.00, "remitted": null}' in ask(sql, "--json")[1]
    assert json.loads(ask(sql, "--format", "json")[1], parse_float=Decimal)[0]["total_amount"] == Decimal("21066600.00")
    markdown = ask(sql, "--format", "markdown")[1].splitlines()
    assert markdown[1:3] == ["|---|---|---:|---:|", "| 201 | 一般公共服务支出 | 21066600.00 |  |"]
    assert ask(sql, "--output", str(tmp_path / "a.parquet"))[0] == 0
    table = pq.read_table(tmp_path / "a.parquet")
    assert table.column("total_amount").to_pylist()[0] == Decimal("21066600.00")
    assert table.column("remitted").to_pylist() == [None, None]


def test_decimals_keep_every_digit(ask: Asked, tmp_path: Path) -> None:
    sql = "select 12345678901234567890.123450::decimal(38, 6) as d, 170141183460469231731687303715884105727 as h, 0.1 + 0.2 as f"
    for form in ("csv", "json", "markdown", "table"):
        out = ask(sql, "--format", form)[1]
        assert "12345678901234567890.123450" in out and "170141183460469231731687303715884105727" in out, form
        assert "0.3" in out and "0.30000000000000004" not in out
    assert ask("select 12345678901234567890.123450::decimal(38, 6) as d", "--output", str(tmp_path / "d.parquet"))[0] == 0
    assert pq.read_table(tmp_path / "d.parquet").column("d").to_pylist() == [Decimal("12345678901234567890.123450")]


def test_a_table_tells_how_many_rows_it_leaves_out(ask: Asked) -> None:
    assert ask("from range(2345)", "--limit", "3")[1].splitlines()[-1] == "(3 of 2,345 rows; --limit 0 shows them all)"
    assert len(ask("from range(101)")[1].splitlines()) == 2 + 100 + 1
    assert ask("from range(101)", "--limit", "0")[1].splitlines()[-1] == "(101 rows)"
    assert ask("from range(3)", "--limit", "2", "--format", "csv")[0] == 2


@pytest.mark.parametrize(
    "sql",
    [
        "copy (select 1) to '{folder}/out.csv'",
        "export database '{folder}/out'",
        "attach '{folder}/out.duckdb'",
        "attach ':memory:' as m",
        "create table t as select 1",
        "insert into marts.dim_metric select * from marts.dim_metric",
        "delete from marts.dim_metric",
        "drop table marts.dim_metric",
        "alter table marts.dim_metric add column x integer",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set temp_directory = '{folder}'",
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from glob('/etc/*')",
        "select * from sqlite_scan('/etc/passwd', 'a')",
        "select getenv('HOME')",
        "checkpoint; vacuum",
    ],
)
def test_nothing_but_the_warehouse_is_read_and_nothing_is_written(
    ask: Asked, sample_home: Home, tmp_path: Path, sql: str
) -> None:
    build = sample_home.warehouse.resolve().parent
    before = sorted((path.name, path.stat().st_mtime_ns) for path in build.iterdir())
    status, out, error = ask(sql.format(folder=tmp_path))
    assert (status, out) == (1, "")
    assert error.startswith("juesuan sql: ") and len(error.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
    assert sorted((path.name, path.stat().st_mtime_ns) for path in build.iterdir()) == before


def test_variables_of_this_program_are_no_tables(ask: Asked) -> None:
    assert ask("select * from known")[0] == 1


def test_a_wrong_name_is_answered_with_the_nearest(ask: Asked) -> None:
    assert ask("select * from fct_expenditure_by_functon")[2].startswith(
        "juesuan sql: there is no table fct_expenditure_by_functon; the nearest names are: fct_expenditure_by_function"
    )
    status, _, error = ask("select departmnt_key from dim_department")
    assert status == 1 and "departmnt_key" in error and "department_key" in error
    assert ask("select 1\nfrom dim_department\nwhere nonsense = 1")[2].endswith("(line 3)\n")
    assert ask("selec 1")[:2] == (1, "")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["select 1", "--tables"],
        ["select 1; select 2", "--format", "csv"],
        ["select 1", "--output", "x.doc"],
        ["select 1", "--json", "--format", "csv"],
    ],
)
def test_what_does_not_go_together_is_a_misuse(ask: Asked, arguments: list[str]) -> None:
    status, _, error = ask(*arguments)
    assert status == 2
    assert len(error.splitlines()) == 1


def test_statements_are_run_in_order(ask: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = "create temp table t as select 5 as n;\nselect n from t;\nselect n + 1 as m from t;"
    (tmp_path / "q.sql").write_text(script, encoding="utf-8")
    expected = "n\n-\n5\n(1 row)\n\nm\n-\n6\n(1 row)\n"
    assert ask("--file", str(tmp_path / "q.sql"))[1] == expected
    monkeypatch.setattr(sys, "stdin", io.StringIO(script))
    assert ask("-")[1] == expected
    assert ask("pivot dim_metric on unit using count(*)", "--format", "csv")[0] == 0


def test_tables_and_columns_are_listed_with_what_they_mean(ask: Asked) -> None:
    listed = ask("--tables")[1]
    assert "dim_metric " in listed and "One row a department or unit through the years and its names." in listed
    assert '"table": "fct_metric"' in ask("--tables", "--json")[1]
    described = ask("--describe", "marts.dim_disclosure", "--format", "csv")[1].splitlines()
    assert described[0] == "column,type,description"
    assert "is_simulated,boolean,Whether the disclosure is a sample with invented figures." in described
    assert ask("--describe", "dim_disclosur")[2] == (
        "juesuan sql: there is no table dim_disclosur; the nearest names are: "
        "dim_disclosure, fct_disclosed_form, rpt_disclosure_quality; juesuan sql --tables lists what there is\n"
    )


def test_text_of_a_document_runs_nothing_and_drives_nothing(ask: Asked) -> None:
    sql = "select '=cmd|'' /C calc''!A0' as a, '-12.34' as b, 'x' || chr(27) || '[31m' || chr(10) || 'y' as c, '|<b>' as d"
    assert ask(sql, "--format", "csv")[1].splitlines()[1] == "'=cmd|' /C calc'!A0,-12.34,x�[31m�y,|<b>"
    assert "x�[31m�y" in ask(sql)[1]
    assert r"\|&lt;b&gt;" in ask(sql, "--format", "markdown")[1]
    out = ask(sql, "--format", "json")[1]
    assert "\x1b" not in out and json.loads(out)[0]["c"] == "x\x1b[31m\ny"


def test_two_columns_of_one_name_stay_two(ask: Asked) -> None:
    assert json.loads(ask("select 1 as a, 2 as a", "--json")[1]) == [{"a": 1, "a_1": 2}]


def test_values_of_all_types_are_written(ask: Asked) -> None:
    sql = (
        "select true as b, date '2020-01-31' as d, timestamp '2020-01-31 01:02:03' as t, [1.10, null] as l, {'k': '值'} as s,"
        " '\\xFF'::blob as x, 'nan'::double as n"
    )
    assert json.loads(ask(sql, "--json")[1], parse_float=str) == [
        {"b": True, "d": "2020-01-31", "t": "2020-01-31 01:02:03", "l": ["1.10", None], "s": {"k": "值"}, "x": "ff", "n": None}
    ]
    assert ask(sql, "--format", "csv")[1].splitlines()[1].startswith('true,2020-01-31,2020-01-31 01:02:03,"[1.10, null]"')


def test_a_file_is_replaced_only_when_that_is_said(ask: Asked, tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    assert ask("select 1 as a", "--output", str(target))[0] == 0
    status, _, error = ask("select 2 as a", "--output", str(target))
    assert status == 1 and "--force" in error
    assert target.read_text(encoding="utf-8") == "a\n1\n"
    assert ask("select 2 as a", "--output", str(target), "--force")[0] == 0
    assert target.read_text(encoding="utf-8") == "a\n2\n"
    assert ask("select broken", "--output", str(target), "--force")[0] == 1
    assert target.read_text(encoding="utf-8") == "a\n2\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_query_ends_when_its_time_is_over(ask: Asked) -> None:
    assert ask(ENDLESS, "--timeout", "0.5") == (1, "", "juesuan sql: not answered within 0.5 seconds\n")


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_interrupted_query_leaves_no_half_file(sample_home: Home, tmp_path: Path) -> None:
    endless_rows = f"select a.range from range(1000) as a where a.range < 5 or ({ENDLESS}) > 0"
    command = [sys.executable, "-m", "ingest", "--home", str(sample_home.path), "sql", endless_rows]
    process = subprocess.Popen([*command, "--output", str(tmp_path / "a.csv")], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not list(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [path.suffix for path in tmp_path.iterdir()] == [".part"]
    time.sleep(0.2)  # so that the query is under way
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 1
    assert error == "juesuan sql: interrupted; what is published is as it was\n"
    assert list(tmp_path.iterdir()) == []


def test_an_analysis_is_asked_by_its_name(ask: Asked) -> None:
    status, out, _ = ask("--analysis", "metrics_over_the_years", "--var", "department=云岭省澜溪市财政局", "--format", "csv")
    rows = [line.split(",") for line in out.splitlines()]
    assert (status, rows[0][:2], [row[1] for row in rows[1:]]) == (
        0,
        ["department_key", "fiscal_year"],
        [str(year) for year in range(2017, 2025)],
    )
    assert ask("--analysis", "metrics_over_the_years", "--var", "department=澜溪市财政局", "--format", "csv")[:2] == (status, out)
    status, out, _ = ask("--analyses")
    assert status == 0 and "who_spends_most_on_official_reception" in out and "(11 rows)" in out


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["--analysis", "who_spends"], 1, "there is no analysis who_spends; juesuan sql --analyses lists what there is"),
        (["--analysis", "metrics_over_the_years", "--var", "dep=a"], 2, "has no variable dep; it has department"),
        (["--analysis", "who_spends_most_on_official_reception", "--var", "a=b"], 2, "has no variable a; it has department"),
        (["--analysis", "metrics_over_the_years", "--var", "department=文化"], 1, "is part of the names of 2 departments"),
        (
            ["--analysis", "metrics_over_the_years", "--var", "department=卫生局"],
            1,
            "no department is called '卫生局'; the nearest",
        ),
        (["--analysis", "metrics_over_the_years", "--var", "department"], 2, "say it as NAME=VALUE"),
        (["select 1", "--var", "department=a"], 2, "--var belongs to --analysis"),
    ],
)
def test_an_analysis_or_variable_that_is_not_there_is_told(ask: Asked, arguments: list[str], status: int, told: str) -> None:
    found, out, err = ask(*arguments)
    assert (found, out) == (status, "")
    assert told in err


def test_without_a_warehouse_it_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--home", str(tmp_path), "sql", "select 1", "--json"]) == 1
    printed = capsys.readouterr()
    assert "juesuan build" in printed.err and "juesuan build" in json.loads(printed.out)["error"]
