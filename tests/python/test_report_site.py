"""The report site: what the samples hold is there as printed, every link leads somewhere, and nothing hostile gets through."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from decimal import Decimal
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb
import pytest
import yaml
from lxml import html

from ingest.cli import DONE, FAILED, main
from ingest.home import Home
from reporting.site import NotASite, build_site
from reporting.site import build as building
from reporting.site.figures import expected
from reporting.site.naming import href, slug
from reporting.site.queries import narrowed, query_names
from tests.python.test_corpus import rows

CITY = "云岭省澜溪市"
CULTURE = f"{CITY}文化和旅游局"
PUTUO = "上海市普陀区财政局"
LANGUAGES = ("zh", "en")


@cache
def page(path: Path) -> html.HtmlElement:
    return html.document_fromstring(path.read_text(encoding="utf-8"))


def css(selector: str) -> str:
    """A selector of tags, classes, ids and attributes as a path."""
    steps = []
    for step in selector.replace(" > ", " >").split():
        tag, rest = re.fullmatch(r">?([a-z0-9]*)(.*)", step).groups()
        conditions = re.sub(r"\.([a-z-]+)", r"[contains(concat(' ', @class, ' '), ' \1 ')]", rest)
        conditions = re.sub(r"#([a-z-]+)", r"[@id='\1']", conditions)
        conditions = re.sub(r"\[([a-z]+)(?:=([a-z]+))?\]", lambda m: f"[@{m[1]}='{m[2]}']" if m[2] else f"[@{m[1]}]", conditions)
        steps.append(f"{'/' if step.startswith('>') else '//'}{tag or '*'}{conditions}")
    return "." + "".join(steps)


def text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def disclosure(site: Path, language: str, key: str) -> html.HtmlElement:
    return page(site / language / "disclosure" / f"{slug(key)}.html")


def department(site: Path, language: str, key: str) -> html.HtmlElement:
    return page(site / language / "department" / f"{slug(key)}.html")


def shown_queries(document: html.HtmlElement) -> dict[str, str]:
    """The queries that a page shows, by name."""
    shown = {}
    for details in document.xpath(css("details.sql")):
        name = text(details.xpath(css("summary"))[0]).split()[-1].removesuffix(".sql")
        shown[name] = details.xpath(css("code"))[0].text_content()
    return shown


def links_of(document: html.HtmlElement) -> Iterator[str]:
    for element in document.iter():
        if isinstance(element.tag, str):
            yield from (element.get(name) for name in ("href", "src", "action", "srcset", "xlink:href") if element.get(name))


def check_links(site: Path) -> int:
    """Follow every link of every page within the site; returns how many there are."""
    pages = {path.resolve(): page(path) for path in sorted(site.rglob("*.html"))}
    anchors = {}
    for path, document in pages.items():
        ids = document.xpath("//@id")
        assert len(ids) == len(set(ids)), f"{path.name}: {[each for each, n in Counter(ids).items() if n > 1]} twice"
        anchors[path] = set(ids)
    followed = 0
    for path, document in pages.items():
        for link in links_of(document):
            if link == "data:,":
                continue
            parts = urlsplit(link)
            assert not parts.scheme and not parts.netloc, f"{path.name} refers to the outside: {link}"
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.is_file(), f"{path.name}: {link} leads nowhere"
            if parts.fragment:
                assert unquote(parts.fragment) in anchors[target], f"{path.name}: {link} has no such place"
            followed += 1
    return followed


def small_warehouse(source: Path, target: Path, keys: Sequence[str], *changes: str) -> Path:
    """The marts of some departments as a warehouse of its own, changed by statements."""
    with closing(duckdb.connect(str(target))) as connection:
        connection.execute(f"attach '{source}' as original (read_only)")
        connection.execute("create schema marts")
        tables = connection.execute(
            "select table_name, list(column_name) from duckdb_columns() "
            "where database_name = 'original' and schema_name = 'marts' group by 1 order by 1"
        ).fetchall()
        for table, columns in tables:
            condition = "true"
            if "department_key" in columns:
                condition = f"list_contains({list(keys)}, department_key)"
            elif "disclosure_key" in columns:
                condition = f"list_contains({list(keys)}, split_part(disclosure_key, '/', 1))"
            connection.execute(f"create table marts.{table} as from original.marts.{table} where {condition}")
        for change in changes:
            connection.execute(change)
    return target


# --- what the samples hold


def test_every_link_of_every_page_leads_somewhere_and_none_outside(sample_site: Path) -> None:
    assert check_links(sample_site) > 10_000


def test_each_page_has_a_policy_a_language_and_no_script_of_its_own(sample_site: Path) -> None:
    for path in sample_site.rglob("*.html"):
        document = page(path)
        assert "default-src 'none'" in document.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
        assert document.get("lang") == ("en" if path.relative_to(sample_site).parts[0] == "en" else "zh-Hans")
        assert not [script for script in document.xpath(css("script")) if script.text]
        assert not [name for element in document.iter() for name in element.attrib if name.startswith("on")]
        assert len(document.xpath(css("h1"))) == 1 and document.xpath(css("main#main"))


def test_each_page_leads_to_itself_in_the_other_language(sample_site: Path) -> None:
    for path in (sample_site / "zh").rglob("*.html"):
        other = page(path).xpath(css("a.language"))[0].get("href")
        assert (path.parent / unquote(other)).resolve() == sample_site / "en" / path.relative_to(sample_site / "zh")


def test_the_wrong_cells_that_the_samples_plant_are_highlighted_and_no_others(root: Path, sample_site: Path) -> None:
    planted = [m for m in rows(root / "samples" / "expected" / "planted_mistakes.csv") if m["where"] == "form"]
    expected = sorted((m["file_name"], m["printed"]) for m in planted if m["kind"] != "within_rounding")
    for language in LANGUAGES:
        marked = []
        for path in (sample_site / language / "disclosure").iterdir():
            for cell in page(path).xpath(css("table.printed td.flag")):
                where = text(cell.xpath("ancestor::section[@class='form']//p[@class='where']")[0])
                marked.append((next(m["file_name"] for m in planted if m["file_name"] in where), text(cell)))
        assert sorted(marked) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finding_and_its_cell_lead_to_each_other(sample_site: Path, language: str) -> None:
    """52.73 万元 on page 9: the row 210, the column 合计."""
    document = disclosure(sample_site, language, f"{CULTURE}/2022/final_account/department")
    (cell,) = document.xpath(css("td.flag"))
    assert text(cell) == "52.73"
    assert [text(each) for each in cell.xpath("preceding-sibling::*")] == ["210", "卫生健康支出"]
    (finding,) = document.xpath(css("article.finding"))
    assert cell.xpath(css("a"))[0].get("href") == f"#{finding.get('id')}"
    assert f"#{cell.get('id')}" in finding.xpath(".//a/@href")
    assert "p9t1r" in cell.get("id") and "52.71 万元" in text(finding)
    (listed,) = page(sample_site / language / "findings.html").xpath(f"//a[contains(@href, '{cell.get('id')}')]")
    assert unquote(listed.get("href")).endswith(f"{slug(f'{CULTURE}/2022/final_account/department')}.html#{cell.get('id')}")


def test_every_finding_is_listed_and_leads_to_a_printed_place(
    sample_site: Path, sample_warehouse: duckdb.DuckDBPyConnection
) -> None:
    count = sample_warehouse.execute("select count(*) from marts.rpt_finding").fetchone()
    places = Counter()
    for path in (sample_site / "en" / "disclosure").iterdir():
        for finding in page(path).xpath(css("article.finding")):
            anchor = finding.xpath("./p/a/@href")[0][1:]
            places[anchor.split("-")[0]] += 1
    assert count == (sum(places.values()),)
    assert count == (len(page(sample_site / "en" / "findings.html").xpath(css("table.findings tbody tr"))),)
    assert places == {"c": 3, "claim": 9, "prose": 2, "project": 1, "form": 3, "document": 2}


def test_a_form_is_as_printed(sample_site: Path) -> None:
    """README: page 6, row 7, columns 5 and 7 of the form of expenditure print 10.00 in 万元."""
    document = disclosure(sample_site, "zh", f"{PUTUO}/2024/final_account/department")
    (row,) = document.xpath("//section[h3='支出决算表']//tr[td[1]='2010602']")
    assert [text(cell) for cell in row] == ["2010602", "一般行政管理事务", "10.00", "—", "10.00"]
    assert row[2].get("id").endswith("-p6t1r7c5") and row[4].get("id").endswith("-p6t1r7c7")
    headers = [text(cell) for cell in row.xpath("ancestor::table/thead//th")]
    assert headers[2:5] == ["本年支出合计", "基本支出", "项目支出"]
    assert "单位：万元" in text(document.xpath("//section[h3='支出决算表']/p")[0])


def test_every_printed_amount_of_a_disclosure_is_in_one_cell(
    sample_site: Path, sample_warehouse: duckdb.DuckDBPyConnection
) -> None:
    for path in (sample_site / "zh" / "disclosure").iterdir():
        document = page(path)
        printed = sample_warehouse.execute(shown_queries(document)["amounts"]).fetchall()
        names = [column[0] for column in sample_warehouse.description or []]
        place = [names.index(f"source_{each}") for each in ("page", "table", "row", "column")]
        expected = {
            f"c-{row[names.index('document_id')][:8]}-p{row[place[0]]}t{row[place[1]]}r{row[place[2]]}c{row[place[3]]}": row[
                names.index("amount_text")
            ]
            for row in printed
        }
        cells = document.xpath(css("table.printed td[id]"))
        assert {cell.get("id"): (cell.xpath(".//mark") or [cell])[0].text_content().strip() for cell in cells} | expected == {
            **{cell.get("id"): text(cell) for cell in cells},
            **expected,
        }
        assert {cell.get("id") for cell in cells} == set(expected)


def test_three_public_expenses_printed_downwards_keep_their_rows(sample_site: Path) -> None:
    """普陀 prints the parts as rows and budget and outcome as columns; the city's own forms print one row of twelve."""
    putuo = disclosure(sample_site, "zh", f"{PUTUO}/2024/final_account/department")
    down = [table for table in putuo.xpath(css("table.printed")) if "三公" in text(table.xpath(css("caption"))[0])]
    across = [
        table
        for table in disclosure(sample_site, "zh", f"{CULTURE}/2022/final_account/department").xpath(css("table.printed"))
        if "三公" in text(table.xpath(css("caption"))[0])
    ]
    for table in (*down, *across):
        widths = [sum(int(cell.get("colspan", 1)) for cell in row) for row in table.xpath(css("tbody tr"))]
        assert len(set(widths)) == 1


