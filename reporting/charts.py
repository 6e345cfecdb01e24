"""Charts as pure functions from a frame to a drawing: Vega-Lite by Altair, the flow as a Vega spec.

Amounts come in 元 and are shown in the unit that :func:`reporting.units.choose_unit` picks. What is missing is never drawn as 0:
a year without an amount interrupts its line, a bar without an amount is a dash. Exact amounts are in the tables beside a chart;
a drawing needs no more than a float.
"""

from __future__ import annotations

import hashlib
import html
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import altair as alt
import pandas as pd
import vl_convert

from reporting.flow import flow_spec
from reporting.labels import spread, wrap
from reporting.units import MISSING, Language, Unit, choose_unit, format_amount

FONTS = (
    "'Noto Sans SC','Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Hiragino Sans GB','Microsoft YaHei',"
    "'WenQuanYi Zen Hei','WenQuanYi Micro Hei',sans-serif"
)
INK, MUTED, RULE = "#1d2939", "#475467", "#e4e7ec"
# At least 3:1 on white, and told apart with each of the three colour blindnesses (CIE76 of 21 and more under Machado's matrices).
COLOURS = ("#174a7c", "#d5691e", "#7a7f87", "#3b8fc4", "#8c2d19", "#14213d")
# Lines are also told apart without colour, as in a black-and-white print.
SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [10, 4])

# Thousands separated, as many decimals as there are; without a type d3 writes 8e+3.
NUMBERS = ",~f"

Break = tuple[int, str]
Chart = alt.LayerChart | alt.FacetChart

_WORDS = {
    "amount": {"zh": "金额", "en": "Amount"},
    "year": {"zh": "年度", "en": "Fiscal year"},
    "budget": {"zh": "预算", "en": "Budget"},
    "final": {"zh": "决算", "en": "Final account"},
    "none": {"zh": "没有数据", "en": "no data"},
}


def lines_over_years(
    frame: pd.DataFrame,
    *,
    language: Language,
    breaks: Sequence[Break] = (),
    width: int = 560,
    unit: Unit | None = None,
    measure: str | None = None,
) -> Chart:
    """Amounts over years, one line a series, labelled where it ends.

    ``frame``: fiscal_year, series, amount (元). Years without an amount are gaps; a year between gaps is a point. ``breaks`` are
    (year, note): a dashed rule before that year, with the note. ``unit`` and ``measure`` name what is no amount of money.
    """
    rows = _rows(frame, "fiscal_year", "series", "amount")
    unit = unit or choose_unit(row["amount"] for row in rows)
    drawn = [row for row in rows if row["amount"] is not None]
    if not drawn:
        return _nothing(language, width)
    height = 260
    names = _in_order(row["series"] for row in rows)
    years = _span(row["fiscal_year"] for row in rows)
    low, high = _bounds(row["amount"] for row in drawn)
    full = _with_gaps(rows, names, years, unit, language)
    ends = alt.Scale(domain=[years[0] - 0.4, years[-1] + 0.4], nice=False, zero=False)
    x = alt.X("fiscal_year:Q", title=_word("year", language), scale=ends).axis(
        values=list(years), format="d", grid=False, labelOverlap=True, tickMinStep=1
    )
    # Room for what is written above the highest point.
    scale = alt.Scale(domain=[float(unit.of(low)), 1.06 * float(unit.of(high))], nice=True, zero=True)
    y = alt.Y("shown:Q", title=_amount_title(unit, language, measure), scale=scale).axis(format=NUMBERS)
    look = _look(names)
    base = _of(full).encode(x=x, y=y, color=look.colour(), tooltip=_tooltip("series", "fiscal_year", "text"))
    lines = base.mark_line(strokeWidth=2, invalid="break-paths-filter-domains").encode(strokeDash=look.dash())
    points = base.mark_point(filled=True, size=46, opacity=1, invalid="filter").encode(shape=look.shape())
    layers: list[alt.Chart | alt.LayerChart] = [*_break_rules(breaks, years, width, ends), lines, points]
    if len(names) == 1:
        values = [row for row in full if row["shown"] is not None]
        layers.append(_text(values, x=x, y=y, field="short", dy=-11, align="center"))
    line_height = 18 * float(unit.of(high - low)) / height
    at = years[-1] + 0.4
    layers += _end_labels(drawn, names, unit, x=x, y=y, at=at, low=float(unit.of(low)), line_height=line_height)
    return _finish(alt.layer(*layers).properties(width=width, height=height))


