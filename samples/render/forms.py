"""Build the grid of a form from its figures and its layout, by the few kinds of form there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from samples.render.figures import TOTAL, Figures
from samples.render.grid import Grid, GridCell, Place, Row, header_grid
from samples.render.names import Names

DIGITS = "零一二三四五六七八九"


def chinese_number(number: int) -> str:
    """一 … 九十九."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else DIGITS[tens] + "十")
    return head + (DIGITS[ones] if ones or not tens else "")


@dataclass(frozen=True, slots=True)
class Context:
    """What the forms of one disclosure share."""

    figures: Figures
    names: Names
    year: int
    separators: bool  # 2,940.05
    classes: Sequence[tuple[str, str]]  # functional classes of the summaries: code, name
    unused: str = ""  # what fixed lines print that the department does not use


def amount_cell(context: Context, place: Place, text: str | None, align: str = "right") -> GridCell:
    printed = context.unused if text is None else text
    if context.separators and printed[:1].isdigit():
        whole, dot, cents = printed.partition(".")
        printed = f"{int(whole):,}{dot}{cents}"
    return GridCell(printed, align, place=place)


def build(form: Mapping[str, Any], context: Context) -> Grid:
    builders: dict[str, Callable[[Mapping[str, Any], Context], Grid]] = {
        "classified": _classified,
        "summary": _summary,
        "blocks": _blocks,
        "wide": _wide,
        "lines": _lines,
    }
    return builders[form["kind"]](form, context)


def _column(token: str) -> tuple[str, list[str]]:
    """``total:three_public_subtotal``: the column ``total``, its figure under either name."""
    code, _, other = token.partition(":")
    return code, [code, other] if other else [code]


def _lookup(form: Mapping[str, Any], figures: Figures, side: str, rows: Sequence[str], columns: Sequence[str]) -> str | None:
    for source in (form.get("figures_from"), form["form"]):
        for row in rows:
            for column in columns:
                text = figures.get(str(source), side, row, column) if source else None
                if text is not None:
                    return text
    return None


# -- forms with one coded row a line --------------------------------------------------------------------------


CODE_COLUMNS = {"class", "section", "item", "code", "name"}