def test_headers_and_rows_of_every_form_are_equally_wide(sample_site: Path) -> None:
    for path in (sample_site / "zh" / "disclosure").iterdir():
        for table in page(path).xpath(css("table.printed")):
            heads = table.xpath(css("thead tr"))
            taken: dict[tuple[int, int], bool] = {}
            for y, row in enumerate(heads):
                x = 0
                for cell in row:
                    while (y, x) in taken:
                        x += 1
                    for down in range(int(cell.get("rowspan", 1))):
                        for right in range(int(cell.get("colspan", 1))):
                            assert (y + down, x + right) not in taken
                            taken[y + down, x + right] = True
            width = len(taken) / len(heads)
            assert {sum(int(cell.get("colspan", 1)) for cell in row) for row in table.xpath(css("tbody tr"))} == {width}


def test_columns_that_a_page_counts_otherwise_are_the_same_columns(sample_site: Path) -> None:
    """The totals on page 11 stand in the columns 2 and 4, the rows of page 10 in 3 and 6: two blocks, not four."""
    document = disclosure(sample_site, "zh", f"{CULTURE}/2022/final_account/department")
    (table,) = document.xpath("//section[h3='一般公共预算财政拨款基本支出决算表']//table[contains(@class, 'printed')]")
    assert [text(head) for head in table.xpath("./thead//th")] == ["编码", "项目", "决算数"] * 2
    total = table.xpath("./tbody/tr")[-1]
    assert [text(cell) for cell in total] == ["", "人员经费合计", "1122.49", "", "公用经费合计", "212.44"]
    assert [cell.get("id")[-10:] for cell in total.xpath("./td[@id]")] == ["-p11t1r1c2", "-p11t1r1c4"]


