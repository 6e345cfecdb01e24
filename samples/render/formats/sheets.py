"""A disclosure laid out on sheets, ready for any writer of workbooks.

What a cell prints is the text of the grid; what it holds is what a clerk would have keyed in: a number under a number
format that prints this text, a code as text or as a number, a 0 that its format prints as ``-`` or as nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from samples.render.document import Paragraph, Rendering, Section
from samples.render.formats.blocks import blocks_of, grids_of, is_grouped, part_name, runs_of_forms, unique
from samples.render.grid import Grid, GridCell
from samples.render.ledger import fraction

SHEET_NAME = 31  # characters that Excel allows
CELL_TEXT = 30000  # characters, a little less than Excel allows
GENERAL, TEXT = "General", "@"

_PLAIN = re.compile(r"-?\d+(\.\d+)?")
_GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
_PERCENT = re.compile(r"-?\d+(\.\d+)?%")


@dataclass(frozen=True, slots=True)
class SheetStyle:
    """``stacked`` has the forms under each other on one sheet, and each part of the prose in one long cell."""

    stacked: bool = False
    codes_as_numbers: bool = False
    finer_values: bool = False  # some forms hold more decimals than they print
    hidden_zeros: bool = False  # some forms hold a 0 where they print nothing
    amounts_as_text: bool = False  # some forms hold amounts as text, as a system exports them
    formulas: bool = False  # totals are computed


FORMS = SheetStyle(formulas=True)
STACKED = SheetStyle(stacked=True, codes_as_numbers=True, finer_values=True, hidden_zeros=True, amounts_as_text=True)


@dataclass(frozen=True, slots=True)
class SheetCell:
    """``text`` is what is printed; ``value`` what is held, ``None`` for nothing."""

    text: str
    value: str | Decimal | None
    number_format: str = GENERAL
    formula: str = ""
    align: str = "left"
    row_span: int = 1
    column_span: int = 1
    size: float = 9
    bold: bool = False
    border: bool = False
    wrap: bool = False


@dataclass(slots=True)
class Sheet:
    """Cells by row and column from 1; widths in characters by column, heights in points by row."""

    name: str
    cells: dict[tuple[int, int], SheetCell] = field(default_factory=dict)
    widths: list[float] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)
    is_wide: bool = False
    row: int = 0  # the last one in use

    @property
    def column_count(self) -> int:
        return max((x + cell.column_span - 1 for (_, x), cell in self.cells.items()), default=0)

    @property
    def row_count(self) -> int:
        return max((y + cell.row_span - 1 for (y, _), cell in self.cells.items()), default=0)


def lay_out(rendering: Rendering, style: SheetStyle) -> list[Sheet]:
    """The sheets of a disclosure, in order."""
    sheets: list[Sheet] = []
    position = 0
    for run in runs_of_forms(rendering):
        if style.stacked and run[0].form:
            sheet = Sheet("决算公开表" if "决算" in rendering.title else "预算公开表", is_wide=True)
            for section in run:
                sheet.row += 1 if sheet.row else 0
                _form(sheet, section, style, rendering.title)
            sheets.append(sheet)
            position += len(run)
            continue
        for section in run:
            sheet = Sheet(part_name(section, position), is_wide=section.wide)
            if position == 0:
                _cover(sheet, section)
            elif section.form:
                _form(sheet, section, style, rendering.title)
            elif style.stacked and not grids_of(section):
                _long_cell(sheet, section)
            else:
                _prose(sheet, section, style, rendering.title)
            sheets.append(sheet)
            position += 1
    names = unique((re.sub(r"[\\/*?:\[\]]", "", sheet.name) for sheet in sheets), SHEET_NAME)
    for sheet, name in zip(sheets, names, strict=True):
        sheet.name = name
    return sheets


def _cover(sheet: Sheet, section: Section) -> None:
    """Each line on a row of its own, merged over the sheet, with empty rows between."""
    sheet.widths = [10.0] * 9
    sheet.row = 5
    for block in section.blocks:
        if isinstance(block, Paragraph):
            sheet.row += 2
            sheet.cells[sheet.row, 1] = SheetCell(
                block.text, block.text, align="center", column_span=9, size=block.size, bold=True
            )


def _long_cell(sheet: Sheet, section: Section) -> None:
    """A heading, and all that stands under it in one merged cell with line breaks."""
    sheet.widths = [9.0] * 10
    texts: list[str] = []
    sheet.row = 1
    for block in blocks_of(section):
        if not isinstance(block, Paragraph):
            continue
        if sheet.row == 1 and not texts and block.align == "center":
            sheet.cells[1, 1] = SheetCell(block.text, block.text, align="center", column_span=10, size=16, bold=True)
            continue
        texts.append(("    " if block.indent else "") + block.text)
    part: list[str] = []
    row = 3
    for text in [*texts, None]:
        if text is None or sum(map(len, part)) + len(text) > CELL_TEXT:
            whole = "\n".join(part)
            sheet.cells[row, 1] = SheetCell(whole, whole, row_span=15, column_span=10, size=11, wrap=True)
            row, part = row + 16, []
        part += [text or ""]
    sheet.row = sheet.row_count


def _prose(sheet: Sheet, section: Section, style: SheetStyle, key: str) -> None:
    """One paragraph a row; merged over the columns of the tables between them, where there are any."""
    width = max((len(grid.weights) for grid in grids_of(section)), default=1)
    sheet.widths = [100.0] if width == 1 else []
    for number, block in enumerate(blocks_of(section)):
        if isinstance(block, Grid):
            _grid(sheet, block, style, f"{key} {number}")
        else:
            _line(sheet, block, width)


def _form(sheet: Sheet, section: Section, style: SheetStyle, key: str) -> None:
    width = max((len(grid.weights) for grid in grids_of(section)), default=8)
    for block in blocks_of(section):
        if isinstance(block, Grid):
            _grid(sheet, block, style, f"{key} {section.form}")
        elif block.left or block.right:
            _pieces(sheet, block, width)
        elif block.align == "right":
            sheet.row += 1
            sheet.cells[sheet.row, width] = SheetCell(block.text, block.text, align="right", size=block.size)
        else:
            _line(sheet, block, width)


def _pieces(sheet: Sheet, block: Paragraph, width: int) -> None:
    """Department, year and unit in three cells of one row, over the first, a middle and the last column."""
    sheet.row += 1
    for column, text, align in ((1, block.left, "left"), ((width + 2) // 2, block.text, "center"), (width, block.right, "right")):
        if text:
            sheet.cells[sheet.row, column] = SheetCell(text, text, align=align, size=block.size)


def _line(sheet: Sheet, block: Paragraph, width: int) -> None:
    sheet.row += 1
    text = ("    " if block.indent else "") + block.text
    if block.text:
        sheet.cells[sheet.row, 1] = SheetCell(
            text,
            text,
            align=block.align,
            column_span=width,
            size=block.size,
            bold=bool(block.heading),
            wrap=width == 1 or "\n" in text or len(text) > 60,
        )
    if "\n" in text or (width > 1 and len(text) > 60):
        sheet.heights[sheet.row] = block.size * 1.5 * max(text.count("\n") + 1, len(text) // 45 + 1)


def _grid(sheet: Sheet, grid: Grid, style: SheetStyle, key: str) -> None:
    top = sheet.row + 1
    grouped = is_grouped(grid)
    keying = _Keying(style, grouped, key)
    for y, row in enumerate(grid.rows):
        for x, cell in enumerate(row):
            if cell is not None:
                sheet.cells[top + y, 1 + x] = keying.cell(cell, y < grid.header_rows, (y, x))
    sheet.row = top + len(grid.rows) - 1
    whole = sum(grid.weights)
    wanted = [max(6.0, 110.0 * weight / whole) for weight in grid.weights]
    sheet.widths = [
        max(pair) for pair in zip(_filled(sheet.widths, len(wanted)), _filled(wanted, len(sheet.widths)), strict=True)
    ]


def _filled(widths: Sequence[float], length: int) -> list[float]:
    return [*widths, *[0.0] * (length - len(widths))]


@dataclass(frozen=True, slots=True)
class _Keying:
    """How the clerk who made this form keyed it in."""

    style: SheetStyle
    grouped: bool
    key: str

    def _some(self, is_asked: bool, what: str, part: float) -> bool:
        return is_asked and fraction(self.key, what) < part

    def cell(self, cell: GridCell, is_header: bool, place: tuple[int, int]) -> SheetCell:
        value, number_format, formula = self.value(cell, place)
        return SheetCell(
            cell.text,
            value,
            number_format,
            formula,
            cell.align,
            cell.row_span,
            cell.column_span,
            bold=is_header,
            border=True,
            wrap=len(cell.text) > 8 and cell.place is None,
        )

    def value(self, cell: GridCell, place: tuple[int, int]) -> tuple[str | Decimal | None, str, str]:
        """What the cell holds, its number format, and how it is computed."""
        text = cell.text
        is_amount = cell.place is not None
        if not text:
            if is_amount and self._some(self.style.hidden_zeros, "zeros", 0.3):
                return Decimal(0), "#,##0.00;-#,##0.00;", ""
            return None, GENERAL, ""
        if is_amount and text == "-":
            return Decimal(0), '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', ""
        if _PERCENT.fullmatch(text):
            return Decimal(text[:-1]) / 100, f"{_pattern(text[:-1])}%", ""
        if not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
            return text, GENERAL, ""
        if not is_amount and text.isdigit() and len(text) > 1:
            return self._code(text)
        if is_amount and self._some(self.style.amounts_as_text, "text", 0.15):
            return text, TEXT, ""
        return self._number(text, is_amount, place)

    def _code(self, text: str) -> tuple[str | Decimal | None, str, str]:
        if not self.style.codes_as_numbers:
            return text, TEXT, ""
        return Decimal(text), "0" * len(text) if text.startswith("0") else GENERAL, ""

    def _number(self, text: str, is_amount: bool, place: tuple[int, int]) -> tuple[str | Decimal | None, str, str]:
        value = Decimal(text.replace(",", ""))
        decimals = len(text.partition(".")[2])
        is_grouped = "," in text or (is_amount and self.grouped and abs(value) < 1000)
        whole = "#,##0" if is_grouped else "0"
        number_format = whole + ("." + "0" * decimals if decimals else "")
        if self.style.stacked:
            number_format = GENERAL if whole == "0" and not text.endswith("0") else number_format + "_ "
        if is_amount and value and number_format != GENERAL and self._some(self.style.finer_values, "finer", 0.25):
            return value + Decimal(f"{fraction(self.key, *place) * 0.8 - 0.4:.4f}").scaleb(-decimals), number_format, ""
        formula = ""
        if is_amount and _is_total(place, value) and self.style.formulas:
            part = (value / 3).quantize(Decimal(1).scaleb(-decimals))
            formula = f"{part}+{value - part}"
        return value, number_format, formula


def _is_total(place: tuple[int, int], value: Decimal) -> bool:
    """Some amounts are computed in place, as clerks do: ``=1200.5+739.55``."""
    return value > 3 and (place[0] + place[1]) % 7 == 0


def _pattern(text: str) -> str:
    decimals = len(text.partition(".")[2])
    return "0" + ("." + "0" * decimals if decimals else "")


def rows_of_text(sheet: Sheet) -> list[list[str]]:
    """The sheet as it is exported: what each cell prints, a merged cell in its first place, all rows of one width."""
    rows = [[""] * sheet.column_count for _ in range(sheet.row_count)]
    for (y, x), cell in sheet.cells.items():
        rows[y - 1][x - 1] = cell.text
    return rows
