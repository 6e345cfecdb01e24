"""The pages that are about the whole warehouse: overview, departments, findings, codes, metrics, about, and the search."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from reporting.site.figures import all_years, years_of
from reporting.site.findings import finding_view
from reporting.site.naming import href, slug
from reporting.site.page import Settings, clean, write_page, write_text
from reporting.site.queries import Row, by, run
from reporting.site.words import word
from reporting.units import MISSING, Language, choose_unit, format_amount
from reporting.warehouse import Value

QUERIES = (
    *("totals", "quality", "years", "departments", "department_names", "disclosures", "findings"),
    *("codes", "code_departments", "metric_definitions"),
)
MATRIX_ROWS = 60  # departments that the overview shows itself; more are on pages of their own
DEPARTMENTS_A_PAGE = 200
FINDINGS_A_PAGE = 300  # more, and each year gets a page
WORST = 10


def load(connection: duckdb.DuckDBPyConnection) -> dict[str, list[Row]]:
    """The rows that these pages need."""
    return {name: run(connection, name) for name in QUERIES}


def write_general(
    settings: Settings,
    rows: Mapping[str, Sequence[Row]],
    statements: Mapping[str, Row],
    orders: Mapping[tuple[str, str], int],
    beside: Path,
) -> None:
    """Write all of them. ``orders``: as in :func:`reporting.site.disclosure.form_orders`; ``beside``: the folder of the site."""
    disclosures = by(rows["disclosures"], "department_key")
    years = all_years(row["fiscal_year"] for row in rows["disclosures"])
    current = [row for row in rows["findings"] if row["is_current"]]
    for language in settings.languages:
        views = [
            finding_view(row, language, statements, orders, to_disclosure="disclosure/", to_department="department/")
            for row in current
        ]
        _write_overview(settings, language, rows, views)
        _write_departments(settings, language, rows["departments"], disclosures, years)
        _write_findings(settings, language, views)
        _write_codes(settings, language, rows)
        _write_metrics(settings, language, rows["metric_definitions"])
        _write_about(settings, language, beside)
    _write_search(settings, rows)


def known_codes(codes: Sequence[Row]) -> frozenset[str]:
    """Functional codes that have a page."""
    return frozenset(row["code"] for row in codes if row["classification"] == "functional" and row["code"].isalnum())


def code_file(classification: str, code: str) -> str:
    return f"{classification}-{code if code.isascii() and code.isalnum() else slug(code)}"


def _matrix(
    departments: Sequence[Row], disclosures: Mapping[str, Sequence[Row]], years: Sequence[int], language: Language
) -> list[dict[str, Any]]:
    matrix = []
    for department in departments:
        of_year = by(disclosures.get(department["department_key"], []), "fiscal_year")
        cells = []
        for year in years:
            items = []
            for row in sorted(
                of_year.get(year, []), key=lambda row: (row["disclosure_kind"] != "final_account", row["reporting_scope"])
            ):
                kind = word(row["disclosure_kind"], language)
                told = [row["department_name"], str(year), kind, word(f"scope_{row['reporting_scope']}", language)]
                items.append(
                    {
                        "href": href(f"disclosure/{slug(row['disclosure_key'])}.html"),
                        "short": word(f"{row['disclosure_kind']}_short", language),
                        "findings": row["findings"],
                        "label": f"{word(row['disclosure_kind'] + '_short', language)} {' '.join(told)}, "
                        f"{word('findings', language)} {row['findings']}",
                    }
                )
            cells.append(items)
        matrix.append(
            {
                "name": department["department_name"],
                "href": href(f"department/{slug(department['department_key'])}.html"),
                "simulated": department["is_simulated"],
                "cells": cells,
            }
        )
    return matrix


def _write_overview(
    settings: Settings,
    language: Language,
    rows: Mapping[str, Sequence[Row]],
    views: Sequence[dict[str, Any]],
) -> None:
    departments = rows["departments"]
    disclosures = by(rows["disclosures"], "department_key")
    years = all_years(row["fiscal_year"] for row in rows["disclosures"])
    shown = departments if len(departments) <= MATRIX_ROWS else []
    content = {
        "totals": rows["totals"][0],
        "years": rows["years"],
        "matrix": _matrix(shown, disclosures, years, language),
        "matrix_years": years,
        "more_departments": len(shown) < len(departments),
        "quality": rows["quality"],
        "worst": views[:WORST],
        "finding_count": len(views),
    }
    queries = [(name, None) for name in ("totals", "years", "disclosures", "quality", "findings")]
    write_page(settings, language, "overview.html", "index.html", content=content, queries=queries)


def _write_departments(
    settings: Settings,
    language: Language,
    departments: Sequence[Row],
    disclosures: Mapping[str, Sequence[Row]],
    years: Sequence[int],
) -> None:
    chunks = [departments[at : at + DEPARTMENTS_A_PAGE] for at in range(0, len(departments), DEPARTMENTS_A_PAGE)] or [[]]
    files = ["departments.html", *(f"departments-{number}.html" for number in range(2, len(chunks) + 1))]
    firsts = [
        (number, file, chunk[0]["region"] or chunk[0]["department_name"])
        for number, (file, chunk) in enumerate(zip(files, chunks, strict=True), 1)
        if chunk
    ]
    for number, (file, chunk) in enumerate(zip(files, chunks, strict=True), 1):
        content = {
            "rows": [(region, _matrix(members, disclosures, years, language)) for region, members in by(chunk, "region").items()],
            "years": years,
            "page": number,
            "pages": len(chunks),
            "page_list": firsts,
        }
        queries = [("departments", None), ("disclosures", None)]
        write_page(settings, language, "departments.html", file, content=content, queries=queries)


def _write_findings(settings: Settings, language: Language, views: Sequence[dict[str, Any]]) -> None:
    by_year = dict(sorted(by(views, "fiscal_year").items(), reverse=True))
    paged = len(views) > FINDINGS_A_PAGE
    pages: list[tuple[str, str, Sequence[dict[str, Any]], Mapping[str, Value]]] = []
    pages.append(("findings.html", word("worst" if paged else "findings", language), views[:FINDINGS_A_PAGE], {}))
    links = []
    if paged:
        links = [(word("worst", language), len(pages[0][2]), "findings.html")]
        links += [(str(year), len(of_year), f"findings-{year}.html") for year, of_year in by_year.items()]
        pages += [
            (f"findings-{year}.html", word("findings_of_year", language, year=year), of_year, {"fiscal_year": year})
            for year, of_year in by_year.items()
        ]
    for file, heading, shown, scope in pages:
        choices = [
            ("severity", _values(shown, "severity"), "severity_"),
            ("family", _values(shown, "family"), "family_"),
            ("year", sorted(_values(shown, "fiscal_year"), reverse=True), ""),
        ]
        content = {"heading": heading, "findings": shown, "years": links, "choices": choices, "page_file": file}
        scoped = {"is_current": True, **scope}
        write_page(settings, language, "findings.html", file, content=content, queries=[("findings", scoped)])


def _values(views: Sequence[Mapping[str, Any]], column: str) -> list[Any]:
    return list(dict.fromkeys(view[column] for view in views))


def _write_codes(settings: Settings, language: Language, rows: Mapping[str, Sequence[Row]]) -> None:
    printed = by(rows["code_departments"], "classification", "code")
    codes = by(rows["codes"], "classification", "code")
    groups = []
    for classification in ("functional", "economic"):
        listed = [
            {
                "code": code,
                "href": href(f"code/{code_file(of, code)}.html"),
                "names": [_named(row) for row in names],
                "level": names[0]["level"],
                "departments": len(printed.get((of, code), [])),
            }
            for (of, code), names in codes.items()
            if of == classification
        ]
        if listed:
            groups.append((classification, listed))
    listing = [("codes", None), ("code_departments", None)]
    write_page(settings, language, "codes.html", "codes.html", content={"groups": groups}, queries=listing)
    for (classification, code), names in codes.items():
        departments = printed.get((classification, code), [])
        unit = choose_unit(row["latest_amount"] for row in departments)
        parent = names[0]["parent_code"]
        content = {
            "classification": classification,
            "code": code,
            "names": [_named(row) for row in names],
            "parent": {"code": parent, "href": href(f"{code_file(classification, parent)}.html")}
            if parent and (classification, parent) in codes
            else None,
            "unit": unit.label(language),
            "departments": [
                {
                    **row,
                    "href": href(f"../department/{slug(row['department_key'])}.html"),
                    "disclosure_href": href(f"../disclosure/{slug(row['latest_disclosure_key'])}.html"),
                    "years": years_of(row["first_year"], row["last_year"]),
                    "amount": format_amount(row["latest_amount"], unit, language),
                }
                for row in departments
            ],
        }
        scope = {"classification": classification, "code": code}
        queries = [("codes", scope), *([("code_departments", scope)] if departments else [])]
        write_page(
            settings, language, "code.html", f"code/{code_file(classification, code)}.html", content=content, queries=queries
        )


def _named(row: Row) -> Row:
    return {**row, "valid": years_of(row["valid_from_year"], row["valid_to_year"])}


def _write_metrics(settings: Settings, language: Language, definitions: Sequence[Row]) -> None:
    labels = {row["metric"]: row[f"label_{language}"] for row in definitions}
    shown = [
        {
            **row,
            "anchor": row["metric"],
            "label": row[f"label_{language}"],
            "unit": word(f"unit_{row['unit']}", language),
            "numerator": labels.get(row["numerator_metric"]),
            "denominator": labels.get(row["denominator_metric"]),
        }
        for row in definitions
    ]
    queries = [("metric_definitions", None)]
    write_page(settings, language, "metrics.html", "metrics.html", content={"definitions": shown}, queries=queries)


def _write_about(settings: Settings, language: Language, beside: Path) -> None:
    """The way to what lies beside the site, if it lies there."""
    parquet = sorted(path.name for path in (beside.parent / "marts").glob("*.parquet"))
    package = "../../datapackage.json" if (beside.parent / "datapackage.json").is_file() else None
    content = {"parquet": [(name, href(f"../../marts/{name}")) for name in parquet], "package": package}
    write_page(settings, language, "about.html", "about.html", content=content)


def _write_search(settings: Settings, rows: Mapping[str, Sequence[Row]]) -> None:
    """What the search looks through, as a script: pages opened from a folder may not fetch."""
    names = by(rows["department_names"], "department_key")
    departments = []
    for row in rows["departments"]:
        key = row["department_key"]
        former = [name["department_name"] for name in names.get(key, []) if name["department_name"] != row["department_name"]]
        departments.append([row["department_name"], former, row["region"] or "", key, slug(key), int(bool(row["is_simulated"]))])
    codes = [
        [classification, code, list(dict.fromkeys(row["name"] or MISSING for row in of_code)), code_file(classification, code)]
        for (classification, code), of_code in by(rows["codes"], "classification", "code").items()
    ]
    metrics = [[row["metric"], {"zh": row["label_zh"], "en": row["label_en"]}] for row in rows["metric_definitions"]]
    told = json.dumps({"departments": departments, "metrics": metrics, "codes": codes}, ensure_ascii=False, separators=(",", ":"))
    # As a script it is no HTML, yet what ends a script should not be in it, nor line ends that only JavaScript knows.
    safe = clean(told).replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    write_text(settings.folder / "assets" / "search.js", f"window.JUESUAN={safe};\n")
