"""The page of a disclosure: its files, its forms as printed beside the checks, what was found, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reporting.site.figures import plain
from reporting.site.findings import TEXT, check_title, document_anchor, finding_view, prose_anchor
from reporting.site.naming import claim_anchor, finding_anchor, form_anchor, href, project_anchor, slug
from reporting.site.page import Settings, count, write_page
from reporting.site.printed import Grid, grids
from reporting.site.queries import Row, by
from reporting.site.words import term, word
from reporting.units import MISSING, Language, choose_unit, format_amount

QUERIES = (
    "disclosures",
    "documents",
    "findings",
    "forms",
    "amounts",
    "checks",
    "checks_open",
    "claims",
    "stated_changes",
    "prose",
    "projects",
    "year_over_year",
    "differences",
)
ALWAYS_SHOWN = frozenset({"disclosures", "documents", "findings", "forms", "amounts", "checks", "checks_open"})


def form_orders(forms: Sequence[Row]) -> dict[tuple[str, str], int]:
    """Document and form code to the place of the form, the first where a document has several of a code."""
    orders: dict[tuple[str, str], int] = {}
    for row in forms:
        orders.setdefault((row["document_id"], row["form_code"]), row["form_order"])
    return orders


@dataclass(frozen=True, slots=True)
class Around:
    """What a disclosure's page needs beside its own rows."""

    siblings: Sequence[Row]  # all disclosures of the department
    department_name: str  # its latest name
    statements: Mapping[str, Row]


def write_disclosure(settings: Settings, key: str, rows: Mapping[str, Sequence[Row]], around: Around) -> None:
    """Write the page in each language. ``rows``: of each of :data:`QUERIES`."""
    grids_of = _grids(rows)
    scope = {"disclosure_key": key}
    queries = [(name, scope) for name in QUERIES if rows[name] or name in ALWAYS_SHOWN]
    for language in settings.languages:
        content = _content(key, rows, grids_of, around, language)
        write_page(settings, language, "disclosure.html", f"disclosure/{slug(key)}.html", content=content, queries=queries)


def _content(
    key: str,
    rows: Mapping[str, Sequence[Row]],
    grids_of: Mapping[tuple[str, int], Sequence[Grid]],
    around: Around,
    language: Language,
) -> dict[str, Any]:
    disclosure = rows["disclosures"][0]
    statements = around.statements
    orders = form_orders(rows["forms"])
    found = [
        finding_view(row, language, statements, orders, to_disclosure="", to_department="../department/")
        for row in rows["findings"]
    ]
    for view in found:  # all of them are on this page
        view["place_href"] = view["place_href"][view["place_href"].index("#") :]
    texts = frozenset(row["document_id"] for row in rows["documents"] if row["media_type"] == TEXT)
    projects = _projects(rows["projects"], found, texts, language)
    there = {row["anchor"] for row in projects["projects"]}
    for view in found:
        # The marts list no such project: the link to its place then leads to the finding.
        place = view["place_href"][1:]
        view["nowhere"] = place if view["place_kind"] == "project" and place not in there else None
        there.add(place)
    stated = {name: count(disclosure[f"claims_{name}"]) for name in ("stated", "evaluated", "consistent", "inconsistent")}
    elsewhere = [[row for row in rows[name] if row["form_order"] is None] for name in ("checks", "checks_open")]
    return {
        "d": disclosure,
        "department_href": href(f"../department/{slug(disclosure['department_key'])}.html"),
        "department_name": around.department_name,
        "csv": href(f"../../data/{slug(disclosure['department_key'])}.csv"),
        "siblings": _siblings(around.siblings, key, language) if len(around.siblings) > 1 else [],
        "documents": [{**row, "anchor": document_anchor(row["document_id"])} for row in rows["documents"]],
        "verdict": _verdict(disclosure, language),
        "findings": found,
        "stated": _stated(rows, found, statements, texts, language),
        "text_type": TEXT,
        "missing_forms": _missing_forms(rows["forms"], disclosure["missing_forms"], language),
        "stated_summary": word("stated_summary", language, **stated),
        "forms": _forms(rows, grids_of, found, statements, texts=texts, language=language),
        "flagged": {
            view["place_href"][1:]: {"anchor": view["anchor"], "severity": view["severity"]}
            for view in reversed(found)
            if view["place_kind"] == "cell"
        },
        "elsewhere": _checks(elsewhere[0], elsewhere[1], statements, language),
        **projects,
        **_years(rows["year_over_year"], language),
        "differences": rows["differences"],
    }


def _siblings(disclosures: Sequence[Row], key: str, language: Language) -> list[dict[str, Any]]:
    several = len({row["reporting_scope"] for row in disclosures}) > 1
    return [
        {
            "href": href(f"{slug(row['disclosure_key'])}.html"),
            "here": row["disclosure_key"] == key,
            "label": f"{row['fiscal_year']} {word(row['disclosure_kind'], language)}"
            + (f" ({word('scope_' + row['reporting_scope'], language)})" if several else ""),
        }
        for row in disclosures
    ]


