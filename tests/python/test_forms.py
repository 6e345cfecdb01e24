"""From neutral tables to rows and amounts, and what is refused. Tables are written as OCR text, the plainest format."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from ingest.parse import parse_file
from ingest.parsed import ParsedDocument, Rejected

HEAD = "云岭省澜溪市水务局\n2023年度部门决算\n"


def parse(tmp_path: Path, body: str) -> ParsedDocument:
    path = tmp_path / "a.txt"
    path.write_text(HEAD + body, encoding="utf8")
    return parse_file(path)


def amounts(document: ParsedDocument, form_code: str) -> list[tuple[str | None, str, str, str]]:
    return [(a.row_code, a.row_label, a.column_code, str(a.printed_value)) for a in document.amounts if a.form_code == form_code]


EXPENDITURE = """支出决算表
单位：万元
项目\t\t本年支出合计\t基本支出\t项目支出
科目编码\t科目名称\t\t\t
栏次\t\t1\t2\t3
合计\t\t10.00\t4.00\t6.00
213\t农林水支出\t10.00\t4.00\t6.00
"""


def test_rows_have_code_label_and_columns(tmp_path: Path) -> None:
    assert amounts(parse(tmp_path, EXPENDITURE), "expenditure") == [
        (None, "合计", "total", "10.00"),
        (None, "合计", "basic", "4.00"),
        (None, "合计", "project", "6.00"),
        ("213", "农林水支出", "total", "10.00"),
        ("213", "农林水支出", "basic", "4.00"),
        ("213", "农林水支出", "project", "6.00"),
    ]


def test_an_amount_knows_its_place_its_header_and_its_unit(tmp_path: Path) -> None:
    last = parse(tmp_path, EXPENDITURE).amounts[-1]
    # Line 9 of the file (two lines of head stand before), fifth cell.
    assert (last.source_page, last.source_row, last.source_column) == (1, 9, 5)
    assert (last.column_header, last.amount_text, last.unit, last.decimals) == ("项目支出", "6.00", "万元", 2)


def test_blank_is_no_amount_and_a_printed_zero_is_one(tmp_path: Path) -> None:
    body = EXPENDITURE.replace("213\t农林水支出\t10.00\t4.00\t6.00", "213\t农林水支出\t10.00\t\t0.00")
    rows = [a[2:] for a in amounts(parse(tmp_path, body), "expenditure") if a[0] == "213"]
    assert rows == [("total", "10.00"), ("project", "0.00")]


def test_a_code_with_an_odd_number_of_digits_is_kept_as_printed_and_reported(tmp_path: Path) -> None:
    document = parse(tmp_path, EXPENDITURE + "7\t其他支出\t1.00\t1.00\t\n")
    assert document.amounts[-1].row_code == "7"
    assert [(n.kind, n.form_code, n.source_row) for n in document.notices] == [("odd_code", "expenditure", 10)]


def test_an_unknown_header_over_figures_refuses_the_document_and_says_what_to_add(tmp_path: Path) -> None:
    with pytest.raises(Rejected) as refused:
        parse(tmp_path, EXPENDITURE.replace("项目支出", "横向课题支出"))
    assert refused.value.code == "unknown_header"
    assert "横向课题支出" in refused.value.message
    assert "[横向课题支出]" in (refused.value.paste or "")


def test_an_unknown_header_over_nothing_is_no_reason_to_refuse(tmp_path: Path) -> None:
    body = EXPENDITURE.replace("项目支出", "横向课题支出").replace("\t6.00", "\t")
    assert len(parse(tmp_path, body).amounts) == 4


def test_a_figure_that_no_rule_accounts_for_refuses_the_document(tmp_path: Path) -> None:
    with pytest.raises(Rejected) as refused:
        parse(tmp_path, EXPENDITURE.replace("213\t农林水支出\t10.00", "213\t农林水支出\t10.0.0"))
    assert refused.value.code == "leftover_figures"
    assert "10.0.0" in refused.value.message


def test_amounts_without_a_label_refuse_the_document(tmp_path: Path) -> None:
    with pytest.raises(Rejected) as refused:
        parse(tmp_path, EXPENDITURE + "\t\t1.00\t1.00\t0.00\n")
    assert refused.value.code == "leftover_figures"


def test_two_columns_of_one_meaning_refuse_the_document(tmp_path: Path) -> None:
    with pytest.raises(Rejected) as refused:
        parse(tmp_path, EXPENDITURE.replace("\t项目支出", "\t基本支出"))
    assert refused.value.code == "ambiguous_header"


def test_without_a_unit_nothing_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(Rejected) as refused:
        parse(tmp_path, EXPENDITURE.replace("单位：万元\n", ""))
    assert refused.value.code == "unit_unknown"


def test_a_form_without_a_unit_takes_that_of_all_others_and_says_so(tmp_path: Path) -> None:
    other = EXPENDITURE.replace("支出决算表", "一般公共预算财政拨款支出决算表").replace("单位：万元\n", "")
    document = parse(tmp_path, EXPENDITURE + "\n" + other)
    assert {a.unit for a in document.amounts} == {"万元"}
    assert [n.form_code for n in document.notices if n.kind == "unit_inherited"] == ["general_budget_expenditure"]


def test_a_label_before_the_last_block_goes_to_the_block_with_the_amount(tmp_path: Path) -> None:
    document = parse(
        tmp_path,
        """一般公共预算财政拨款基本支出决算表
