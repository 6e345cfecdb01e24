"""Printed text in a cell: of a spreadsheet, which would run a formula, or of a table of Markdown, which has signs of its own."""

from __future__ import annotations

import re

from ingest.terminal import printable

# What a spreadsheet takes for the beginning of a formula, in any width and after any white space.
FORMULA = re.compile(r"[\s\x00-\x1f]*[=+\-@＝＋－＠]|[\t\r]")
PRINTED_NUMBER = re.compile(r"[+\-]?\d[\d,]*(\.\d+)?%?")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run ``text``; a number that is printed with a sign is a number."""
    return FORMULA.match(text) is not None and PRINTED_NUMBER.fullmatch(text) is None


def spreadsheet_cell(value: object) -> object:
    """A value as a spreadsheet should take it: text that it would run as a formula gets an apostrophe before it.

    Numbers, printed ones as well, stay numbers; JSON and Parquet have every text as it is.
    """
    return f"'{value}" if isinstance(value, str) and is_formula(value) else value


def markdown_cell(text: str) -> str:
    """Printed text within a table of Markdown: it may hold what Markdown or HTML would take for its own."""
    text = printable(" ".join(text.split())).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\\{char}" if char in "\\|`*_[]#~" else char for char in text)
