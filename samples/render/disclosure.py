"""Put a disclosure together: cover, contents, overview, forms, explanations, glossary; and what is to be read out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from samples.render.claims import ExpectedClaim
from samples.render.document import Paragraph, Rendering, Section
from samples.render.facts import Facts
from samples.render.figures import Figures
from samples.render.forms import Context, build, chinese_number
from samples.render.grid import Grid, GridCell, header_grid
from samples.render.names import Names
from samples.render.projects import annex
from samples.render.prose import Planted, Text, Told, tell

SIMULATED = "本资料为模拟数据，机构与金额均为虚构"
RESET = "本文件由 juesuan 项目依据公开数据重新排版"

NOTES = {
    "income_expenditure_summary": "注：本表反映{scope}本年度的总收支和年末结转结余情况。",
    "income": "注：本表反映{scope}本年度取得的各项收入情况。",
    "expenditure": "注：本表反映{scope}本年度各项支出情况。",
    "appropriation_summary": "注：本表反映{scope}本年度财政拨款的总收支和年末结转结余情况。",
    "general_budget_expenditure": "注：本表反映{scope}本年度一般公共预算财政拨款支出情况。",
    "general_budget_economic": "注：本表反映{scope}本年度一般公共预算财政拨款支出的经济分类情况。",
    "appropriation_detail": "注：本表反映{scope}本年度财政拨款支出明细情况。",
    "appropriation_expenditure": "注：本表反映{scope}本年度财政拨款实际支出情况。",
    "three_public_expenses": "注：本表反映{scope}本年度“三公”经费支出预决算情况。",
    "government_funds": "注：本表反映{scope}本年度政府性基金预算财政拨款收入、支出及结转和结余情况。",
    "state_capital": "注：本表反映{scope}本年度国有资本经营预算财政拨款支出情况。",
    "supplementary_information": "注：本表反映{scope}本年度政府采购、机关运行经费和国有资产占用情况。",
    "government_procurement": "注：本表反映{scope}本年度政府采购支出情况。",
    "state_assets": "注：本表反映{scope}期末车辆和单价较高的设备数量。",
}


@dataclass(frozen=True, slots=True)
class ExpectedAmount:
    form_code: str
    side: str
    row_code: str
    row_label: str
    column_code: str
    amount: str
    unit: str


@dataclass(slots=True)
class Order:
    """One disclosure to render."""

    department: str
    year: int
    region: str
    scope: str  # department | unit
    is_simulated: bool
    layout_name: str
    layout: Mapping[str, Any]
    figures: Figures
    names: Names
    classes: Sequence[tuple[str, str]]
    facts: Facts
    style: Mapping[str, Any]
    kind: str = "final_account"  # final_account | budget
    duties: Sequence[str] = ()
    units: Sequence[tuple[str, str]] = ()
    leave_out: Sequence[str] = ()  # form codes that exist, but not in this document
    mistakes: Sequence[Mapping[str, Any]] = ()
    projects: Mapping[str, Any] | None = None  # the evaluations in its annex

    @property
    def values(self) -> dict[str, Any]:
        """What titles and heads can say."""
        return {
            "department": self.department,
            "year": self.year,
            "region": self.region,
            "scope": "单位" if self.scope == "unit" else "部门",
            "account": "预算" if self.kind == "budget" else "决算",
            "unit": self.layout["unit"],
        }


@dataclass(slots=True)
class Made:
    rendering: Rendering
    expected: list[ExpectedAmount] = field(default_factory=list)
    forms: list[tuple[str, str]] = field(default_factory=list)  # form code, status
    claims: list[ExpectedClaim] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)
    companion: Rendering | None = None  # the explanations, where they are a file of their own


def compose(order: Order) -> Made:
    """The disclosure in one file; where the layout says ``companion``, its explanations in a second one."""
    layout, values = order.layout, order.values
    title = "{department}{year}年度{scope}{account}".format(**values)
    made = Made(Rendering(title))
    told = _told(order, made, "explanations")
    forms = [f for f in layout["forms"] if f["form"] not in order.leave_out]
    overview = _overview(order, values, made)
    form_sections = [section for number, form in enumerate(forms, 1) for section in _form(order, form, number, values, made)]
    text_sections = [_narrative(order, values, told)]
    cover, glossary = _cover(order, values), _glossary(order)
    if layout.get("companion"):
        made.rendering.sections += [cover, *form_sections]
        made.companion = Rendering(title + "情况说明", [_cover(order, values), overview, *text_sections, glossary])
    else:
        parts = (text_sections, form_sections) if layout.get("narrative_first") else (form_sections, text_sections)
        sections = [cover, _contents(order, forms, values, told), overview, *parts[0], *parts[1], glossary]
        made.rendering.sections += sections
    notes = _told(order, made, "notes")
    if notes:
        (made.companion or made.rendering).sections.append(_further(notes))
    expected = {m["claim"] for m in _prose_mistakes(order)}
    printed = {p.mistake["claim"] for p in made.planted}
    if expected - printed:
        raise ValueError(f"nothing to print wrong: {sorted(expected - printed)}")
    if order.projects is not None:
        made.rendering.sections += annex(order.projects, order.department, order.year)
    _slip(order.mistakes, made.rendering)
    return made


def _slip(mistakes: Sequence[Mapping[str, Any]], rendering: Rendering) -> None:
    """Print words otherwise than they should be, once each, where no figure is stated."""
    for mistake in (m for m in mistakes if "slip" in m):
        blocks = (block for section in rendering.sections for block in section.blocks)
        texts = (b for b in blocks if isinstance(b, Paragraph) and not b.stated and mistake["should_be"] in b.text)
        found = next(texts, None)
        if found is None:
            raise ValueError(f"nowhere to print {mistake['slip']}")
        found.text = found.text.replace(mistake["should_be"], mistake["slip"], 1)


def _prose_mistakes(order: Order) -> list[Mapping[str, Any]]:
    return [m for m in order.mistakes if "claim" in m]


def _told(order: Order, made: Made, part: str) -> list[Told]:
    """One part of the text, its claims and mistakes taken down."""
    done = {p.mistake["claim"] for p in made.planted}
    told, planted = tell(order.style, order.facts, part, [m for m in _prose_mistakes(order) if m["claim"] not in done])
    made.planted += planted
    made.claims += [s.claim for t in told for p in t.paragraphs for s in p.stated]
    return told


def _cover(order: Order, values: Mapping[str, Any]) -> Section:
    lines = [line.format(**values) for line in order.layout.get("cover", ["{department}", "{year}年度{scope}{account}"])]
    blocks: list[Paragraph | Grid] = [
        Paragraph(line, 22, "center", skip=180 if i == 0 else 0, heading=1) for i, line in enumerate(lines)
    ]
    blocks.append(Paragraph(SIMULATED if order.is_simulated else RESET, 11, "center", skip=60))
    return Section(blocks)


def _contents(order: Order, forms: Sequence[Mapping[str, Any]], values: Mapping[str, Any], told: Sequence[Told]) -> Section:
    blocks: list[Paragraph | Grid] = [Paragraph("目  录", 16, "center")]
    parts = _parts(order, values)
    tables = [
        "    " + order.layout.get("contents", "{cn}、{title}").format(n=n, cn=chinese_number(n), title=_plain_title(f, values))
        for n, f in enumerate(forms, 1)
    ]
    texts = ["    " + t.heading for t in told if t.level == 1]
    blocks.append(Paragraph(parts["overview"]))
    blocks += [Paragraph("    一、主要职能"), Paragraph("    二、机构设置")]
    order_of_parts = ("texts", "forms") if order.layout.get("narrative_first") else ("forms", "texts")
    for part in order_of_parts:
        blocks.append(Paragraph(parts[part]))
        blocks += [Paragraph(line) for line in (tables if part == "forms" else texts)]
    blocks.append(Paragraph(parts["glossary"]))
    return Section(blocks)


def _parts(order: Order, values: Mapping[str, Any]) -> dict[str, str]:
    second, third = ("二", "三") if not order.layout.get("narrative_first") else ("三", "二")
    account = "{year}年度{scope}{account}".format(**values)
    parts = {
        "overview": f"第一部分  {order.department}概况",
        "forms": f"第{second}部分  {account}表",
        "texts": f"第{third}部分  {account}情况说明",
        "glossary": "第四部分  名词解释",
    }
    return parts | {k: str(v).format(**values) for k, v in order.layout.get("parts", {}).items()}


def _overview(order: Order, values: Mapping[str, Any], made: Made) -> Section:
    parts = _parts(order, values)
    blocks: list[Paragraph | Grid] = [Paragraph(parts["overview"], 14, "center", heading=2), Paragraph("一、主要职能", heading=3)]
    duties = order.duties or ["贯彻执行有关法律法规和方针政策，承担本领域的组织、管理和服务工作。", "完成上级交办的其他任务。"]
    blocks += [Paragraph(f"（{chinese_number(n)}）{duty}", indent=True) for n, duty in enumerate(duties, 1)]
    blocks.append(Paragraph("二、机构设置", heading=3))
    if order.units:
        whole = "{department}{year}年度{scope}{account}".format(**values)
        blocks.append(Paragraph(f"纳入{whole}编制范围的单位包括：", indent=True))
        header = [["序号", "单位名称", "备注"]]
        rows = [[str(n), name, remark] for n, (name, remark) in enumerate(order.units, 1)]
        body = header_grid(header) + [[GridCell(a, "center"), GridCell(b), GridCell(c)] for a, b, c in rows]
        blocks.append(Grid([8, 50, 30], 1, body))
    else:
        blocks.append(Paragraph(f"{order.department}为独立核算单位，无纳入{values['account']}编制范围的下属单位。", indent=True))
    blocks += [_paragraph(text) for t in _told(order, made, "overview") for text in t.paragraphs]
    return Section(blocks)


def _paragraph(text: Text) -> Paragraph:
    return Paragraph(text.text, indent=True, stated=text.stated)


def _plain_title(form: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    return str(form["title"]).format(**values)


def _form(order: Order, form: Mapping[str, Any], number: int, values: Mapping[str, Any], made: Made) -> list[Section]:
    layout = order.layout
    code: str = form["form"]
    mistakes = {m["kind"]: m for m in order.mistakes if m.get("form") == code}
    if "missing_form" in mistakes or form.get("absent"):
        made.forms.append((code, "missing"))
        return []
    values = dict(values, unit=form.get("unit", values["unit"]))
    form = {**form, "header": [[str(text).format(**values) for text in row] for row in form["header"]]}
    if "wrong_department" in mistakes:
        values["department"] = mistakes["wrong_department"]["printed"]
    if "wrong_year" in mistakes:
        values["year"] = mistakes["wrong_year"]["printed"]
    context = Context(
        order.figures, order.names, order.year, bool(layout.get("separators")), order.classes, layout.get("fill_zero", "")
    )
    grid = build(form, context)
    expected = _expected(grid, form, str(values["unit"]))
    made.expected += expected
    made.forms.append((code, "present" if expected else "no_data"))

    printed_number = layout.get("number", {}).get("text", "").format(n=number, cn=chinese_number(number))
    place = layout.get("number", {}).get("place", "right")
    title = layout.get("title", "{title}").format(title=_plain_title(form, values), **values)
    if place == "before":
        title = printed_number + title
    blocks: list[Paragraph | Grid] = []
    if number == 1 and not layout.get("no_part_heading"):
        blocks.append(Paragraph(_parts(order, dict(values))["forms"], 14, "center", heading=2))
    if printed_number and place == "above":
        blocks.append(Paragraph(printed_number, 9))
    wrap_at = layout.get("wrap_title", 0)
    lines = [title[:wrap_at], title[wrap_at:]] if wrap_at and len(title) > wrap_at + 3 else [title]
    blocks += [Paragraph(line, 14, "center", heading=3) for line in lines]
    if printed_number and place == "right":
        blocks.append(Paragraph(printed_number, 9, "right"))
    head = layout.get("head", {"right": "单位：{unit}"})
    pieces = {k: str(v).format(**values) for k, v in head.items()}
    blocks.append(Paragraph(pieces.get("text", ""), 9, left=pieces.get("left", ""), right=pieces.get("right", "")))
    blocks.append(grid)
    scope = values["scope"]
    if not layout.get("no_notes"):
        blocks.append(Paragraph(NOTES[code].format(scope=scope), 9))
    if not expected:
        blocks.append(Paragraph(layout.get("no_data", "说明：本表无数据").format(title=_plain_title(form, values), **values), 9))
    if order.is_simulated:
        blocks.append(Paragraph(SIMULATED, 8))
    wide = bool(form.get("wide")) and not layout.get("all_portrait")
    return [Section(blocks, wide, not layout.get("look", {}).get("flow"), code)]


def _expected(grid: Grid, form: Mapping[str, Any], unit: str) -> list[ExpectedAmount]:
    """Every figure of a grid, block by block or side by side as a reader would list them."""
    cells = [(x, y, c) for y, row in enumerate(grid.rows) for x, c in enumerate(row) if c is not None and c.place is not None]
    if form["kind"] == "summary":
        cells.sort(key=lambda e: (e[2].place.side != "income", e[1], e[0]) if e[2].place else ())
    if form["kind"] == "blocks":
        last = len(grid.rows) - 1
        width = len(form["block_columns"])
        cells.sort(key=lambda e: (e[1] == last, e[0] // width, e[1], e[0]))
    result: list[ExpectedAmount] = []
    for _, _, cell in cells:
        text = cell.text.replace(",", "")
        if not text or not text.replace(".", "").isdigit():
            continue
        place = cell.place
        assert place is not None
        own_unit = form.get("units", {}).get(place.column_code, unit)
        label = "".join(place.row_label.split())
        result.append(ExpectedAmount(place.form_code, place.side, place.row_code, label, place.column_code, text, own_unit))
    return result


def _narrative(order: Order, values: Mapping[str, Any], told: Sequence[Told]) -> Section:
    blocks: list[Paragraph | Grid] = [Paragraph(_parts(order, values)["texts"], 14, "center", heading=2)]
    return Section([*blocks, *_tell(told)])


def _further(told: Sequence[Told]) -> Section:
    blocks: list[Paragraph | Grid] = [Paragraph("其他相关情况说明", 14, "center", heading=2)]
    return Section([*blocks, *_tell(told)])


def _tell(told: Sequence[Told]) -> list[Paragraph | Grid]:
    blocks: list[Paragraph | Grid] = []
    for t in told:
        blocks.append(Paragraph(t.heading, heading=min(t.level + 2, 5)))
        blocks += [_paragraph(text) for text in t.paragraphs]
    return blocks


def _glossary(order: Order) -> Section:
    terms = {
        "财政拨款收入": "本级财政当年拨付的资金。",
        "基本支出": "为保障机构正常运转、完成日常工作而发生的人员支出和公用支出。",
        "项目支出": "在基本支出之外，为完成特定任务而发生的支出。",
        "年末结转和结余": "当年未用完、按规定留到以后年度继续使用的资金。",
        "“三公”经费": "财政拨款安排的因公出国（境）费、公务用车购置及运行维护费和公务接待费。",
    }
    blocks: list[Paragraph | Grid] = [Paragraph("第四部分  名词解释", 14, "center", heading=2)]
    blocks += [
        Paragraph(f"{chinese_number(n)}、{term}：指{meaning}", indent=True) for n, (term, meaning) in enumerate(terms.items(), 1)
    ]
    return Section(blocks)


def plant(figures: Figures, mistakes: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], str, str]]:
    """Print wrong amounts where a specification asks for it: (mistake, printed, what it should be)."""
    planted: list[tuple[Mapping[str, Any], str, str]] = []
    for mistake in mistakes:
        if mistake["kind"] not in ("arithmetic", "within_rounding"):
            continue
        key = (mistake["form"], mistake.get("side", ""), str(mistake["row"]), mistake["column"])
        right = figures.cells[key]
        wrong = str(Decimal(right) + Decimal(str(mistake["add"])))
        figures.cells[key] = wrong
        planted.append((mistake, wrong, right))
    return planted
