"""A department as a workbook: figures are numbers, codes are text, and nothing that was printed is ever run.

A spreadsheet keeps a figure as a double. Up to 2^53 hundredths of a yuan each cent has a double of its own; a cell beyond that
carries the exact amount as a note and is counted on the first sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ingest.terminal import display_width, printable
from reporting.exports.labels import Labels
from reporting.exports.scope import Scope
from reporting.exports.sheets import Cell, Column, Kind, Sheet, Value, sheets

EXACT_CENTS = Decimal(2**53) / 100
LONGEST = 32_767  # characters of a cell
NARROWEST, WIDEST = 6, 66  # of a column, in characters: a SHA-256 has 64
LINE_HEIGHT, HIGHEST = 15, 409  # of a row, in points

FORMATS: dict[Kind, str] = {
    "text": "@",
    "code": "@",
    "amount": "#,##0.00;[Red]-#,##0.00",
    "percent": "0.00;[Red]-0.00",
    "integer": "0",
    "year": "0",
    "page": "0",
}
FONT = "Calibri"  # named, so that bold text has the face of the rest; what it lacks, Chinese, the spreadsheet takes from another
BOLD = Font(name=FONT, size=11, bold=True)
WARNING = Font(name=FONT, size=11, bold=True, color="C00000")
WHITE = Font(name=FONT, size=11, bold=True, color="FFFFFF")
HEAD = PatternFill("solid", fgColor="1F3864")
BEYOND = PatternFill("solid", fgColor="FFF2CC")
LINE = Border(bottom=Side(style="hair", color="A6A6A6"))

SOURCES = """
select
    c.fiscal_year,
    c.disclosure_kind,
    c.reporting_scope,
    d.file_name,
    d.document_id,
    d.page_count,
    (
        select string_agg(b.part, ' ' order by b.part)
        from marts.bridge_disclosure_document as b
        where b.document_id = d.document_id and b.is_current
    ) as parts
from marts.dim_document as d
inner join marts.dim_disclosure as c on d.disclosure_key = c.disclosure_key
where c.department_key = ?
order by c.fiscal_year, c.disclosure_kind, c.reporting_scope, d.file_name
"""


# The names that the department itself had before the one it has, and departments that were merged into it.
PREDECESSORS = """
select
    names.department_name,
    departments.department_key <> $key as is_merged,
    names.first_year,
    names.last_year
from marts.dim_department_name as names
inner join marts.dim_department as departments on names.department_key = departments.department_key
where
    (departments.department_key = $key and names.department_name <> departments.department_name)
    or departments.successor_department_key = $key
