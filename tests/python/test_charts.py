"""What a chart shows and what it does not: gaps, dashes, units, breaks, Chinese text; nothing from outside."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

import pandas as pd
import pyarrow as pa
import pytest

from reporting import charts
from reporting.flow import lay_out
from reporting.labels import spread, wrap

FACTS = {"title": "支出", "description": "八年的支出"}


def frame(columns: str, *rows: tuple[object, ...]) -> pd.DataFrame:
    """A frame as the warehouse gives it: amounts exact, what is missing NULL."""
    names = columns.split()
    columns_of_values = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    types = {"fiscal_year": pa.int32()}
    table = pa.table(
        {
            name: pa.array(values, type=pa.decimal128(20, 2) if name.endswith("amount") else types.get(name, pa.string()))
            for name, values in zip(names, columns_of_values, strict=True)
        }
    )
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def texts(svg: str) -> str:
    return "\n".join(re.findall(r"<(?:text|tspan)[^>]*>([^<]+)<", svg))


def paths_of(svg: str, colour: str) -> list[str]:
    """The outlines that are stroked in a colour."""
    return [path for path in re.findall(r"<path[^>]*>", svg) if f'stroke="{colour}"' in path]


def over_years(*rows: tuple[int, str | None]) -> pd.DataFrame:
    return frame(
        "fiscal_year series amount", *((year, "财政局", None if amount is None else Decimal(amount)) for year, amount in rows)
    )


def test_a_year_without_data_interrupts_the_line() -> None:
    rows = over_years((2017, "100"), (2018, "110"), (2020, "130"), (2021, "140"))
    line = paths_of(charts.to_svg(charts.lines_over_years(rows, language="zh"), **FACTS), charts.COLOURS[0])
    # Two pieces of two points each: no segment leads over 2019.
    assert [re.sub("[^ML]", "", path) for path in line if "L" in path] == ["MLML"]


def test_a_year_whose_amount_is_null_is_the_same_gap_and_no_zero() -> None:
    rows = over_years((2017, "100"), (2018, "110"), (2019, None), (2020, "130"), (2021, "140"))
    svg = charts.to_svg(charts.lines_over_years(rows, language="zh"), **FACTS)
    assert [re.sub("[^ML]", "", path) for path in paths_of(svg, charts.COLOURS[0]) if "L" in path] == ["MLML"]
    assert "2019" in texts(svg), "the missing year stays on the axis"
    assert "0.00" not in texts(svg)


def test_a_printed_zero_is_drawn() -> None:
    rows = over_years((2017, "100"), (2018, "0"), (2019, "90"))
    svg = charts.to_svg(charts.lines_over_years(rows, language="zh"), **FACTS)
    assert [re.sub("[^ML]", "", path) for path in paths_of(svg, charts.COLOURS[0]) if "L" in path] == ["MLL"]
    assert "0.00" in texts(svg)


def test_a_year_between_gaps_is_a_point() -> None:
    svg = charts.to_svg(charts.lines_over_years(over_years((2019, "12"), (2023, "15")), language="zh"), **FACTS)
    points = [path for path in re.findall(r"<path[^>]*>", svg) if f'fill="{charts.COLOURS[0]}"' in path]
    assert len(points) == 3, "two amounts, and the key beside the name"


def test_years_are_whole_and_all_there() -> None:
    rows = over_years((2017, "100"), (2024, "120"))
    shown = texts(charts.to_svg(charts.lines_over_years(rows, language="zh"), **FACTS))
    assert re.findall(r"^20\d\d$", shown, re.M) == [str(year) for year in range(2017, 2025)]


def test_a_break_is_a_dashed_rule_with_its_note() -> None:
    rows = over_years((2017, "100"), (2018, "110"), (2019, "120"))
    chart = charts.lines_over_years(rows, language="zh", breaks=[(2018, "经济分类改革"), (2030, "不在图内")])
    svg = charts.to_svg(chart, **FACTS)
    assert "2018: 经济分类改革" in texts(svg)
    assert len(re.findall(r"<line[^>]*stroke-dasharray", svg)) == 1
    assert "不在图内" not in svg, "a break outside the years that are shown"


def test_the_axis_names_its_unit_and_thousands_are_separated() -> None:
    rows = over_years((2023, "70067066.05"), (2024, "61307830.57"))
    chinese = texts(charts.to_svg(charts.lines_over_years(rows, language="zh"), **FACTS))
    english = texts(charts.to_svg(charts.lines_over_years(rows, language="en"), **FACTS))
    assert "金额（万元）" in chinese
    assert "8,000" in chinese
    assert "Amount (10,000 yuan)" in english
    assert "Fiscal year" in english


def test_bars_are_sorted_and_a_class_without_amount_is_a_dash() -> None:
    rows = frame(
        "code label amount",
        ("210", "卫生健康支出", Decimal("1415993.69")),
        ("299", "其他支出", None),
        ("220", "自然资源海洋气象等支出", Decimal("28408874.07")),
    )
    svg = charts.to_svg(charts.bars_by_class(rows, language="zh"), **FACTS)
    shown = [text for text in texts(svg).splitlines() if re.match(r"\d{3} ", text)]
    assert shown == ["220 自然资源海洋气象等支出", "210 卫生健康支出", "299 其他支出"]
    bars = [path for path in re.findall(r"<path[^>]*>", svg) if f'fill="{charts.COLOURS[0]}"' in path]
    assert len(bars) == 2
    assert {"2,840.89", "141.60", "—", "— 没有数据"} <= set(texts(svg).splitlines())


def test_a_long_chinese_label_is_broken_and_not_cut() -> None:
    name = "机关事业单位基本养老保险缴费及职业年金缴费等社会保障支出"
    rows = frame("code label amount", ("20805", name, Decimal(5)))
    shown = texts(charts.to_svg(charts.bars_by_class(rows, language="zh"), **FACTS))
    assert name in shown.replace("\n", "")
    assert "…" not in shown


def test_a_year_without_a_budget_shows_a_dash_beside_the_outcome() -> None:
    rows = frame("fiscal_year budget_amount final_amount", (2021, None, Decimal(30000)), (2023, Decimal(20000), Decimal(25000)))
    svg = charts.to_svg(charts.budget_beside_outcome(rows, language="zh"), **FACTS)
    shown = texts(svg).splitlines()
    assert {"预算", "决算", "2021", "2022", "2023", "3.00", "2.00", "2.50"} <= set(shown)
    assert shown.count("—") == 3, "the budget of 2021, and both of 2022, of which nothing is known"
    rectangles = re.findall(r'<path d="M[-\d.,]+h[\d.]+v[\d.]+h-[\d.]+Z" fill="#[^>]*stroke=', svg)
    assert len(rectangles) == 3


def test_small_multiples_share_their_years_and_keep_gaps() -> None:
    rows = frame(
        "facet fiscal_year series amount",
        ("审计局", 2021, "公务接待费", Decimal(100)),
        ("财政局", 2018, "公务接待费", Decimal(100)),
        ("财政局", 2019, "公务接待费", Decimal(90)),
        ("财政局", 2021, "公务接待费", Decimal(80)),
    )
    svg = charts.to_svg(charts.small_multiples(rows, language="zh"), **FACTS)
    assert {"审计局", "财政局"} <= set(texts(svg).splitlines())
    lines = [re.sub("[^ML]", "", path) for path in paths_of(svg, charts.COLOURS[0])]
    assert [line for line in lines if "L" in line] == ["MLM"], "2018 and 2019 are joined, 2021 stands alone"


def test_a_chart_of_nothing_says_so() -> None:
    empty = over_years()
    for drawn in (
        charts.lines_over_years(empty, language="zh"),
        charts.bars_by_class(frame("code label amount"), language="zh"),
        charts.budget_beside_outcome(frame("fiscal_year budget_amount final_amount"), language="zh"),
        charts.small_multiples(frame("facet fiscal_year series amount"), language="zh"),
        charts.flow(frame("source target amount"), language="zh"),
    ):
        assert texts(charts.to_svg(drawn, **FACTS)) == "没有数据"


FLOW = frame(
    "source target amount",
    ("一般公共预算财政拨款收入", "总计", Decimal("35851134.40")),
    ("政府性基金预算财政拨款收入", "总计", Decimal("27946884.83")),
    ("上级补助收入", "总计", None),
    ("总计", "城乡社区支出", Decimal("28265682.60")),
    ("总计", "自然资源海洋气象等支出", Decimal("28408874.07")),
)


def test_a_flow_shows_every_node_with_its_amount() -> None:
    shown = texts(charts.to_svg(charts.flow(FLOW, language="zh"), **FACTS)).splitlines()
    assert {"一般公共预算财政拨款收入", "3,585.11", "城乡社区支出", "2,826.57", "总计", "6,379.80", "单位：万元"} <= set(shown)
    assert {"上级补助收入", "—"} <= set(shown)


def test_bands_of_a_flow_are_in_proportion_and_a_missing_amount_has_none() -> None:
    links = [("甲", "总计", Decimal(300)), ("乙", "总计", Decimal(100)), ("丙", "总计", None), ("总计", "丁", Decimal(250))]
    nodes, bands = lay_out(links, width=860)
    heights = {node.name: node.height for node in nodes}
    assert heights["甲"] == pytest.approx(3 * heights["乙"])
    assert heights["总计"] == pytest.approx(heights["甲"] + heights["乙"]), "its larger side"
    assert heights["丁"] == pytest.approx(heights["总计"] * 250 / 400), "what did not flow on is not invented"
    assert heights["丙"] == 0
    assert [band.source for band in bands] == ["甲", "乙", "总计"]


def test_nodes_of_a_flow_do_not_overlap() -> None:
    links = [(f"来源{i}", "总计", Decimal(1 if i else 1000)) for i in range(12)]
    nodes, _ = lay_out(links, width=860)
    column = sorted((node.y, node.y + node.height) for node in nodes if node.column == 0)
    assert all(below[0] - above[1] >= 8 for above, below in pairwise(column))


def test_a_flow_in_a_circle_is_refused() -> None:
    with pytest.raises(ValueError, match="circle"):
        lay_out([("甲", "乙", Decimal(1)), ("乙", "甲", Decimal(1))], width=860)


def test_an_svg_refers_to_nothing_outside_and_names_itself() -> None:
    for drawn in (charts.lines_over_years(over_years((2017, "1"), (2018, "2")), language="zh"), charts.flow(FLOW, language="zh")):
        svg = charts.to_svg(drawn, title="支出 <合计>", description="五年 & 更多")
        assert set(re.findall(r"https?://[^\"' ]+", svg)) == {"http://www.w3.org/2000/svg"}
        assert not re.search(r"\b(?:xlink:)?href=|@import|<script|<image", svg)
        assert re.match(r'<svg [^>]*role="img"', svg)
        title, description = re.findall(r'aria-labelledby="(\S+) (\S+)"', svg)[0]
        assert f'<title id="{title}">支出 &lt;合计&gt;</title><desc id="{description}">五年 &amp; 更多</desc>' in svg
        assert svg.count("role=") == 1


def test_fonts_are_a_stack_that_has_one_on_each_system() -> None:
    svg = charts.to_svg(charts.lines_over_years(over_years((2017, "1")), language="zh"), **FACTS)
    families = set(re.findall(r'font-family="([^"]+)"', svg))
    assert families
    assert all(
        {"Noto Sans SC", "PingFang SC", "Microsoft YaHei", "sans-serif"} <= set(re.findall(r"[\w -]+", f)) for f in families
    )


def test_two_charts_of_a_page_share_no_id() -> None:
    rows = over_years((2017, "1"), (2018, "2"))
    first = charts.to_svg(charts.lines_over_years(rows, language="zh"), title="甲", description="")
    second = charts.to_svg(charts.lines_over_years(rows, language="zh"), title="乙", description="")
    ids = re.findall(r' id="([^"]+)"', first + second)
    assert len(ids) == len(set(ids)) >= 4
    assert all(f'id="{each}"' in first + second for each in re.findall(r"url\(#([^)]+)\)", first + second))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_colours_stand_out_from_white() -> None:
    assert all(1.05 / (luminance(colour) + 0.05) >= 3 for colour in charts.COLOURS)
    assert all(1.05 / (luminance(colour) + 0.05) >= 4.5 for colour in (charts.INK, charts.MUTED))


def test_labels_are_broken_between_chinese_characters_and_at_spaces() -> None:
    assert wrap("自然资源海洋气象等支出", 6) == ["自然资源海洋", "气象等支出"]
    assert wrap("Bureau of Finance", 4) == ["Bureau", "of", "Finance"]
    assert wrap("支出", 6) == ["支出"]


def test_labels_that_meet_are_moved_apart() -> None:
    assert spread([(10, 4), (11, 4), (30, 4)], 0) == [10, 14, 30]