def test_a_missing_year_is_a_dash_and_a_printed_zero_is_a_zero(sample_site: Path) -> None:
    """The budget of 2019 of 文化和旅游局 is not among the samples; its reception abroad is printed as 0."""
    document = department(sample_site, "en", CULTURE)
    (metrics, *_) = document.xpath("//section[@aria-labelledby='over-years']//table")
    years = [text(cell) for cell in metrics.xpath("./thead/tr/th")][3:]
    assert years == ["2019", "2020", "2021", "2022", "2023", "2024"]
    found = {(text(row[0]), text(row[1])): [text(cell) for cell in row[3:]] for row in metrics.xpath("./tbody/tr")}
    assert found["Total expenditure", "Budget"][0] == "—"
    assert found["Total expenditure", "Final account"][0] == "1,882.12"
    assert found["Execution rate", "—"] == ["—", "99.93", "108.45", "102.24", "105.01", "93.25"]
    zeros = [text(cell) for cell in document.xpath("//section[@aria-labelledby='three-public']//td")]
    assert "0.00" in zeros


def test_the_charts_of_a_department_are_drawings_that_say_what_they_are(sample_site: Path) -> None:
    for language in LANGUAGES:
        drawn = department(sample_site, language, f"{CITY}财政局").xpath(css("figure.chart"))
        assert len(drawn) == 5
        assert all(figure.xpath(css("svg[role=img] > title")) and figure.xpath(css("svg > desc")) for figure in drawn)
        note = text(drawn[0])
        assert "2019: 210" in note.replace(" ", " ")


