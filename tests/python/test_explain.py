"""``juesuan explain``: from a figure of any mart to the place where it is printed, and helpful words when there is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ingest.cli import main
from ingest.departments import NothingFound
from ingest.explain import FIGURES_SHOWN, MARTS, BadQuestion, Question, find_figures, render

PUTUO = "上海市普陀区财政局"
STAR = "星河市财政局"


@pytest.fixture
def marts(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The columns of the marts that explaining needs, with a few figures, where juesuan looks for them."""
    (tmp_path / "current").mkdir()
    with closing(duckdb.connect(tmp_path / "current" / "warehouse.duckdb")) as connection:
        connection.execute(
            f"""
            create schema marts;
            create table marts.dim_department_name as
                select * from (values ('p', '{PUTUO}'), ('s', '{STAR}'), ('s', '星河市财政厅'))
                    as t (department_key, department_name);
            create table marts.dim_disclosure as select * from (values
                ('p24', 'p', '{PUTUO}', 2024, 'department'), ('s22', 's', '星河市财政厅', 2022, 'unit')
            ) as t (disclosure_key, department_key, department_name, fiscal_year, reporting_scope);
            create table marts.dim_document as select * from (values
                ('d1', 'putuo.pdf', '/files/putuo.pdf', 'application/pdf'), ('d2', 'star.txt', '/files/star.txt', 'text/plain')
            ) as t (document_id, file_name, file_path, media_type);
            create table marts.bridge_disclosure_document as select * from (values
                ('d1', 'expenditure', null::varchar, 'the only document that has it')
            ) as t (document_id, part, superseded_by_document_id, reason);
            create table marts.dim_document_path (document_id varchar, file_path varchar, is_read_from boolean, is_gone boolean);
            create table marts.fct_document_difference (
                grain varchar, outcome varchar,
                current_document_id varchar, current_file_name varchar, current_amount decimal(20, 2),
                current_amount_text varchar,
                current_unit varchar, current_page integer, current_table integer, current_row integer, current_column integer,
                other_document_id varchar, other_file_name varchar, other_amount decimal(20, 2), other_amount_text varchar,
                other_unit varchar, other_page integer, other_table integer, other_row integer, other_column integer
            );
            create table marts.fct_disclosed_form as select * from (values
                ('d1', 'expenditure', '支出决算表'), ('d2', 'income_expenditure_summary', '收入支出决算总表')
            ) as t (document_id, form_code, title);
            create table marts.fct_reported_amount as
            select *, cast(yuan as decimal(20, 2)) as amount, true as is_current from (values
                ('d1', 'p24', 'p', 2024, 'final_account', 'expenditure', null, '2010601', '行政运行', 'total', '本年支出合计',
                 '1,234.56', '万元', 12345600, 7, 1, 12, 3),
                ('d1', 'p24', 'p', 2024, 'final_account', 'expenditure', null, '2010601', '行政运行', 'basic', '基本支出',
                 '1,234.56', '万元', 12345600, 7, 1, 12, 4),
                ('d1', 'p24', 'p', 2024, 'final_account', 'expenditure', null, null, '合计', 'total', '本年支出合计',
                 '2000.00', '万元', 20000000, 7, 1, 5, 3),
                ('d2', 's22', 's', 2022, 'final_account', 'income_expenditure_summary', 'income', null, '一、财政拨款收入',
                 'total', '', '29029236. 59', '元', 29029236.59, 1, 2, 40, 2)
            ) as t (document_id, disclosure_key, department_key, fiscal_year, disclosure_kind, form_code, side, row_code,
                row_label, column_code, column_header, amount_text, unit, yuan,
                source_page, source_table, source_row, source_column);
            create table marts.fct_expenditure_by_function as
                select 'd1' as document_id, 'expenditure' as form_code, '2010601' as functional_code;
            """
        )
        yield connection


def test_a_figure_leads_to_its_place(marts: duckdb.DuckDBPyConnection) -> None:
    assert render(find_figures(marts, Question(PUTUO, 2024, code="2010601", column="total"))).splitlines() == [
        "上海市普陀区财政局 · 2024 final account (department)",
        "file  /files/putuo.pdf",
        "      SHA-256 d1",
        "form  支出决算表 (expenditure)",
        "      2010601 行政运行 · total = 12,345,600.00 元",
        "        page 7, table 1, row 12, column 3 under '本年支出合计': printed '1,234.56' in 万元",
    ]


def test_a_figure_of_a_text_file_leads_to_its_line(marts: duckdb.DuckDBPyConnection) -> None:
    assert render(find_figures(marts, Question("s", 2022))).splitlines()[3:] == [
        "form  收入支出决算总表 (income_expenditure_summary, side income)",
        "      一、财政拨款收入 · total = 29,029,236.59 元",
        "        page 1, line 40, column 2: printed '29029236. 59' in 元",
    ]


@pytest.mark.parametrize(
    ("question", "columns"),
    [
        (Question(PUTUO, 2024), ["total", "total", "basic"]),
        (Question(PUTUO, 2024, code="201 06 01"), ["total", "basic"]),
        (Question(PUTUO, 2024, label="合 计"), ["total"]),
        (Question(PUTUO, 2024, column="basic"), ["basic"]),
        (Question(PUTUO, 2024, column="basic_amount"), ["basic"]),
        (Question(PUTUO, 2024, amount=Decimal(20000000)), ["total"]),
        (Question(PUTUO, 2024, mart="fct_reported_amount"), ["total", "total", "basic"]),
        (Question(PUTUO, 2024, mart="fct_expenditure_by_function"), ["total", "basic"]),
    ],
)
def test_each_part_of_a_question_narrows(marts: duckdb.DuckDBPyConnection, question: Question, columns: list[str]) -> None:
    assert [figure.column_code for figure in find_figures(marts, question)] == columns


