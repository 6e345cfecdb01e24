"""Titles, headers and heads as they are printed in many places."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ingest.catalogue import catalogue

TITLES = [
    ("收入支出决算总表", "income_expenditure_summary", None),
    ("财政拨款收入支出决算总表", "appropriation_summary", None),  # ends in another form's title
    ("收入决算总表", "income", None),
    ("支出决算表", "expenditure", None),
    ("一般公共预算财政拨款支出决算表", "general_budget_expenditure", None),
    ("一般公共预算财政拨款支出决算明细表", "general_budget_economic", None),
    ("一般公共预算财政拨款基本支出决算表", "general_budget_economic", None),
    ("财政拨款“三公”经费支出决算表", "three_public_expenses", None),
    ("一般公共预算财政拨款“三公”经费及会议费、培训费支出决算表", "three_public_expenses", None),
    ("政府性基金预算财政拨款收入支出决算表", "government_funds", None),
    ("国有资本经营预算财政拨款支出决算表", "state_capital", None),
    ("财政拨款支出决算明细表", "appropriation_detail", None),
    ("国有资产占用情况表", "state_assets", None),
    ("部门决算公开相关信息统计表", "supplementary_information", None),
    ("上海市普陀区财政局2024年度收入支出决算总表", "income_expenditure_summary", None),
    ("公开 01 表：收入支出决算总表", "income_expenditure_summary", "公开01表"),
    ("表五一般公共预算财政拨款支出决算表", "general_budget_expenditure", "表五"),  # 表五一 is no number
    ("一、收入支出决算总表", "income_expenditure_summary", None),
    ("公开01表-收入支出决算总表", "income_expenditure_summary", "公开01表"),
    ("财决公开02表 收入决算表", "income", "公开02表"),
    ("青河县妇联收入支出决算总表（2022年度）", "income_expenditure_summary", None),
    ("二〇二三年度部门决算收支总表", "income_expenditure_summary", None),
    ("支出决算表（按功能分类）", "expenditure", None),
    ("〝三公〞经费、行政参公单位机关运行经费情况表", "three_public_expenses", None),
    ("政府采购支出信息表", "government_procurement", None),
    ("表1 收入支出决算总表（续）", "income_expenditure_summary", "表1"),
    ("收入决算表（按功能分类）", "income", None),
    ("2023年部门综合预算收支总表", "income_expenditure_summary", None),
    ("部门预算支出总表", "expenditure", None),
    ("一般公共预算支出明细表（按功能科目分）", "general_budget_expenditure", None),
    ("一般公共预算基本支出明细表（按经济分类科目分）", "general_budget_economic", None),
    ("机关运行经费及“三公”经费支出决算表", "three_public_expenses", None),
    ("“三公”经费财政拨款预算表", "three_public_expenses", None),
    ("政府性基金预算支出表（按功能科目）", "government_funds", None),
]


@pytest.mark.parametrize(("text", "form_code", "number"), TITLES)
def test_a_title_names_its_form_whatever_stands_around_it(text: str, form_code: str, number: str | None) -> None:
    title = catalogue().title(text)
    assert title is not None
    assert (title.form_code, title.number) == (form_code, number)


@pytest.mark.parametrize(
    "text",
    [
        "收入决算情况说明",
        "第二部分 2022年部门决算表",
        "从收入支出决算总表可以看出，收入有所增长",
        "详见附件收入支出决算总表中的数据",
        "项目支出绩效自评表",
        "注：本表反映部门本年度的总收支和年末结转结余情况。",
    ],
)
def test_prose_about_a_form_is_not_its_title(text: str) -> None:
    assert catalogue().title(text) is None


@pytest.mark.parametrize(
    ("shape", "path", "column_code", "phase"),
    [
        ("function", ["本年支出", "小计"], "total", None),
        ("function", ["本年支出", "基本支出"], "basic", None),
        ("function", ["本年支出"], "total", None),
        ("function", ["年初结转和结余"], "opening_balance", None),
        ("function", ["年初结转和结余", "基本支出结转"], "opening_balance_basic", None),
        ("function", ["年末结转和结余", "项目支出结转和结余", "小计"], "closing_balance_project", None),
        ("function", ["对附属单位\n补助支出"], "subsidy_to_subordinate", None),
        ("function", ["附属单\n位上\n缴收入"], "subordinate_remittance", None),
        ("summary", ["合计"], "total", None),
        ("summary", ["国有资本经营\n预\n算财政拨\n款"], "state_capital", None),
        ("economic", ["金额"], "total", None),
        ("economic", ["其中：基本支出"], "basic", None),
        ("measures", ["财政拨款“三公”经费", "公务用车购置及运行费", "小计", "预算数"], "vehicles", "budget"),
        ("measures", ["决算数", "公务用车购置及运行维护费", "公务用车购置费"], "vehicle_purchase", "final"),
        ("measures", ["“三公”经费", "小计"], "three_public_subtotal", None),
        ("measures", ["公务用车购置及运维费", "小计"], "vehicles", None),
        ("measures", ["年初预算数", "合计"], "total", "initial_budget"),
    ],
)
def test_a_header_path_says_what_a_column_is(shape: str, path: list[str], column_code: str, phase: str | None) -> None:
    meaning = catalogue().column(path, shape)
    assert meaning is not None
    assert (meaning.column_code, meaning.phase) == (column_code, phase)


def test_a_subtotal_under_an_unknown_heading_is_no_total() -> None:
    assert catalogue().column(["公务船舶购置费", "小计"], "measures") is None


def test_an_unknown_header_is_not_guessed() -> None:
    assert catalogue().column(["抵扣进项税额"], "function") is None


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("部门名称：晋城市行政审批服务管理局 2022年度 金额单位：元", "元"),
        ("单位：万元", "万元"),
        ("单位:人民币万元", "万元"),
        ("单位：上海市普陀区财政局", None),  # a unit is an office, too
        ("单位：辆、台、套", None),
    ],
)
def test_the_unit_is_read_from_the_head(text: str, unit: str | None) -> None:
    assert catalogue().unit(text) == unit


@pytest.mark.parametrize("text", ["— 4 —", "第 3 页", "第3页 共20页", "- 12 -", "7", "续表"])
def test_what_page_breaks_leave_is_rubbish(text: str) -> None:
    assert catalogue().is_rubbish(text)


@pytest.mark.parametrize("text", ["表7", "收入", "12.5", "2024年"])
def test_what_belongs_to_a_form_is_no_rubbish(text: str) -> None:
    assert not catalogue().is_rubbish(text)


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("（一）车辆数合计（辆）", "辆"),
        ("8.其他用车", "辆"),
        ("（二）单价100万元（含）以上设备（不含车辆）", "台"),
        ("（一）行政单位", None),
        ("服务", None),
    ],
)
def test_rows_that_count_things_have_their_own_unit(label: str, unit: str | None) -> None:
    assert catalogue().count_unit(label) == unit


def test_the_warehouse_knows_every_form_of_the_catalogue() -> None:
    """A form that the models do not know would stop the build of everything else."""
    seed = Path(__file__).resolve().parents[2] / "seeds" / "form_kind.csv"
    with seed.open(encoding="utf8", newline="") as handle:
        known = {row["form_code"] for row in csv.DictReader(handle)}
    assert set(catalogue().forms) == known


@pytest.mark.parametrize(
    ("path", "shape", "column_code"),
    [
        # Budgets since 2021.
        (["单位资金", "小计"], "function", "unit_funds"),
        (["单位资金", "事业单位经营收入"], "function", "business_income"),
        (["上年结转结余", "单位资金"], "function", "opening_balance_unit_funds"),
        (["财政专户管理的教育收费"], "function", "education_fees"),
        (["基本支出", "人员类项目"], "function", "personnel"),
        (["出国（境）费"], "measures", "overseas_travel"),
        (["公务用车购置运行费", "小计"], "measures", "vehicles"),
    ],
)
def test_a_header_names_its_column_in_the_words_of_each_place(path: list[str], shape: str, column_code: str) -> None:
    meaning = catalogue().column(path, shape)
    assert meaning is not None
    assert meaning.column_code == column_code
