"""From the specifications to the files: read, compute, lay out, write."""

from __future__ import annotations

import copy
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from samples.render.disclosure import ExpectedAmount, Made, Order, compose, plant
from samples.render.figures import Figures, Style, real_figures, simulated_figures
from samples.render.ledger import ledger_of
from samples.render.names import Names, read_names
from samples.render.pdf import Look, render_pdf
from samples.render.projects import ExpectedExecution, ExpectedIndicator, ExpectedProject, ExpectedProjects, expect
from samples.render.prose import Facts
from samples.render.text import render_text

DISCLOSURE_COLUMNS = (
    "file_name",
    "department_name",
    "fiscal_year",
    "kind",
    "reporting_scope",
    "region",
    "is_simulated",
    "layout",
    "unit",
    "forms",
)
MISTAKE_COLUMNS = (
    "file_name",
    "page",
    "form_code",
    "side",
    "row",
    "column_code",
    "kind",
    "printed",
    "should_be",
    "note",
)


@dataclass(frozen=True, slots=True)
class Sources:
    names: Names
    library: Mapping[str, Any]
    layouts: Mapping[str, Any]
    specs: Mapping[str, Mapping[str, Any]]  # simulated departments by file stem
    real: Sequence[Mapping[str, Any]]
    projects: Mapping[tuple[str, int], Mapping[str, Any]]  # annexes by department and year
    folder: Path


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def read_sources(samples: Path) -> Sources:
    layouts = samples / "render" / "layouts"
    specs = samples / "specs"
    annexes = [_yaml(path) for path in sorted((specs / "projects").glob("*.yml"))]
    return Sources(
        names=read_names(specs),
        library=_yaml(layouts / "library.yml"),
        layouts=_yaml(layouts / "layouts.yml"),
        specs={path.stem: _yaml(path) for path in sorted((specs / "simulated").glob("*.yml"))},
        real=_yaml(specs / "real" / "real.yml"),
        projects={(entry["department"], entry["year"]): entry for entry in annexes},
        folder=specs,
    )


def _in_year(by_year: Mapping[int, Any], year: int) -> Any:
    """What holds in a year: the entry of the latest year that is not after it."""
    return by_year[max(y for y in by_year if y <= year)]


def layout_of(sources: Sources, name: str, year: int, changes: Mapping[str, Any]) -> dict[str, Any]:
    """A layout with its forms filled in from the library, and the lines that hold in the year."""
    layout = {**copy.deepcopy(sources.layouts[name]), **changes}
    forms = []
    for entry in layout["forms"]:
        form = {**copy.deepcopy(sources.library["forms"][entry["use"]]), **entry}
        for key, value in form.items():
            if isinstance(value, str) and value.startswith("@"):
                form[key] = _in_year(sources.library["lines"][value[1:]], year)
        forms.append(form)
    layout["forms"] = forms
    return layout


def _classes(sources: Sources, layout: Mapping[str, Any], year: int) -> list[tuple[str, str]]:
    entries = layout.get("classes") or _in_year(sources.library["classes"], year)
    return [(str(code), name) for code, name in entries]


def orders(sources: Sources) -> Iterator[tuple[Order, Sequence[Mapping[str, str]]]]:
    """Every disclosure to be made, with the wrong amounts planted in it."""
    for entry in sources.real:
        year = entry["year"]
        layout = layout_of(sources, entry["layout"], year, entry.get("changes", {}))
        figures = real_figures(sources.folder / "real" / f"{entry['department']}{year}.csv")
        yield (
            Order(
                department=entry["department"],
                year=year,
                region=entry["region"],
                scope="department",
                is_simulated=False,
                layout_name=entry["layout"],
                layout=layout,
                figures=figures,
                names=sources.names,
                classes=_classes(sources, layout, year),
                facts=Facts(entry["department"], year, layout["unit"], layout.get("decimals", 2), figures, None),
                duties=entry.get("duties", ()),
                units=[(u[0], u[1] if len(u) > 1 else "") for u in entry.get("units", ())],
            ),
            [],
        )
    for spec in sources.specs.values():
        for year, entry in spec["years"].items():
            yield _simulated(sources, spec, int(year), entry)