def test_classes_that_every_year_prints_as_zero_are_left_out_and_counted(sample_site: Path) -> None:
    """The summary of 文化和旅游局 of one year prints all classes; it spent on four. That 215 and 234 changed does not matter."""
    told = {"zh": "另有 22 类", "en": "left out of table and charts: 22"}
    for language in LANGUAGES:
        document = department(sample_site, language, CULTURE)
        (section,) = document.xpath("//section[@aria-labelledby='by-class']")
        names = [text(row) for row in section.xpath("(.//table)[1]/tbody/tr/th")]
        assert names == ["207 文化旅游体育与传媒支出", "208 社会保障和就业支出", "210 卫生健康支出", "221 住房保障支出"]
        assert told[language] in text(section)
        assert not re.search("215|234", text(section))
        drawn = text(document.xpath(css("figure.chart"))[0])
        assert "207 文化旅游体育与传媒支出" in drawn.replace("\xa0", " ") and "、" not in drawn


def test_a_class_has_the_name_of_its_year(sample_site: Path) -> None:
    document = department(sample_site, "zh", f"{CITY}自然资源和规划局")
    names = [text(row) for row in document.xpath("//section[@aria-labelledby='by-class']//tbody/tr/th")]
    assert "210 医疗卫生与计划生育支出 → 卫生健康支出" in names
    assert not [name for name in names if "、" in name]


@pytest.mark.parametrize(
    ("language", "formed", "formerly"), [("zh", "由以下部门合并而成", "原名"), ("en", "Formed from", "Formerly")]
)
def test_a_department_names_its_predecessors(sample_site: Path, language: str, formed: str, formerly: str) -> None:
    """Merged in 2019: 文化广电新闻出版局 and 旅游发展委员会; renamed in 2019: 国土资源局."""

    def facts(key: str) -> dict[str, html.HtmlElement]:
        return {text(pair[0]): pair[1] for pair in department(sample_site, language, key).xpath(css("dl.facts > div"))}

    links = {text(link): unquote(link.get("href")) for link in facts(CULTURE)[formed].xpath(".//a")}
    before = (f"{CITY}文化广电新闻出版局", f"{CITY}旅游发展委员会")
    assert links == {name: f"{slug(name)}.html" for name in before}
    assert "2017–2018" in text(facts(CULTURE)[formed])
    assert text(facts(f"{CITY}自然资源和规划局")[formerly]) == f"{CITY}国土资源局 (2017–2018)"
    assert formed not in facts(PUTUO) and formerly not in facts(PUTUO)


def test_why_a_metric_has_no_figure_is_said_in_the_language_of_the_page(sample_site: Path) -> None:
    key = f"{CITY}旅游发展委员会"
    assert "预算执行率 2017, 2018: 未知：预算的本年支出合计" in text(department(sample_site, "zh", key))
    assert "Execution rate 2017, 2018: Not known: Total expenditure (Budget)" in text(department(sample_site, "en", key))


def test_a_text_has_lines_and_no_pages(sample_site: Path) -> None:
    """The first form of the text of 晋城 has its figures in the lines 76 to 106."""
    key = "晋城市行政审批服务管理局/2022/final_account/department"
    for language, lines, page_word in (("zh", "第 76–106 行", r"第 \d+ 页"), ("en", "lines 76–106", r"pages? \d")):
        document = disclosure(sample_site, language, key)
        places = [text(each) for each in document.xpath("//section[@class='form']/p[@class='where']")]
        assert lines in places[0]
        assert not re.search(page_word, " ".join(places))


