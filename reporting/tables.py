"""Frames as tables for readers: amounts in one unit, what is missing a dash, as HTML and as Markdown."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from reporting.units import MISSING, Language, Unit, format_amount

MANY_ROWS, MANY_COLUMNS = 20, 10


@dataclass(frozen=True, slots=True)
class Table:
    """Text ready to be shown. ``numeric`` are the columns that are aligned right."""

    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: frozenset[int] = frozenset()

    def html(self, *, most: int | None = None) -> str:
        """The table as HTML, in a box that scrolls where the screen is narrow; no more than its first ``most`` rows."""
        head = "".join(f'<th scope="col"{self._class(i)}>{html.escape(name)}</th>' for i, name in enumerate(self.headers))
        body = "".join("<tr>" + "".join(self._cell(i, cell) for i, cell in enumerate(row)) + "</tr>" for row in self.rows[:most])
        # Only a table that is long anyway scrolls in a box of its own: in one that nearly fits, a last row is overlooked.
        look = "juesuan-table" + " long" * (len(self.rows[:most]) > MANY_ROWS) + " wide" * (len(self.headers) > MANY_COLUMNS)
        return f'<div class="{look}" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'

    def _class(self, index: int) -> str:
        return ' class="number"' if index in self.numeric else ""

    def _cell(self, index: int, cell: str) -> str:
        # A long text is given room: the table scrolls rather than breaking a name after each character.
        look = self._class(index) or f' class="{"text" if len(cell) > 8 else "short"}"'
        return f"<td{look}>{html.escape(cell)}</td>"

    def markdown(self) -> str:
        marks = ["--:" if i in self.numeric else "---" for i in range(len(self.headers))]
        return "\n".join("| " + " | ".join(_piped(cell) for cell in row) + " |" for row in [self.headers, marks, *self.rows])


def _piped(cell: str) -> str:
    return cell.replace("|", "\\|").replace("\n", " ")


def cell(value: Any, unit: Unit | None, language: Language) -> str:
    """One value as text: decimals in ``unit``, or as they are where there is none; ``—`` for nothing."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return MISSING
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}" if unit is None else format_amount(value, unit, language)
    return str(value)


def table_of(frame: pd.DataFrame, names: dict[str, str], units: dict[str, Unit], *, language: Language) -> Table:
    """The columns of a frame that have a name, in that order. ``units`` of the columns of amounts."""
    columns = list(names)
    rows = [
        [cell(value, units.get(column), language) for column, value in zip(columns, row, strict=True)]
        for row in frame[columns].itertuples(index=False, name=None)
    ]
    numeric = frozenset(i for i, column in enumerate(columns) if column in units or _counts(frame[column]))
    return Table(list(names.values()), rows, numeric)


def _counts(column: pd.Series[Any]) -> bool:
    return column.name != "fiscal_year" and pd.api.types.is_numeric_dtype(column.dtype)


def years_across(
    rows: Iterable[tuple[str, int, Decimal | None]], years: Sequence[int], corner: str, unit: Unit, *, language: Language
) -> Table:
    """One row a name, one column a year; ``rows`` are (name, year, amount in 元). A year without an amount is a dash."""
    known: dict[str, dict[int, Decimal | None]] = {}
    for name, year, amount in rows:
        known.setdefault(name, {})[year] = amount
    shown = [[name, *(cell(amounts.get(year), unit, language) for year in years)] for name, amounts in known.items()]
    return Table([corner, *map(str, years)], shown, frozenset(range(1, len(years) + 1)))