@pytest.mark.parametrize("department", ["s", STAR, "星河市财政厅", "星河市", "星 河 市"])
def test_a_department_is_known_by_key_by_every_name_and_by_a_part_of_it(
    marts: duckdb.DuckDBPyConnection, department: str
) -> None:
    assert len(find_figures(marts, Question(department, 2022))) == 1


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (Question("财政局", 2024), f"'财政局' is part of the names of 2 departments: {PUTUO}, {STAR}; say which"),
        (
            Question("上海普陀财政局", 2024),
            f"no department is called '上海普陀财政局'; the nearest names are: {PUTUO}, {STAR}, 星河市财政厅",
        ),
        (Question(PUTUO, 2023), f"nothing is loaded of {PUTUO} for 2023; there is: 2024"),
        (
            Question(PUTUO, 2024, code="999"),
            "no figure matches --code 999; without, 3 do, with: 2010601",
        ),
        (
            Question(PUTUO, 2024, form="income", column="total"),
            "no figure matches --column total and --form income; without, 3 do, with: expenditure",
        ),
        (
            Question(PUTUO, 2024, code="2010601", amount=Decimal("20000000.01")),
            "no figure matches --amount 20000000.01; without, 2 do, with: 12345600.00",
        ),
        (
            Question(PUTUO, 2024, label="合计", mart="fct_expenditure_by_function"),
            "no figure matches --mart fct_expenditure_by_function; without, 1 do",
        ),
    ],
)
def test_where_nothing_matches_it_says_which_part_and_what_there_is(
    marts: duckdb.DuckDBPyConnection, question: Question, words: str
) -> None:
    with pytest.raises(NothingFound) as caught:
        find_figures(marts, question)
    assert str(caught.value) == words


def test_a_mart_without_printed_figures_is_a_bad_question(marts: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(BadQuestion, match="no figures of printed documents in 'dim_document'; there are: fct_reported_amount, "):
        find_figures(marts, Question(PUTUO, 2024, mart="dim_document"))


def test_a_long_answer_is_cut_and_says_so(marts: duckdb.DuckDBPyConnection) -> None:
    [figure] = find_figures(marts, Question(PUTUO, 2024, label="合计"))
    assert "more" not in render([figure] * FIGURES_SHOWN)
    assert render([figure] * (FIGURES_SHOWN + 1)).endswith(
        "\n… and 1 more: narrow with --form, --code, --label, --column or --amount, or use --json for all"
    )


def test_the_command_prints_json_for_programs(
    tmp_path: Path, marts: duckdb.DuckDBPyConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    marts.close()
    arguments = ["explain", "--home", str(tmp_path), "--department", PUTUO, "--year", "2024", "--json"]
    assert main([*arguments, "--amount", "20,000,000"]) == 0
    [figure] = json.loads(capsys.readouterr().out)["figures"]
    assert (figure["amount"], figure["source_row"], figure["file_path"]) == ("20000000.00", 5, "/files/putuo.pdf")
    assert main([*arguments, "--amount", "1"]) == 1
    captured = capsys.readouterr()
    assert json.loads(captured.out)["figures"] == []
    assert captured.err.startswith("juesuan explain: no figure matches --amount 1; without, 3 do")


@pytest.mark.parametrize("amount", ["12x", "", "NaN", "Infinity"])
def test_an_amount_that_is_no_number_is_misuse(
    tmp_path: Path, marts: duckdb.DuckDBPyConnection, capsys: pytest.CaptureFixture[str], amount: str
) -> None:
    marts.close()
    assert main(["explain", "--home", str(tmp_path), "--department", PUTUO, "--year", "2024", "--amount", amount]) == 2
    assert capsys.readouterr().err.endswith("is no number; give the amount in yuan, such as 12345.67\n")


def test_before_the_first_build_it_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--home", str(tmp_path), "--department", PUTUO, "--year", "2024"]) == 1
    assert f"nothing is published in {tmp_path} yet: run juesuan ingest PATH…, then juesuan build" in capsys.readouterr().err


# --- On the published samples ---


@pytest.mark.parametrize("mart", [mart for mart, columns in MARTS.items() if columns])
def test_every_row_of_every_mart_of_figures_is_explained(sample_warehouse: duckdb.DuckDBPyConnection, mart: str) -> None:
    keys = MARTS[mart]
    same = " and ".join(f"m.{theirs} is not distinct from a.{ours}" for theirs, ours in keys.items())
    # A reconciliation is also reported where the total itself is not printed.
    stated = "where printed is not null" if mart == "rpt_form_reconciliation" else ""
    counted = sample_warehouse.execute(
        f"""
        select count(*), count(*) filter (where not exists (
            select 1 from marts.fct_reported_amount as a where a.document_id = m.document_id and {same}
        ))
        from marts.{mart} as m {stated}
        """
    ).fetchone()
    assert counted is not None
    assert counted[0] > 0
    assert counted[1] == 0


def test_the_figures_of_a_pivoted_mart_are_those_printed(sample_warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = sample_warehouse.execute(
        """
        select d.department_name, e.fiscal_year, e.disclosure_kind, e.form_code, e.functional_code, e.total_amount
        from marts.fct_expenditure_by_function as e
        inner join marts.dim_disclosure as d on e.disclosure_key = d.disclosure_key
        where e.total_amount is not null and e.printed_row_count = 1 and d.reporting_scope = 'department'
        order by hash(e.document_id, e.form_code, e.functional_code)
        limit 30
        """
    ).fetchall()
    for department, year, kind, form, code, amount in rows:
        question = Question(department, year, kind, form, code, column="total_amount", mart="fct_expenditure_by_function")
        assert [figure.amount for figure in find_figures(sample_warehouse, question)] == [amount]
