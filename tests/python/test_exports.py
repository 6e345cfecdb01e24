"""What people take away: each figure is exact, leads back to its page, and is counted once."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from frictionless import validate
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from ingest.cli import main
from ingest.home import Home
from reporting.exports import fiscal
from reporting.exports.command import file_name
from reporting.exports.labels import FORMS_ZH, WORDS, Labels
from reporting.exports.scope import Scope
from reporting.exports.sheets import Column, Sheet
from reporting.exports.tables import TABLES
from reporting.exports.workbook import EXACT_CENTS, _fill

CULTURE = "云岭省澜溪市文化和旅游局"
SHANGHAI = "上海市普陀区财政局"
SHEETS_ZH = ["说明", "主要指标", "功能分类支出", "经济分类支出", "收入", "“三公”经费", "预算与决算", "核对发现", "逐项原数"]
# Of the Budget Standard Taxonomy, https://fiscal.datapackage.org/specifications/fiscal-data-package-budgets/
COLUMN_TYPES = {
    "administrative-classification:generic:code",
    "administrative-classification:generic:label",
    "budget-line-id",
    "date:fiscal-year",
    "direction",
    "fin-source:generic:code",
    "fin-source:generic:label",
    "functional-classification:cofog:division:code",
    "functional-classification:cofog:division:label",
    "functional-classification:generic:code",
    "functional-classification:generic:label",
    "functional-classification:generic:level1:code",
    "functional-classification:generic:level1:label",
    "phase:id",
    "phase:label",
    "value",
    "value-currency:code",
}

Rows = list[dict[str, Any]]


def export(home: Home, *arguments: str) -> int:
    return main(["--home", str(home.path), "export", *arguments])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exports")


@pytest.fixture(scope="module")
def workbook(sample_home: Home, folder: Path) -> Workbook:
    assert export(sample_home, "--department", CULTURE, "--output", str(folder / "a.xlsx")) == 0
    return load_workbook(folder / "a.xlsx")


@pytest.fixture(scope="module")
def package(sample_home: Home, folder: Path) -> Path:
    assert export(sample_home, "--format", "fiscal", "--output", str(folder / "fiscal")) == 0
    return folder / "fiscal"


def table(page: Worksheet) -> Rows:
    """The rows under the header of a sheet, by the titles of its columns; the first row says what the sheet is."""
    header, *rows = list(page.iter_rows(min_row=2, values_only=True))
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def found(rows: Rows, **wanted: object) -> dict[str, Any]:
    matching = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
    assert len(matching) == 1, matching
    return matching[0]


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


# --- The workbook ---


def test_the_first_sheet_says_what_it_is_and_where_it_comes_from(workbook: Workbook, sample_home: Home) -> None:
    assert workbook.sheetnames == SHEETS_ZH
    told = {str(row[0]): row[1] for row in workbook["说明"].iter_rows(max_row=10, max_col=2, values_only=True)}
    assert told["部门"] == CULTURE
    assert told["标记"] == "模拟数据，并非真实部门的公开内容"
    assert told["数据构建编号"] == sample_home.published_build()
    assert told["精度"] == "电子表格以双精度数存储：90,071,992,547,409.92 元以内每一分都准确；本文件中超出的有 0 个"
    assert told["前身"].startswith(
        "云岭省澜溪市文化广电新闻出版局（并入，2017–2018）、云岭省澜溪市旅游发展委员会（并入，2017–2018）；"
    )
    listed = {(row[3], row[4]) for row in workbook["说明"].iter_rows(min_row=14, values_only=True)}
    with closing(duckdb.connect(sample_home.warehouse, read_only=True)) as connection:
        files = connection.execute(
            "select file_name, document_id from marts.dim_document where disclosure_key like ? || '/%'", [CULTURE]
        ).fetchall()
    assert listed == set(files) and len(files) == 11


def test_figures_stand_beside_their_year_and_page(workbook: Workbook) -> None:
    by_function = table(workbook["功能分类支出"])
    culture = found(by_function, 表="支出表", 类别="决算", 科目编码="207")
    assert (culture["科目名称"], culture["2022"], culture["2022页"]) == ("文化旅游体育与传媒支出", 16491600, 6)
    total = found(by_function, 表="支出表", 类别="决算", 级次="合计")
    assert (total["2021"], total["2022"]) == (19809718.21, 19673600)
    assert found(table(workbook["收入"]), 收入来源="本年收入合计")["2021"] == 19788954.25
    metrics = table(workbook["主要指标"])
    assert found(metrics, 指标="预算执行率", 单位="%")["2021"] == pytest.approx(108.449539)
    assert found(metrics, 指标="公务接待费", 类别="决算")["2023"] == 48900
    reception = found(table(workbook["“三公”经费"]), 项目="公务接待费", 类别="决算", 阶段="预算")
    assert reception["2023"] == 54000
    outcome = found(table(workbook["预算与决算"]), 年度=2021, 科目名称="合计")
    assert (outcome["预算数（元）"], outcome["决算数（元）"], outcome["决算减预算（元）"]) == (18266300, 19809718.21, 1543418.21)


def test_metrics_stand_in_the_order_in_which_a_reader_asks(workbook: Workbook) -> None:
    order = list(dict.fromkeys(str(row["指标"]) for row in table(workbook["主要指标"])))
    assert order[:8] == [
        "本年支出合计",
        "本年收入合计",
        "支出增长率",
        "预算执行率",
        "基本支出",
        "项目支出",
        "基本支出占比",
        "项目支出占比",
    ]
    assert order.index("“三公”经费") < order.index("公务接待费") < order.index("实有人数") < order.index("人均“三公”经费")


@pytest.mark.parametrize(
    ("department", "name", "told"),
    [
        ("云岭省澜溪市自然资源和规划局", "前身", "云岭省澜溪市国土资源局（更名前，2017–2018）"),
        ("云岭省澜溪市旅游发展委员会", "并入", CULTURE),
    ],
)
def test_the_first_sheet_names_what_a_department_was_and_became(
    sample_home: Home, folder: Path, department: str, name: str, told: str
) -> None:
    assert export(sample_home, "--department", department, "--output", str(folder / f"{department}.xlsx")) == 0
    page = load_workbook(folder / f"{department}.xlsx")["说明"]
    assert (name, told) in page.iter_rows(max_row=4, max_col=2, values_only=True)


def test_a_finding_leads_to_page_and_row(workbook: Workbook) -> None:
    health = found(table(workbook["核对发现"]), 年度=2022, 程度="末位", 原文="52.73")
    assert (health["文件"], health["页"], health["科目编码"]) == (f"{CULTURE}2022年度部门决算.pdf", 9, "210")
    assert health["应为"] == 527100 and isinstance(health["行"], int)


def test_every_printed_amount_is_there_and_rounds_to_the_exact_one(workbook: Workbook, sample_home: Home) -> None:
    """A cell is a double: rounded to the cent it must be the decimal of the warehouse, row for row."""
    with closing(duckdb.connect(sample_home.warehouse, read_only=True)) as connection:
        printed = connection.execute(
            """
            select a.amount, a.amount_text, a.source_page, a.source_row, a.row_code
            from marts.fct_reported_amount as a
            inner join marts.dim_disclosure as d on a.disclosure_key = d.disclosure_key
            where a.department_key = ? and a.is_current
            order by d.reporting_scope, a.fiscal_year, a.disclosure_kind desc, a.form_order, a.row_order, a.source_column
            """,
            [CULTURE],
        ).fetchall()
    rows = table(workbook["逐项原数"])
    assert len(rows) == len(printed) > 3000
    for row, (amount, text, page, line, code) in zip(rows, printed, strict=True):
        value = row["金额（元）"] if row["金额（元）"] is not None else row["数量"]
        assert isinstance(value, int | float)
        assert round(Decimal(float(value)), 2) == amount
        assert (row["原文"], row["页"], row["行"], row["科目编码"]) == (text, page, line, code)


def test_missing_is_empty_and_a_printed_zero_is_zero(sample_home: Home, folder: Path) -> None:
    for department in ("上海市普陀区规划和自然资源局", SHANGHAI):
        assert export(sample_home, "--department", department, "--output", str(folder / f"{department}.xlsx")) == 0
    zero = found(
        table(load_workbook(folder / "上海市普陀区规划和自然资源局.xlsx")["“三公”经费"]), 项目="因公出国（境）费", 阶段="决算"
    )
    assert zero["2024"] == 0
    finance = load_workbook(folder / f"{SHANGHAI}.xlsx")
    remitted = found(table(finance["功能分类支出"]), 表="支出表", 科目编码="201")
    assert remitted["2024"] == 21066600
    missing = [row for row in table(finance["“三公”经费"]) if row["项目"] == "因公出国（境）费" and row["阶段"] == "决算"]
    assert missing == []
    assert "标记" not in {row[0] for row in finance["说明"].iter_rows(max_row=9, max_col=1, values_only=True)}


def test_sheets_are_ready_to_read_and_to_print(workbook: Workbook) -> None:
    page = workbook["功能分类支出"]
    assert page.freeze_panes == "G3"
    assert page.auto_filter.ref.startswith("A2:")
    assert page.page_setup.orientation == "landscape"
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight, page.sheet_properties.pageSetUpPr.fitToPage) == (1, 0, True)
    assert page.print_title_rows == "$2:$2"
    assert page.oddHeader.center.text == "模拟数据，并非真实部门的公开内容"
    assert page["D4"].data_type == "s" and page["D4"].number_format == "@"
    assert page["G4"].data_type == "n" and page["G4"].number_format == "#,##0.00;[Red]-#,##0.00"
    # Twelve Chinese characters take twenty-four places.
    assert page.column_dimensions["E"].width >= 24


def test_a_workbook_in_english_has_english_words_and_printed_names(sample_home: Home, folder: Path) -> None:
    assert export(sample_home, "--department", CULTURE, "--language", "en", "--output", str(folder / "en.xlsx")) == 0
    book = load_workbook(folder / "en.xlsx")
    assert book.sheetnames[:3] == ["About", "Metrics", "Expenditure by function"]
    row = found(table(book["Expenditure by function"]), Form="expenditure", Kind="final account", Code="207")
    assert (row["Name"], row["2022"], row["2022 page"]) == ("文化旅游体育与传媒支出", 16491600, 6)


def test_printed_text_is_never_a_formula_and_cents_that_a_double_loses_are_told(folder: Path) -> None:
    beyond = EXACT_CENTS + Decimal("0.01")
    texts = ("=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0\x1b")
    rows = [(text, "0201", amount) for text, amount in zip(texts, (EXACT_CENTS, beyond, -beyond, None, Decimal(0)), strict=True)]
    sheet = Sheet("x", (Column("a"), Column("b", "code"), Column("c", "amount")), tuple(rows), keys=1)
    book = Workbook()
    with closing(duckdb.connect()) as connection:
        _fill(book.create_sheet("x"), sheet, Scope(connection, "b", "k", "n", False), Labels("en"))
    book.save(folder / "hostile.xlsx")
    page = load_workbook(folder / "hostile.xlsx")["x"]
    assert [page.cell(n, 1).value for n in range(3, 8)] == [*texts[:4], "=cmd|' /C calc'!A0�"]
    assert {page.cell(n, 1).data_type for n in range(3, 8)} == {"s"}
    assert {page.cell(n, 2).value for n in range(3, 8)} == {"0201"}
    assert round(Decimal(float(page["C3"].value)), 2) == EXACT_CENTS and page["C3"].comment is None
    assert [page[f"C{n}"].comment.text for n in (4, 5)] == ["90071992547409.93", "-90071992547409.93"]
    assert (page["C6"].value, page["C7"].value) == (None, 0)


def test_words_are_there_in_both_languages_and_for_all_forms(sample_warehouse: duckdb.DuckDBPyConnection) -> None:
    assert all(zh and en for zh, en in WORDS.values())
    forms = sample_warehouse.execute("select distinct form_code from marts.fct_disclosed_form").fetchall()
    assert {form for (form,) in forms} <= set(FORMS_ZH)


# --- Tables ---


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_tables_hold_the_rows_of_one_department(
    sample_home: Home, sample_warehouse: duckdb.DuckDBPyConnection, folder: Path, form: str
) -> None:
    target = folder / form
    assert export(sample_home, "--format", form, "--department", SHANGHAI, "--output", str(target)) == 0
    assert {path.name for path in target.iterdir()} == {*(f"{name}.{form}" for name in TABLES), "datapackage.json"}
    path = target / f"fct_reported_amount.{form}"
    rows = lines(path) if form == "csv" else pq.read_table(path).to_pylist()
    expected = sample_warehouse.execute(
        "select count(*), sum(amount) from marts.fct_reported_amount where department_key = ?", [SHANGHAI]
    ).fetchone()
    assert (len(rows), sum(Decimal(row["amount"]) for row in rows)) == expected
    assert {row["department_key"] for row in rows} == {SHANGHAI}
    if form == "csv":
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")  # by which a spreadsheet knows UTF-8
        assert validate(str(target / "datapackage.json")).valid
        assert "file_path" not in lines(target / "dim_document.csv")[0]


def test_without_a_department_tables_hold_all(
    sample_home: Home, sample_warehouse: duckdb.DuckDBPyConnection, folder: Path
) -> None:
    assert export(sample_home, "--format", "parquet", "--output", str(folder / "all")) == 0
    for name in TABLES:
        count = sample_warehouse.execute(f"select count(*) from marts.{name}").fetchone()
        assert count == (pq.read_table(folder / "all" / f"{name}.parquet").num_rows,), name


# --- The Fiscal Data Package ---


def test_the_reference_validator_finds_nothing_wrong(package: Path, sample_home: Home, folder: Path) -> None:
    report = validate(str(package / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])
    assert export(sample_home, "--format", "fiscal", "--department", SHANGHAI, "--output", str(folder / "one")) == 0
    assert validate(str(folder / "one" / "datapackage.json")).valid
    assert {line["department_key"] for line in lines(folder / "one" / "expenditure.csv")} == {SHANGHAI}


def test_the_validator_would_find_a_line_without_its_disclosure(package: Path, tmp_path: Path) -> None:
    for path in package.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    described = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    kept = lines(tmp_path / "disclosures.csv")[1:]
    with (tmp_path / "disclosures.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, kept[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)
    for resource in described["resources"]:
        if resource["name"] == "disclosures":
            del resource["hash"], resource["bytes"]
    (tmp_path / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    assert "foreign-key" in {kind for (kind,) in validate(str(tmp_path / "datapackage.json")).flatten(["type"])}


def test_columns_have_types_of_the_published_taxonomy(package: Path) -> None:
    described = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    assert described["profile"] == "tabular-data-package" and described["licenses"] and described["sources"]
    assert described["description"].startswith("Simulated data among it")
    schemas = {resource["name"]: resource["schema"] for resource in described["resources"]}
    used = [
        field["columnType"]
        for schema in schemas.values()
        for field in (*schema["fields"], *schema.get("extraFields", ()))
        if "columnType" in field
    ]
    assert set(used) == COLUMN_TYPES
    assert schemas["expenditure"]["extraFields"] == [
        {"name": "currency", "type": "string", "columnType": "value-currency:code", "constant": "CNY"}
    ]
    # What a ColumnType says of the type of its column.
    types = {f["columnType"]: f["type"] for f in schemas["expenditure"]["fields"] if "columnType" in f}
    assert (types["value"], types["date:fiscal-year"], types["direction"]) == ("number", "integer", "string")
    for name, schema in schemas.items():
        assert [field["name"] for field in schema["fields"]] == list(lines(package / f"{name}.csv")[0]), name
        assert all(field["description"] for field in schema["fields"]), name


def test_what_is_summed_over_a_department_and_year_is_its_printed_total(package: Path) -> None:
    spent = [line for line in lines(package / "expenditure.csv") if line["department_key"] == CULTURE]
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for line in spent:
        sums[line["fiscal_year"], line["phase_id"]] += Decimal(line["amount"])
    assert sums["2021", "executed"] == Decimal("19809718.21")
    assert sums["2020", "approved"] == Decimal("18417300.00")  # what 财政拨款 pays: of all funds no form has codes
    assert {line["fin_source_code"] for line in spent if line["phase_id"] == "approved"} == {"appropriation"}
    income = [
        Decimal(line["amount"])
        for line in lines(package / "income.csv")
        if (line["department_key"], line["fiscal_year"], line["phase_id"]) == (CULTURE, "2021", "executed")
    ]
    assert sum(income) == Decimal("19788954.25")


def check_sums(package: Path) -> Iterator[tuple[str, Decimal]]:
    """Each disclosure is there once, by one form; yields by how much its sums miss what is printed."""
    for name, told in (("expenditure", "expenditure"), ("income", "income")):
        rows = lines(package / f"{name}.csv")
        sums: dict[str, Decimal] = defaultdict(Decimal)
        forms: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            sums[row["disclosure_key"]] += Decimal(row["amount"])
            forms[row["disclosure_key"]].add(row["form_code"])
        assert {len(codes) for codes in forms.values()} == {1}
        for disclosure in lines(package / "disclosures.csv"):
            key = disclosure["disclosure_key"]
            assert sums[key] == Decimal(disclosure[f"{told}_amount"]), key
            yield key, sums[key] - Decimal(disclosure[f"{told}_printed_total"])


def test_no_amount_is_counted_twice(package: Path) -> None:
    missed = dict(check_sums(package))
    assert len(missed) == 73
    # Forms in 万元 with two decimals: a few rows may miss their total by a few hundred yuan, never by a row of theirs.
    assert max(abs(difference) for difference in missed.values()) <= 1000
    rows = lines(package / "expenditure.csv")
    codes = {(row["disclosure_key"], row["functional_code"]) for row in rows}
    assert len(codes) == len(rows)
    assert not [key for key in codes if any((key[0], key[1][:length]) in codes for length in (3, 5) if length < len(key[1]))]


def test_a_unit_within_its_department_is_marked(package: Path) -> None:
    within = {line["disclosure_key"] for line in lines(package / "disclosures.csv") if line["is_within_department"] == "true"}
    assert "云岭省澜溪市不动产登记中心/2022/final_account/unit" in within
    assert not [key for key in within if key.endswith("/department")]


def test_real_documents_make_a_package_too(corpus_home: Home, folder: Path) -> None:
    assert export(corpus_home, "--format", "fiscal", "--output", str(folder / "corpus")) == 0
    assert validate(str(folder / "corpus" / "datapackage.json")).valid
    assert max(abs(difference) for _, difference in check_sums(folder / "corpus")) <= 100


def test_a_class_without_a_division_has_none_in_the_package(package: Path) -> None:
    rows = {row["cofog_mapping_id"]: row for row in lines(package / "cofog.csv")}
    assert (rows["204"]["cofog_code"], rows["204"]["is_approximate"]) == ("03", "false")
    assert (rows["229"]["cofog_code"], rows["229"]["is_approximate"]) == ("", "")
    assert rows["229"]["caveat"]
    # Tourism came to 207 in 2019.
    assert (rows["207"]["is_approximate"], rows["207-2019"]["is_approximate"]) == ("false", "true")
    used = {row["cofog_mapping_id"]: row["cofog_division_code"] for row in lines(package / "expenditure.csv")}
    assert used["229"] == "" and used["207-2019"] == "08" and used["208"] == "10"


# --- The command ---


def test_a_file_is_replaced_only_when_that_is_said(sample_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "f"
    arguments = ("--format", "fiscal", "--department", SHANGHAI, "--output", str(target))
    assert export(sample_home, *arguments) == 0
    (target / "mine.txt").write_text("mine", encoding="utf-8")
    (target / "income.csv").write_text("old", encoding="utf-8")
    assert export(sample_home, *arguments) == 1
    assert "--force" in capsys.readouterr().err
    assert (target / "income.csv").read_text(encoding="utf-8") == "old"
    assert export(sample_home, *arguments, "--force", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "path": str(target),
        "format": "fiscal",
        "department": SHANGHAI,
        "build": sample_home.published_build(),
        "rows": len(lines(target / "expenditure.csv")) + len(lines(target / "income.csv")),
    }
    assert (target / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


def test_an_interrupted_export_leaves_nothing(sample_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(fiscal, "write_json", interrupted)
    assert export(sample_home, "--format", "fiscal", "--output", str(tmp_path / "f")) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["--format", "csv"], 2, "--output DIR"),
        ([], 2, "--department"),
        (["--department", SHANGHAI, "--output", "{folder}/a.csv"], 2, ".xlsx"),
        (["--department", "没有这个局", "--output", "{folder}/a.xlsx"], 1, "nearest names"),
        (["--department", SHANGHAI, "--output", "{folder}/nowhere/a.xlsx"], 1, "no folder"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(
    sample_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, arguments: list[str], status: int, told: str
) -> None:
    assert export(sample_home, *(argument.format(folder=tmp_path) for argument in arguments)) == status
    error = capsys.readouterr().err
    assert told in error and len(error.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_build_of_before_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "builds" / "b").mkdir(parents=True)
    (tmp_path / "current").symlink_to("builds/b")
    with closing(duckdb.connect(tmp_path / "builds" / "b" / "warehouse.duckdb")) as connection:
        connection.execute("create schema marts; create table marts.dim_department (department_key varchar)")
    assert main(["--home", str(tmp_path), "export", "--format", "fiscal", "--output", str(tmp_path / "f")]) == 1
    assert "bridge_functional_cofog" in capsys.readouterr().err


def test_the_name_of_a_department_leads_to_no_other_folder() -> None:
    assert file_name("../某/局:*") == "某局"
    assert file_name("...") == "department"
