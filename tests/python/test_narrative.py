"""What sentences state: each kind of claim, and what is no claim."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ingest.document import Box, Cell, Document, Line, Page, Table
from ingest.narrative import Narrative, read_narrative
from ingest.narrative.outline import split_heading
from ingest.narrative.paragraphs import paragraphs
from ingest.parsed import Claim, Disclosure

EM = 15.0
LEFT = 90.0


def text_document(*lines: str) -> Document:
    return Document("text/plain", (Page(1, tuple(Line(1, number, text) for number, text in enumerate(lines, start=1))),))


def line(page: int, number: int, text: str, indent: float = 0, full: bool = True) -> Line:
    """A line on a page whose text area is 28 characters wide."""
    x0 = LEFT + indent * EM
    width = sum(0.5 if ord(character) < 0x2000 else 1.0 for character in text.replace(" ", "")) * EM
    x1 = LEFT + 28 * EM if full else x0 + width
    return Line(page, number, text, Box(x0, 100.0 + 30 * number, x1, 115.0 + 30 * number))


def read(*lines: str, year: int = 2022, kind: str = "final_account") -> Narrative:
    return read_narrative(text_document(*lines), Disclosure("某局", year, kind, "department", None, False))


def claims(text: str, year: int = 2022, kind: str = "final_account") -> list[Claim]:
    return list(read(text, year=year, kind=kind).claims)


def brief(claim: Claim) -> tuple[object, ...]:
    """Kind, subject, value with unit, change with unit, direction, percent, compared with."""
    value = None if claim.printed_value is None else f"{claim.printed_value}{claim.unit}"
    delta = None if claim.printed_delta is None else f"{claim.printed_delta}{claim.delta_unit}"
    percent = None if claim.printed_percent is None else f"{claim.printed_percent}%"
    return claim.claim_kind, claim.subject, value, delta, claim.direction, percent, claim.compared_with


# --- Paragraphs and sections ---


def test_a_number_that_a_line_end_breaks_is_whole_again() -> None:
    page = Page(
        1,
        (
            line(1, 1, "机关运行经费支出142.80万元，比2021年度增加1062", indent=2),
            line(1, 2, ".85万元，增长12.", full=False),
            line(1, 3, "08%。", full=False),
        ),
    )
    found = [p.text for p in paragraphs(Document("application/pdf", (page,)))]
    assert found == ["机关运行经费支出142.80万元，比2021年度增加1062.85万元，增长12.08%。"]


def test_an_indent_begins_a_paragraph_and_a_page_number_is_no_text() -> None:
    first = Page(1, (line(1, 1, "本年支出合计9759.38万元，其中：基本", indent=2), line(1, 2, "─ 7 ─", indent=24, full=False)))
    second = Page(
        2, (line(2, 1, "支出5377.64万元，占55.10%。", full=False), line(2, 2, "四、财政拨款收支总体情况", indent=2, full=False))
    )
    found = list(paragraphs(Document("application/pdf", (first, second))))
    assert [p.text for p in found] == [
        "本年支出合计9759.38万元，其中：基本支出5377.64万元，占55.10%。",
        "四、财政拨款收支总体情况",
    ]
    assert [found[0].place(offset) for offset in (0, 20, 21, 30)] == [(1, 1), (1, 1), (2, 1), (2, 1)]


def test_a_table_ends_a_paragraph() -> None:
    table = Table(1, 1, 1, 1, (), (1,))
    page = Page(1, (line(1, 1, "纳入决算编制范围的单位包括", indent=2), table, line(1, 2, "三家事业单位。", full=False)))
    assert [p.text for p in paragraphs(Document("application/pdf", (page,)))] == ["纳入决算编制范围的单位包括", "三家事业单位。"]


def test_prose_in_a_frame_and_headings_in_markdown_are_read() -> None:
    frame = Table(
        1, 1, 1, 1, (Cell(1, 1, "## 三、支出决算情况说明\n本年支出合计9759.38\n万元，其中：基本支出5377.64万元。"),), (7,)
    )
    found = list(paragraphs(Document("application/pdf", (Page(1, (frame,)),))))
    assert [p.text for p in found] == ["三、支出决算情况说明", "本年支出合计9759.38万元，其中：基本支出5377.64万元。"]
    assert found[1].place(0) == (1, 7)


def test_sections_follow_the_systems_of_numbering_not_the_numbers() -> None:
    narrative = read(
        "第三部分 情况说明",
        "七、一般公共预算财政拨款支出决算情况说明",
        "（二）结构情况。",
        "住房保障支出（类）5.00万元，占比4.51%。",
        "三、其他重要事项",
        "（一）机关运行经费支出情况。2022年机关运行经费支出3.00万元。",
    )
    assert [s.section for s in narrative.sentences] == [
        "第三部分情况说明 / 七、一般公共预算财政拨款支出决算情况说明 / （二）结构情况",
        "第三部分情况说明 / 三、其他重要事项 / （一）机关运行经费支出情况",
    ]


@pytest.mark.parametrize(
    ("text", "is_heading"),
    [
        ("（一）一般公共服务（类）", True),
        ("九、财政拨款“三公”经费支出决算情况说明。", True),
        ("（十五）决定授予地方的荣誉称号。", False),  # an item of a list
        ("（一）人员经费7670.82万元。", False),
        ("1.5万元用于培训", False),
    ],
)
def test_what_is_a_heading(text: str, is_heading: bool) -> None:
    assert (split_heading(text)[0] is not None) == is_heading


# --- Kinds of claims ---


def test_an_amount_with_a_share_is_both() -> None:
    found = claims(
        "2022年度支出合计29,079,236.59元，其中：基本支出16,746,103.98元，占比57.59%；项目支出12,333,132.61元，占比42.41%。"
    )
    assert [(*brief(c)[:3], c.printed_percent, c.share_base) for c in found] == [
        ("amount", "支出合计", "29079236.59元", None, None),
        ("amount", "基本支出", "16746103.98元", None, None),
        ("share", "基本支出", "16746103.98元", Decimal("57.59"), "支出合计"),
        ("amount", "项目支出", "12333132.61元", None, None),
        ("share", "项目支出", "12333132.61元", Decimal("42.41"), "支出合计"),
    ]
    assert [c.whole_order for c in found] == [None, 1, 1, 1, 1]
    assert {c.base_measure for c in found if c.claim_kind == "share"} == {"current_expenditure"}


def test_a_change_takes_its_rate_from_the_next_clause_and_its_value_from_the_sentence_before() -> None:
    found = claims("某局2022年度收入支出总计2995.39万元。与2021年度相比，收入支出总计减少56.95万元，下降1.87%。")
    assert brief(found[1]) == ("change", "收入支出总计", "2995.39万元", "56.95万元", "decrease", "1.87%", "2021")
    assert (found[1].value_order, found[1].quote) == (1, "与2021年度相比，收入支出总计减少56.95万元，下降1.87%。")


def test_a_completion_knows_its_budget_and_the_words_about_it() -> None:
    found = claims("年初预算为452.40万元，支出决算为446.11万元，完成年初预算的98.61%。决算数小于预算数的主要原因：基数变更。")
    assert [(c.claim_kind, c.phase, c.printed_value) for c in found] == [
        ("amount", "initial_budget", Decimal("452.40")),
        ("amount", "final", Decimal("446.11")),
        ("completion", "final", Decimal("446.11")),
    ]
    assert brief(found[2])[4:] == ("below", "98.61%", "initial_budget")


def test_words_about_a_budget_belong_to_the_item_that_they_follow() -> None:
    narrative = read(
        "1.教育支出（类）普通教育（款）小学教育（项）。年初预算为10.00万元，支出决算为9.80万元，完成年初预算的98.00%。",
        "2.教育支出（类）普通教育（款）初中教育（项）。年初预算为5.00万元，支出决算为5.00万元。决算数与预算数持平。",
    )
    found = [(c.item_name, c.direction, c.printed_percent) for c in narrative.claims if c.claim_kind == "completion"]
    assert found == [("小学教育", None, Decimal("98.00")), ("初中教育", "equal", None)]


def test_the_budget_may_be_stated_after_the_outcome() -> None:
    found = claims("公务接待费支出决算5.00万元，年初预算8.00万元，完成预算的62.50%。")
    assert [(c.phase, c.printed_value) for c in found[:2]] == [("final", Decimal("5.00")), ("initial_budget", Decimal("8.00"))]
    assert brief(found[2])[1:3] == ("公务接待费支出", "5.00万元")
    assert found[2].compared_with == "initial_budget"


def test_a_comparison_without_a_rate_is_a_completion_too() -> None:
    found = claims("年初预算为10.00万元，支出决算为10.00万元。决算数与预算数基本持平。")
    assert brief(found[-1]) == ("completion", found[-1].subject, "10.00万元", None, "equal", None, "initial_budget")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("公务接待费支出5,060.00元，与上年相同，主要原因是本年度无此项支出。", ("5060.00元", None, "flat", None, "2021")),
        ("公务接待费支出0万元，比上年预算增加（减少）0万元。", ("0万元", "0万元", "flat", None, "2021")),
        ("公务接待费支出3万元，比2019年减少1.5万元，下降33.33%。", ("3万元", "1.5万元", "decrease", "33.33%", "2019")),
        ("公务接待费支出3万元，同比增长5%（增加0.14万元）。", ("3万元", "0.14万元", "increase", "5%", "2021")),
        ("公务接待费支出3万元，比上年增长-5%。", ("3万元", None, "decrease", "5%", "2021")),
        ("公务接待费支出3万元，比上年增长5。", ("3万元", None, "increase", "5%", "2021")),  # the percent sign is left out
        ("公务接待费支出3万元，本年数小于上年预算数2万元，原因是压减。", ("3万元", "2万元", "decrease", None, "2021")),
        ("公务接待费支出决算3万元，决算数大于预算数1万元，主要原因是调标。", ("3万元", "1万元", "increase", None, "budget")),
        ("公务接待费支出3万元，较年初预算减少2万元，下降40%。", ("3万元", "2万元", "decrease", "40%", "initial_budget")),
    ],
)
def test_changes(text: str, expected: tuple[str | None, ...]) -> None:
    change = next(c for c in claims(text) if c.claim_kind == "change")
    assert change.measure == "official_reception"
    assert brief(change)[2:] == expected


def test_two_comparisons_are_two_changes() -> None:
    text = "“三公”经费支出决算比上年增加2万元，增长10%，比2019年减少4万元，下降15.38%。"
    found = [brief(c)[3:] for c in claims(text) if c.claim_kind == "change"]
    assert found == [("2万元", "increase", "10%", "2021"), ("4万元", "decrease", "15.38%", "2019")]


def test_a_reason_states_changes_of_its_own() -> None:
    text = (
        "项目支出6333.96万元。与上年相比增加480万元。"
        "主要原因是新增办公用房专项经费280万元，内网改造专项经费200万元，会议费压减10%。"
    )
    found = [brief(c)[1:6] for c in claims(text) if c.claim_kind == "change"]
    assert found == [
        ("项目支出", "6333.96万元", "480万元", "increase", None),
        ("办公用房专项经费", None, "280万元", "increase", None),
        ("内网改造专项经费", None, "200万元", "increase", None),
        ("会议费", None, None, "decrease", "10%"),
    ]


def test_the_net_of_a_reason_is_the_change_of_the_whole() -> None:
    """It goes against the change before it, and the budget that it names is its own."""
    text = "项目支出1469.73万元，与上年相比增加164.48万元。主要原因是会议费压减10%，增减相抵后项目支出预算数增加164.48万元。"
    found = [brief(c)[1:] for c in claims(text, kind="budget") if c.claim_kind == "change"]
    assert found == [
        ("项目支出", "1469.73万元", "164.48万元", "increase", None, "2021"),
        ("会议费", None, None, "decrease", "10%", "2021"),
        ("项目支出", "1469.73万元", "164.48万元", "increase", None, "2021"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本表支出数与《部门基本支出预算表》的“商品和服务支出”支出数一致。", []),  # with a form, not with a year
        ("基本支出5万元，今年新增支出。", [("基本支出", "5万元", None, "increase", None, "2021")]),
    ],
)
def test_what_agrees_with_a_form_and_what_is_new(text: str, expected: list[tuple[object, ...]]) -> None:
    assert [brief(c)[1:] for c in claims(text, kind="budget") if c.claim_kind == "change"] == expected


def test_a_paragraph_about_nothing_is_its_own_subject() -> None:
    found = read("2.公务用车购置及运行费预算支出183.6万元。其中：", "（1）公务用车购置为0，与上年持平。", kind="budget").claims
    assert [c.subject for c in found if c.claim_kind == "change"] == ["公务用车购置"]


def test_counts_keep_their_units() -> None:
    found = claims("全年安排因公出国（境）团组0个、累计0人次。公务接待2批次、26人次。")
    assert [(c.measure, c.printed_value, c.unit) for c in found] == [
        ("overseas_groups", 0, "个"),
        ("overseas_persons", 0, "人次"),
        ("reception_batches", 2, "批次"),
        ("reception_persons", 26, "人次"),
    ]


def test_figures_after_respectively_belong_to_the_names_before_it() -> None:
    found = claims("基本支出、项目支出分别为3万元、4万元，分别占支出合计的42.86%、57.14%。")
    amounts = [(c.subject, c.printed_value) for c in found if c.claim_kind == "amount"]
    assert amounts == [("基本支出", 3), ("项目支出", 4)]
    assert [(c.claim_kind, c.printed_percent) for c in found[2:]] == [("share", Decimal("42.86")), ("share", Decimal("57.14"))]


def test_a_bracket_is_an_aside() -> None:
    found = claims("财政拨款收入3,033.41万元（其中，政府性基金预算0万元），占收入合计99.56%。")
    share = next(c for c in found if c.claim_kind == "share")
    assert (share.subject, share.printed_value, share.share_base) == ("财政拨款收入", Decimal("3033.41"), "收入合计")


def test_class_section_and_item_are_taken_from_paragraph_and_headings() -> None:
    narrative = read(
        "五、财政拨款支出预算情况说明",
        "（一）一般公共服务支出（类）",
        "1.人大事务（款）行政运行（项）支出729万元，与上年相比减少81万元，减少10%。",
        kind="budget",
    )
    assert {(c.class_name, c.section_name, c.item_name) for c in narrative.claims} == {
        ("一般公共服务支出", "人大事务", "行政运行")
    }
    assert {c.phase for c in narrative.claims} == {"budget"}


# --- What is no claim ---


@pytest.mark.parametrize(
    "text",
    [
        "根据《某市财政局关于批复2022年部门预算的通知》（某财〔2022〕15号）填列。",
        "依据《中华人民共和国消防法》第十二条和第17条，自2022年12月31日起施行。",
        "单价100万元（含）以上设备由主管部门审批。",
        "推进“15分钟社区生活圈”建设，服务至少延续到2025年。",
        "三、公务接待费，指按规定开支的各类公务接待支出。",
    ],
)
def test_years_dates_ordinals_and_names_state_nothing(text: str) -> None:
    assert claims(text) == []


@pytest.mark.parametrize(("digits", "count"), [("9" * 18, 1), ("9" * 19, 0), ("1.123456", 1), ("1.1234567", 0)])
def test_a_row_of_digits_that_staging_cannot_hold_is_no_figure(digits: str, count: int) -> None:
    assert len(claims(f"机关运行经费支出{digits}万元。")) == count


def test_glossaries_are_read_but_state_nothing() -> None:
    narrative = read("第四部分 名词解释", "一、大型设备：指单位价值在50万元的设备，占全部设备5%。")
    assert (len(narrative.sentences), narrative.claims) == (1, ())


def test_every_claim_has_a_figure_or_a_direction_and_quotes_what_it_states() -> None:
    narrative = read(
        "“三公”经费支出年初预算为2.85万元，支出决算为0.39万元，完成预算的13.68%，其中：因公出国（境）费支出与上年持平；",
        "公务接待费支出决算减少0.15万元，下降（增长）27.78%。",
    )
    for claim in narrative.claims:
        assert claim.printed_value is not None or claim.printed_delta is not None or claim.direction is not None
        for text in (claim.delta_text, claim.percent_text):
            assert text is None or text in claim.quote


def test_a_quote_ends_with_the_page_of_its_claim() -> None:
    first = Page(1, (line(1, 1, "本年收入合计10万元，其中：财政拨款收入9万元，占", indent=2),))
    second = Page(2, (line(2, 1, "90%；其他收入1万元，占10%。", full=False),))
    document = Document("application/pdf", (first, second))
    narrative = read_narrative(document, Disclosure("某局", 2022, "final_account", "department", None, False))
    quotes = {(c.claim_kind, c.subject): (c.source_page, c.quote) for c in narrative.claims}
    assert quotes["amount", "本年收入合计"] == (1, "本年收入合计10万元，其中：财政拨款收入9万元，")
    assert quotes["share", "其他收入"] == (2, "其他收入1万元，占10%。")
    # A claim whose own figures stand on both sides keeps the whole sentence.
    assert quotes["share", "财政拨款收入"][1].startswith("本年收入合计")
