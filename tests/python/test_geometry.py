"""Grids from ruling lines: each glyph in exactly one cell."""

from __future__ import annotations

import pytest

from ingest.document import Line, Table
from ingest.readers.geometry import SNAP, Glyph, PageContent, Rule, compose, find_grids, join_rules, text_of


def glyphs(text: str, x: float, y: float, size: float = 10) -> list[Glyph]:
    """A string set from x on, its vertical middle at y, without gaps."""
    return [
        Glyph(c, x + i * size, y - size / 2, x + (i + 1) * size, y + size / 2, size)
        for i, c in enumerate(text)
        if not c.isspace()
    ]


def frame(xs: list[float], ys: list[float]) -> list[Rule]:
    """All lines of a grid."""
    return [Rule(True, y, xs[0], xs[-1]) for y in ys] + [Rule(False, x, ys[0], ys[-1]) for x in xs]


def table_of(content: PageContent) -> Table:
    tables = [b for b in compose(1, content) if isinstance(b, Table)]
    assert len(tables) == 1
    return tables[0]


def test_cells_without_a_line_between_them_are_one_cell() -> None:
    rules = [
        *frame([0, 100, 200], [0, 20]),
        Rule(False, 0, 20, 40),
        Rule(False, 200, 20, 40),
        Rule(True, 40, 0, 200),
    ]
    grid = find_grids(rules)[0]
    assert sorted(grid.regions) == [(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 2)]


@pytest.mark.parametrize(("share", "cells"), [(0.45, 1), (0.55, 2)])
def test_a_line_separates_when_it_covers_half_of_a_side(share: float, cells: int) -> None:
    rules = [*frame([0, 200], [0, 40]), Rule(True, 20, 0, 200), Rule(False, 100, 20, 40), Rule(False, 100, 0, 20 * share)]
    grid = find_grids(rules)[0]
    assert sum(row == 0 for row, *_ in grid.regions) == cells


@pytest.mark.parametrize(("gap", "pieces"), [(SNAP - 0.5, 1), (SNAP + 0.5, 2)])
def test_pieces_of_a_line_are_joined_over_small_gaps_only(gap: float, pieces: int) -> None:
    rules = [Rule(True, 10, 0, 50), Rule(True, 10, 50 + gap, 100)]
    assert len(join_rules(rules)) == pieces


def test_a_dashed_frame_is_a_frame() -> None:
    solid = frame([0, 100, 200], [0, 20, 40])
    dashed = [Rule(r.horizontal, r.at, s, s + 2) for r in solid for s in range(int(r.start), int(r.end), 4)]
    assert find_grids(dashed)[0].regions == find_grids(solid)[0].regions


def test_open_sides_close_where_the_lines_end() -> None:
    rules = [Rule(True, y, 0, 300) for y in (0, 20, 40)] + [Rule(False, x, 0, 40) for x in (100, 200)]
    grid = find_grids(rules)[0]
    assert grid.xs == (0, 100, 200, 300)
    assert len(grid.regions) == 6


def test_every_glyph_is_in_one_cell_or_in_one_line() -> None:
    inside = [*glyphs("201", 5, 10), *glyphs("8.37", 105, 10), *glyphs("合计", 5, 30), *glyphs("603.14", 105, 30)]
    outside = glyphs("单位：万元", 120, -20)
    blocks = compose(1, PageContent(300, 300, [*inside, *outside], frame([0, 100, 200], [0, 20, 40])))
    printed = "".join(b.text if isinstance(b, Line) else "".join(c.text for c in b.cells) for b in blocks)
    assert sorted(printed) == sorted("2018.37合计603.14单位：万元")


def test_digits_on_another_baseline_stay_in_the_row_of_their_cell() -> None:
    content = PageContent(
        300,
        300,
        [*glyphs("行政运行", 5, 12), *glyphs("1503.52", 105, 6), *glyphs("8.37", 205, 15)],
        frame([0, 100, 200, 300], [0, 20, 40]),
    )
    cells = {(c.row, c.column): c.text for c in table_of(content).cells}
    assert [cells[1, 1], cells[1, 2], cells[1, 3]] == ["行政运行", "1503.52", "8.37"]


def test_a_line_of_text_is_read_left_to_right_whatever_its_order_in_the_file() -> None:
    assert text_of([*glyphs("元", 50, 10), *glyphs("单位：万", 10, 11)]) == "单位：万元"


def test_wide_gaps_are_spaces_and_lower_lines_follow() -> None:
    assert text_of([*glyphs("合", 0, 10), *glyphs("计", 40, 10), *glyphs("数", 0, 30)]) == "合 计\n数"


def test_a_lone_box_is_a_frame_and_no_table() -> None:
    assert find_grids(frame([0, 100], [0, 50])) == []
