"""One table of an evaluation, read whole or not at all.

The rows are walked from the top. Headers open the bands of money and of indicators; what stands outside them must be a field,
a text band (goals, notes), a title or the total. A figure at a place that was not understood makes the table unread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from ingest.catalogue.proposal import pattern
from ingest.numbers import PrintedNumber, has_digit, is_holdable, is_nothing, parse_number
from ingest.parsed import PerformanceIndicator, ProjectExecution
from ingest.performance.columns import AMOUNTS, Column, Header, find_header, looks_like_header
from ingest.performance.sheet import SheetCell, SheetRow, joined_cells
from ingest.performance.vocabulary import Vocabulary
from ingest.text import fold, squash

_LEVELS = ("level1", "level2", "indicator")
_TARGETS = ("target_sign", "initial_target", "target_unit")
_GRADES = ("grade", "result")  # fields that print a grade
_TEXTS = ("indicator", "initial_target", "adjusted_target", "actual", "deviation_reason")  # what a page break may cut


class Unread(Exception):
    """The table is an evaluation and was not understood: why, and where."""

    def __init__(self, reason: str, row: SheetRow, paste: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.page = row.page
        self.row = row.row
        self.paste = paste


@dataclass(slots=True)
class ReadTable:
    """What a table yields. Orders count within the table; the project is known later.

    ``looks_judged`` tells whether anything in it speaks of an outcome.
    """

    fields: dict[str, str] = field(default_factory=dict)
    title: str | None = None
    executions: list[ProjectExecution] = field(default_factory=list)
    indicators: list[PerformanceIndicator] = field(default_factory=list)
    total_score: Decimal | None = None
    has_plan: bool = False

    @property
    def is_evaluation(self) -> bool:
        return bool(self.executions or self.indicators)


def read_table(rows: Sequence[SheetRow], unit: str | None, vocabulary: Vocabulary) -> ReadTable:
    """Read the rows of a table; ``unit`` is the one stated above it. Raises :class:`Unread`."""
    walk = _Walk(rows, unit, vocabulary)
    walk.run()
    return walk.result


def parse_points(text: str) -> PrintedNumber | None:
    """A score, a weight, a rate: a number, with or without 分 or % behind it."""
    compact = squash(text)
    for sign in ("%", "％", "分"):
        compact = compact.removesuffix(sign)
    found = parse_number(compact) if compact else None
    return found if found is not None and is_holdable(found) else None


def number(text: str) -> Decimal | None:
    """The value of what :func:`parse_points` finds."""
    found = parse_points(text)
    return None if found is None else found.value


class _Walk:
    def __init__(self, rows: Sequence[SheetRow], unit: str | None, vocabulary: Vocabulary) -> None:
        self.rows = rows
        self.unit = unit
        self.known = vocabulary
        self.result = ReadTable()
        self.header: Header | None = None  # of the band that the rows are in
        self.funds_name: str | None = None  # what the band of money is called at its left
        self.text_band: str | None = None  # goals or notes, while the rows are in one
        self.levels: dict[str, str | None] = {"level1": None, "level2": None}

    def run(self) -> None:
        index = 0
        while index < len(self.rows):
            header = find_header(self.rows, index, self.known)
            if header is not None:
                self._open(header, self.rows[index : index + header.row_count])
                index += header.row_count
                continue
            self._row(self.rows[index])
            index += 1
        self._give_unit()

    # --- bands

    def _open(self, header: Header, rows: Sequence[SheetRow]) -> None:
        # A table of indicators may print its money first and a plan has no outcome: its rows are not judged.
        if header.problem is not None:
            raise Unread(header.problem, rows[0])
        if not header.has_outcome:
            self.result.has_plan = True
        self.header = header
        self.text_band = None
        if header.band == "funds":
            self.unit = header.unit or self.unit
            names = (cell.text for row in rows for cell in row.cells if self.known.band(cell.text) == "funds")
            self.funds_name = next(names, None)

    def _row(self, row: SheetRow) -> None:
        if row.is_rule or not row.printed:
            return
        if len(row.printed) == 1 and self._is_head(row.printed[0].text):
            return  # a title, also one that is repeated on the next page
        if looks_like_header(row, self.known):
            texts = " | ".join(cell.text for cell in row.printed)
            raise Unread(f"its header is not understood: {texts}", row, f"# {texts}\n")
        opened = None if self._is_graded(row) else self._text_band(row)
        if opened is not None:
            self.text_band = opened
            return
        if self.header is not None and self.header.band == "indicators" and self._is_total(row):
            self._total(row)
            return
        if self.header is not None and self.header.band == "indicators" and self._states_fields(row):
            self._fields(row)
        elif self.text_band is not None:
            self._text(row)
        elif self.header is None:
            self._fields(row)
        elif self.header.band == "funds":
            self._execution(row)
        else:
            self._indicator(row)

    def _states_fields(self, row: SheetRow) -> bool:
        """Whether a row below the indicators states fields: the grade or the score, as 自评等级 | 优, or a signature."""
        first = row.printed[0]
        assert self.header is not None
        if first.left > self.header.first:
            return False
        return self.known.field(first.text) in (*_GRADES, "total_score") or bool(self.known.inline_fields(first.text))

    def _is_graded(self, row: SheetRow) -> bool:
        """Whether a row gives a grade, as 自评结论 | 优: the same words before a sentence open a band of text."""
        first, *rest = row.printed
        return self.known.field(first.text) in _GRADES and bool(rest) and self.known.grades.is_option(rest[0].text)

    def _text_band(self, row: SheetRow) -> str | None:
        """The text band that a row opens, by its first cell."""
        band = self.known.band(row.printed[0].text)
        if band not in ("goals", "notes"):
            return None
        first = row.printed[0]
        if self.header is not None and self.header.band == "indicators" and self.header.column_at(first) is not None:
            # Such a word at the left end names the band; further right it is what the column prints.
            is_apart = first.left <= self.header.first and not any(parse_number(cell.text) for cell in row.printed)
            return band if is_apart else None
        return band

    def _text(self, row: SheetRow) -> None:
        """Text below goals or notes may hold any figure; a cell that is one is no text, once the indicators are over."""
        if self.text_band == "notes" and any(parse_number(cell.text) for cell in row.printed):
            raise Unread("a row of figures stands below its notes", row)

    # --- fields

    def _fields(self, row: SheetRow) -> None:
        name: str | None = None
        ticking: str | None = None
        for cell in row.printed:
            inline = self.known.inline_fields(cell.text)
            if inline:
                self._keep_all(inline)
                name = None
                continue
            found = self.known.field(cell.text)
            if name is not None and found is None:
                self._keep(name, cell.text)
                ticking = name if name in _GRADES else None
                name = None
            elif ticking is not None and found is None and self.known.grades.is_option(cell.text):
                self._keep(ticking, cell.text)  # grades to be ticked may stand in a cell each
            elif found is not None:
                name = found
            elif not self._is_head(cell.text) and parse_points(cell.text) is not None:
                raise Unread(f"{_short(cell.text)!r} stands at a place that is not known", row)

    def _is_head(self, text: str) -> bool:
        kind = self.known.title(text)
        self.result.title = self.result.title or kind
        self.unit = self.known.money_unit(text) or self.unit
        bare = fold(text).strip("（）")
        return kind is not None or self.known.money_unit(text) is not None or bare.rstrip("度").rstrip("年").isdecimal()

    def _keep_all(self, fields: Sequence[tuple[str, str]]) -> None:
        for name, value in fields:
            self._keep(name, value)

    def _keep(self, name: str, value: str) -> None:
        if name == "other" or not value or is_nothing(value):
            return
        before = self.result.fields.setdefault(name, value)
        if before != value and name in _GRADES and self.known.grades.is_option(value):
            self.result.fields[name] = f"{before} {value}"

    # --- money

    def _execution(self, row: SheetRow) -> None:
        assert self.header is not None
        by_role, outside = self._by_role(row, self.header)
        labels = [*outside, *by_role.pop("funding_source", [])]
        source = [cell for cell in labels if not self._is_band_name(cell.text)]
        stray = next((cell.text for cell in source if parse_number(cell.text)), None)
        if stray is not None:
            raise Unread(f"{_short(stray)!r} stands under no known header", row)
        for cell in labels:
            self.unit = self.unit or self.known.money_unit(cell.text)
        amounts = {role: self._amount(by_role.get(role, []), row) for role in AMOUNTS}
        printed = [cell for cells in by_role.values() for cell in cells]
        if not printed and self.known.funding(squash(joined_cells(source))) is None:
            if any(has_digit(cell.text) for cell in source):
                raise Unread(f"{_short(joined_cells(source))!r} stands in a row without amounts", row)
            return
        if not self.header.has_outcome:
            return
        # A band of one row may have no labels, as 项目预算执行情况 beside two amounts.
        label = squash(joined_cells(source)) or ("" if self.result.executions else squash(self.funds_name or ""))
        if not label:
            raise Unread("a row of money does not say which", row)
        texts = {role: joined_cells(by_role[role]) if by_role.get(role) else None for role in AMOUNTS}
        self.result.executions.append(
            ProjectExecution(
                project_order=0,
                execution_order=len(self.result.executions) + 1,
                funding_source=label,
                funding_code=self.known.funding(label) if source else "total",
                initial_declared=amounts["initial_declared"],
                initial_declared_text=texts["initial_declared"],
                initial_budget=amounts["initial_budget"],
                initial_budget_text=texts["initial_budget"],
                full_year_budget=amounts["full_year_budget"],
                full_year_budget_text=texts["full_year_budget"],
                executed=amounts["executed"],
                executed_text=texts["executed"],
                carryover=amounts["carryover"],
                carryover_text=texts["carryover"],
                unit="",
                weight=self._points(by_role, "weight", row),
                execution_rate=self._points(by_role, "execution_rate", row),
                execution_rate_text=_text(by_role, "execution_rate"),
                score=self._points(by_role, "score", row),
                source_page=row.page,
                source_table=row.table,
                source_row=row.row,
            )
        )

    def _amount(self, cells: Sequence[SheetCell], row: SheetRow) -> Decimal | None:
        text = joined_cells(cells)
        if is_nothing(text):
            return None
        found = parse_number(text) if len(cells) == 1 else None
        found = found if found is not None and is_holdable(found) else None
        if found is None:
            raise Unread(f"{_short(text)!r} is no amount", row)
        return found.value

    def _points(self, by_role: dict[str, list[SheetCell]], role: str, row: SheetRow) -> Decimal | None:
        text = joined_cells(by_role.get(role, []))
        if is_nothing(text):
            return None
        found = number(text)
        if found is None and has_digit(text):
            raise Unread(f"{_short(text)!r} is no number", row)
        return found

    def _is_band_name(self, text: str) -> bool:
        bare = fold(text).strip("（）")
        return self.known.band(text) == "funds" or bare in ("元", "万元", "亿元", "千元", "百万元")

    def _give_unit(self) -> None:
        """The unit may be stated at the left of the last row of money only."""
        executions = self.result.executions
        if not executions:
            return
        if self.unit is None:
            raise Unread("no unit of its amounts is stated", self.rows[0])
        self.result.executions = [replace(execution, unit=self.unit) for execution in executions]

    # --- indicators

    def _is_total(self, row: SheetRow) -> bool:
        first = row.printed[0]
        assert self.header is not None
        at_left = self.header.column_at(first)
        return self.known.is_total(first.text) and (at_left is None or at_left.role in (None, *_LEVELS, "other"))

    def _total(self, row: SheetRow) -> None:
        """The score in the row of the total. One figure there is the score, two are the weight and the score."""
        assert self.header is not None
        scores = [
            cell
            for cell in row.printed[1:]
            if number(cell.text) is not None
            and any(column.role == "score" for column in [*self.header.covered_by(cell), self.header.column_at(cell)] if column)
        ]
        for cell in row.printed[1:]:
            column = self.header.column_at(cell)
            known = cell in scores or (column is not None and column.role is not None) or self.header.covered_by(cell)
            if has_digit(cell.text) and not known:
                raise Unread(f"{_short(cell.text)!r} stands beside the total under no known header", row)
        numbers = [cell for cell in row.printed[1:] if number(cell.text) is not None]
        if not scores and len(numbers) == 1 and any(self.known.field(cell.text) in _GRADES for cell in row.printed):
            scores = numbers  # a row of fields that begins like a total, as 总分 | 95.5 | 等级 | 优
        if len(scores) == 1:
            self.result.total_score = number(scores[0].text)
        self._grade_beside(row.printed[1:])

    def _grade_beside(self, cells: Sequence[SheetCell]) -> None:
        """The grade in the row of the total: behind its name, or a word of its own."""
        name: str | None = None
        for cell in cells:
            inline = self.known.inline_fields(cell.text)
            found = self.known.field(cell.text)
            if inline:
                self._keep_all([(field, value) for field, value in inline if field in _GRADES])
            elif found in _GRADES:
                name = found
            elif name is not None or self.known.grades.is_word(cell.text):
                self._keep(name or "grade", cell.text)
                name = None

    def _indicator(self, row: SheetRow) -> None:
        assert self.header is not None
        by_role, outside = self._by_role(row, self.header)
        if any(has_digit(cell.text) for cell in outside):
            cell = next(cell for cell in outside if has_digit(cell.text))
            raise Unread(f"{_short(cell.text)!r} stands under no known header", row)
        if not by_role or not self.header.has_outcome:
            return
        texts = {role: joined_cells(cells) for role, cells in by_role.items()}
        self._carry(row, texts)
        if row.opens_page and self._goes_on_above(texts):
            self._continue(texts, row)
            return
        if not texts.get("indicator"):
            if not set(texts) - {"level1", "level2"}:
                return  # a level on a row of its own
            raise Unread("a row of indicators names none", row)
        self.result.indicators.append(
            PerformanceIndicator(
                project_order=0,
                indicator_order=len(self.result.indicators) + 1,
                level1=self.levels["level1"],
                level2=self.levels["level2"],
                indicator=texts["indicator"],
                initial_target=_target(texts),
                adjusted_target=texts.get("adjusted_target"),
                actual=texts.get("actual"),
                weight_text=texts.get("weight"),
                weight=number(texts.get("weight", "")),
                score_text=texts.get("score"),
                score=number(texts.get("score", "")),
                deviation_reason=texts.get("deviation_reason"),
                source_page=row.page,
                source_table=row.table,
                source_row=row.row,
            )
        )

    def _carry(self, row: SheetRow, texts: dict[str, str]) -> None:
        """The levels of a row: printed in it, merged over it, or those of the row above where it prints none."""
        assert self.header is not None
        over = {}
        for column in self.header.columns:
            if column.role in ("level1", "level2"):
                cell = next((c for c in row.cells if c.text and c.covers((column.left + column.right) / 2)), None)
                over[column.role] = texts.get(column.role) or (cell.text if cell is not None and self._is_level(cell) else None)
        if over.get("level1") and over["level1"] != self.levels["level1"]:
            self.levels = {"level1": over["level1"], "level2": None}
        if over.get("level2"):
            self.levels["level2"] = over["level2"]

    def _is_level(self, cell: SheetCell) -> bool:
        """Whether a merged cell lies in the columns of the levels alone."""
        assert self.header is not None
        return all(column.role in ("level1", "level2") for column in self.header.covered_by(cell)) and not cell.starts

    def _goes_on_above(self, texts: dict[str, str]) -> bool:
        """Whether the first row of a page is the rest of the last row of the page before."""
        if not self.result.indicators:
            return False
        has_points = "weight" in texts or "score" in texts
        judged = "actual" in texts or "initial_target" in texts or "adjusted_target" in texts
        return not has_points and (not texts.get("indicator") or not judged)

    def _continue(self, texts: dict[str, str], row: SheetRow) -> None:
        last = self.result.indicators[-1]
        if set(texts) & {"target_sign", "target_unit"}:
            raise Unread("a target goes on over the page", row)
        changes: dict[str, Any] = {name: (getattr(last, name) or "") + texts[name] for name in _TEXTS if name in texts}
        self.result.indicators[-1] = replace(last, **changes)

    # --- cells

    def _by_role(self, row: SheetRow, header: Header) -> tuple[dict[str, list[SheetCell]], list[SheetCell]]:
        """The printed cells of a row by the roles of their columns, and those that stand left of all columns.

        Raises :class:`Unread` for a figure that stands elsewhere.
        """
        by_role: dict[str, list[SheetCell]] = {}
        outside: list[SheetCell] = []
        for cell in row.printed:
            column = header.column_at(cell) or self._merged(cell, header)
            if column is not None and column.role is not None:
                if column.role != "other":
                    by_role.setdefault(column.role, []).append(cell)
            elif cell.centre < header.first:
                outside.append(cell)
            elif has_digit(cell.text):
                above = f"the unknown header {_short(column.header)!r}" if column is not None else "several headers"
                paste = f"{header.band}:\n  other: [{pattern(fold(column.header))}]\n" if column is not None else None
                raise Unread(f"{_short(cell.text)!r} stands under {above}", row, paste)
        return by_role, outside

    def _merged(self, cell: SheetCell, header: Header) -> Column | None:
        """The column of a cell over several: among the levels it is the lowest, a row of the levels alone the highest."""
        covered = header.covered_by(cell)
        roles = [column.role for column in covered]
        if not covered or not all(role in (*_LEVELS, "other") for role in roles):
            is_heading = bool(roles) and roles[0] == "level1" and len(covered) > len(_LEVELS)
            return covered[0] if is_heading else None
        return covered[-1]


def _target(texts: dict[str, str]) -> str | None:
    """The target with the sign and the unit that some tables print in columns of their own, as ≥ | 95 | %."""
    parts = [(role, texts[role]) for role in _TARGETS if role in texts]
    return "".join(text for role, text in parts if role == "initial_target" or not is_nothing(text)) or None


def _text(by_role: dict[str, list[SheetCell]], role: str) -> str | None:
    return joined_cells(by_role[role]) if by_role.get(role) else None


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:30]}…"
