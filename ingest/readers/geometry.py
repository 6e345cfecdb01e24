"""Glyphs and ruling lines of one page, and the lines and grids that they form.

Pure geometry: nothing here knows about PDF libraries or about disclosures. A grid is built from the ruling lines
alone: all positions of lines span a fine grid, and fine cells with no line between them belong together. So every
point inside the frame lies in exactly one cell, and no glyph can be lost or read twice. (Finding cells by their
corners instead loses those whose corner is not drawn.)
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ingest.document import Box, Cell, Line, Table

SNAP = 3.0  # points: lines closer than this are one line (double rules, cells drawn one by one)
SHORTEST_RULE = 5.0  # points: anything shorter is a dash, a dot or part of a glyph
COVERED = 0.5  # share of a cell's side that a line must cover to separate
LINE_SPACING = 1.6  # font sizes from one line of a wrapped text to the next, at most
EDGE = 0.2  # share of a line's height that may reach over a ruling line without meaning anything
GAP = 0.3  # share of the font size: a wider gap between two glyphs is printed as a space


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character with its box, and the size of its font; or a piece of text that was recognised, and how surely."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    confidence: float | None = None

    @property
    def x(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight ruling line: ``at`` is its y (horizontal) or x (vertical), ``start`` and ``end`` its extent."""

    horizontal: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class PageContent:
    """What is drawn on a page."""

    width: float
    height: float
    glyphs: Sequence[Glyph]
    rules: Sequence[Rule] = field(default=())
    has_image: bool = False


