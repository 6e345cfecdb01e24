"""Parsed documents for the tests of staging: a small one that is sound, and large ones to measure with."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from ingest.document import Box
from ingest.files import SourceFile
from ingest.parsed import Amount, Disclosure, Form, FormRow, Notice, ParsedDocument, TextLine, Witness

DISCLOSURE = Disclosure("星河市样例局", 2023, "final_account", "department", "星河市", True)
ROWS = (("201", "一般公共服务支出"), ("20103", "政府办公厅（室）及相关机构事务"), ("2010301", "行政运行"))
COLUMNS = ("total", "basic", "project")


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
    )