单位：元
人员经费\t\t\t公用经费\t\t\t\t\t
科目编码\t科目名称\t决算数\t科目编码\t科目名称\t决算数\t科目编码\t科目名称\t决算数
301\t工资福利支出\t5.00\t302\t商品和服务支出\t3.00\t310\t资本性支出\t1.00
人员经费合计\t\t5.00\t公用经费合计\t\t\t\t\t4.00
""",
    )
    assert amounts(document, "general_budget_economic")[-2:] == [
        (None, "人员经费合计", "total", "5.00"),
        (None, "公用经费合计", "total", "4.00"),
    ]


SUMMARY = """收入支出决算总表
单位：万元
收入\t\t\t支出\t\t
项目\t行次\t决算数\t项目\t行次\t决算数
栏次\t\t1\t栏次\t\t2
一、一般公共预算财政拨款收入\t1\t7.10\t一、一般公共服务支出\t32\t7.00
本年收入合计\t27\t7.10\t本年支出合计\t58\t7.00

- 4 -

使用非财政拨款结余\t28\t\t结余分配\t59\t
年初结转和结余\t29\t0.10\t年末结转和结余\t60\t0.20
总计\t31\t7.20\t总计\t62\t7.20
"""


def test_a_summary_keeps_its_sides_apart_over_a_page_break(tmp_path: Path) -> None:
    document = parse(tmp_path, SUMMARY)
    sides = [(a.side, a.row_label, str(a.printed_value)) for a in document.amounts]
    assert sides == [
        ("income", "一、一般公共预算财政拨款收入", "7.10"),
        ("expenditure", "一、一般公共服务支出", "7.00"),
        ("income", "本年收入合计", "7.10"),
        ("expenditure", "本年支出合计", "7.00"),
        ("income", "年初结转和结余", "0.10"),
        ("expenditure", "年末结转和结余", "0.20"),
        ("income", "总计", "7.20"),
        ("expenditure", "总计", "7.20"),
    ]


THREE_PUBLIC = """财政拨款“三公”经费支出决算表
单位：元
预算数\t\t\t\t\t\t决算数\t\t\t\t\t
合计\t因公出国（境）费\t公务用车购置及运行维护费\t\t\t公务接待费\t合计\t因公出国（境）费\t公务用车购置及运行维护费\t\t\t公务接待费
\t\t小计\t公务用车购置费\t公务用车运行维护费\t\t\t\t小计\t公务用车购置费\t公务用车运行维护费\t
1\t2\t3\t4\t5\t6\t7\t8\t9\t10\t11\t12
9\t\t6\t\t6\t3\t8\t\t6\t\t6\t2
"""


def test_the_numbers_of_columns_are_no_amounts(tmp_path: Path) -> None:
    document = parse(tmp_path, THREE_PUBLIC)
    assert [(a.row_label, a.column_code, int(a.printed_value)) for a in document.amounts] == [
        ("budget", "total", 9),
        ("budget", "vehicles", 6),
        ("budget", "vehicle_operation", 6),
        ("budget", "official_reception", 3),
        ("final", "total", 8),
        ("final", "vehicles", 6),
        ("final", "vehicle_operation", 6),
        ("final", "official_reception", 2),
    ]


def test_the_subtotal_of_three_public_expenses_is_no_total_beside_meetings(tmp_path: Path) -> None:
    document = parse(
        tmp_path,
        """一般公共预算财政拨款“三公”经费及会议费、培训费支出决算表