def _verdict(row: Row, language: Language) -> list[tuple[str, str]]:
    outcomes = ("evaluated", "consistent", "inconsistent")
    groups = (
        ("verdict_checks", (("applicable", "checks_applicable"), *((name, f"checks_{name}") for name in outcomes))),
        ("verdict_claims", (("claims_stated", "claims_stated"), *((name, f"claims_{name}") for name in outcomes))),
    )
    told = [(label, " · ".join(f"{word(name, language)} {count(row[column])}" for name, column in of)) for label, of in groups]
    material = f"{word('findings_material', language)} {count(row['material_findings'])}"
    there = f"{count(row['forms_present'] + row['forms_no_data'])} / {count(row['forms_expected'])}"
    lacking = [
        f"{word(name, language)} {count(row[of])}"
        for name, of in (("forms_empty", "forms_no_data"), ("forms_lacking", "forms_missing"))
    ]
    return [("forms_of", " · ".join([there, *lacking])), *told, ("verdict_findings", f"{count(row['findings'])} · {material}")]


def _grids(rows: Mapping[str, Sequence[Row]]) -> dict[tuple[str, int], list[Grid]]:
    units = {(row["document_id"], row["form_order"]): row["unit"] for row in rows["forms"]}
    return {
        place: grids(amounts, units.get(place)) for place, amounts in by(rows["amounts"], "document_id", "form_order").items()
    }


def _forms(
    rows: Mapping[str, Sequence[Row]],
    grids_of: Mapping[tuple[str, int], Sequence[Grid]],
    found: Sequence[Mapping[str, Any]],
    statements: Mapping[str, Row],
    *,
    texts: frozenset[str],
    language: Language,
) -> list[dict[str, Any]]:
    checks = by(rows["checks"], "document_id", "form_order")
    open_checks = by(rows["checks_open"], "document_id", "form_order")
    shown = []
    for row in rows["forms"]:
        place = (row["document_id"], row["form_order"])
        anchor = form_anchor(*place)
        here = [view for view in found if view["place_href"] == f"#{anchor}"]
        tables = grids_of.get(place, [])
        cells = {
            cell.anchor for grid in tables for printed in grid.rows for _, of_block in printed.blocks for cell in of_block if cell
        }
        in_cells = [view for view in found if view["place_kind"] == "cell" and view["place_href"][1:] in cells]
        shown.append(
            {
                "anchor": anchor,
                "title": row["title"] or row["form_code"],
                "number": row["number_printed"],
                "unit": row["unit"],
                "pages": _lines(tables, language) if row["document_id"] in texts else _pages(row, language),
                "file_name": row["file_name"],
                "status": row["status"],
                "note": row["note"],
                "is_current": row["is_current"],
                "grids": [_grid_view(grid) for grid in tables],
                "flags": [view["anchor"] for view in (*here, *in_cells)],
                "findings": len(here) + len(in_cells),
                "checks": _checks(checks.get(place, []), open_checks.get(place, []), statements, language),
            }
        )
    return shown


def _missing_forms(forms: Sequence[Row], codes: str | None, language: Language) -> list[tuple[str, str]]:
    """Forms that are not there: their names, and their titles as the contents print them."""
    titles = {row["form_code"]: row["title"] for row in forms if row["status"] == "missing" and row["is_current"]}
    listed = codes.split(", ") if codes else []
    return [("" if language == "zh" and titles.get(code) else term(code, language), titles.get(code) or "") for code in listed]


def _lines(tables: Sequence[Grid], language: Language) -> str | None:
    """The lines of a text from the first figure of a form to the last: such a file has no pages."""
    lines = [
        cell.amount["source_row"]
        for grid in tables
        for printed in grid.rows
        for _, of_block in printed.blocks
        for cell in of_block
        if cell
    ]
    return word("lines_n", language, first=min(lines), last=max(lines)) if lines else None


def _pages(row: Row, language: Language) -> str | None:
    if row["first_page"] is None:
        return None
    if row["first_page"] == row["last_page"]:
        return word("page_n", language, page=row["first_page"])
    return word("pages_n", language, first=row["first_page"], last=row["last_page"])


def _grid_view(grid: Grid) -> dict[str, Any]:
    blocks = [
        {
            "has_codes": block.has_codes,
            "label": block.label,
            "side": block.side,
            "width": len(block.columns) + bool(block.has_codes) + bool(block.label),
        }
        for block in grid.blocks
    ]
    pages = [None, *(row.page for row in grid.rows)]
    return {
        "blocks": blocks,
        "sided": any(block.side for block in grid.blocks),
        "width": sum(int(str(block["width"])) for block in blocks),
        "depth": grid.depth,
        "header": grid.header,
        "rows": [
            {"page": row.page, "new_page": before is not None and row.page != before, "blocks": row.blocks}
            for row, before in zip(grid.rows, pages, strict=False)
        ],
    }


