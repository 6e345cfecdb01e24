"""Parsed documents for the tests of staging: a small one that is sound, and large ones to measure with."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from ingest.document import Box
from ingest.files import SourceFile
from ingest.parsed import (
    Amount,
    Claim,
    Disclosure,
    Form,
    FormRow,
    Notice,
    ParsedDocument,
    PerformanceIndicator,
    Project,
    ProjectExecution,
    PublicationMark,
    Sentence,
    TextLine,
    Witness,
)

DISCLOSURE = Disclosure("星河市样例局", 2023, "final_account", "department", "星河市", True)
ROWS = (("201", "一般公共服务支出"), ("20103", "政府办公厅（室）及相关机构事务"), ("2010301", "行政运行"))
COLUMNS = ("total", "basic", "project")
SENTENCE = "与2022年度相比，支出总计减少12.50万元，下降1.87%。"
CLAIM = Claim(
    1, 1, SENTENCE, "支出总计", "expenditure_total", None, None, None, "change", "final", None, None, None, None,
    "12.50", Decimal("12.50"), "万元", 2, "decrease", "1.87", Decimal("1.87"), 2, "2022", None, None, None, None, 2, 3,
)  # fmt: skip
EXECUTION = ProjectExecution(
    1, 1, "合计", "total", Decimal(100), "100", Decimal(100), "100", Decimal(80), "80.00", Decimal(60), "60", Decimal(20), "20",
    "元", Decimal(10), Decimal(75), "75%", Decimal("7.5"), 2, 1, 3,
)  # fmt: skip
INDICATOR = PerformanceIndicator(
    1, 1, "产出指标", "数量指标", "培训次数", "5", "≥5次", "2", "5", Decimal(5), "2", Decimal(2), "只完成2次", 2, 2, 4
)  # fmt: skip


def source(name: str = "star.pdf", digest: str = "0" * 64) -> SourceFile:
    return SourceFile(Path("/disclosures") / name, digest, 1000)


def form_row(order: int, code: str | None, label: str, form_order: int = 1) -> FormRow:
    return FormRow(form_order, order, "expenditure", None, code, label, 4, 1, order + 3)


def amount(row: FormRow, column: int, text: str = "1,234.50") -> Amount:
    value = Decimal(text.replace(",", ""))
    decimals = len(text.partition(".")[2])
    return Amount(
        row.form_order, row.row_order, row.form_code, row.side, row.row_code, row.row_label,
        COLUMNS[column], f"支出 / {COLUMNS[column]}", text, value, "元", decimals,
        row.source_page, row.source_table, row.source_row, column + 3, Box(10.0, 20.0, 30.0, 40.0),
    )  # fmt: skip


def document(row_count: int = 3) -> ParsedDocument:
    """A sound document: one form with amounts, one without, one that is missing."""
    labels = [*ROWS, *((f"20104{n % 100:02}", f"样例{n}") for n in range(4, row_count + 1))][:row_count]
    rows = tuple(form_row(order, code, label) for order, (code, label) in enumerate(labels, start=1))
    return ParsedDocument(
        media_type="application/pdf",
        page_count=9,
        disclosure=DISCLOSURE,
        forms=(
            Form(1, "expenditure", "支出决算表", "公开03表", "元", 4, 4, "present", None),
            Form(2, "government_funds", "政府性基金预算财政拨款收入支出决算表", None, "元", 5, 5, "no_data", "本表无数据"),
            Form(3, "state_capital", "国有资本经营预算财政拨款支出决算表", None, None, None, None, "missing", None),
        ),
        rows=rows,
        amounts=tuple(amount(row, column) for row in rows for column in range(3)),
        text_lines=(TextLine(1, 1, "星河市样例局2023年度部门决算", Box(1.0, 2.0, 3.0, 4.0)), TextLine(2, 1, "目录", None)),
        witnesses=(Witness("fiscal_year", "2023", "cover", True, 1, "星河市样例局2023年度部门决算"),),
        notices=(Notice("form_missing", "state_capital is listed, but is not there", "state_capital"),),
        sentences=(Sentence(1, "一、收入支出决算总体情况说明", SENTENCE, 2, 2, 3),),
        claims=(CLAIM,),
        projects=(
            Project(
                1, "工作经费", "062003", "样例中心", "工作经费", Decimal("7.5"), Decimal(80), Decimal("87.5"), "良", "良", 2, 2
            ),
        ),
        executions=(EXECUTION,),
        indicators=(INDICATOR,),
        publication_marks=(PublicationMark("date", "2024-08-15", "cover", 1, "2024年8月15日"),),
    )
