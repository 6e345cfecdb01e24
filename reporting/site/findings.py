"""A finding as the pages show it: its title, its figures, and the link to what is printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from reporting.site.figures import expected, in_printed_unit, printed_decimals
from reporting.site.naming import cell_anchor, claim_anchor, finding_anchor, form_anchor, href, project_anchor, slug
from reporting.site.queries import Row
from reporting.site.words import term, word
from reporting.units import MISSING, Language

TEXT = "text/plain"  # a file of lines, without pages
_WITH_PAGE = re.compile(r"(\S+) \(page (\d+)\)")
PLACE_WORDS = {"cell": "to_cell", "claim": "to_sentence", "prose": "to_sentence", "project": "to_project"}


def check_title(name: str, statements: Mapping[str, Row], language: Language) -> str:
    """What a check holds against each other, in words; its identifier where nobody wrote them."""
    stated = statements.get(name)
    return str(stated[f"statement_{language}"]) if stated else term(name, language)


def document_anchor(document_id: str) -> str:
    return f"document-{document_id[:8]}"


def prose_anchor(document_id: str, check_name: str, page: object, printed: object) -> str:
    return project_anchor(document_id, f"{check_name}/{page}/{printed}").replace("project-", "prose-", 1)


def place_anchor(row: Row, form_orders: Mapping[tuple[str, str], int]) -> tuple[str, str]:
    """The anchor of the printed place of a finding on the page of its disclosure, and the word for the link to it.

    ``form_orders``: document and form code to the place of the form in the document.
    """
    document = row["document_id"]
    kind = row["place_kind"]
    if kind == "cell" and row["source_table"] is not None:
        columns = ("source_page", "source_table", "source_row", "source_column")
        return cell_anchor(document, *(row[column] for column in columns)), PLACE_WORDS[kind]
    if kind == "claim" and row["claim_number"] is not None:
        return claim_anchor(document, row["claim_number"]), PLACE_WORDS[kind]
    if kind == "prose":
        return prose_anchor(document, row["check_name"], row["source_page"], row["printed_text"]), PLACE_WORDS[kind]
    if kind == "project":
        return project_anchor(document, project_of(row["row_label"] or "")), PLACE_WORDS[kind]
    order = form_orders.get((document, row["form_code"] or ""))
    return (document_anchor(document), "to_document") if order is None else (form_anchor(document, order), "to_form")


def project_of(row_label: str) -> str:
    """The name of the project that a finding is about, whose label ends in what of it is wrong: `动物疫病强制免疫补助 总分`."""
    return row_label.rsplit(" ", 1)[0]


def finding_view(
    row: Row,
    language: Language,
    statements: Mapping[str, Row],
    form_orders: Mapping[tuple[str, str], int],
    *,
    to_disclosure: str,
    to_department: str,
) -> dict[str, Any]:
    """What a template needs of a finding. ``to_…``: the ways from the page to the folders of disclosures and departments."""
    anchor = finding_anchor(row["finding_key"])
    place, place_word = place_anchor(row, form_orders)
    page = f"{to_disclosure}{slug(row['disclosure_key'])}.html" if to_disclosure is not None else ""
    unit = row["unit"] or ("%" if row["column_code"] == "percent" else None)
    bounds = (row["allowed_low"], row["allowed_high"])
    mark = None
    if not row["is_current"]:
        mark = "superseded_finding"
    elif row["is_known"]:
        mark = "known" if row["whose_error"] == "publisher" else "known_undecided"
    elif row["is_recognised"]:
        mark = "unconfirmed"
    printed = row["printed_text"]
    if row["column_code"] == "direction" or printed == "flat":  # what the sentence says in words
        printed = term(printed, language)
    return {
        **row,
        "anchor": anchor,
        "title": _broken(row["check_name"], statements, language),
        "printed": MISSING if printed is None else f"{printed} {unit}" if unit and row["printed_value"] is not None else printed,
        "expected": expected(row["expected_value"], printed, row["printed_value"], unit),
        "allowed": None
        if None in bounds
        else " – ".join(in_printed_unit(bound, unit, printed_decimals(printed) + 2) for bound in bounds),
        "place": _place_words(row, language),
        "place_word": place_word,
        "place_href": href(page, place),
        "href": href(page, anchor),
        "department_href": href(f"{to_department}{slug(row['department_key'])}.html"),
        "mark": mark,
        "also_breaks": _named(
            row["also_breaks"], lambda name: check_title(name, statements, language), row["media_type"], language
        ),
        "contradicts": _named(row["contradicts"], lambda name: term(name, language), row["media_type"], language),
    }


def _broken(name: str, statements: Mapping[str, Row], language: Language) -> str:
    """What is wrong: an identity says what should hold, the names of other checks say what does not."""
    title = check_title(name, statements, language)
    return word("does_not_hold", language, statement=title) if name in statements else title


def _named(told: str | None, name: Callable[[str], str], media_type: str | None, language: Language) -> str | None:
    """A list like `appropriation_class (page 7); …` with its identifiers in words."""
    if not told:
        return None
    parts = []
    for part in told.split("; "):
        match = _WITH_PAGE.fullmatch(part)
        if match is None:
            parts.append(name(part))
        elif media_type == TEXT:
            parts.append(name(match[1]))
        else:
            parts.append(f"{name(match[1])}（{word('page_n', language, page=match[2])}）")
    return "；".join(parts) if language == "zh" else "; ".join(parts)


def _place_words(row: Row, language: Language) -> str:
    parts = []
    is_text = row["media_type"] == TEXT
    if row["source_page"] is not None and not is_text:
        parts.append(word("page_n", language, page=row["source_page"]))
    if row["source_row"] is not None and is_text:
        parts.append(word("line_n", language, line=row["source_row"]))
    elif row["source_row"] is not None:
        parts.append(word("row_n", language, row=row["source_row"]))
    named = " ".join(part for part in (row["row_code"], row["row_label"]) if part)
    return " · ".join([*parts, *([named] if named else [])]) or row["file_name"]