def _checks(
    checks: Sequence[Row], open_checks: Sequence[Row], statements: Mapping[str, Row], language: Language
) -> dict[str, Any]:
    totals = {name: sum(row[name] for row in checks) for name in ("applicable", "consistent", "inconsistent", "not_evaluated")}
    return {
        **totals,
        "rows": [{**row, "title": check_title(row["check_id"], statements, language)} for row in checks],
        "open": [
            {
                "title": check_title(row["check_id"], statements, language),
                "status": row["status"],
                "place": " ".join(
                    part for part in (row["row_code"], row["row_label"], term(row["column_code"], language)) if part
                )
                or MISSING,
                "reason": row["reason"],
            }
            for row in open_checks
        ],
    }


def _stated(
    rows: Mapping[str, Sequence[Row]],
    found: Sequence[Mapping[str, Any]],
    statements: Mapping[str, Row],
    texts: frozenset[str],
    language: Language,
) -> list[dict[str, Any]]:
    """Sentences that disagree: figures, changes and words, each sentence and check once, with the way to its finding."""
    by_place = {view["place_href"][1:]: view for view in found}
    told: dict[str, dict[str, Any]] = {}
    for row in rows["claims"]:
        told.setdefault(claim_anchor(row["document_id"], row["claim_number"]), {**row, "check": row["check_name"]})
    for row in rows["stated_changes"]:
        told.setdefault(claim_anchor(row["document_id"], row["claim_number"]), {**row, "check": "change_from_prior_year"})
    for row in rows["prose"]:
        anchor = prose_anchor(row["document_id"], row["check_name"], row["source_page"], row["printed"])
        told.setdefault(anchor, {**row, "check": row["check_name"]})
    for anchor, view in by_place.items():
        # A finding of the text whose check is of another mart still has its sentence here.
        if view["place_kind"] in ("claim", "prose"):
            told.setdefault(anchor, {**view, "check": view["check_name"]})
    shown = []
    for anchor, row in sorted(told.items(), key=lambda item: (item[1]["document_id"], item[1]["source_page"] or 0)):
        finding = by_place.get(anchor)
        marked = finding["printed_text"] if finding else None
        before, _, after = (row["sentence"] or "").partition(marked) if marked else (row["sentence"] or MISSING, "", "")
        inside = bool(marked) and marked in (row["sentence"] or "")
        shown.append(
            {
                "anchor": anchor,
                "page": _page_or_line(row, texts, language),
                "title": check_title(finding["check_name"] if finding else row["check"], statements, language),
                "finding": finding["anchor"] if finding else None,
                "before": before if inside else row["sentence"] or MISSING,
                "marked": marked if inside else None,
                "after": after if inside else "",
                "reason": finding["reason"] if finding else row["reason"],
            }
        )
    return shown


def _page_or_line(row: Row, texts: frozenset[str], language: Language) -> str:
    if row["document_id"] in texts:
        line = row.get("source_line") or row.get("source_row")  # of a claim, of a finding
        return MISSING if line is None else word("line_n", language, line=line)
    return MISSING if row["source_page"] is None else str(row["source_page"])


def _projects(
    projects: Sequence[Row], found: Sequence[Mapping[str, Any]], texts: frozenset[str], language: Language
) -> dict[str, Any]:
    flagged = {view["place_href"][1:]: finding_anchor(view["finding_key"]) for view in found if view["place_kind"] == "project"}
    unit = choose_unit(amount for row in projects for amount in (row["full_year_budget_amount"], row["executed_amount"]))
    shown = []
    seen: set[str] = set()
    for row in projects:
        anchor = project_anchor(row["document_id"], row["project_name"])
        shown.append(
            {
                **row,
                "anchor": None if anchor in seen else anchor,
                "is_text": row["document_id"] in texts,
                "finding": flagged.get(anchor),
                "budget": format_amount(row["full_year_budget_amount"], unit, language),
                "executed": format_amount(row["executed_amount"], unit, language),
                "rate": plain(row["execution_rate"]),
                "score": plain(row["total_score"]),
            }
        )
        seen.add(anchor)
    return {"projects": shown, "project_unit": unit.label(language)}


def _years(years: Sequence[Row], language: Language) -> dict[str, Any]:
    unit = choose_unit(amount for row in years for amount in (row["amount"], row["prior_amount"]))
    shown = []
    for row in years:
        money = [format_amount(row[column], unit, language) for column in ("amount", "prior_amount", "change")]
        stated = format_amount(row["stated_change"], unit, language)
        name = row["name_zh"] if row["classification_code"] is None else f"{row['classification_code']} {row['name_zh']}"
        rate = MISSING if row["change_percent"] is None else f"{row['change_percent']:,.2f}"
        values = [*money, rate, stated, plain(row["stated_percent"])]
        shown.append({"name": name, "status": row["status"], "reason": row["reason"], "figures": values})
    return {"years": shown, "year_unit": unit.label(language)}
