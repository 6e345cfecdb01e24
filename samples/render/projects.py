"""Evaluations of projects (项目支出绩效自评) as an annex: the standard table with merged cells, or the report with two tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from samples.render.document import Paragraph, Section
from samples.render.grid import Grid, GridCell, Row, header_grid

TABLE_WEIGHTS = (1.0, 2.0, 2.4, 4.4, 2.6, 2.6, 1.5, 1.7, 4.2)
FUNDS_WEIGHTS = (3.0, 2.2, 2.2, 2.2, 2.2, 2.2, 1.4, 1.2)
FORM = "project_evaluation"
INDICATOR_WEIGHTS = (1.6, 2.2, 3.6, 1.6, 2.0, 2.4, 1.0, 1.0, 3.6)


@dataclass(frozen=True, slots=True)
class ExpectedProject:
    file_name: str
    project_name: str
    unit_code: str
    unit_name: str
    conclusion_name: str
    budget_execution_score: str
    indicator_score: str
    total_score: str
    grade: str


@dataclass(frozen=True, slots=True)
class ExpectedExecution:
    file_name: str
    project_name: str
    funding_source: str
    initial_declared: str
    initial_budget: str
    full_year_budget: str
    executed: str
    carryover: str
    unit: str
    weight: str
    execution_rate: str
    score: str


@dataclass(frozen=True, slots=True)
class ExpectedIndicator:
    file_name: str
    project_name: str
    level1: str
    level2: str
    indicator: str
    initial_target: str
    adjusted_target: str
    actual: str
    weight: str
    score: str
    deviation_reason: str


@dataclass(slots=True)
class ExpectedProjects:
    """What is to be read of the projects of all files."""

    projects: list[ExpectedProject] = field(default_factory=list)
    executions: list[ExpectedExecution] = field(default_factory=list)
    indicators: list[ExpectedIndicator] = field(default_factory=list)


def annex(spec: Mapping[str, Any], department: str, year: int) -> list[Section]:
    """The sections of the annex of one disclosure."""
    build = {"table": _table_blocks, "report": _report_blocks}[spec["style"]]
    blocks: list[Paragraph | Grid] = [Paragraph("第五部分  附件", 16, "center")]
    for project in spec["projects"]:
        blocks += build(spec, project, department, year)
    # One section: each project follows the last one on its page, so that its table runs over the page end.
    return [Section(blocks, form=FORM)]


def mistakes(spec: Mapping[str, Any]) -> list[dict[str, str]]:
    """The wrong grades of the annex, as planted mistakes are listed."""
    return [
        {
            "form_code": FORM,
            "side": "",
            "row": project["name"],
            "column_code": "grade",
            "kind": "wrong_grade",
            "printed": project["grade"]["word"],
            "should_be": _grade(project),
            "note": project["grade"]["note"],
            "where": "project",
            "numbers": str(_total_score(project)),
            "unit": "分",
        }
        for project in spec["projects"]
        if project.get("grade", {}).get("note")
    ]


def expect(spec: Mapping[str, Any], file_name: str, expected: ExpectedProjects) -> None:
    """Add what is to be read of the annex of one file."""
    for project in spec["projects"]:
        named = {"file_name": file_name, "project_name": project["name"]}
        is_report = spec["style"] == "report"
        expected.projects.append(
            ExpectedProject(
                **named,
                unit_code=str(project.get("unit_code", "")),
                unit_name=project["unit"],
                conclusion_name=project["name"] if is_report else "",
                budget_execution_score=str(project["funds"][0][-1]) if is_report else "",
                indicator_score=str(_indicator_score(project)) if is_report else "",
                total_score=str(_total_score(project)),
                grade=_grade(project) if is_report else project.get("grade", {}).get("word", ""),
            )
        )
        for row in project["funds"]:
            record = dict(zip(spec["funds_columns"], (str(value).replace(",", "") for value in row), strict=True))
            expected.executions.append(ExpectedExecution(**named, unit=spec["unit"], **_filled(ExpectedExecution, named, record)))
        for level1, level2, *rest in project["indicators"]:
            record = dict(zip(spec["indicator_columns"], (str(value) for value in rest), strict=True))
            record |= {"level1": level1, "level2": level2}
            expected.indicators.append(ExpectedIndicator(**named, **_filled(ExpectedIndicator, named, record)))


def _filled(kind: type[Any], named: Mapping[str, str], record: Mapping[str, str]) -> dict[str, str]:
    """All columns of the record but those that are given apart; what stands for nothing and signs are taken off."""
    names = [f.name for f in fields(kind) if f.name not in named and f.name != "unit"]
    plain = {name: record.get(name, "") for name in names}
    for name in ("weight", "execution_rate", "score"):
        if name in plain:
            plain[name] = plain[name].removesuffix("%").replace("—", "")
    return plain


def _indicator_score(project: Mapping[str, Any]) -> Decimal:
    return sum((Decimal(str(row[-2])) for row in project["indicators"]), Decimal(0))


def _total_score(project: Mapping[str, Any]) -> Decimal:
    return _indicator_score(project) + Decimal(str(project["funds"][0][-1]))


def _grade(project: Mapping[str, Any]) -> str:
    total = _total_score(project)
    return "优" if total >= 90 else "良" if total >= 80 else "中" if total >= 60 else "差"


# --- The standard table


def _table_blocks(spec: Mapping[str, Any], project: Mapping[str, Any], department: str, year: int) -> list[Paragraph | Grid]:
    matrix: list[list[object]] = [
        ["项目名称", "<", project["name"], *"<<<<<<"],
        ["主管部门", "<", department, "<", "<", "实施单位", "<", project["unit"], "<"],
        [f"项目资金（{spec['unit']}）", "<", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        *(["^", "<", *row] for row in project["funds"]),
        ["年度总体目标", "预期目标", "<", "<", "<", "实际完成情况", "<", "<", "<"],
        ["^", project["goal"], "<", "<", "<", project["outcome"], "<", "<", "<"],
        ["绩效指标", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"],
        *(["^", *row] for row in _merged_levels(project["indicators"])),
        ["总分", *"<<<<<", "100", str(_total_score(project)), ""],
    ]
    # The grade, where one is printed: in a row of its own, or on a line below the table.
    grade = project.get("grade", {})
    if "row" in grade:
        matrix.append([grade["row"], "<", grade["text"], *"<<<<<<"])
    below = [Paragraph(grade["below"])] if "below" in grade else []
    return [
        Paragraph("项目支出绩效自评表", 16, "center", skip=12),
        Paragraph(f"（{year}年度）", 11, "center"),
        Grid(TABLE_WEIGHTS, 0, header_grid(matrix)),
        *below,
    ]


def _merged_levels(indicators: Sequence[Sequence[object]]) -> list[list[object]]:
    """Rows in which a level that goes on is merged with the one above."""
    rows: list[list[object]] = []
    for number, row in enumerate(indicators):
        before = indicators[number - 1] if number else (None, None)
        same = row[0] == before[0]
        rows.append(["^" if same else row[0], "^" if same and row[1] == before[1] else row[1], *row[2:]])
    return rows


# --- The report with two tables


def _report_blocks(spec: Mapping[str, Any], project: Mapping[str, Any], department: str, year: int) -> list[Paragraph | Grid]:
    unit = spec["unit"]
    code = f"{project['unit_code']}-" if project.get("unit_code") else ""
    execution, indicators, total = project["funds"][0][-1], _indicator_score(project), _total_score(project)
    funds = [
        [
            "资金来源",
            "年初预算数",
            "<",
            *(f"{name}({unit})" for name in ("全年预算数", "全年执行数", "资金结(转)余")),
            "执行率",
            "得分",
        ],
        ["^", f"目标申报({unit})", f"预算编制({unit})", *"^^^^^"],
    ]
    targets = [
        ["一级指标", "二级指标", "指标名称", "年度指标", "<", "实际完成值", "权重", "得分", "偏差原因分析及改进措施"],
        ["^", "^", "^", "年初指标", "调整后指标", *"^^^^"],
    ]
    return [
        Paragraph("项目支出绩效自评分析报告", 16, "center"),
        Paragraph(f"项目名称：{project['name']}"),
        Paragraph(f"项目单位：{code}{project['unit']}"),
        Paragraph(f"主管部门：{department}"),
        Paragraph(f"{year}年12月", align="center"),
        Paragraph("一、项目基本信息"),
        Paragraph(project["goal"]),
        Paragraph("二、项目绩效完成情况"),
        Paragraph("（一）预算执行情况"),
        Grid(FUNDS_WEIGHTS, 2, [*header_grid(funds), *(_row(row) for row in project["funds"])]),
        Paragraph("（二）绩效指标完成情况"),
        Grid(INDICATOR_WEIGHTS, 2, [*header_grid(targets), *(_row(row) for row in _blank_levels(project["indicators"]))]),
        Paragraph("三、项目自评结果"),
        Paragraph(
            f"综合考虑预算执行情况得分{execution}分、产出、效益、服务对象满意度各方面因素，指标完成情况得分{indicators}分，"
            f"最终评分结果：{project['name']}项目绩效自我评价结果为：总得分{total}分，属于“{_grade(project)}”。"
        ),
        Paragraph(project["outcome"]),
    ]


def _blank_levels(indicators: Sequence[Sequence[object]]) -> list[list[object]]:
    return [["" if text == "^" else text for text in row] for row in _merged_levels(indicators)]


def _row(values: Sequence[object]) -> Row:
    return [GridCell(str(value)) for value in values]