单位：元
“三公”经费\t\t\t会议费\t培训费
小计\t因公出国（境）费\t公务接待费\t\t
9\t6\t3\t5\t4
""",
    )
    assert [a.column_code for a in document.amounts] == [
        "three_public_subtotal",
        "overseas_travel",
        "official_reception",
        "meetings",
        "training",
    ]


def test_a_second_set_of_forms_is_reported_and_not_mixed_in(tmp_path: Path) -> None:
    between = SUMMARY.replace("- 4 -", "")
    document = parse(tmp_path, EXPENDITURE + "\n" + between + "\n" + EXPENDITURE.replace("10.00", "1.00"))
    assert [n.kind for n in document.notices] == ["form_repeated"]
    printed = {str(a.printed_value) for a in document.amounts if a.form_code == "expenditure"}
    assert printed == {"10.00", "4.00", "6.00"}


def test_a_form_that_says_it_is_empty_and_prints_figures_is_reported(tmp_path: Path) -> None:
    document = parse(tmp_path, THREE_PUBLIC + "注：本部门无“三公”经费，故本表为空表。\n")
    assert [n.form_code for n in document.notices if n.kind == "contradictory_note"] == ["three_public_expenses"]
    assert len(document.amounts) == 8


def test_a_form_of_a_title_and_a_remark_has_no_data(tmp_path: Path) -> None:
    note = "注：本表反映部门本年度政府性基金预算财政拨款收入、支出及结转和结余情况。\n本部门没有此项收支，故本表无数据。\n"
    document = parse(tmp_path, EXPENDITURE + "\n政府性基金预算财政拨款收入支出决算表\n单位：万元\n" + note)
    assert [(f.form_code, f.status) for f in document.forms] == [("expenditure", "present"), ("government_funds", "no_data")]


def test_a_form_that_the_contents_promise_and_nobody_finds_is_missing(tmp_path: Path) -> None:
    document = parse(tmp_path, "目录\n一、收入决算表.....3\n二、支出决算表.....4\n正文\n" + EXPENDITURE)
    assert [(f.form_code, f.status) for f in document.forms] == [("expenditure", "present"), ("income", "missing")]
    assert [n.kind for n in document.notices] == ["form_missing"]


def test_a_form_without_a_table_that_can_be_seen_refuses_the_document_instead_of_being_missing(tmp_path: Path) -> None:
    with pytest.raises(Rejected) as refused:
        parse(tmp_path, EXPENDITURE + "\n收入决算表\n单位：万元\n合计 10.00 4.00\n213 农林水支出 10.00 4.00\n")
    assert refused.value.code == "unruled_table"


def test_basic_expenditure_is_the_total_of_a_form_that_has_nothing_else(tmp_path: Path) -> None:
    document = parse(
        tmp_path,
        """一般公共预算财政拨款基本支出决算表
