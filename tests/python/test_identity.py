"""Who published what: settled from the document, with the file name as a witness only."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.identity import clean_name, region_of
from ingest.parse import parse_file
from ingest.parsed import ParsedDocument, Rejected

FORM = """收入决算表
部门：{head}  {year}年度  金额单位：元
科目编码\t科目名称\t本年收入合计
合计\t\t1.00
"""


def parse(tmp_path: Path, cover: str, head: str, year: str = "2023", name: str = "a.txt") -> ParsedDocument:
    path = tmp_path / name
    path.write_text(cover + "\n" + FORM.format(head=head, year=year), encoding="utf8")
    return parse_file(path)


def test_cover_and_form_head_agree(tmp_path: Path) -> None:
    document = parse(tmp_path, "云岭省澜溪市水务局\n2023年度部门决算", "云岭省澜溪市水务局")
    found = document.disclosure
    assert (found.department_name, found.fiscal_year) == ("云岭省澜溪市水务局", 2023)
    assert (found.disclosure_kind, found.reporting_scope, found.region) == ("final_account", "department", "云岭省澜溪市")
    assert document.notices == ()


def test_a_year_in_chinese_numerals(tmp_path: Path) -> None:
    document = parse(tmp_path, "云岭省澜溪市水务局二〇二三年度部门决算", "云岭省澜溪市水务局")
    assert document.disclosure.fiscal_year == 2023
    assert document.notices == ()


def test_the_accounts_of_one_unit(tmp_path: Path) -> None:
    document = parse(tmp_path, "云岭省澜溪市水文站\n2023年度单位决算", "云岭省澜溪市水文站")
    assert document.disclosure.reporting_scope == "unit"


def test_another_year_in_a_form_head_is_reported_not_settled_silently(tmp_path: Path) -> None:
    document = parse(tmp_path, "云岭省澜溪市水务局\n2023年度部门决算", "云岭省澜溪市水务局", year="2022")
    assert document.disclosure.fiscal_year == 2023
    assert [(w.attribute, w.value, w.source) for w in document.witnesses if not w.agrees] == [
        ("fiscal_year", "2022", "form_head")
    ]
    assert [n.kind for n in document.notices] == ["identity_disagreement"]


def test_the_file_name_has_no_say_against_the_document(tmp_path: Path) -> None:
    document = parse(
        tmp_path, "云岭省澜溪市水务局\n2023年度部门决算", "云岭省澜溪市水务局", name="澜溪市财政局2021年度部门决算.txt"
    )
    assert (document.disclosure.department_name, document.disclosure.fiscal_year) == ("云岭省澜溪市水务局", 2023)
    assert {(w.attribute, w.value) for w in document.witnesses if not w.agrees} == {
        ("department_name", "澜溪市财政局"),
        ("fiscal_year", "2021"),
    }


def test_without_a_cover_the_form_heads_say_who_and_when(tmp_path: Path) -> None:
    document = parse(tmp_path, "", "云岭省澜溪市水务局")
    assert (document.disclosure.department_name, document.disclosure.fiscal_year) == ("云岭省澜溪市水务局", 2023)


def test_a_title_with_department_and_year_in_front_says_who_and_when(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        "云岭省澜溪市水务局2021年度收入决算表\n单位：元\n科目编码\t科目名称\t本年收入合计\n合计\t\t1.00\n", encoding="utf8"
    )
    found = parse_file(path)
    assert (found.disclosure.department_name, found.disclosure.fiscal_year) == ("云岭省澜溪市水务局", 2021)
    assert found.notices == ()


def test_where_the_document_is_silent_prose_decides_before_the_file_name_and_that_is_said(tmp_path: Path) -> None:
    body = "收入决算表\n部门：云岭省澜溪市水务局  单位：元\n科目编码\t科目名称\t本年收入合计\n合计\t\t1.00\n"
    prose = "2022年度收入合计1.00元。与2021年度相比，收入持平。\n"
    for text, year in ((body + prose, 2022), (body, 2020)):
        path = tmp_path / "澜溪市水务局2020年度部门决算.txt"
        path.write_text(text, encoding="utf8")
        document = parse_file(path)
        assert document.disclosure.fiscal_year == year
        assert "identity_weak" in [n.kind for n in document.notices]


def test_an_empty_department_line_names_nobody(tmp_path: Path) -> None:
    document = parse(tmp_path, "云岭省澜溪市水务局\n2023年度部门决算", "")
    assert document.disclosure.department_name == "云岭省澜溪市水务局"
    assert document.notices == ()


@pytest.mark.parametrize(
    ("printed", "named"),
    [
        ("辆、台、套", []),
        ("辆、台（套）", []),
        ("人次", []),
        ("省台办", ["省台办"]),
        ("云岭省人大", ["云岭省人大"]),
    ],
)
def test_what_is_counted_is_no_department(tmp_path: Path, printed: str, named: list[str]) -> None:
    document = parse(tmp_path, "云岭省澜溪市水务局\n2023年度部门决算", printed)
    heads = [w.value for w in document.witnesses if w.source == "form_head" and w.attribute == "department_name"]
    assert heads == named


def test_simulated_data_says_so(tmp_path: Path) -> None:
    cover = "云岭省澜溪市水务局\n2023年度部门决算\n本资料为模拟数据，机构与金额均为虚构"
    assert parse(tmp_path, cover, "云岭省澜溪市水务局").disclosure.is_simulated


def test_a_document_that_names_nobody_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("收入决算表\n单位：元\n科目编码\t科目名称\t本年收入合计\n合计\t\t1.00\n", encoding="utf8")
    with pytest.raises(Rejected) as refused:
        parse_file(path)
    assert refused.value.code == "identity_unknown"


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("上海市普陀区财政局", "上海市普陀区"),
        ("晋城市行政审批服务管理局", "晋城市"),
        ("江苏省人大常委会办公厅", "江苏省"),
        ("云岭省澜溪市民政局", "云岭省澜溪市"),
        ("澜溪市市场监督管理局", "澜溪市"),
        ("内蒙古自治区财政厅", "内蒙古自治区"),
        ("广西壮族自治区北海市银海区教育局", "广西壮族自治区北海市银海区"),
        ("财政部", None),
    ],
)
def test_the_region_is_what_a_name_begins_with(name: str, region: str | None) -> None:
    assert region_of(name) == region


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("第二部分 上海市普陀区财政局", "上海市普陀区财政局"),
        ("062001-晋城市行政审批服务管理局", "晋城市行政审批服务管理局"),
        ("一、澜溪市水务局：", "澜溪市水务局"),
    ],
)
def test_a_name_is_freed_from_what_stands_before_it(text: str, name: str) -> None:
    assert clean_name(text) == name


# Tables and prose in two files.

CHAPTERS = """{cover}
目录
第一部分 部门概况
第二部分 2023年度部门决算表
一、收入决算表
二、支出决算表
第三部分 2023年度部门决算情况说明
第四部分 名词解释
第一部分 部门概况
一、主要职能
贯彻执行水务工作的法律、法规。
第三部分 2023年度部门决算情况说明
{explanation}
第四部分 名词解释
一、财政拨款收入：指从本级财政取得的资金。
"""
EXPLANATION = "云岭省澜溪市水务局2023年度收入总计1,234.56万元，与上年相比增加34.56万元，增长2.88%。"


def explain(tmp_path: Path, text: str, name: str = "a.txt") -> ParsedDocument:
    path = tmp_path / name
    path.write_text(text, encoding="utf8")
    return parse_file(path)


def refusal(tmp_path: Path, text: str, name: str = "a.txt") -> Rejected:
    with pytest.raises(Rejected) as refused:
        explain(tmp_path, text, name)
    return refused.value


def test_prose_without_tables_is_a_document_of_its_disclosure(tmp_path: Path) -> None:
    document = explain(tmp_path, CHAPTERS.format(cover="云岭省澜溪市水务局2023年度部门决算", explanation=EXPLANATION))
    found = document.disclosure
    assert (found.department_name, found.fiscal_year, found.disclosure_kind) == ("云岭省澜溪市水务局", 2023, "final_account")
    assert [(f.form_code, f.status) for f in document.forms] == [("income", "missing"), ("expenditure", "missing")]
    assert [n.kind for n in document.notices] == ["explanation_only"]
    assert document.amounts == ()
    assert EXPLANATION in [s.text for s in document.sentences]


def test_who_explains_is_told_by_cover_department_line_prose_or_file_name(tmp_path: Path) -> None:
    anonymous = EXPLANATION.removeprefix("云岭省澜溪市水务局")
    for cover, explanation, name, sources in (
        ("澜溪市2023年市级部门决算\n预算主管部门：云岭省澜溪市水务局", anonymous, "a.txt", {"cover"}),
        ("", EXPLANATION, "a.txt", {"prose"}),
        ("", anonymous, "省级__云岭省澜溪市水务局__云岭省澜溪市水务局2023年度部门决算.txt", {"file_name"}),
        ("", anonymous, "云岭省澜溪市水务局__2023年度部门决算.txt", {"file_name"}),
    ):
        document = explain(tmp_path, CHAPTERS.format(cover=cover, explanation=explanation), name)
        assert document.disclosure.department_name == "云岭省澜溪市水务局"
        assert {w.source for w in document.witnesses if w.attribute == "department_name" and w.agrees} == sources


def test_a_name_that_leaves_out_its_place_says_nothing(tmp_path: Path) -> None:
    text = CHAPTERS.format(cover="", explanation=EXPLANATION.replace("云岭省澜溪市", "市"))
    assert refusal(tmp_path, text).code == "identity_unknown"


def test_what_explains_no_disclosure_is_rejected_with_the_reason(tmp_path: Path) -> None:
    whole = CHAPTERS.format(cover="云岭省澜溪市水务局2023年度部门决算", explanation=EXPLANATION)
    only_listed = whole[: whole.index("第一部分 部门概况\n一、")]
    glossary = "云岭省澜溪市水务局2023年度部门决算\n第四部分 名词解释\n一、财政拨款收入：指从本级财政取得的资金1元。\n"
    for text, reason in (
        (only_listed, "no chapter of it explains"),
        (glossary, "no chapter of it explains"),
        (whole.replace("部门概况", "前言").replace("主要职能", "引言").replace("名词解释", "附则"), "neither an overview"),
        (whole.replace("万元", "吨"), "states no sum of money"),
        (whole.replace("水务局2023年度部门决算\n", "财政局关于做好2023年度部门决算公开工作的通知\n", 1), "it calls itself 通知"),
        (whole.replace("部门决算", "财政决算"), "it calls itself 财政决算"),
        (whole.replace("部门决算", "决算").replace("部门概况", "基本情况"), "calls it 部门预算 or 部门决算"),
    ):
        refused = refusal(tmp_path, text)
        assert refused.code == "no_forms"
        assert reason in refused.message


@pytest.mark.parametrize(
    "heading", ["2023年度部门决算情况", "（一）收支决算总体情况", "三、决算编制说明", "## 第三部分 收入支出情况说明"]
)
def test_the_explanation_is_known_by_its_heading(tmp_path: Path, heading: str) -> None:
    text = CHAPTERS.format(cover="云岭省澜溪市水务局2023年度部门决算", explanation=EXPLANATION)
    assert explain(tmp_path, text.replace("第三部分 2023年度部门决算情况说明", heading)).disclosure.fiscal_year == 2023


def test_prose_with_as_many_placeholders_as_sums_is_a_template(tmp_path: Path) -> None:
    cover = "云岭省澜溪市水务局2023年度部门决算"
    two_sums = EXPLANATION
    one = CHAPTERS.format(cover=cover, explanation=two_sums + "\n主要用于XX项目。")
    assert explain(tmp_path, one).disclosure.fiscal_year == 2023
    two = CHAPTERS.format(cover=cover, explanation=two_sums + "\n主要用于XX项目。\n另用于XX项目。")
    assert refusal(tmp_path, two).code == "template"