def _simulated(
    sources: Sources, spec: Mapping[str, Any], year: int, entry: Mapping[str, Any]
) -> tuple[Order, Sequence[Mapping[str, str]]]:
    layout = layout_of(sources, entry["layout"], year, entry.get("changes", {}))
    style = Style(layout["unit"], layout.get("decimals", 2), layout.get("zero", "0.00"))
    department = entry.get("name", spec["department"])
    before_entry = spec["years"].get(year - 1)

    def figures_in(y: int) -> Figures:
        return simulated_figures(ledger_of(spec, y, sources.specs), sources.names, style)

    clean = figures_in(year)
    printed = Figures(dict(clean.cells), clean.rows)
    mistakes = entry.get("mistakes", ())
    wrong = {id(m): (p, r) for m, p, r in plant(printed, mistakes)}
    order = Order(
        department=department,
        year=year,
        region=spec["region"],
        scope=spec.get("scope", "department"),
        is_simulated=True,
        layout_name=entry["layout"],
        layout=layout,
        figures=printed,
        names=sources.names,
        classes=_classes(sources, layout, year),
        facts=Facts(
            department,
            year,
            layout["unit"],
            layout.get("decimals", 2),
            clean,
            figures_in(year - 1) if before_entry is not None else None,
        ),
        duties=spec.get("duties", ()),
        units=[(u[0], u[1] if len(u) > 1 else "") for u in entry.get("units", spec.get("units", ()))],
        mistakes=mistakes,
        projects=sources.projects.get((department, year)),
    )
    listed = []
    for mistake in mistakes:
        shown, right = wrong.get(id(mistake), (mistake.get("printed", ""), mistake.get("should_be", "")))
        listed.append(
            {
                "form_code": mistake["form"],
                "side": mistake.get("side", ""),
                "row": str(mistake.get("row", "")),
                "column_code": mistake.get("column", ""),
                "kind": mistake["kind"],
                "printed": str(shown),
                "should_be": str(right),
                "note": mistake["note"],
            }
        )
    return order, listed


def file_name(order: Order) -> str:
    word = "单位" if order.scope == "unit" else "部门"
    stem: str = order.layout.get("file_name", "{department}{year}年度{scope}决算")
    media: str = order.layout.get("media", "pdf")
    return f"{stem.format(department=order.department, year=order.year, scope=word)}.{media}"


def write_all(samples: Path, out: Path) -> list[str]:
    """Write every file of ``disclosures/`` and ``expected/`` under ``out`` and return their relative paths."""
    sources = read_sources(samples)
    disclosures, expected = out / "disclosures", out / "expected"
    for folder in (disclosures, expected):
        folder.mkdir(parents=True, exist_ok=True)
    written: list[str] = []
    disclosure_rows: list[dict[str, str]] = []
    mistake_rows: list[dict[str, str]] = []
    evaluated = ExpectedProjects()
    for order, mistakes in orders(sources):
        name = file_name(order)
        if f"disclosures/{name}" in written:
            raise ValueError(f"{name} would be written twice: give one a file_name in its layout")
        try:
            made = compose(order)
        except (KeyError, ValueError, IndexError, TypeError) as error:
            raise ValueError(f"{name}: {error!r}") from error
        if order.projects is not None:
            expect(order.projects, name, evaluated)
        pages = _write_document(order, made, disclosures / name)
        _csv(expected / f"{name}.csv", [f.name for f in fields(ExpectedAmount)], [_record(e) for e in made.expected])
        written += [f"disclosures/{name}", f"expected/{name}.csv"]
        disclosure_rows.append(
            {
                "file_name": name,
                "department_name": order.department,
                "fiscal_year": str(order.year),
                "kind": "final_account",
                "reporting_scope": order.scope,
                "region": order.region,
                "is_simulated": str(order.is_simulated).lower(),
                "layout": order.layout_name,
                "unit": order.layout["unit"],
                "forms": ";".join(f"{code}={status}" for code, status in made.forms),
            }
        )
        mistake_rows += [{"file_name": name, "page": str(pages.get(m["form_code"], "")), **m} for m in mistakes]
    _csv(expected / "disclosures.csv", DISCLOSURE_COLUMNS, disclosure_rows)
    _csv(expected / "planted_mistakes.csv", MISTAKE_COLUMNS, mistake_rows)
    tables: dict[str, tuple[type[Any], Sequence[Any]]] = {
        "projects.csv": (ExpectedProject, evaluated.projects),
        "project_execution.csv": (ExpectedExecution, evaluated.executions),
        "performance_indicators.csv": (ExpectedIndicator, evaluated.indicators),
    }
    for name, (kind, rows) in tables.items():
        _csv(expected / name, [f.name for f in fields(kind)], [_record(row) for row in rows])
    return [*written, "expected/disclosures.csv", "expected/planted_mistakes.csv", *(f"expected/{name}" for name in tables)]


def _write_document(order: Order, made: Made, path: Path) -> dict[str, int]:
    """Write the file; the first page of each form, where the format has pages."""
    if path.suffix == ".pdf":
        return render_pdf(made.rendering, Look(**order.layout.get("look", {})), path)
    path.write_text(render_text(made.rendering, order.layout.get("text", {})), encoding="utf-8")
    return {}


def _record(record: Any) -> dict[str, str]:
    return {f.name: str(getattr(record, f.name)) for f in fields(record)}


def _csv(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(buffer.getvalue(), encoding="utf-8")