单位：元
科目编码\t科目名称\t本年基本支出\t\t
\t\t合计\t人员经费\t公用经费
301\t工资福利支出\t5.00\t5.00\t
""",
    )
    assert [a[2:] for a in amounts(document, "general_budget_economic")] == [("total", "5.00"), ("personnel", "5.00")]


def test_an_empty_template_is_recognised(tmp_path: Path) -> None:
    empty = EXPENDITURE.replace("10.00", "").replace("4.00", "").replace("6.00", "")
    with pytest.raises(Rejected) as refused:
        parse(tmp_path, "填报说明：上海市XX局\n" + empty)
    assert refused.value.code == "template"


def test_an_ordinary_document_without_forms_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Rejected) as refused:
        parse(tmp_path, "关于召开会议的通知\n各单位：\n序号\t单位\n1\t水务局\n")
    assert refused.value.code == "no_forms"


def test_the_sum_of_what_is_read_is_exact(tmp_path: Path) -> None:
    document = parse(tmp_path, EXPENDITURE.replace("10.00", "0.30").replace("4.00", "0.10").replace("6.00", "0.20"))
    row = {a.column_code: a.printed_value for a in document.amounts if a.row_code == "213"}
    assert row["basic"] + row["project"] == row["total"] == Decimal("0.30")


def test_a_running_head_does_not_cut_a_form_in_two(tmp_path: Path) -> None:
    rows = ["213\t农林水支出\t10.00\t4.00\t6.00", "21303\t水利\t10.00\t4.00\t6.00", "2130301\t行政运行\t10.00\t4.00\t6.00"]
    head = "云岭省澜溪市水务局二〇二三年部门决算报告"
    pages = [EXPENDITURE.replace(rows[0] + "\n", ""), *(f"{row}\n" for row in rows)]
    document = parse(tmp_path, "\f".join(f"{head}\n{page}" for page in pages))
    assert [a.row_code for a in document.amounts if a.column_code == "total"] == [None, "213", "21303", "2130301"]


def test_a_continuation_that_cannot_be_placed_refuses_the_document(tmp_path: Path) -> None:
    rows = "".join(f"2130{n}\t某事务\t1.00\t1.00\t0.00\n" for n in range(1, 5))
    with pytest.raises(Rejected) as refused:
        parse(tmp_path, EXPENDITURE + "以上为部门支出的第一部分，其余见后文所列的表格内容。\n" + rows)
    assert refused.value.code == "unassigned_table"


def test_a_table_under_an_unknown_title_is_reported_with_that_title(tmp_path: Path) -> None:
    other = "云岭专项资金安排表\n单位：万元\n科目编码\t项目\t安排数\n2130301\t某项目\t5.00\n"
    document = parse(tmp_path, EXPENDITURE + "注：本表反映部门本年度各项支出情况。\n\n" + other)
    assert [(n.kind, n.paste) for n in document.notices] == [("unknown_form", "titles:\n  - 云岭专项资金安排表\n")]


def test_percentages_beside_amounts_are_no_amounts(tmp_path: Path) -> None:
    body = EXPENDITURE.replace("\t项目支出\n", "\t项目支出\t占比（%）\n").replace("4.00\t6.00\n", "4.00\t6.00\t100.00\n")
    assert {a.column_code for a in parse(tmp_path, body).amounts} == {"total", "basic", "project"}


def test_a_contents_table_is_no_form(tmp_path: Path) -> None:
    contents = "序号\t报表名称\t页码\n1\t收入决算表\t3\n2\t支出决算表\t4\n\n正文\n"
    document = parse(tmp_path, contents + EXPENDITURE)
    assert [(f.form_code, f.status) for f in document.forms] == [("expenditure", "present"), ("income", "missing")]


def test_income_under_one_heading_is_no_movement(tmp_path: Path) -> None:
    body = """收入决算表
单位：万元
科目编码\t科目名称\t本年收入\t\t
\t\t合计\t财政拨款收入\t其他收入
213\t农林水支出\t10.00\t9.00\t1.00
"""
    columns = [a.column_code for a in parse(tmp_path, body).amounts]
    assert columns == ["total", "appropriation", "other_income"]


def test_html_tables_in_markdown_show_their_merged_cells(tmp_path: Path) -> None:
    body = """# 支出决算表