def test_a_finding_without_a_page_names_its_file_once_and_missing_forms_by_their_titles(sample_site: Path) -> None:
    key = "晋城市行政审批服务管理局/2022/final_account/department"
    for language, missing in (("zh", "支出决算表、收入决算表"), ("en", "Expenditure 支出决算表, Income 收入决算表")):
        document = disclosure(sample_site, language, key)
        for finding in document.xpath(css("article.finding")):
            assert text(finding).count("晋城市行政审批服务管理局2022年度部门决算公开.txt") == 1
        assert missing in text(document.xpath("//section[@aria-labelledby='verdict']")[0])
    reasons = text(disclosure(sample_site, "zh", key).xpath(css("article.finding"))[0])
    assert "目录列出“支出决算表”，公开中没有" in reasons


def test_forms_are_counted_alike_on_the_page_of_the_department_and_of_the_disclosure(sample_site: Path) -> None:
    """晋城 has 6 forms with figures and 2 that say they are empty, of 10."""
    listed = department(sample_site, "zh", "晋城市行政审批服务管理局").xpath("//section[@aria-labelledby='its-years']//tbody/tr")
    assert [text(row[4]) for row in listed] == ["8 / 10"]
    verdict = disclosure(sample_site, "zh", "晋城市行政审批服务管理局/2022/final_account/department").xpath(css("dl.facts > div"))
    assert {text(pair[0]): text(pair[1]) for pair in verdict}["表（有／应有）"] == "8 / 10 · 其中空表 2 · 缺表 2"


@pytest.mark.parametrize(
    ("value", "printed", "printed_value", "unit", "shown"),
    [
        ("32351197.04", "3280.75", "32807500", "万元", "3,235.12 万元"),
        ("527149", "52.71", "527100", "万元", "52.715 万元"),  # to two decimals it would be what is printed
        ("527100.01", "52.71", "527100", "万元", "52.710001 万元"),
        ("64558473.12", "64558473.13", "64558473.13", "元", "64,558,473.12 元"),
        ("21.8", "121.8", "121.8", "%", "21.80 %"),
        ("140", "139", "139", "人", "140 人"),
        (None, "flat", None, None, "—"),
    ],
)
def test_what_a_figure_should_be_is_as_exact_as_it_is_printed(
    value: str | None, printed: str, printed_value: str | None, unit: str | None, shown: str
) -> None:
    number = None if value is None else Decimal(value)
    assert expected(number, printed, None if printed_value is None else Decimal(printed_value), unit) == shown


def test_what_a_sentence_says_in_words_is_translated(sample_site: Path) -> None:
    for language, word in (("zh", "持平"), ("en", "unchanged")):
        finding = disclosure(sample_site, language, f"{CITY}财政局/2022/final_account/department").xpath(css("article.finding"))[
            0
        ]
        assert word in [text(mark) for mark in finding.xpath(css("mark"))]


def test_simulated_departments_are_marked_on_every_page_and_real_ones_are_not(
    sample_site: Path, sample_warehouse: duckdb.DuckDBPyConnection
) -> None:
    for key, is_simulated in sample_warehouse.execute("select disclosure_key, is_simulated from marts.dim_disclosure").fetchall():
        for document in (disclosure(sample_site, "zh", key), department(sample_site, "en", key.split("/")[0])):
            assert bool(document.xpath(css("h1 .simulated"))) is is_simulated
    for listing in ("index.html", "departments.html", "findings.html", "codes.html"):
        for link in page(sample_site / "zh" / listing).xpath(
            "//td[a[contains(@href, 'department/')]] | //th[a[contains(@href, 'department/')]]"
        ):
            assert bool(link.xpath(css(".simulated"))) is text(link).startswith(CITY)


def test_the_overview_counts_what_the_warehouse_holds(sample_site: Path) -> None:
    figures = {text(pair[0]): text(pair[1]) for pair in page(sample_site / "en" / "index.html").xpath(css("dl.figures > div"))}
    assert figures == {
        "Departments": "22",
        "Fiscal years": "2017–2024",
        "Disclosures": "73",
        "Documents": "76",
        "Forms with figures": "595",
        "Forms that say they are empty": "82",
        "Missing forms": "3",
        "Amounts read": "24,626",
        "Findings": "20",
    }


# --- where figures come from