order by names.first_year, names.department_name
"""

SUCCESSOR = """
select successors.department_name
from marts.dim_department as departments
inner join marts.dim_department as successors on departments.successor_department_key = successors.department_key
where departments.department_key = ?
"""


def write_workbook(scope: Scope, path: Path, language: str) -> int:
    """Write the workbook of the department of ``scope``; returns how many rows its sheets have."""
    labels = Labels(language)
    written = sheets(scope, labels)
    book = Workbook()
    about = book.active
    assert about is not None  # a new workbook has a sheet
    for sheet in written:
        _fill(book.create_sheet(sheet.title), sheet, scope, labels)
    _about(about, scope, labels, beyond=sum(_beyond_cents(value) for value in _figures(written)))
    book.properties.title = printable(scope.department_name or "")
    book.properties.creator = scope.made_by
    book.properties.description = f"build {scope.build_id}"
    book.save(path)
    return sum(len(sheet.rows) for sheet in written)


def _figures(written: Iterable[Sheet]) -> Iterable[Value]:
    for sheet in written:
        for row in sheet.rows:
            for value in row:
                yield value.value if isinstance(value, Cell) else value


def _beyond_cents(value: Value) -> bool:
    """Whether a double cannot tell the cents of an amount."""
    return isinstance(value, Decimal) and abs(value) > EXACT_CENTS


def _about(page: Worksheet, scope: Scope, labels: Labels, *, beyond: int) -> None:
    """What the workbook is, and the files that it comes from."""
    page.title = labels["about"]
    facts: list[tuple[str, str | None]] = [
        (labels["department_name"], scope.department_name),
        *_relatives(scope, labels),
        *([(labels["mark"], labels["simulated"])] if scope.is_simulated else []),
        (labels["build"], scope.build_id),
        (labels["made_by"], scope.made_by),
        (labels["units"], labels["units_told"]),
        (labels["empty"], labels["empty_told"]),
        (labels["source"], labels["source_told"]),
        (labels["exactness"], labels["exact_told"].format(beyond)),
        (labels["licence"], labels["licence_told"]),
    ]
    for number, (name, told) in enumerate(facts, start=1):
        _put(page, number, 1, name, "text").font = BOLD
        _put(page, number, 2, told, "text").alignment = Alignment(wrap_text=False)
    head = len(facts) + 2
    _put(page, head, 1, labels["sources"], "text").font = BOLD
    columns = (
        Column(labels["year"], "year"),
        *(Column(labels[key]) for key in ("kind", "scope", "file", "sha256")),
        Column(labels["pages"], "integer"),
        Column(labels["forms"]),
    )
    files = scope.connection.execute(SOURCES, [scope.department_key]).fetchall()
    rows = [
        (
            year,
            labels.word(kind),
            labels.word("unit_scope" if reach == "unit" else reach),
            file,
            digest,
            pages,
            _parts(labels, parts),
        )
        for year, kind, reach, file, digest, pages, parts in files
    ]
    _table(page, head + 1, columns, rows)
    first = page.column_dimensions["A"]
    first.width = max(first.width, *(display_width(name) + 4 for name, _ in facts))
    _print_setup(page, scope, labels, header_row=head + 1)


def _relatives(scope: Scope, labels: Labels) -> list[tuple[str, str | None]]:
    """What the department was before it was renamed or merged, and what it has become."""
    before = scope.connection.execute(PREDECESSORS, {"key": scope.department_key}).fetchall()
    after = scope.connection.execute(SUCCESSOR, [scope.department_key]).fetchall()
    told = [
        labels["merged_into_it" if is_merged else "formerly_named"].format(
            name, str(first) if first == last else f"{first}–{last}"
        )
        for name, is_merged, first, last in before
    ]
    listed = ("、" if labels.language == "zh" else ", ").join(told)
    if any(is_merged for _, is_merged, *_ in before):
        listed = labels["formerly_told"].format(listed)
    return [*([(labels["formerly"], listed)] if told else []), *((labels["successor"], name) for (name,) in after)]


def _parts(labels: Labels, codes: str | None) -> str | None:
    return "、".join(str(labels.form(code)) for code in codes.split()) if codes else None


def _fill(page: Worksheet, sheet: Sheet, scope: Scope, labels: Labels) -> None:
    mark = f" · {labels['simulated']}" if scope.is_simulated else ""
    heading = _put(page, 1, 1, f"{scope.department_name} · {sheet.title} · {labels['build']} {scope.build_id}{mark}", "text")
    heading.font = WARNING if scope.is_simulated else BOLD
    _table(page, 2, sheet.columns, sheet.rows, empty=labels["none"])
    page.freeze_panes = page.cell(row=3, column=sheet.keys + 1)
    _print_setup(page, scope, labels, header_row=2)


def _table(
    page: Worksheet, head: int, columns: Sequence[Column], rows: Sequence[tuple[Any, ...]], *, empty: str | None = None
) -> None:
    """A header with filters and its rows; widths follow the texts, in which a Chinese character takes two places."""
    widths = [display_width(column.title) + 4 for column in columns]  # room for the arrow of the filter
    for place, column in enumerate(columns, start=1):
        cell = _put(page, head, place, column.title, "text")
        cell.font, cell.fill = WHITE, HEAD
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    # To make a style takes longer than to write a value: each is made once and then copied.
    styles: dict[tuple[Kind, bool], Any] = {}
    for number, row in enumerate(rows, start=head + 1):
        longest = 0
        for place, (column, value) in enumerate(zip(columns, row, strict=True), start=1):
            told = value if isinstance(value, Cell) else Cell(value, column.kind)
            width = _width(told)
            widths[place - 1] = max(widths[place - 1], width)
            longest = max(longest, width)
            cell = page.cell(row=number, column=place)
            style = told.kind, width > WIDEST
            if style not in styles:
                _dress(cell, *style)
                styles[style] = cell._style
            cell._style = copy(styles[style])
            _say(cell, told.value, told.note)
        if longest > WIDEST:
            # Not every program makes room for text that is wrapped.
            page.row_dimensions[number].height = min(LINE_HEIGHT * ceil(longest / WIDEST), HIGHEST)
    if not rows and empty:
        _put(page, head + 1, 1, empty, "text")
    for place, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(place)].width = min(max(width, NARROWEST), WIDEST) + 1
    page.auto_filter.ref = f"A{head}:{get_column_letter(len(columns))}{head + max(len(rows), 1)}"


def _width(cell: Cell) -> int:
    if isinstance(cell.value, Decimal):
        return len(f"{cell.value:,.2f}") + 1
    return display_width(str(cell.value)) if cell.value is not None else 0


def _put(page: Worksheet, row: int, column: int, value: Value, kind: Kind) -> Any:
    cell = page.cell(row=row, column=column)
    cell.number_format = FORMATS[kind]
    _say(cell, value)
    return cell


def _dress(cell: Any, kind: Kind, is_wide: bool) -> None:
    cell.number_format = FORMATS[kind]
    cell.border = LINE
    cell.alignment = Alignment(horizontal="center" if kind in ("year", "page") else None, vertical="top", wrap_text=is_wide)


def _say(cell: Any, value: Value, note: str | None = None) -> None:
    if isinstance(value, str):
        cell.value = printable(value)[:LONGEST]
        # Else what begins with an equals sign would be a formula. The format of text keeps it text when a person edits it.
        cell.data_type = "s"
    else:
        cell.value = value
        if _beyond_cents(value):
            note = f"{value:f}"
            cell.fill = BEYOND
    if note:
        cell.comment = Comment(note, "juesuan")


def _print_setup(page: Worksheet, scope: Scope, labels: Labels, *, header_row: int) -> None:
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = f"{header_row}:{header_row}"
    told = labels["simulated"] if scope.is_simulated else printable(scope.department_name or "")
    page.oddHeader.center.text = told.replace("&", "&&")  # a single one is a command there
    page.oddFooter.left.text = f"{scope.made_by} · {scope.build_id}"
    page.oddFooter.right.text = "&P / &N"