单位：万元
<table><tr><td colspan="2">项目</td><td rowspan="2">本年支出合计</td><td rowspan="2">基本支出</td></tr>
<tr><td>科目编码</td><td>科目名称</td></tr>
<tr><td>213</td><td>农林水<br>支出</td><td>10.00</td><td>&nbsp;</td></tr></table>
"""
    document = parse(tmp_path, body)
    assert amounts(document, "expenditure") == [("213", "农林水支出", "total", "10.00")]
    assert (document.media_type, document.amounts[0].source_row) == ("text/markdown", 3)


def test_rows_of_a_table_on_one_line_have_places_of_their_own(tmp_path: Path) -> None:
    row = "<tr><td>{0}</td><td>某事务</td><td>1.00</td></tr>"
    head = "<tr><td>科目编码</td><td>科目名称</td><td>本年支出合计</td></tr>"
    body = f"# 支出决算表\n单位：万元\n<table>{head}{row.format(213)}{row.format(21303)}</table>\n"
    assert [(a.source_table, a.source_row) for a in parse(tmp_path, body).amounts] == [(1, 2), (1, 3)]


DETAIL = """一般公共预算财政拨款支出决算明细表
单位：万元
科目编码\t科目名称\t金额
301\t工资福利支出\t7.00
"""
BASIC = """一般公共预算财政拨款基本支出决算表
单位：万元
科目编码\t科目名称\t金额
301\t工资福利支出\t5.00
"""


@pytest.mark.parametrize("body", [DETAIL + BASIC, BASIC + DETAIL, DETAIL + EXPENDITURE + BASIC])
def test_two_titles_of_one_pattern_are_two_forms_in_whatever_order(tmp_path: Path, body: str) -> None:
    document = parse(tmp_path, body)
    assert amounts(document, "general_budget_economic") == [("301", "工资福利支出", "total", "5.00")]
    assert amounts(document, "general_budget_detail") == [("301", "工资福利支出", "total", "7.00")]
    assert document.notices == ()


def test_alone_the_detailed_form_is_the_form_of_economic_classes(tmp_path: Path) -> None:
    assert amounts(parse(tmp_path, DETAIL), "general_budget_economic") == [("301", "工资福利支出", "total", "7.00")]


STACKED = "合计\t公务接待费\n{0}\t{0}\n"


def test_blocks_of_three_public_expenses_under_lines_that_name_them(tmp_path: Path) -> None:
    head = "财政拨款“三公”经费支出决算表\n单位：元\n"
    document = parse(tmp_path, head + "预算数\n" + STACKED.format(9) + "决算数\n" + STACKED.format(8))
    assert [(a.row_label, a.column_code, int(a.printed_value)) for a in document.amounts] == [
        ("budget", "total", 9),
        ("budget", "official_reception", 9),
        ("final", "total", 8),
        ("final", "official_reception", 8),
    ]


def test_two_rows_of_three_public_expenses_that_nothing_tells_apart_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Rejected) as refused:
        parse(tmp_path, "财政拨款“三公”经费支出决算表\n单位：元\n合计\t公务接待费\n9\t9\n8\t8\n")
    assert refused.value.code == "ambiguous_header"


CUT = """财政拨款收入支出决算总表
单位：万元
收入\t\t\t支出\t\t
项目\t行次\t金额\t项目\t行次\t合计
本年收入合计\t27\t7.00\t本年支出合计\t59\t7.00
"""


def test_a_name_that_a_page_break_cut_is_joined_and_a_numbered_row_is_not(tmp_path: Path) -> None:
    pages = [
        CUT + "年初财政拨款\t28\t8.56\t年末财政拨款\t60\t8.50\n",
        "结转和结余\t\t\t结转和结余\t\t\n一般公共预算财政拨款\t29\t8.56\t\t61\t\n",
        "政府性基金预算财政拨款\t30\t\t\t62\t\n总计\t32\t15.56\t总计\t64\t15.56\n",
    ]
    labels = [a.row_label for a in parse(tmp_path, "\f".join(pages)).amounts]
    assert labels[2:5] == ["年初财政拨款结转和结余", "年末财政拨款结转和结余", "一般公共预算财政拨款"]


def test_codes_in_three_columns_of_a_text_need_no_row_that_says_so(tmp_path: Path) -> None:
    body = """支出决算表
单位：万元
项目\t\t\t\t本年支出合计\t基本支出\t项目支出
功能分类科目编码\t\t\t科目名称\t\t\t
合计\t\t\t\t10.00\t4.00\t6.00
213\t\t\t农林水支出\t10.00\t4.00\t6.00
213\t03\t\t水利\t10.00\t4.00\t6.00
213\t03\t01\t行政运行\t10.00\t4.00\t6.00
"""
    read = amounts(parse(tmp_path, body), "expenditure")
    assert [a[0] for a in read if a[2] == "total"] == [None, "213", "21303", "2130301"]


def test_three_public_expenses_as_one_block_under_the_other_in_a_text(tmp_path: Path) -> None:
    body = """财政拨款“三公”经费支出决算表
单位：万元
预算数\t\t\t\t\t
合计\t因公出国（境）费\t公务用车购置及运行维护费\t\t\t公务接待费
\t\t小计\t公务用车购置费\t公务用车运行维护费\t
1\t2\t3\t4\t5\t6
5.00\t\t3.00\t\t3.00\t2.00
决算数\t\t\t\t\t
合计\t因公出国（境）费\t公务用车购置及运行维护费\t\t\t公务接待费
\t\t小计\t公务用车购置费\t公务用车运行维护费\t
7\t8\t9\t10\t11\t12
4.00\t\t3.00\t\t3.00\t1.00
"""
    read = amounts(parse(tmp_path, body), "three_public_expenses")
    assert [a[1:] for a in read if a[2] == "total"] == [("budget", "total", "5.00"), ("final", "total", "4.00")]
    assert len(read) == 8


def test_the_markup_of_cells_in_markdown_is_not_printed(tmp_path: Path) -> None:
    body = """支出决算表