def test_the_queries_that_pages_show_answer_what_the_pages_say(
    sample_site: Path, sample_warehouse: duckdb.DuckDBPyConnection
) -> None:
    """As pasted: each runs, is narrowed to its page, and has the figures of the page."""

    def answer(document: html.HtmlElement, name: str) -> list[dict[str, object]]:
        found = sample_warehouse.execute(shown_queries(document)[name])
        columns = [column[0] for column in found.description or []]
        return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]

    overview = page(sample_site / "zh" / "index.html")
    quality = [[text(cell) for cell in row] for row in overview.xpath("//section[@aria-labelledby='quality']//tbody/tr")]
    columns = ("applicable", "evaluated", "consistent", "inconsistent", "not_evaluated")
    assert [row[1:] for row in quality] == [[f"{row[c]:,}" for c in columns] for row in answer(overview, "quality")]

    key = f"{CITY}财政局"
    about = department(sample_site, "zh", key)
    measured = {(r["metric"], r["disclosure_kind"], r["fiscal_year"]): r["value"] for r in answer(about, "metrics")}
    (growth,) = about.xpath("(//section[@aria-labelledby='over-years']//table)[1]//tr[th='支出增长率'][td[1]='决算']")
    years = [int(text(cell)) for cell in about.xpath("(//section[@aria-labelledby='over-years']//table)[1]/thead//th")[3:]]
    told = [text(cell) for cell in growth[3:]]
    values = [measured.get(("expenditure_growth", "final_account", year)) for year in years]
    assert told == ["—" if value is None else f"{value:,.2f}" for value in values]

    checked = disclosure(sample_site, "en", f"{CULTURE}/2022/final_account/department")
    totals: defaultdict[str, int] = defaultdict(int)
    for row in answer(checked, "checks"):
        for outcome in ("consistent", "inconsistent", "not_evaluated"):
            totals[outcome] += int(str(row[outcome]))
    summaries = [re.findall(r"\d+", text(each)) for each in checked.xpath(css("details.checks > summary"))]
    assert [sum(int(numbers[at]) for numbers in summaries) for at in range(3)] == list(totals.values())
    assert totals["inconsistent"] == 4

    for kind in ("department", "disclosure", "code"):
        for path in sorted((sample_site / "en" / kind).iterdir())[::9]:
            for name, sql in shown_queries(page(path)).items():
                narrow = "where" in sql.rpartition("select * from")[2]
                assert narrow, f"{path.name}: {name} is not narrowed"
                sample_warehouse.execute(sql).fetchall()


def test_every_query_reads_marts_alone_and_is_shown_somewhere(sample_site: Path) -> None:
    shown: set[str] = set()
    for path in (sample_site / "zh").rglob("*.html"):
        shown |= shown_queries(page(path)).keys()
    for name in query_names():
        assert set(re.findall(r"(?:from|join)\s+(\w+)\.\w+", narrowed(name))) == {"marts"}
    assert query_names() and shown >= set(query_names()) - {"differences"}  # the samples have no superseded document


def test_what_people_download_opens_in_a_spreadsheet(sample_site: Path, sample_warehouse: duckdb.DuckDBPyConnection) -> None:
    path = sample_site / "data" / f"{slug(PUTUO)}.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    expected = sample_warehouse.execute(
        "select count(*), sum(amount) from marts.fct_reported_amount where department_key = ?", [PUTUO]
    ).fetchone()
    assert (len(found), sum(Decimal(row["amount"] or 0) for row in found)) == expected


# --- what must hold for any warehouse


