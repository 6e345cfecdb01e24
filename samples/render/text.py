"""Write a disclosure as the text of an OCR engine: tab or pipe tables, stray spaces, page-break rubbish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from samples.render.document import Paragraph, Rendering
from samples.render.grid import Grid
from samples.render.ledger import fraction


def render_text(rendering: Rendering, options: Mapping[str, Any]) -> str:
    lines: list[str] = []
    page = 1
    for section in rendering.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                lines += _paragraph(block, options)
            else:
                lines += _table(block, options, page, rendering.title)
            lines.append("")
        page += 1
    return "\n".join(lines).strip() + "\n"


def _paragraph(paragraph: Paragraph, options: Mapping[str, Any]) -> list[str]:
    parts = [part for part in (paragraph.left, paragraph.text, paragraph.right) if part]
    if options.get("markdown") and paragraph.heading:
        return ["#" * paragraph.heading + " " + paragraph.text]
    if len(parts) > 1 and options.get("head") == "lines":
        return [line for part in parts for line in (part, "")][:-1]
    text = " ".join(parts)
    for stated in paragraph.stated:
        stated.claim.page = "1"
    if paragraph.stated and options.get("spaced_prose"):
        # As in tables: a space after the point of some numbers.
        text = "".join(
            " " + c if c.isdigit() and text[i - 1 : i] == "." and fraction("prose", i, text) < options["spaced_prose"] else c
            for i, c in enumerate(text)
        )
    width = options.get("wrap", 0)
    if width and paragraph.indent:
        text = "　　" + text
        return [text[i : i + width] for i in range(0, len(text), width)]
    return [text]


def _table(grid: Grid, options: Mapping[str, Any], page: int, title: str) -> list[str]:
    pipes = bool(options.get("markdown"))
    lines: list[str] = []
    cut = options.get("page_rows", 0)
    for y, row in enumerate(grid.rows):
        texts: list[str] = []
        for x, cell in enumerate(row):
            text = "" if cell is None else cell.text.replace("\n", "")
            texts.append(_noise(text, options, cell is not None and cell.place is not None, title, page, x, y))
        lines.append("| " + " | ".join(texts) + " |" if pipes else "\t".join(texts))
        if pipes and y == 0:
            lines.append("|" + " --- |" * len(row))
        if cut and y > grid.header_rows and y % cut == 0 and y < len(grid.rows) - 1:
            lines += ["", options["page_mark"].format(page), ""] if options.get("page_mark") else [""]
    return lines


def _noise(text: str, options: Mapping[str, Any], is_amount: bool, *key: object) -> str:
    """A space after the point of some numbers (``29029236. 59``), and inside some longer words."""
    chance = fraction("noise", *key)
    if is_amount and "." in text and chance < options.get("spaced_numbers", 0):
        return text.replace(".", ". ")
    if not is_amount and len(text) > 5 and chance < options.get("spaced_words", 0):
        middle = len(text) // 2
        if not (text[middle - 1].isascii() or text[middle].isascii()):
            return text[:middle] + " " + text[middle:]
    return text
