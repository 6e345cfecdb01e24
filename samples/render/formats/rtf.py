"""Rich text (.rtf) as Word writes it: characters in the code page of the font, tables as rows of cells."""

from __future__ import annotations

from pathlib import Path

from samples.render.document import Paragraph, Rendering
from samples.render.formats.blocks import blocks_of
from samples.render.grid import Grid, GridCell, Row

_ALIGN = {"left": r"\ql", "center": r"\qc", "right": r"\qr"}
_HEAD = (
    r"{\rtf1\ansi\ansicpg936\deff0\deflang1033\deflangfe2052{\fonttbl{\f0\froman\fcharset134 \'cb\'ce\'cc\'e5;}}"
    r"{\*\generator juesuan samples;}\paperw11906\paperh16838\margl1134\margr1134" + "\r\n"
)
_BORDERS = "".join(rf"\clbrdr{side}\brdrs\brdrw10" for side in "tlbr")
TWIPS = 9600


def write_rtf(rendering: Rendering, path: Path) -> None:
    parts = [_HEAD]
    for position, section in enumerate(rendering.sections):
        if position and section.new_page:
            parts.append("\\page\r\n")
        for block in blocks_of(section):
            parts += _table(block) if isinstance(block, Grid) else [_paragraph(block)]
    path.write_bytes("".join([*parts, "}"]).encode("ascii"))


def escaped(text: str) -> str:
    """Text in ASCII: code page 936 where it has the character, a number elsewhere."""
    pieces: list[str] = []
    for character in text:
        if character == "\n":
            pieces.append("\\line ")
        elif character in "\\{}":
            pieces.append("\\" + character)
        elif character.isascii():
            pieces.append(character)
        else:
            try:
                pieces.append("".join(f"\\'{byte:02x}" for byte in character.encode("gbk")))
            except UnicodeEncodeError:
                pieces.append(f"\\u{ord(character)}?")
    return "".join(pieces)


def _paragraph(block: Paragraph) -> str:
    look = rf"\pard\plain{_ALIGN[block.align]}\f0\fs{int(block.size * 2)}"
    if block.left or block.right:
        return (
            rf"{look}\tqc\tx4800\tqr\tx9600 {escaped(block.left)}\tab {escaped(block.text)}\tab {escaped(block.right)}\par"
            + "\r\n"
        )
    indent = rf"\fi{int(block.size * 40)}" if block.indent else ""
    outline = rf"\outlinelevel{block.heading - 1}\b" if block.heading else ""
    return rf"{look}{indent}{outline} {escaped(block.text)}\par" + "\r\n"


def _table(grid: Grid) -> list[str]:
    whole, reached = sum(grid.weights), 0.0
    ends = []
    for weight in grid.weights:
        reached += weight
        ends.append(round(TWIPS * reached / whole))
    return [*_rows(grid.rows, ends), "\\pard\\par\r\n"]


def _rows(rows: list[Row], ends: list[int]) -> list[str]:
    parts: list[str] = []
    continued: dict[tuple[int, int], GridCell] = {}
    for y, row in enumerate(rows):
        definitions, contents = [], []
        for x, cell in enumerate(row):
            kept = cell or continued.get((y, x))
            if kept is None:
                continue
            if cell is not None:
                for below in range(1, cell.row_span):
                    continued[y + below, x] = cell
            merge = "" if kept.row_span == 1 else r"\clvmgf" if cell is not None else r"\clvmrg"
            definitions.append(rf"{merge}\clvertalc{_BORDERS}\cellx{ends[x + kept.column_span - 1]}")
            text = "" if cell is None else escaped(cell.text)
            contents.append(rf"\pard\plain\intbl{_ALIGN[kept.align]}\f0\fs17 {text}\cell" + "\r\n")
        parts.append("\\trowd\\trgaph108" + "".join(definitions) + "\r\n" + "".join(contents) + "\\row\r\n")
    return parts