@pytest.fixture(scope="module")
def hostile(sample_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of departments, labels and files with names that mean harm, and of a document that another superseded."""
    folder = tmp_path_factory.mktemp("hostile")
    keys = [PUTUO, f"{CITY}市场监督管理局", f"{CITY}审计局", f"{CITY}畜牧兽医局"]
    bad = ["<script>alert('名')</script>", "../../..", "长" * 5000, "a\"b'c\x00\x1b[31m\u202e</title>"]
    changes = []
    for key, name in zip(keys, bad, strict=True):
        literal = "'" + name.replace("'", "''").replace("\x00", "' || chr(0) || '") + "'"
        for table in ("dim_department", "dim_department_name", "dim_disclosure", "rpt_finding", "rpt_disclosure_quality"):
            changes.append(f"update marts.{table} set department_name = {literal} where department_key = '{key}'")
    changes += [
        "update marts.fct_reported_amount set row_label = '</td><script>alert(1)</script>', "
        "column_header = '<b onclick=x> / \"y' where form_code = 'expenditure'",
        "update marts.fct_reported_amount set amount_text = '=1+1|<img src=x onerror=y>' where row_code = '2010602'",
        "update marts.fct_disclosed_form set title = '<h1>' || title || '&\"'",
        "update marts.dim_document set file_name = 'javascript:alert(1)//' || file_name",
        "update marts.rpt_finding set reason = '<svg onload=z>', sentence = '<iframe>' || coalesce(sentence, '')",
        "update marts.fct_expenditure_by_class set printed_name = '</svg><script>q</script>'",
        "update marts.dim_functional_classification set code = '../x', name = '</script><script>' where code = '20138'",
        f"update marts.dim_department set region = '</script><!--' where department_key = '{keys[1]}'",
        "create temp table chosen as select disclosure_key, min(document_id) as document_id from marts.dim_document "
        f"where disclosure_key like '{keys[2]}/2022/final%' group by all",
        "insert into marts.dim_document select * replace (sha256('other') as document_id, 'later.pdf' as file_name) "
        "from marts.dim_document where document_id in (select document_id from chosen)",
        "update marts.dim_document set is_current = false where document_id in (select document_id from chosen)",
        "update marts.bridge_disclosure_document set is_current = false, superseded_by_document_id = sha256('other'), "
        "reason = 'the other prints a later date' where document_id in (select document_id from chosen)",
        "update marts.fct_disclosed_form set is_current = false where document_id in (select document_id from chosen)",
    ]
    warehouse = small_warehouse(sample_home.warehouse, folder / "warehouse.duckdb", keys, *changes)
    build_site(warehouse, folder / "site", built_at="</footer><script>", build_id="<b>")
    return folder / "site"


def test_hostile_names_are_text(hostile: Path) -> None:
    check_links(hostile)
    for path in hostile.rglob("*.html"):
        document = page(path)
        raw = path.read_text(encoding="utf-8")
        assert not document.xpath("//iframe | //img | //b | //*[@onclick or @onload or @onerror]")
        assert all(script.get("src") and not script.text for script in document.xpath(css("script")))
        assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", raw.replace("\n", ""))
        assert "javascript:" not in "".join(links_of(document))
    assert "<script>alert('名')</script>" in text(department(hostile, "zh", PUTUO).xpath(css("h1"))[0])
    script = (hostile / "assets" / "search.js").read_text(encoding="utf-8")
    assert "<" not in script and json.loads(script.removeprefix("window.JUESUAN=").rstrip(";\n"))


def test_files_of_hostile_names_stay_in_the_folder_and_can_be_stored_anywhere(hostile: Path) -> None:
    for path in hostile.rglob("*"):
        assert len(path.name.encode()) <= 143
        assert re.fullmatch(r"[0-9A-Za-z\u3400-\u9fff._-]+", path.name)
        assert hostile in path.parents
    assert not [path for path in hostile.parent.iterdir() if path.name not in ("site", "warehouse.duckdb")]


def test_a_superseded_document_is_said_to_be_so(hostile: Path) -> None:
    document = disclosure(hostile, "en", f"{CITY}审计局/2022/final_account/department")
    listed = [text(row) for row in document.xpath("//section[@aria-labelledby='documents']//tbody/tr")]
    assert any("Superseded by later.pdf" in row and "the other prints a later date" in row for row in listed)
    assert all("superseded document" in text(form) for form in document.xpath(css("section.form > p.where") + "[1]"))


def test_a_cell_of_the_download_is_no_formula(hostile: Path) -> None:
    with (hostile / "data" / f"{slug(PUTUO)}.csv").open(encoding="utf-8-sig", newline="") as file:
        texts = {row["amount_text"] for row in csv.DictReader(file)}
    assert "'=1+1|<img src=x onerror=y>" in texts
    assert not [each for each in texts if each.startswith("=")]


def test_names_of_files_are_stable_and_told_apart() -> None:
    assert slug("云岭省澜溪市财政局") == slug("云岭省澜溪市财政局")
    assert len({slug(key) for key in ("../..", "..\\..", "a", "A", "财政局", "财政局 ", "")}) == 7
    assert href("a b/«c»?#.html", "x y") == "a%20b/%C2%ABc%C2%BB%3F%23.html#x%20y"


def test_the_same_warehouse_makes_the_same_bytes(sample_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once in this process and once in two others."""
    keys = [f"{CITY}司法局", f"{CITY}统计局"]
    warehouse = small_warehouse(sample_home.warehouse, tmp_path / "warehouse.duckdb", keys)
    build_site(warehouse, tmp_path / "a", built_at="t", build_id="b", processes=1)
    monkeypatch.setattr(building, "DEPARTMENTS_A_TASK", 1)
    monkeypatch.setattr(building, "DEPARTMENTS_A_PROCESS", 1)
    build_site(warehouse, tmp_path / "b", built_at="t", build_id="b", processes=2)

    def content(folder: Path) -> dict[str, bytes]:
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    assert content(tmp_path / "a") == content(tmp_path / "b")


def test_an_empty_warehouse_says_so(sample_home: Home, tmp_path: Path) -> None:
    warehouse = small_warehouse(
        sample_home.warehouse,
        tmp_path / "warehouse.duckdb",
        [],
        "delete from marts.dim_functional_classification",
        "delete from marts.dim_economic_classification",
    )
    summary = build_site(warehouse, tmp_path / "site", built_at="t", build_id="b")
    assert (summary.departments, summary.disclosures, summary.findings) == (0, 0, 0)
    check_links(tmp_path / "site")
    for file in ("index.html", "departments.html", "codes.html"):
        assert "仓库里还没有公开文件" in text(page(tmp_path / "site" / "zh" / file).xpath(css("#empty"))[0])


def test_both_languages_say_everything(root: Path) -> None:
    for name in ("words.yaml", "terms.yaml"):
        table = yaml.safe_load((root / "reporting" / "site" / name).read_text(encoding="utf-8"))
        for key, told in table.items():
            assert set(told) == {"zh", "en"} and all(told.values()), key
            names = [set(re.findall(r"{\w+}", told[language])) for language in LANGUAGES]
            assert names[0] == names[1], key


# --- the command


def test_the_command_builds_replaces_and_refuses(sample_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = tmp_path / "home"
    build = home / "builds" / "1"
    build.mkdir(parents=True)
    small_warehouse(sample_home.warehouse, build / "warehouse.duckdb", [PUTUO])
    (home / "current").symlink_to("builds/1")
    assert main(["--home", str(home), "site", "--json"]) == DONE
    told = json.loads(capsys.readouterr().out)
    assert told["departments"] == 1 and told["folder"] == str(home / "site")
    assert (home / "site" / "index.html").is_file()

    (home / "site" / "stale.html").write_text("old")
    assert main(["--home", str(home), "site", "--language", "en"]) == DONE
    assert not (home / "site" / "stale.html").exists() and not (home / "site" / "zh").exists()
    assert not page(home / "site" / "en" / "index.html").xpath(css("a.language"))

    other = tmp_path / "mine"
    other.mkdir()
    (other / "thesis.txt").write_text("years of work")
    assert main(["--home", str(home), "site", "--output", str(other)]) == FAILED
    assert (other / "thesis.txt").read_text() == "years of work"
    assert "no site of juesuan" in capsys.readouterr().err

    assert main(["--home", str(tmp_path / "nothing"), "site"]) == FAILED
    assert "no published warehouse" in capsys.readouterr().err
    assert not [path for path in home.iterdir() if path.name.startswith(".")]


def test_a_build_that_fails_leaves_the_site_before(sample_home: Home, tmp_path: Path) -> None:
    warehouse = small_warehouse(sample_home.warehouse, tmp_path / "warehouse.duckdb", [PUTUO])
    build_site(warehouse, tmp_path / "site", built_at="t", build_id="first", languages=["en"])
    with closing(duckdb.connect(str(warehouse))) as connection:
        connection.execute("drop table marts.fct_reported_amount")
    with pytest.raises(duckdb.Error):
        build_site(warehouse, tmp_path / "site", built_at="t", build_id="second", languages=["en"])
    assert "first" in (tmp_path / "site" / "site.json").read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site", "warehouse.duckdb"]


def test_a_link_is_not_written_through(sample_home: Home, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    with pytest.raises(NotASite):
        build_site(sample_home.warehouse, tmp_path / "link", built_at="t", build_id="b")
    assert not list((tmp_path / "real").iterdir())


def test_parquet_beside_the_site_is_linked(sample_home: Home, tmp_path: Path) -> None:
    """As in the folder of a build; a site elsewhere says that it is not there."""
    warehouse = small_warehouse(sample_home.warehouse, tmp_path / "warehouse.duckdb", [])
    (tmp_path / "marts").mkdir()
    (tmp_path / "marts" / "fct_metric.parquet").touch()
    (tmp_path / "datapackage.json").touch()
    build_site(warehouse, tmp_path / "site", built_at="t", build_id="b", languages=["en"])
    about = page(tmp_path / "site" / "en" / "about.html")
    assert {"../../marts/fct_metric.parquet", "../../datapackage.json"} <= set(links_of(about))
    check_links(tmp_path / "site")