def _cluster(values: Iterable[float], tolerance: float) -> list[float]:
    """Positions closer than the tolerance to their neighbour become one, at their mean."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= tolerance and value - groups[-1][0] <= 2 * tolerance:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(group) / len(group) for group in groups]


def _nearest(positions: Sequence[float], value: float) -> int:
    index = bisect_right(positions, value)
    if index == 0:
        return 0
    if index == len(positions):
        return index - 1
    return index if positions[index] - value < value - positions[index - 1] else index - 1


def join_rules(rules: Iterable[Rule]) -> list[Rule]:
    """Collinear pieces (dashes, borders drawn cell by cell) joined to whole lines; short remains dropped."""
    joined: list[Rule] = []
    for horizontal in (True, False):
        mine = [r for r in rules if r.horizontal == horizontal]
        positions = _cluster((r.at for r in mine), SNAP)
        groups: dict[int, list[Rule]] = defaultdict(list)
        for rule in mine:
            groups[_nearest(positions, rule.at)].append(rule)
        for index, group in sorted(groups.items()):
            start = end = None
            for rule in sorted(group, key=lambda r: r.start):
                if start is None or end is None:
                    start, end = rule.start, rule.end
                elif rule.start <= end + SNAP:
                    end = max(end, rule.end)
                else:
                    joined.append(Rule(horizontal, positions[index], start, end))
                    start, end = rule.start, rule.end
            if start is not None and end is not None:
                joined.append(Rule(horizontal, positions[index], start, end))
    return [r for r in joined if r.end - r.start >= SHORTEST_RULE]


def _touch(a: Rule, b: Rule) -> bool:
    return a.start - SNAP <= b.at <= a.end + SNAP and b.start - SNAP <= a.at <= b.end + SNAP


def _components(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Groups of lines that touch one another, directly or through others."""
    parent = list(range(len(rules)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    horizontal = [i for i, r in enumerate(rules) if r.horizontal]
    vertical = [i for i, r in enumerate(rules) if not r.horizontal]
    for i in horizontal:
        for j in vertical:
            if _touch(rules[i], rules[j]):
                parent[root(i)] = root(j)
    groups: dict[int, list[Rule]] = defaultdict(list)
    for i, rule in enumerate(rules):
        groups[root(i)].append(rule)
    return list(groups.values())


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's frame: positions of its lines, and for each fine cell the region (merged cell) it belongs to.

    ``regions`` are ``(row, column, row_span, column_span)`` from 0; ``region_of[row][column]`` indexes them.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    regions: tuple[tuple[int, int, int, int], ...]
    region_of: tuple[tuple[int, ...], ...]

    @property
    def box(self) -> Box:
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def find(self, x: float, y: float) -> int | None:
        """The region that holds a point, or ``None`` outside the frame."""
        if not (self.xs[0] <= x < self.xs[-1] and self.ys[0] <= y < self.ys[-1]):
            return None
        return self.region_of[bisect_right(self.ys, y) - 1][bisect_right(self.xs, x) - 1]


def _positions(rules: Sequence[Rule], horizontal: bool) -> list[float]:
    """Where lines of one direction stand; the open ends of the other direction close the frame."""
    positions = _cluster((r.at for r in rules if r.horizontal == horizontal), SNAP)
    across = [r for r in rules if r.horizontal != horizontal]
    for end in (min(r.start for r in across), max(r.end for r in across)):
        if all(abs(end - p) > 2 * SNAP for p in positions):
            positions.append(end)
    return sorted(positions)


def _separators(rules: Sequence[Rule], horizontal: bool, lines: Sequence[float], across: Sequence[float]) -> list[list[bool]]:
    """``result[k][i]``: whether line ``k`` is drawn along interval ``i`` between the positions ``across``."""
    covered = [[0.0] * (len(across) - 1) for _ in lines]
    for rule in rules:
        if rule.horizontal != horizontal:
            continue
        row = covered[_nearest(lines, rule.at)]
        for i in range(len(across) - 1):
            overlap = min(rule.end, across[i + 1]) - max(rule.start, across[i])
            if overlap > 0:
                row[i] += overlap
    return [[row[i] >= COVERED * (across[i + 1] - across[i]) for i in range(len(across) - 1)] for row in covered]


def _grid(rules: Sequence[Rule]) -> Grid | None:
    if not any(r.horizontal for r in rules) or all(r.horizontal for r in rules):
        return None
    xs = _positions(rules, horizontal=False)
    ys = _positions(rules, horizontal=True)
    if len(xs) < 2 or len(ys) < 2:
        return None
    horizontal = _separators(rules, True, ys, xs)
    vertical = _separators(rules, False, xs, ys)
    rows, columns = len(ys) - 1, len(xs) - 1
    label = [[-1] * columns for _ in range(rows)]
    members: list[list[tuple[int, int]]] = []
    for r in range(rows):
        for c in range(columns):
            if label[r][c] >= 0:
                continue
            index = len(members)
            label[r][c] = index
            stack, found = [(r, c)], []
            while stack:
                y, x = stack.pop()
                found.append((y, x))
                for ny, nx, line in (
                    (y - 1, x, horizontal[y][x]),
                    (y + 1, x, horizontal[y + 1][x]),
                    (y, x - 1, vertical[x][y]),
                    (y, x + 1, vertical[x + 1][y]),
                ):
                    if not line and 0 <= ny < rows and 0 <= nx < columns and label[ny][nx] < 0:
                        label[ny][nx] = index
                        stack.append((ny, nx))
            members.append(found)
    regions: list[tuple[int, int, int, int]] = []
    region_of = [[-1] * columns for _ in range(rows)]
    for found in members:
        for rectangle in _rectangles(found):
            for y in range(rectangle[0], rectangle[0] + rectangle[2]):
                for x in range(rectangle[1], rectangle[1] + rectangle[3]):
                    region_of[y][x] = len(regions)
            regions.append(rectangle)
    return Grid(tuple(xs), tuple(ys), tuple(regions), tuple(map(tuple, region_of)))


def _rectangles(members: Sequence[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """A merged region as rectangles: itself if it is one, else its runs row by row (a line is missing somewhere)."""
    top, bottom = min(y for y, _ in members), max(y for y, _ in members)
    left, right = min(x for _, x in members), max(x for _, x in members)
    if len(members) == (bottom - top + 1) * (right - left + 1):
        return [(top, left, bottom - top + 1, right - left + 1)]
    runs: list[tuple[int, int, int, int]] = []
    for y, x in sorted(members):
        if runs and runs[-1][0] == y and runs[-1][1] + runs[-1][3] == x:
            last = runs[-1]
            runs[-1] = (last[0], last[1], 1, last[3] + 1)
        else:
            runs.append((y, x, 1, 1))
    return runs


def find_grids(rules: Iterable[Rule]) -> list[Grid]:
    """The tables of a page, top to bottom; a lone box (one cell) is a frame, not a table."""
    grids = [g for g in map(_grid, _components(join_rules(rules))) if g is not None and len(g.regions) > 1]
    return sorted(grids, key=lambda g: (g.ys[0], g.xs[0]))


def _rows_of_glyphs(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Glyphs grouped to printed lines, top to bottom, each left to right."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: (g.y, g.x0)):
        # Compare with the line's last glyph by height, so that a slightly slanted line stays one.
        if rows and abs(glyph.y - rows[-1][-1].y) <= 0.45 * max(glyph.size, rows[-1][-1].size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    for row in rows:
        row.sort(key=lambda g: g.x0)
    return rows


def _text_of_row(row: Sequence[Glyph]) -> str:
    parts: list[str] = []
    for before, glyph in zip([None, *row], row, strict=False):
        if before is not None and glyph.x0 - before.x1 > GAP * min(before.size, glyph.size):
            parts.append(" ")
        parts.append(glyph.text)
    return "".join(parts).strip()


def text_of(glyphs: Iterable[Glyph]) -> str:
    """Text of the glyphs of one cell, its lines joined by a line feed."""
    return "\n".join(filter(None, map(_text_of_row, _rows_of_glyphs(glyphs))))


def confidence_of(glyphs: Iterable[Glyph]) -> float | None:
    """How surely a text was recognised: as surely as the least certain of its parts; ``None`` for a text that was not."""
    return min((glyph.confidence for glyph in glyphs if glyph.confidence is not None), default=None)


def box_of(glyphs: Sequence[Glyph]) -> Box:
    return Box(min(g.x0 for g in glyphs), min(g.top for g in glyphs), max(g.x1 for g in glyphs), max(g.bottom for g in glyphs))


def _table(page: int, number: int, grid: Grid, contents: dict[int, list[Glyph]]) -> Table:
    cells = tuple(
        Cell(
            row + 1,
            column + 1,
            text_of(contents.get(index, ())),
            row_span,
            column_span,
            Box(grid.xs[column], grid.ys[row], grid.xs[column + column_span], grid.ys[row + row_span]),
            confidence_of(contents.get(index, ())),
        )
        for index, (row, column, row_span, column_span) in enumerate(grid.regions)
    )
    rows = len(grid.ys) - 1
    return Table(page, number, rows, len(grid.xs) - 1, cells, tuple(range(1, rows + 1)), True, grid.box)


@dataclass(slots=True)
class _DrawnLine:
    """Glyphs that were drawn one after the other on one baseline, as a text is written into its cell."""

    glyphs: list[Glyph]

    def follows(self, before: _DrawnLine) -> bool:
        """Whether this line is the next line of the same text: right under it, in the same column, drawn right after it."""
        above, here = before.glyphs[0], self.glyphs[0]
        spacing = here.y - above.y
        overlaps = self.glyphs[0].x0 < before.glyphs[-1].x1 and before.glyphs[0].x0 < self.glyphs[-1].x1
        return overlaps and 0.5 * above.size < spacing <= LINE_SPACING * above.size

    def regions(self, grid: Grid) -> set[int]:
        """The cells that the line touches with more than its edge."""
        x = (self.glyphs[0].x0 + self.glyphs[-1].x1) / 2
        top, bottom = self.glyphs[0].top, self.glyphs[0].bottom
        margin = EDGE * (bottom - top)
        found = {grid.find(x, top + margin), grid.find(x, bottom - margin)}
        return {region for region in found if region is not None}


def _drawn_lines(glyphs: Iterable[Glyph]) -> list[_DrawnLine]:
    lines: list[_DrawnLine] = []
    for glyph in glyphs:
        last = lines[-1].glyphs[-1] if lines else None
        if last is not None and abs(glyph.y - last.y) < EDGE * glyph.size and -1 <= glyph.x0 - last.x1 < glyph.size:
            lines[-1].glyphs.append(glyph)
        else:
            lines.append(_DrawnLine([glyph]))
    return lines


def _overflowing(grid: Grid, glyphs: Iterable[Glyph]) -> dict[int, int]:
    """The cell of glyphs whose text is higher than its row, by the identity of the glyph.

    Where a row is too low for its wrapped text, the lines stick out above and below, and the middle of a line may lie in the
    neighbour's cell. The cell that all lines of the text touch is its own.
    """
    settled: dict[int, int] = {}
    texts: list[list[_DrawnLine]] = []
    for line in _drawn_lines(glyphs):
        if texts and line.follows(texts[-1][-1]):
            texts[-1].append(line)
        else:
            texts.append([line])
    for text in texts:
        touched = [line.regions(grid) for line in text]
        if len(text) > 1 and any(len(regions) > 1 for regions in touched):
            common = set.intersection(*touched)
            if len(common) == 1:
                region = common.pop()
                settled.update((id(glyph), region) for line in text for glyph in line.glyphs)
    return settled


def compose(page: int, content: PageContent) -> tuple[Line | Table, ...]:
    """The blocks of a page in reading order: every glyph in exactly one cell of a table or in one line outside."""
    grids = find_grids(content.rules) if content.rules else []
    inside: list[dict[int, list[Glyph]]] = [defaultdict(list) for _ in grids]
    outside: list[Glyph] = []
    overflowing = [_overflowing(grid, content.glyphs) for grid in grids]
    for glyph in content.glyphs:
        for grid, contents, settled in zip(grids, inside, overflowing, strict=True):
            region = settled.get(id(glyph), grid.find(glyph.x, glyph.y))
            if region is not None:
                contents[region].append(glyph)
                break
        else:
            outside.append(glyph)
    placed: list[tuple[float, Line | Table]] = []
    for grid, contents in zip(grids, inside, strict=True):
        # A drawing (a chart, a frame round a picture) holds no text and is no table.
        if contents:
            placed.append((grid.ys[0], _table(page, 0, grid, contents)))
    for row in _rows_of_glyphs(outside):
        text = _text_of_row(row)
        if text:
            placed.append((box_of(row).top, Line(page, 0, text, box_of(row), confidence=confidence_of(row))))
    blocks: list[Line | Table] = []
    lines = tables = 0
    for _, block in sorted(placed, key=lambda p: p[0]):
        if isinstance(block, Table):
            tables += 1
            blocks.append(
                Table(page, tables, block.row_count, block.column_count, block.cells, block.row_numbers, True, block.box)
            )
        else:
            lines += 1
            blocks.append(replace(block, number=lines))
    return tuple(blocks)