def bars_by_class(
    frame: pd.DataFrame, *, language: Language, width: int = 420, unit: Unit | None = None, measure: str | None = None
) -> Chart:
    """One bar a class, the largest first. ``frame``: code, label, amount (元). A class without an amount is a dash.

    ``unit`` and ``measure`` name what is no amount of money.
    """
    rows = _rows(frame, "code", "label", "amount")
    if not rows:
        return _nothing(language, width)
    rows.sort(key=lambda row: (row["amount"] is None, -(row["amount"] or 0)))
    unit = unit or choose_unit(row["amount"] for row in rows)
    values = []
    for row in rows:
        lines = wrap(" ".join(part for part in (row["code"], row["label"]) if part), 16)
        values.append({**_shown(row["amount"], unit, language), "name": "\n".join(lines), "lines": len(lines)})
    step = 24 if max(value["lines"] for value in values) == 1 else 36
    low, high = _bounds(row["amount"] for row in rows if row["amount"] is not None)
    order = [value["name"] for value in values]
    axis = alt.Axis(title=None, labelLimit=0, labelExpr="split(datum.label, '\\n')", ticks=False, domain=False)
    y = alt.Y("name:N", sort=order, axis=axis, scale=alt.Scale(paddingInner=0.3, paddingOuter=0.15))
    scale = alt.Scale(domain=[float(unit.of(low)), float(unit.of(high))], nice=True)
    x = alt.X("shown:Q", title=_amount_title(unit, language, measure), scale=scale).axis(format=NUMBERS, tickCount=5)
    base = _of(values).encode(y=y, tooltip=_tooltip("name", "text"))
    bars = base.mark_bar(color=COLOURS[0], invalid="filter").encode(x=x)
    labels = base.transform_calculate(at="isValid(datum.shown) ? max(datum.shown, 0) : 0")
    text = labels.mark_text(align="left", dx=5, color=INK).encode(x=alt.X("at:Q", scale=scale), text="text:N")
    return _finish(alt.layer(bars, text).properties(width=width, height=alt.Step(step), **_dash_note(values, language)))


def budget_beside_outcome(frame: pd.DataFrame, *, language: Language, width: int | None = None) -> Chart:
    """Two bars a year. ``frame``: fiscal_year, budget_amount, final_amount (元). What is missing is a dash in its place.

    Without a ``width`` there is room for the amount above each bar.
    """
    rows = _rows(frame, "fiscal_year", "budget_amount", "final_amount")
    kinds = {"budget_amount": _word("budget", language), "final_amount": _word("final", language)}
    amounts = [row[column] for row in rows for column in kinds]
    if not any(amount is not None for amount in amounts):
        return _nothing(language, width or 420)
    unit = choose_unit(amounts)
    by_year = {row["fiscal_year"]: row for row in rows}
    years = _span(by_year)
    values = [
        {"fiscal_year": year, "kind": kind, **_shown(by_year.get(year, {}).get(column), unit, language)}
        for year in years
        for column, kind in kinds.items()
    ]
    low, high = _bounds(amount for amount in amounts if amount is not None)
    x = alt.X("fiscal_year:O", title=_word("year", language)).axis(labelAngle=0, ticks=False)
    x = x.scale(paddingInner=0.25, paddingOuter=0.15)
    offset = alt.XOffset("kind:N", sort=list(kinds.values()), scale=alt.Scale(paddingInner=0.1))
    scale = alt.Scale(domain=[float(unit.of(low)), float(unit.of(high))], nice=True)
    y = alt.Y("shown:Q", title=_amount_title(unit, language), scale=scale).axis(format=NUMBERS)
    colour = alt.Color(
        "kind:N", sort=list(kinds.values()), scale=alt.Scale(domain=list(kinds.values()), range=["#b8c9dc", COLOURS[0]])
    )
    colour = colour.legend(title=None, orient="top")
    base = _of(values).encode(x=x, xOffset=offset, tooltip=_tooltip("fiscal_year", "kind", "text"))
    bars = base.mark_bar(stroke=COLOURS[0], strokeWidth=1, invalid="filter").encode(y=y, color=colour)
    text = base.transform_calculate(at="isValid(datum.shown) ? max(datum.shown, 0) : 0").mark_text(dy=-6, color=INK, fontSize=10)
    return _finish(
        alt.layer(bars, text.encode(y=alt.Y("at:Q", scale=scale), text="short:N")).properties(
            width=width or max(420, 84 * len(years)), height=260, **_dash_note(values, language)
        )
    )