单位：万元

| **科目编码** | 科目<br>名称 | **本年支出合计** |
|---|---|---|
|  | **合计** | $10.00$ |

<!-- page -->

| 213 | 农林水支出 | **10.00** |
"""
    read = amounts(parse(tmp_path, body), "expenditure")
    assert read == [(None, "合计", "total", "10.00"), ("213", "农林水支出", "total", "10.00")]


def test_a_table_under_a_title_of_its_own_continues_nothing_however_many_columns_it_has(tmp_path: Path) -> None:
    other = "专户资金支出表\n" + "\n".join(EXPENDITURE.splitlines()[2:]) + "\n" + "213\t水利\t1.00\t1.00\t0.00\n" * 3
    document = parse(tmp_path, EXPENDITURE + other)
    assert len(amounts(document, "expenditure")) == 6
    assert [n.kind for n in document.notices] == ["unknown_form"]


def test_what_stands_three_times_between_the_parts_of_a_table_is_a_running_head(tmp_path: Path) -> None:
    def split_over(pages: int) -> str:
        parts = ("".join(f"2130{page}{row:02}\t水利\t1.00\t1.00\t0.00\n" for row in (1, 2, 3)) for page in range(1, pages + 1))
        return EXPENDITURE + "".join(f"澜溪市水务局文件\n{part}" for part in parts)

    assert len(amounts(parse(tmp_path, split_over(3)), "expenditure")) == 6 + 27
    with pytest.raises(Rejected) as refused:
        parse(tmp_path, split_over(2))
    assert refused.value.code == "unassigned_table"


def test_last_year_beside_this_year_has_identifiers_of_its_own_and_differences_are_no_amounts(tmp_path: Path) -> None:
    body = """一般公共预算支出表
单位：万元
科目编码\t科目名称\t2022年执行数\t2023年预算数\t\t\t2023年预算数比2022年执行数\t
\t\t\t小计\t基本支出\t项目支出\t增减额\t增减%
213\t农林水支出\t9.00\t10.00\t4.00\t6.00\t1.00\t11.1
"""
    read = amounts(parse(tmp_path, body), "general_budget_expenditure")
    assert [a[2:] for a in read] == [("prior_year_total", "9.00"), ("total", "10.00"), ("basic", "4.00"), ("project", "6.00")]


def test_the_number_of_a_unit_is_no_classification(tmp_path: Path) -> None:
    body = """部门收入总表
单位：万元
部门（单位）代码\t部门（单位）名称\t合计\t一般公共预算\t单位资金
101001\t澜溪市水务局\t10.00\t4.00\t6.00
"""
    read = amounts(parse(tmp_path, body), "income")
    assert [(a[0], a[2]) for a in read] == [(None, "total"), (None, "general_public_budget"), (None, "unit_funds")]


def test_an_extra_form_after_three_public_expenses_is_none_of_their_rows(tmp_path: Path) -> None:
    body = """三公经费支出表
单位：万元
合计\t因公出国（境）费\t公务接待费
3.00\t1.00\t2.00
项目支出表
单位：万元
类型\t项目名称\t合计\t单位资金
特定目标类\t水利工程\t10.00\t10.00
"""
    assert {a[3] for a in amounts(parse(tmp_path, body), "three_public_expenses")} == {"3.00", "1.00", "2.00"}


def test_the_sources_of_this_years_income_are_named_as_elsewhere_and_its_sum_stays_apart_from_the_total(tmp_path: Path) -> None:
    body = """部门收入总表
单位：万元
<table><tr><td rowspan="2">部门（单位）名称</td><td rowspan="2">合计</td>
<td colspan="2">本年收入</td><td colspan="2">上年结转结余</td></tr>
<tr><td>小计</td><td>一般公共预算</td><td>小计</td><td>一般公共预算</td></tr>
<tr><td>澜溪市水务局</td><td>12.00</td><td>10.00</td><td>10.00</td><td>2.00</td><td>2.00</td></tr></table>
"""
    codes = [a[2] for a in amounts(parse(tmp_path, body), "income")]
    assert codes == ["total", "income", "general_public_budget", "opening_balance", "opening_balance_general_public_budget"]
