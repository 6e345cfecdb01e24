"""The header of a band of an evaluation table: which columns it has, where they stand, and their unit of money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.performance.sheet import SheetCell, SheetRow
from ingest.performance.vocabulary import Vocabulary

DEEPEST = 3  # rows of a header
KNOWN = 2  # columns that must be known for a row to be taken for a header
TELLING = 3  # known columns that make a row a header, even if it is not understood

AMOUNTS = ("initial_declared", "initial_budget", "full_year_budget", "executed", "carryover")
_BUDGETS = frozenset({"initial_declared", "initial_budget", "full_year_budget"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column under a header; ``role`` is ``None`` where the header is not known."""

    role: str | None
    header: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Header:
    """The header of one band: ``funds`` or ``indicators``. ``row_count`` rows make it up.

    ``problem`` says why no row may be read under it.
    """

    band: str
    columns: tuple[Column, ...]
    row_count: int
    unit: str | None
    problem: str | None

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(column.role for column in self.columns if column.role is not None)

    @property
    def has_outcome(self) -> bool:
        """Whether it tells what was reached: a plan has none."""
        return ("actual" if self.band == "indicators" else "executed") in self.roles

    def column_at(self, cell: SheetCell) -> Column | None:
        """The column that a cell stands in: the one around its middle, or of those that it covers the only one."""
        around = [column for column in self.columns if cell.is_within(column.left, column.right)]
        covered = [column for column in self.columns if cell.covers((column.left + column.right) / 2)]
        if len(covered) > 1:
            return None
        return around[0] if around else (covered[0] if covered else None)

    def covered_by(self, cell: SheetCell) -> list[Column]:
        return [column for column in self.columns if cell.covers((column.left + column.right) / 2)]

    @property
    def first(self) -> float:
        """Where the leftmost known column begins."""
        return min(column.left for column in self.columns if column.role is not None)


def find_header(rows: Sequence[SheetRow], start: int, vocabulary: Vocabulary) -> Header | None:
    """The header that begins in this row, if one does."""
    for band in ("indicators", "funds"):
        header = _header(rows, start, band, vocabulary)
        if header is not None:
            return header
    return None


def looks_like_header(row: SheetRow, vocabulary: Vocabulary) -> bool:
    """Whether a row has so many words of a header that it cannot be anything else."""
    for band in ("indicators", "funds"):
        if len({vocabulary.role(cell.text, band) for cell in row.printed} - {None, "other"}) >= TELLING:
            return True
    return False


def _header(rows: Sequence[SheetRow], start: int, band: str, vocabulary: Vocabulary) -> Header | None:
    first = rows[start]
    if not any(_is_header_word(cell.text, band, vocabulary) for cell in first.printed):
        return None
    count = 1
    while count < DEEPEST and start + count < len(rows) and _goes_on(rows[start + count], band, vocabulary):
        count += 1
    block = list(rows[start : start + count])
    columns = _with_roles(_leaves(block), band, vocabulary)
    known = [column.role for column in columns if column.role is not None]
    if len(known) < KNOWN or not _is_of_band(set(known), band):
        return None
    units = {u for row in block for cell in row.cells if (u := vocabulary.money_unit(cell.text))}
    problem = None
    if band == "funds" and len(units) > 1:
        problem = f"its header states several units: {', '.join(sorted(units))}"
    twice = sorted({role for role in known if role not in ("other", "funding_source") and known.count(role) > 1})
    if twice:
        headers = [column.header for column in columns if column.role in twice]
        problem = f"several columns are {', '.join(twice)}: {', '.join(headers)}"
    return Header(band, columns, count, next(iter(units)) if len(units) == 1 else None, problem)


def _is_of_band(roles: set[str], band: str) -> bool:
    if band == "funds":
        return bool(roles & _BUDGETS) and ("executed" in roles or "execution_rate" in roles)
    return "indicator" in roles and bool(roles & {"actual", "initial_target", "adjusted_target"})


def _goes_on(row: SheetRow, band: str, vocabulary: Vocabulary) -> bool:
    printed = row.printed
    return bool(printed) and all(_is_header_word(cell.text, band, vocabulary) for cell in printed)


def _is_header_word(text: str, band: str, vocabulary: Vocabulary) -> bool:
    return vocabulary.role(text, band) is not None or vocabulary.is_group(text)


@dataclass(frozen=True, slots=True)
class _Leaf:
    path: tuple[str, ...]  # header texts above it, top to bottom
    left: float
    right: float


def _leaves(block: Sequence[SheetRow]) -> list[_Leaf]:
    """The lowest cells of a header, each with the texts above it, left to right."""
    edges = sorted({edge for row in block for cell in row.cells for edge in (cell.left, cell.right)})
    leaves: list[_Leaf] = []
    last: tuple[SheetCell | None, ...] | None = None
    for left, right in pairwise(edges):
        middle = (left + right) / 2
        above = tuple(_cell_over(row, middle, block[number + 1 :]) for number, row in enumerate(block))
        printed = [cell for cell in above if cell is not None and cell.text]
        key = tuple(above)
        if leaves and key == last:
            leaves[-1] = _Leaf(leaves[-1].path, leaves[-1].left, right)
            continue
        last = key
        path: list[str] = []
        for number, cell in enumerate(printed):
            # A merged cell is seen in each of its rows, and says its text once.
            if number == 0 or (cell.text, cell.left, cell.right) != (
                printed[number - 1].text,
                printed[number - 1].left,
                printed[number - 1].right,
            ):
                path.append(cell.text)
        leaves.append(_Leaf(tuple(path), left, right))
    return [leaf for leaf in leaves if leaf.path]


def _cell_over(row: SheetRow, point: float, below: Sequence[SheetRow]) -> SheetCell | None:
    own = next((cell for cell in row.cells if cell.left <= point < cell.right), None)
    if own is None or own.text or row.has_spans:
        return own
    # Without merged cells a blank beside a header that is divided below belongs to that header.
    if not any(cell.text for lower in below for cell in lower.cells if cell.left <= point < cell.right):
        return own
    before = [cell for cell in row.cells if cell.right <= own.left and cell.text]
    return before[-1] if before else own


def _with_roles(leaves: Sequence[_Leaf], band: str, vocabulary: Vocabulary) -> tuple[Column, ...]:
    columns = []
    for leaf in leaves:
        header = " / ".join(leaf.path)
        lowest, whole = leaf.path[-1], "".join(leaf.path)
        role = vocabulary.role(lowest, band) or vocabulary.role(whole, band)
        if role is None and len(leaf.path) > 1 and not vocabulary.is_group(leaf.path[-2]):
            # A header with a remark below it, as 全年预算数 over （A）.
            role = vocabulary.role(leaf.path[-2], band) if not lowest.strip("（）()ABCabc/ 元万%") else None
        columns.append(Column(role, header, leaf.left, leaf.right))
    return tuple(columns)
