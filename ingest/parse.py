"""From a file to rows for staging. Pure: reads the one file, touches nothing else, runs in worker processes."""

from __future__ import annotations

from pathlib import Path

from ingest.catalogue import Catalogue, catalogue
from ingest.document import Document, Line
from ingest.forms.read import ReadForms, read_forms
from ingest.identity import find_identity
from ingest.narrative import read_narrative
from ingest.parsed import ParsedDocument, Rejected, TextLine
from ingest.performance import read_performance
from ingest.readers import read_document


def parse_file(path: Path) -> ParsedDocument:
    """Parse one file into rows for staging.

    Raises :class:`Rejected` with the reason when the file cannot be read, is no disclosure of a department, or holds
    a standard form that could not be read whole. Nothing is half parsed.
    """
    return parse_document(read_document(path), path)


def parse_document(document: Document, path: Path) -> ParsedDocument:
    """Parse a document that was read; the path is only a witness for its identity."""
    known = catalogue()
    forms = read_forms(document, known)
    _require_forms(document, forms, known)
    disclosure, witnesses, notices = find_identity(document, forms, path, known)
    narrative = read_narrative(document, disclosure)
    performance = read_performance(document, known)
    return ParsedDocument(
        media_type=document.media_type,
        page_count=len(document.pages),
        disclosure=disclosure,
        forms=tuple(forms.forms),
        rows=tuple(forms.rows),
        amounts=tuple(forms.amounts),
        text_lines=tuple(
            TextLine(line.page, line.number, line.text, line.box)
            for page in document.pages
            for line in page.blocks
            if isinstance(line, Line)
        ),
        witnesses=witnesses,
        notices=(*forms.notices, *notices, *performance.notices),
        sentences=narrative.sentences,
        claims=narrative.claims,
        projects=performance.projects,
        executions=performance.executions,
        indicators=performance.indicators,
    )


def _require_forms(document: Document, forms: ReadForms, known: Catalogue) -> None:
    if not any(form.status != "missing" for form in forms.forms):
        if any(form.status == "missing" for form in forms.forms):
            raise Rejected(
                "no_forms",
                f"none of the {len(forms.forms)} forms that its table of contents lists is in the document",
                "look for a second file with the tables, and ingest that",
            )
        raise Rejected(
            "no_forms",
            "no form of a department's disclosure was found: no known title stands above a table",
            "check that it is a 部门决算公开 or 部门预算公开; if its titles are new, see docs/adding_a_layout.md",
        )
    if not forms.amounts:
        placeholders = sum(known.placeholder.search(line.text) is not None for page in document.pages for line in page.lines)
        if placeholders:
            raise Rejected(
                "template",
                f"an empty template: none of its {len(forms.forms)} forms has an amount, and {placeholders} lines hold"
                " placeholders such as XX局",
                "leave it out",
            )
        raise Rejected("no_amounts", f"none of its {len(forms.forms)} forms has an amount", "check the file")
