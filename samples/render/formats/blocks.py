"""What the writers of all formats ask of a disclosure: titles in one piece, names of parts, whether a form is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from samples.render.document import Paragraph, Rendering, Section
from samples.render.grid import Grid

Block = Paragraph | Grid
TITLE = 3  # the heading of a form


def blocks_of(section: Section) -> Iterator[Block]:
    """The blocks of a section, a title that a narrow page broke over two paragraphs being one with a line break."""
    waiting: Paragraph | None = None
    for block in section.blocks:
        is_title = isinstance(block, Paragraph) and block.heading == TITLE and block.align == "center"
        if is_title and waiting is not None and isinstance(block, Paragraph):
            waiting = replace(waiting, text=f"{waiting.text}\n{block.text}")
            continue
        if waiting is not None:
            yield waiting
            waiting = None
        if is_title and isinstance(block, Paragraph):
            waiting = block
        else:
            yield block
    if waiting is not None:
        yield waiting


def grids_of(section: Section) -> list[Grid]:
    return [block for block in section.blocks if isinstance(block, Grid)]


def is_grouped(grid: Grid) -> bool:
    """Whether its amounts have separators: 2,940.05."""
    return any("," in cell.text for row in grid.rows for cell in row if cell is not None and cell.place is not None)


def part_name(section: Section, position: int) -> str:
    """What a person would call the part: 封面, 目录, the title of a form, or the heading of a part."""
    if position == 0:
        return "封面"
    paragraphs = [block for block in blocks_of(section) if isinstance(block, Paragraph)]
    level = TITLE if section.form else 2
    texts = [p.text for p in paragraphs if p.heading == level] or [p.text for p in paragraphs if p.text] or ["附表"]
    name = re.sub(r"^第[一二三四五六七八九十]+部分\s*", "", texts[0].replace("\n", ""))
    return re.sub(r"\s+", "", name)


def runs_of_forms(rendering: Rendering) -> Iterator[list[Section]]:
    """The sections, consecutive forms together."""
    run: list[Section] = []
    for section in rendering.sections:
        if run and not (section.form and run[-1].form):
            yield run
            run = []
        run.append(section)
    if run:
        yield run


def unique(names: Iterable[str], longest: int) -> list[str]:
    """The names, cut to a length, those that come again numbered."""
    taken: set[str] = set()
    result = []
    for name in names:
        candidate, count = name[:longest], 1
        while candidate in taken:
            count += 1
            mark = f" ({count})"
            candidate = name[: longest - len(mark)] + mark
        taken.add(candidate)
        result.append(candidate)
    return result
