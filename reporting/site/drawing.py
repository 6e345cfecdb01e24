"""The charts of a department: what is drawn, separate from the language in which it is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
import vl_convert
from altair.utils import schemapi
from markupsafe import Markup

from reporting import charts
from reporting.site.page import clean
from reporting.site.queries import Row
from reporting.site.words import term, word
from reporting.units import Language

Point = tuple[int, str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart that can be drawn in either language."""

    title: str
    values: dict[str, Any]
    make: Callable[[Language], Any]

    def draw(self, language: Language) -> dict[str, Any]:
        """Its title and its SVG. The markup is that of :func:`reporting.charts.to_svg`, which escapes what it is given."""
        values = {name: word(value, language) if name == "kind" else value for name, value in self.values.items()}
        title = word(self.title, language, **values)
        svg = charts.to_svg(self._vega(language), title=title, description=word("chart_desc", language))
        svg = svg.replace(f' font-family="{_QUICK_FONT}"', "")
        return {"title": title, "svg": Markup(clean(svg))}

    def _vega(self, language: Language) -> dict[str, Any]:
        """The chart as a Vega spec that is drawn three times as fast: a thousand departments have ten thousand charts.

        Altair does not compare it with the schema of Vega-Lite (the tests of the charts do), a page has no use for tooltips, and
        a text is measured with one font instead of a list of eight, which the style sheet says once for all.
        """
        with schemapi.debug_mode(False):
            made = self.make(language)
            if isinstance(made, dict):
                return dict(_lighter(made))
            vega: dict[str, Any] = vl_convert.vegalite_to_vega(_lighter(made.to_dict(validate=False)))
        return vega


_QUICK_FONT = "sans-serif"


def _lighter(spec: Any) -> Any:
    if isinstance(spec, dict):
        return {name: _lighter(value) for name, value in spec.items() if name != "tooltip"}
    if isinstance(spec, list):
        return [_lighter(value) for value in spec]
    return _QUICK_FONT if spec == charts.FONTS else spec


def lines(title: str, points: Sequence[Point], breaks: Sequence[Row], note: Callable[[Row, Language], str]) -> Drawing:
    def make(language: Language) -> Any:
        frame = pd.DataFrame(
            [(year, term(series, language), amount) for year, series, amount in points],
            columns=["fiscal_year", "series", "amount"],
        )
        told = [(row["valid_from_year"], note(row, language)) for row in breaks]
        return charts.lines_over_years(frame, language=language, breaks=told)

    return Drawing(title, {}, make)


def bars(title: str, year: int, kind: str, classes: Sequence[tuple[str, str | None, Decimal | None]]) -> Drawing:
    frame = pd.DataFrame(classes, columns=["code", "label", "amount"])
    return Drawing(title, {"year": year, "kind": kind}, lambda language: charts.bars_by_class(frame, language=language))


def budget(title: str, years: Sequence[tuple[int, Decimal | None, Decimal | None]]) -> Drawing:
    frame = pd.DataFrame(years, columns=["fiscal_year", "budget_amount", "final_amount"])
    return Drawing(title, {}, lambda language: charts.budget_beside_outcome(frame, language=language))


def flow(title: str, year: int, kind: str, parts: Sequence[tuple[str, str, Decimal]]) -> Drawing:
    def make(language: Language) -> Any:
        middle = word("flow_total", language)
        links = [(label, middle, amount) if side == "income" else (middle, label, amount) for side, label, amount in parts]
        return charts.flow(pd.DataFrame(links, columns=["source", "target", "amount"]), language=language)

    return Drawing(title, {"year": year, "kind": kind}, make)