def _code_cells(form: Mapping[str, Any], code: str, name: str, columns: Sequence[str]) -> list[GridCell | None]:
    """The cells of code and name.

    ``codes`` is ``plain`` (类 款 项, 类 repeated), ``bare`` (without leading zeros), ``once`` (each part only where it is new) or
    ``merged`` (the whole code over the three columns).
    """
    style = form.get("codes", "plain")
    # Economic codes have no item; functional ones have all three parts.
    parts = {"class": code[:3], "section": code[3:5], "item": code[5:7]}
    if style == "bare":
        parts = {k: v.lstrip("0") for k, v in parts.items()}
    if style == "once" and len(code) > 3:
        parts["class"] = ""
        if len(code) > 5:
            parts["section"] = ""
    cells: list[GridCell | None] = []
    for column in columns:
        if column in parts and style == "merged":
            width = sum(c in parts for c in columns)
            cells.append(GridCell(code, "left", width) if column == "class" else None)
        elif column in parts:
            cells.append(GridCell(parts[column], "center"))
        elif column == "code":
            cells.append(GridCell(code, form.get("code_align", "left")))
        elif column == "name":
            indent = "  " * (len(code) // 2 - 1) if form.get("indent") else ""
            cells.append(GridCell(indent + name, "left"))
    return cells


def _classified(form: Mapping[str, Any], context: Context) -> Grid:
    columns: list[str] = form["columns"]
    rows = header_grid(form["header"])
    total_label = form.get("total_label", TOTAL)

    def total(column_token: str) -> GridCell:
        code, sources = _column(column_token)
        place = Place(form["form"], "", "", TOTAL, code)
        return amount_cell(context, place, _lookup(form, context.figures, "", [TOTAL], sources), form.get("align", "right"))

    # ``$`` in the header stands for the total of its column: the total shares a row with 类 款 项.
    for row in rows:
        for x, cell in enumerate(row):
            if cell is not None and cell.text == "$":
                row[x] = total(columns[x])
    total_row: Row = []
    labels = [c for c in columns if c in CODE_COLUMNS]
    if form.get("total_under_name"):
        total_row += [GridCell()] * (len(labels) - 1) + [GridCell(total_label, "center")]
    else:
        total_row += [GridCell(total_label, "center", len(labels)), *([None] * (len(labels) - 1))]
    total_row += [total(c) for c in columns[len(labels) :]]
    if form.get("total") == "first":
        rows.append(total_row)
    coded = context.figures.rows.get(form.get("figures_from", form["form"])) or []
    for code, name in coded:
        row = _code_cells(form, code, name, columns)
        for token in columns[len(labels) :]:
            column, sources = _column(token)
            place = Place(form["form"], "", code, name, column)
            row.append(
                amount_cell(context, place, _lookup(form, context.figures, "", [code], sources), form.get("align", "right"))
            )
        rows.append(row)
    for _ in range(form.get("blank_rows", 0) if coded else form.get("blank_rows_empty", 2)):
        rows.append([GridCell() for _ in columns])
    if form.get("total") == "last":
        rows.append(total_row)
    return Grid(form["weights"], len(form["header"]), rows)


# -- summaries -------------------------------------------------------------------------------------------------


def _summary(form: Mapping[str, Any], context: Context) -> Grid:
    """Two sides, line by line; either alone when the form has only one.

    Columns are ``side.label``, ``side.line`` (行次) and ``side.amount column``. ``top`` and ``bottom`` are the lines before and
    after the functional classes.
    """
    columns: list[str] = form["columns"]
    sides = {
        side: _side_lines(form, side, context)
        for side in ("income", "expenditure", "purpose")
        if any(c.startswith(side) for c in columns)
    }
    length = max(len(top) for top, _ in sides.values())
    bottom_length = max(len(bottom) for _, bottom in sides.values())
    numbers: dict[str, int] = {}
    number = form.get("first_line", 1)
    lines: dict[str, list[tuple[str, str]]] = {}
    for side, (top, bottom) in sides.items():
        lines[side] = top + [("", "")] * (length - len(top)) + bottom + [("", "")] * (bottom_length - len(bottom))
        numbers[side] = number
        number += len(lines[side])
    rows = header_grid(form["header"])
    seen: dict[tuple[str, str], int] = {}
    for index in range(length + bottom_length):
        row: Row = []
        is_total = index >= length
        occurrence: dict[str, int] = {}
        for side in sides:
            label = lines[side][index][0]
            seen[side, label] = seen.get((side, label), 0) + 1
            occurrence[side] = seen[side, label]
        for column in columns:
            side, _, what = column.partition(".")
            label, concept = lines[side][index]
            if what == "label":
                center = is_total and form.get("center_totals", True) and label.endswith("计")
                row.append(GridCell(label, "center" if center else "left"))
            elif what == "line":
                row.append(GridCell(str(numbers[side] + index), "center"))
            elif what in form.get("not_on_" + side, {}).get(label, ()) or not label:
                row.append(GridCell("", "right"))
            else:
                code, sources = _column(what)
                numbered = label if occurrence[side] == 1 else f"{label}#{occurrence[side]}"
                text = _lookup(form, context.figures, side, [concept or numbered, numbered], sources)
                row.append(amount_cell(context, Place(form["form"], side, "", label, code), text, form.get("align", "right")))
        if is_total and form.get("joined_totals"):
            _join_total(row, columns)
        rows.append(row)
    return Grid(form["weights"], len(form["header"]), rows)


def _join_total(row: Row, columns: Sequence[str]) -> None:
    """The label of a total of purposes stands over the columns of the functions, too."""
    first, label = columns.index("expenditure.label"), columns.index("purpose.label")
    cell = row[label]
    assert cell is not None
    row[first] = GridCell(cell.text, "center", label - first + 1)
    row[first + 1 : label + 1] = [None] * (label - first)


def _side_lines(form: Mapping[str, Any], side: str, context: Context) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(label, concept) of the lines above and below; the classes stand above on the expenditure side."""

    def pairs(lines: Sequence[Any]) -> list[tuple[str, str]]:
        return [(line[0], line[1] if len(line) > 1 else "") if line else ("", "") for line in lines]

    top = pairs(form.get(side + "_top", ()))
    if side == "expenditure":
        numbered = form.get("number_classes", True)
        top += [(f"{chinese_number(i)}、{name}" if numbered else name, code) for i, (code, name) in enumerate(context.classes, 1)]
    return top, pairs(form.get(side + "_bottom", ()))


# -- economic classification in blocks side by side -----------------------------------------------------------


def _blocks(form: Mapping[str, Any], context: Context) -> Grid:
    """``blocks`` lists the economic classes of each block; the last row has the sums."""
    part: list[str] = form["block_columns"]
    printed = dict(context.figures.rows.get(form.get("figures_from", form["form"]), []))
    known = context.names.economic(context.year)
    flows: list[list[tuple[str, str]]] = []
    for block in form["blocks"]:
        codes = [
            c for economic_class in block["classes"] for c in context.names.economic_codes(context.year, str(economic_class))
        ]
        codes = [c for c in codes if c not in [str(x) for x in block.get("without", ())]]
        if form.get("only_printed"):
            codes = [c for c in codes if c in printed]
        rows = [(code, printed.get(code) or known(code)) for code in codes]
        share = -(-len(rows) // block.get("columns", 1))
        for i in range(block.get("columns", 1)):
            flows.append(rows[i * share : (i + 1) * share])
    height = max(len(flow) for flow in flows)
    labels = [c for c in part if c in CODE_COLUMNS]
    rows_out = header_grid(form["header"])
    for y in range(height):
        row: Row = []
        for flow in flows:
            if y >= len(flow):
                row += [GridCell() for _ in part]
                continue
            code, name = flow[y]
            row += _code_cells(form, code, name, part)
            for token in part[len(labels) :]:
                column, sources = _column(token)
                text = _lookup(form, context.figures, "", [code], sources)
                if code[:3] in form.get("dashes", {}).get(column, ()):
                    text = "——"
                row.append(amount_cell(context, Place(form["form"], "", code, name, column), text))
        rows_out.append(row)
    amounts = part[len(labels) :]
    totals: Row = []
    for label, width in form["sums"]:
        # The label runs over all columns of its blocks but the amounts of the last one.
        span = width * len(part) - len(amounts)
        totals += [GridCell(label, "center", span), *([None] * (span - 1))]
        for token in amounts:
            column, sources = _column(token)
            text = _lookup(form, context.figures, "", [label], sources)
            totals.append(amount_cell(context, Place(form["form"], "", "", label, column), text))
    rows_out.append(totals)
    return Grid(form["weights"] * (len(flows) if form.get("repeat_weights") else 1), len(form["header"]), rows_out)


# -- one row of figures, and lists -----------------------------------------------------------------------------


def _wide(form: Mapping[str, Any], context: Context) -> Grid:
    """One row with columns ``row.column`` such as ``budget.total``; or ``rows`` of ``[label, row]`` with columns alone."""
    grid = header_grid(form["header"])
    for label, line in form.get("rows", [["", ""]]):
        row: Row = [GridCell(label, "center")] if "rows" in form else []
        for token in form["columns"]:
            of, _, column_token = token.rpartition(".")
            of = of or line
            column, sources = _column(column_token)
            text = _lookup(form, context.figures, "", [of], sources)
            place = Place(form["form"], "", "", form.get("row_label", of), column)
            row.append(amount_cell(context, place, text, form.get("align", "center")))
        grid.append(row)
    return Grid(form["weights"], len(form["header"]), grid)


def _lines(form: Mapping[str, Any], context: Context) -> Grid:
    """A list of lines: label, 行次, and figures.

    A line is ``[label, figure, …]``; a figure is ``row.column`` as printed, optionally ``= row.column`` of the figures. A
    line of the label alone is a heading over all columns, or an empty line when ``heading: false``.
    """
    rows = header_grid(form["header"])
    width = len(form["weights"])
    number = 0
    for line in form["lines"]:
        label, *figures = line
        if "cells" in form and not figures:
            rows.append([GridCell(label, "center" if form.get("center_headings") else "left", width), *([None] * (width - 1))])
            continue
        row: Row = [GridCell(label, "left")]
        number += 1
        if form.get("line_numbers"):
            row.append(GridCell(str(number), "center"))
        for figure in figures:
            if figure == "":
                row.append(GridCell())
                continue
            if figure.startswith("="):
                row.append(GridCell(figure[1:], "center"))
                continue
            printed, _, source = figure.partition("=")
            line_name, _, column = printed.partition(".")
            shown = "".join(label.split()) if line_name == "@" else line_name
            source_row, _, source_column = (source or f"{shown}.{column}").rpartition(".")
            text = _lookup(form, context.figures, "", [shown, source_row], [column, source_column])
            row.append(amount_cell(context, Place(form["form"], "", "", shown, column), text))
        rows.append(row)
    return Grid(form["weights"], len(form["header"]), rows)
