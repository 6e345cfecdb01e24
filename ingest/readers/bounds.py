"""What a text may be at most, whatever the format: beyond that the line ends of a file are lost, or somebody means harm."""

from __future__ import annotations

from ingest.document import Document, Table
from ingest.parsed import Rejected

LONGEST_TEXT = 20_000  # characters of a line or a cell; the longest paragraphs of disclosures have some 1,300


def require_length(text: str, page: int | None, where: str) -> None:
    """Raises :class:`Rejected` for a line or a cell that is longer than any that is printed."""
    if len(text) > LONGEST_TEXT:
        raise Rejected(
            "too_large",
            f"{where} has {len(text)} characters, more than the {LONGEST_TEXT} that one may have",
            "look how the file was made: its line ends seem to be lost",
            page,
        )


def require_lengths(document: Document) -> None:
    """Raises :class:`Rejected` if a line or a cell is longer than any that is printed: all that follows is made for sentences."""
    for page in document.pages:
        for block in page.blocks:
            if isinstance(block, Table):
                for cell in block.cells:
                    require_length(cell.text, page.number, f"the cell in row {cell.row}, column {cell.column}")
            else:
                require_length(block.text, page.number, f"line {block.number}")