def flow(frame: pd.DataFrame, *, language: Language, width: int = 860) -> dict[str, Any]:
    """From sources of income to functions of expenditure, as a Vega spec. ``frame``: source, target, amount (元).

    A node that is a target and a source is in the middle. A node's two sides need not balance: each is drawn as it is. A row
    without an amount has no band, and its node says so with a dash.
    """
    rows = _rows(frame, "source", "target", "amount")
    if not rows:
        nothing: dict[str, Any] = vl_convert.vegalite_to_vega(_nothing(language, width).to_dict())
        return nothing
    unit = choose_unit(row["amount"] for row in rows)
    links = [(str(row["source"]), str(row["target"]), row["amount"]) for row in rows]
    return flow_spec(links, unit=unit, language=language, width=width, fonts=FONTS, ink=INK, colours=COLOURS)


def small_multiples(
    frame: pd.DataFrame,
    *,
    language: Language,
    columns: int = 3,
    width: int = 200,
    share_scale: bool = True,
    unit: Unit | None = None,
    measure: str | None = None,
) -> Chart:
    """One small chart a facet, with the same years, and the same scale unless ``share_scale`` is false.

    ``frame``: facet, fiscal_year, series, amount (元). Years without an amount are gaps. ``unit`` and ``measure`` name what is no
    amount of money.
    """
    rows = _rows(frame, "facet", "fiscal_year", "series", "amount")
    if not any(row["amount"] is not None for row in rows):
        return _nothing(language, width)
    unit = unit or choose_unit(row["amount"] for row in rows)
    facets = _in_order(row["facet"] for row in rows)
    names = _in_order(row["series"] for row in rows)
    years = _span(row["fiscal_year"] for row in rows)
    values = [
        {**value, "facet": "\n".join(wrap(facet, max(6, width // 13)))}
        for facet in facets
        for value in _with_gaps([row for row in rows if row["facet"] == facet], names, years, unit, language)
    ]
    domain = [years[0] - 0.4, years[-1] + 0.4] if years else [0, 1]
    x = alt.X("fiscal_year:Q", title=None, scale=alt.Scale(domain=domain, nice=False, zero=False))
    x = x.axis(values=list(years), format="d", grid=False, labelOverlap="greedy")
    y = alt.Y("shown:Q", title=_amount_title(unit, language, measure), scale=alt.Scale(zero=True)).axis(
        format=NUMBERS, tickCount=4
    )
    look = _look(names)
    legend = alt.Legend(title=None, orient="top", labelLimit=0) if len(names) > 1 else None
    base = alt.Chart().encode(x=x, y=y, color=look.colour(legend), tooltip=_tooltip("facet", "series", "fiscal_year", "text"))
    lines = base.mark_line(strokeWidth=2, invalid="break-paths-filter-domains").encode(strokeDash=look.dash(legend))
    points = base.mark_point(filled=True, size=26, opacity=1, invalid="filter").encode(shape=look.shape(legend))
    header = alt.Header(title=None, labelLimit=0, labelFontWeight="bold", labelExpr="split(datum.label, '\\n')")
    order = _in_order(value["facet"] for value in values)
    data = alt.Data(values=values)  # type: ignore[no-untyped-call]
    chart = alt.layer(lines, points, data=data).properties(width=width, height=120)
    faceted = chart.facet(facet=alt.Facet("facet:N", sort=order, header=header), columns=min(columns, max(len(facets), 1)))
    faceted = faceted.resolve_axis(x="independent")
    if not share_scale:
        faceted = faceted.resolve_scale(y="independent")
    return _finish(faceted)


def to_svg(chart: alt.TopLevelMixin | dict[str, Any], *, title: str, description: str) -> str:
    """One ``<svg>`` to be put into a page: text as text, nothing from outside, ids that no other chart of the page has.

    ``chart`` is a chart of Altair or a Vega spec. ``title`` and ``description`` are for those who do not see it.
    """
    if isinstance(chart, dict):
        svg = vl_convert.vega_to_svg(chart, allowed_base_urls=[])
    else:
        svg = vl_convert.vegalite_to_svg(chart.to_dict(), allowed_base_urls=[])
    svg = svg[svg.index("<svg") :]
    # The image is one thing with one name: what Vega says of each of its marks would be read out one by one.
    # And a hundredth of a pixel is as fine as anybody sees.
    svg = re.sub(r"<[^>]+>", lambda tag: re.sub(r'\s(?:role|class|aria-[a-z]+)="[^"]*"|(?<=\.\d\d)\d+', "", tag[0]), svg)
    prefix = "chart-" + hashlib.sha256("\0".join((title, description, svg)).encode()).hexdigest()[:12]
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", svg)
    head_end = svg.index(">")
    head = re.sub(r'\s(?:xmlns:xlink|style)="[^"]*"', "", svg[:head_end])
    named = f'role="img" aria-labelledby="{prefix}-title {prefix}-desc" style="max-width:100%;height:auto"'
    words = f'<title id="{prefix}-title">{html.escape(title)}</title><desc id="{prefix}-desc">{html.escape(description)}</desc>'
    return f"{head} {named}>{words}{svg[head_end + 1 :]}"


@dataclass(frozen=True, slots=True)
class _Look:
    """How the series of a chart are told apart."""

    names: Sequence[str]

    def _scale(self, looks: Sequence[Any]) -> alt.Scale:
        return alt.Scale(domain=list(self.names), range=[looks[i % len(looks)] for i in range(len(self.names))])

    def colour(self, legend: alt.Legend | None = None) -> alt.Color:
        return alt.Color("series:N", scale=self._scale(COLOURS), legend=legend)

    def shape(self, legend: alt.Legend | None = None) -> alt.Shape:
        return alt.Shape("series:N", scale=self._scale(SHAPES), legend=legend)

    def dash(self, legend: alt.Legend | None = None) -> alt.StrokeDash:
        return alt.StrokeDash("series:N", scale=self._scale(DASHES), legend=legend)


def _look(names: Sequence[str]) -> _Look:
    return _Look(names)


def _rows(frame: pd.DataFrame, *columns: str) -> list[dict[str, Any]]:
    """The rows of a frame with plain values: amounts exact or ``None``, years as int."""
    return [
        {column: _plain(column, value) for column, value in zip(columns, row, strict=True)}
        for row in frame[list(columns)].itertuples(index=False, name=None)
    ]


def _plain(column: str, value: Any) -> Any:
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)) or value is pd.NaT:
        return None
    if column.endswith("amount"):
        return value if isinstance(value, Decimal) else Decimal(str(value))
    return int(value) if column == "fiscal_year" else str(value)


def _in_order(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _span(years: Iterable[int]) -> range:
    """All years from the first to the last, those without data as well."""
    known = list(years)
    return range(min(known), max(known) + 1) if known else range(0)


def _bounds(amounts: Iterable[Decimal]) -> tuple[Decimal, Decimal]:
    """The ends of a scale of amounts, which begins at zero and has some height."""
    known = [Decimal(0), *amounts]
    low, high = min(known), max(known)
    return (low, high) if low < high else (low, low + 1)


def _shown(amount: Decimal | None, unit: Unit, language: Language) -> dict[str, Any]:
    """An amount as the drawing needs it: a float in the unit, its exact text, and a short one for a crowded chart."""
    if amount is None:
        return {"shown": None, "text": MISSING, "short": MISSING}
    size = abs(unit.of(amount))
    decimals = min(unit.decimals, 0 if size >= 1000 else 1 if size >= 100 else 2)
    short = f"{round(unit.of(amount), decimals):,f}"
    return {"shown": float(unit.of(amount)), "text": format_amount(amount, unit, language), "short": short}


def _with_gaps(
    rows: Sequence[dict[str, Any]], names: Sequence[str], years: range, unit: Unit, language: Language
) -> list[dict[str, Any]]:
    """Each series in each year, with nothing to draw where there is no amount: that is what interrupts its line."""
    known = {(row["series"], row["fiscal_year"]): row["amount"] for row in rows}
    return [
        {"series": name, "fiscal_year": year, **_shown(known.get((name, year)), unit, language)}
        for name in names
        for year in years
    ]


def _break_rules(breaks: Sequence[Break], years: range, width: int, ends: alt.Scale) -> list[alt.Chart]:
    """A dashed rule before the year of each break, and its notes above the chart, one under the other."""
    inside = sorted((year, note) for year, note in breaks if year in years)
    if not inside:
        return []
    per_line = max(10, width // 12)
    notes = [(year, f"{year}: {note}") for year, note in inside]
    lines = [(year, line) for year, note in notes for line in wrap(note, per_line)]
    span = years[-1] - years[0] + 0.8
    texts = []
    for index, (year, line) in enumerate(lines):
        left = (year - 0.5 - (years[0] - 0.4)) / span
        texts.append(
            {"at": max(year - 0.5, years[0] - 0.4), "left": left < 0.5, "y": -10 - 15 * (len(lines) - 1 - index), "note": line}
        )
    x = alt.X("at:Q", scale=ends)
    rules = _of([{"at": max(year - 0.5, years[0] - 0.4)} for year in _in_order_years(inside)])
    drawn: list[alt.Chart] = [rules.mark_rule(strokeDash=[4, 3], color=MUTED, strokeWidth=1).encode(x=x)]
    for left in (True, False):
        side = [text for text in texts if text["left"] is left]
        if side:
            mark = _of(side).mark_text(align="left" if left else "right", dx=0, baseline="middle", color=MUTED, fontSize=11)
            drawn.append(mark.encode(x=x, y=alt.Y("y:Q", scale=None), text="note:N"))
    return drawn


def _in_order_years(breaks: Sequence[Break]) -> list[int]:
    return list(dict.fromkeys(year for year, _ in breaks))


def _end_labels(
    rows: Sequence[dict[str, Any]],
    names: Sequence[str],
    unit: Unit,
    *,
    x: alt.X,
    y: alt.Y,
    at: float,
    low: float,
    line_height: float,
) -> list[alt.Chart]:
    """The name of each series at year ``at``, as high as its last amount, moved apart where they meet. Heights: ``unit``."""
    last = {row["series"]: float(unit.of(row["amount"])) for row in sorted(rows, key=lambda row: row["fiscal_year"])}
    lines = {name: wrap(name, 18) for name in sorted(last, key=lambda name: last[name])}
    places = spread([(last[name], len(lines[name]) * line_height) for name in lines], low)
    values = [
        # The text hangs from its first line.
        {
            "series": name,
            "name": "\n".join(lines[name]),
            "fiscal_year": at,
            "shown": place + (len(lines[name]) - 1) / 2 * line_height,
        }
        for name, place in zip(lines, places, strict=True)
    ]
    look = _look(names)
    data = _of(values).encode(x=x, y=y)
    keys = data.mark_point(filled=True, size=46, opacity=1, xOffset=10).encode(color=look.colour(), shape=look.shape())
    text = data.mark_text(align="left", baseline="middle", dx=19, color=INK, lineBreak="\n", lineHeight=14).encode(text="name:N")
    return [keys, text]


def _of(values: Sequence[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.Data(values=list(values)))  # type: ignore[no-untyped-call]


def _text(values: Sequence[dict[str, Any]], *, x: alt.X, y: alt.Y, field: str, dy: int, align: Any) -> alt.Chart:
    data = _of(list(values)).encode(x=x, y=y, text=f"{field}:N")
    text: alt.Chart = data.mark_text(align=align, dy=dy, color=INK, fontSize=11)
    return text


def _tooltip(*fields: str) -> list[alt.Tooltip]:
    return [alt.Tooltip(f"{field}:N") for field in fields]


def _word(key: str, language: Language) -> str:
    return _WORDS[key][language]


def _amount_title(unit: Unit, language: Language, measure: str | None = None) -> str:
    name = measure or _word("amount", language)
    return f"{name}（{unit.label(language)}）" if language == "zh" else f"{name} ({unit.label(language)})"


def _dash_note(values: Iterable[dict[str, Any]], language: Language) -> dict[str, alt.TitleParams]:
    """What a dash means, under a chart that has one."""
    if all(value["shown"] is not None for value in values):
        return {}
    note = f"{MISSING} {_word('none', language)}"
    return {
        "title": alt.TitleParams(note, orient="bottom", anchor="start", fontSize=11, fontWeight="normal", color=MUTED, offset=6)
    }


def _nothing(language: Language, width: int) -> Chart:
    """A chart of nothing says so, rather than showing an empty frame that could be read as zero."""
    data = _of([{"note": _word("none", language)}])
    text = data.mark_text(color=MUTED, fontSize=14).encode(text="note:N")
    return _finish(alt.layer(text).properties(width=width, height=60))


def _finish(chart: Chart) -> Chart:
    """The common looks: quiet axes, Chinese fonts, a white ground that prints."""
    finished: Chart = chart.configure(
        font=FONTS,
        background="white",
        padding=8,
        aria=False,
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelColor=INK,
            titleColor=INK,
            titleFontWeight="normal",
            labelFontSize=12,
            titleFontSize=12,
            titlePadding=8,
            gridColor=RULE,
            domainColor=MUTED,
            tickColor=MUTED,
        ),
        legend=alt.LegendConfig(labelColor=INK, labelFontSize=12, symbolSize=80),
        header=alt.HeaderConfig(labelColor=INK, labelFontSize=12),
        text=alt.MarkConfig(fontSize=12),
    )
    return finished
