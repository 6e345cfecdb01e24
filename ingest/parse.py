"""From a file to rows for staging. Pure: reads the one file, touches nothing else, runs in worker processes."""

from __future__ import annotations

from pathlib import Path

from ingest.catalogue import Catalogue, catalogue
from ingest.document import Document, Line
from ingest.explanation import examine
from ingest.forms.read import ReadForms, read_forms
from ingest.identity import find_identity
from ingest.narrative import read_narrative
from ingest.parsed import Notice, ParsedDocument, Rejected, TextLine
from ingest.performance import read_performance
from ingest.publication import read_marks
from ingest.readers import read_document

NAMED = 5  # linked files that a rejection names


def warm_up() -> None:
    """Load what most files need, so that the first one does not wait for it."""
    import ingest.readers.pdf  # noqa: F401 - its libraries take a while to import

    catalogue()


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
    said = (Notice(remark.kind, remark.message, None, remark.page, remark.row) for remark in document.remarks)
    remarks: tuple[Notice, ...] = (*said, *forms.notices)
    if not forms.amounts:
        # One notice for the whole file instead of one for each form that is in the other file.
        remarks = (*(n for n in remarks if n.kind != "form_missing"), *_without_amounts(document, forms, path, known))
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
        notices=(*remarks, *notices, *performance.notices),
        sentences=narrative.sentences,
        claims=narrative.claims,
        projects=performance.projects,
        executions=performance.executions,
        indicators=performance.indicators,
        text_source=document.text_source,
        publication_marks=read_marks(document),
    )


def _without_amounts(document: Document, forms: ReadForms, path: Path, known: Catalogue) -> tuple[Notice, ...]:
    """What to say of a document without an amount in a form. Raises :class:`Rejected` unless it explains a disclosure.

    Tables and prose are often published as two files; the prose lists the forms in its table of contents and has none of them.
    """
    explanation = examine(document, path, known)
    found = sum(form.status != "missing" for form in forms.forms)
    promised = len(forms.forms) - found
    if explanation.is_template and (found or explanation.lacks() is None):
        raise Rejected(
            "template",
            f"an empty template: none of its {len(forms.forms)} forms has an amount, and {explanation.placeholders} lines hold"
            " placeholders such as XX局",
            "leave it out",
        )
    lacks = explanation.lacks()
    if lacks is None:
        listed = f"its table of contents lists {promised} that are not in it" if promised else "it lists none"
        return (Notice("explanation_only", f"no form of it has an amount; {listed}: the tables are in another file, or missing"),)
    if found:
        raise Rejected("no_amounts", f"none of its {len(forms.forms)} forms has an amount", "check the file")
    if promised:
        raise Rejected(
            "no_forms",
            f"none of the {promised} forms that its table of contents lists is in the document; nor does it explain them:"
            f" {lacks}",
            _attached(document) or "look for a second file with the tables, and ingest that",
        )
    evaluated = read_performance(document, known).projects
    if evaluated:
        raise Rejected(
            "evaluation_only",
            f"it evaluates {len(evaluated)} projects, the first {evaluated[0].project_name!r}, and has no form of a disclosure",
            "nothing to do: evaluations are loaded from the disclosure that they are annexed to",
            evaluated[0].first_page,
        )
    raise Rejected(
        "no_forms",
        "no form of a department's disclosure was found: no known title stands above a table;"
        f" nor is it the explanation of one: {lacks}",
        _attached(document)
        or "check that it is a 部门决算公开 or 部门预算公开; if its titles are new, see docs/adding_a_layout.md",
    )


def _attached(document: Document) -> str | None:
    """What to do with a document that only leads to the files in which the forms are."""
    names = [remark.message for remark in document.remarks if remark.kind == "attachment"]
    if not names:
        return None
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"ingest the files that it links to: {', '.join(names[:NAMED])}{more}"
