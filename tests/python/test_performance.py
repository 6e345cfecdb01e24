"""Evaluations of projects: what their tables print is read at its place, or not at all."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb
import pdfplumber
import pytest

from ingest.catalogue import catalogue
from ingest.document import Document
from ingest.forms.locate import locate_forms
from ingest.home import Home
from ingest.parse import parse_file
from ingest.parsed import ParsedDocument, Project
from ingest.performance import Performance, read_performance
from ingest.performance.vocabulary import vocabulary
from ingest.readers import read_document
from ingest.text import squash
from samples.render.document import Paragraph, Rendering, Section
from samples.render.grid import Grid, GridCell, header_grid
from samples.render.pdf import Look, render_pdf

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
GOLD = "jincheng_approval_2022"
GOLD_FILE = "晋城市行政审批服务管理局2022年度部门决算公开.txt"
TEXTS = ("level1", "level2", "indicator", "initial_target", "adjusted_target", "actual", "deviation_reason")

WORDS = {*TEXTS, "unit", "unit_code", "unit_name", "conclusion_name", "grade", "funding_source"}

Matrix = list[list[object]]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def figure(text: str) -> Decimal | None:
    return Decimal(text) if text else None


# --- A real document, and the samples, against what they print


@cache
def parsed(path: Path) -> ParsedDocument:
    return parse_file(path)


@pytest.fixture
def real(corpus: Path) -> ParsedDocument:
    return parsed(next((corpus / "documents").rglob(GOLD_FILE)))


def _projects(document: ParsedDocument) -> dict[int, Project]:
    return {project.project_order: project for project in document.projects}


def test_every_indicator_of_a_real_document_is_read_as_transcribed(real: ParsedDocument, corpus: Path) -> None:
    names = _projects(real)
    read = [
        (names[i.project_order].project_name, *(getattr(i, name) or "" for name in TEXTS), i.weight, i.score)
        for i in real.indicators
    ]
    transcribed = [
        (r["project_name"], *(r[name] for name in TEXTS), figure(r["weight"]), figure(r["score"]))
        for r in rows(corpus / "gold" / GOLD / "performance_indicators.csv")
    ]
    assert len(transcribed) == 163
    assert read == transcribed


def test_every_row_of_money_of_a_real_document_is_read_as_transcribed(real: ParsedDocument, corpus: Path) -> None:
    names = _projects(real)
    read = [
        (
            *(getattr(names[e.project_order], name) for name in ("project_name", "unit_code", "unit_name")),
            *(e.funding_source, e.initial_declared, e.initial_budget, e.full_year_budget, e.executed, e.carryover),
            *(e.execution_rate, e.score),
        )
        for e in real.executions
    ]
    columns = ("initial_declared", "initial_budgeted", "full_year_budget", "executed", "carryover", "execution_rate", "score")
    transcribed = [
        (r["project_name"], r["unit_code"], r["unit_name"], r["funding_source"], *(figure(r[column]) for column in columns))
        for r in rows(corpus / "gold" / GOLD / "project_budget_execution.csv")
    ]
    assert len(transcribed) == 40
    assert read == transcribed
    assert {(e.unit, e.funding_code) for e in real.executions} == {("元", "total"), ("元", "appropriation")}


def test_every_score_of_a_real_document_is_read_as_transcribed(real: ParsedDocument, corpus: Path) -> None:
    read = [
        (p.project_name, p.budget_execution_score, p.indicator_score, p.conclusion_name, p.total_score, p.grade)
        for p in real.projects
    ]
    components = rows(corpus / "gold" / GOLD / "project_score_components.csv")
    transcribed = [
        (
            *(r["project_name"], figure(r["budget_execution_score"]), figure(r["indicator_score"])),
            *(r["project_name_in_conclusion"], figure(r["total_score"]), r["grade"]),
        )
        for r in components
    ]
    assert len(transcribed) == 20
    assert read == transcribed
    scores = rows(corpus / "gold" / GOLD / "project_scores.csv")
    assert [(p.project_name, p.total_score, p.grade) for p in real.projects] == [
        (r["project_name"], figure(r["total_score"]), r["grade"]) for r in scores
    ]


def test_the_lines_of_dashes_that_ocr_drew_are_no_indicators(real: ParsedDocument, corpus: Path) -> None:
    skipped = next(r["value"] for r in rows(corpus / "gold" / GOLD / "meta.csv") if r["key"] == "ocr_separator_rows_skipped")
    assert skipped.startswith("line 1494 ")
    assert 1493 in {i.source_row for i in real.indicators}
    assert 1494 not in {i.source_row for i in real.indicators}


def test_no_table_of_a_real_document_is_left_unread(real: ParsedDocument) -> None:
    assert [n for n in real.notices if "evaluation" in n.kind] == []


def test_a_budget_with_targets_only_has_no_evaluated_project(corpus: Path) -> None:
    """Pages 31 to 35 and on hold 财政项目支出绩效目标填报表: targets, and no outcome."""
    document = read_document(next((corpus / "documents").rglob("上海市普陀区人民政府万里街道办事处23年预算.pdf")))
    assert any("绩效目标填报表" in cell.text for page in document.pages for table in page.tables for cell in table.cells)
    assert read_performance(document, catalogue()) == Performance()


@pytest.mark.parametrize("table", ["projects", "executions", "indicators"])
def test_the_samples_are_read_as_their_specifications_say(table: str) -> None:
    names = {"projects": "projects", "executions": "project_execution", "indicators": "performance_indicators"}
    expected = rows(SAMPLES / "expected" / f"{names[table]}.csv")
    columns = [name for name in expected[0] if name not in ("file_name", "project_name")]
    read = []
    for file_name in dict.fromkeys(r["file_name"] for r in expected):
        document = parsed(SAMPLES / "disclosures" / file_name)
        projects = _projects(document)
        for record in getattr(document, table):
            values = [file_name, squash(projects[record.project_order].project_name)]
            read.append((*values, *(_plain(getattr(record, column)) for column in columns)))
    assert read == [
        (r["file_name"], squash(r["project_name"]), *(_expected(column, r[column]) for column in columns)) for r in expected
    ]


def _plain(value: object) -> object:
    return squash(value) if isinstance(value, str) else value


def _expected(column: str, text: str) -> object:
    """An expected value as it is read; ``None`` where nothing is printed."""
    if not text:
        return None
    return squash(text) if column in WORDS else Decimal(text)


# --- The marts


def _marts(home: Home, query: str) -> list[tuple[object, ...]]:
    with closing(duckdb.connect(home.warehouse, read_only=True)) as connection:
        return connection.execute(query).fetchall()


def test_the_marts_hold_a_real_document_as_transcribed(corpus: Path, corpus_home: Home) -> None:
    folder = corpus / "gold" / GOLD
    scores = _marts(
        corpus_home,
        "select project_name, conclusion_name, stated_execution_score, indicator_score, total_score, grade"
        " from marts.fct_project_evaluation order by source_row",
    )
    names = ("project_name", "project_name_in_conclusion", "budget_execution_score", "indicator_score", "total_score", "grade")
    numbers = {"budget_execution_score", "indicator_score", "total_score"}
    assert scores == [
        tuple(figure(r[name]) if name in numbers else r[name] for name in names)
        for r in rows(folder / "project_score_components.csv")
    ]
    money = _marts(
        corpus_home,
        "select project_name, funding_source, initial_declared_amount, initial_budget_amount, full_year_budget_amount,"
        " executed_amount, carryover_amount, execution_rate, score from marts.fct_project_execution order by source_row",
    )
    amounts = ("initial_declared", "initial_budgeted", "full_year_budget", "executed", "carryover", "execution_rate", "score")
    transcribed = rows(folder / "project_budget_execution.csv")
    assert money == [(r["project_name"], r["funding_source"], *(figure(r[name]) for name in amounts)) for r in transcribed]
    judged = _marts(
        corpus_home,
        "select project_name, unit_code, unit_name, funding_source, executed_amount, execution_score"
        " from marts.fct_project_evaluation order by source_row",
    )
    columns = ("project_name", "unit_code", "unit_name", "funding_source")
    assert judged == [
        (*(r[name] for name in columns), figure(r["executed"]), figure(r["score"]))
        for r in transcribed
        if r["funding_source"] == "合计"
    ]
    indicators = _marts(
        corpus_home,
        f"select project_name, {', '.join(TEXTS)}, weight, score from marts.fct_performance_indicator order by source_row",
    )
    assert indicators == [
        (r["project_name"], *(r[name] or None for name in TEXTS), figure(r["weight"]), figure(r["score"]))
        for r in rows(folder / "performance_indicators.csv")
    ]


def test_money_of_projects_is_in_yuan_and_knows_how_exact_it_is(sample_home: Home) -> None:
    """Printed in 万元 with two decimals, a figure stands for 50 元 more or less; in 元 with one, for 5 角."""
    found = _marts(
        sample_home,
        "select executed_text, unit, executed_amount, executed_half_unit, carryover_amount, carryover_half_unit"
        " from marts.fct_project_execution where executed_text in ('1,252.58', '795600.5') order by executed_amount",
    )
    assert found == [
        ("795600.5", "元", Decimal("795600.50"), Decimal("0.05"), Decimal(0), Decimal("0.5")),
        ("1,252.58", "万元", Decimal("12525800.00"), Decimal(50), None, None),
    ]


def test_a_row_of_the_marts_leads_to_its_place(sample_home: Home) -> None:
    """The row 受助群众满意度 stands in the table that page and row say."""
    ((file_name, page, table, row),) = _marts(
        sample_home,
        "select documents.file_path, source_page, source_table, source_row from marts.fct_performance_indicator as indicators"
        " join staging.stg_document as documents on indicators.document_id = documents.document_id"
        " where indicator = '受助群众满意度'",
    )
    with pdfplumber.open(str(file_name)) as file:
        assert isinstance(page, int) and isinstance(table, int) and isinstance(row, int)
        assert "受助群众满意度" in file.pages[page - 1].extract_tables()[table - 1][row - 1]


# --- Layouts

FUNDS: Matrix = [
    ["年度资金总额", "1,260.00", "1,318.50", "1,252.58", "10", "95.00%", "9.5"],
    ["其中：当年财政拨款", "1,200.00", "1,258.50", "1,192.58", "—", "—", "—"],
    ["上年结转资金", "60.00", "60.00", "60.00", "—", "—", "—"],
]
INDICATORS: Matrix = [
    ["产出指标", "数量指标", "购置设备", "≥12台", "12台", "30", "30", ""],
    ["^", "^", "举办培训", "≥3次", "2次", "20", "13.3", "受汛期影响少办1次。"],
    ["^", "质量指标", "验收合格率", "=100%", "100%", "20", "20", ""],
    ["效益指标", "社会效益指标", "提高服务能力", "提高", "达成年度指标", "20", "18", ""],
]
HEAD: Matrix = [
    ["项目名称", "<", "设备购置专项经费", *"<<<<<<"],
    ["主管部门", "<", "样例市样例局", "<", "<", "实施单位", "<", "样例市样例中心", "<"],
]
FUNDS_HEADER: list[object] = [
    "项目资金（万元）",
    "<",
    "",
    "年初预算数",
    "全年预算数（A）",
    "全年执行数（B）",
    "分值",
    "执行率（B/A）",
    "得分",
]
GOALS: Matrix = [
    ["年度总体目标", "预期目标", "<", "<", "<", "实际完成情况", "<", "<", "<"],
    ["^", "购置设备12台，举办培训3次", "<", "<", "<", "购置设备12台", "<", "<", "<"],
]
INDICATORS_HEADER: list[object] = [
    *(
        "绩效指标",
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值（A）",
        "实际完成值（B）",
        "分值",
        "得分",
        "偏差原因分析及改进措施",
    ),
]
TOTAL: list[object] = ["总分", *"<<<<<", "100", "90.8", ""]
WEIGHTS = (1.0, 2.0, 2.4, 4.4, 2.6, 2.6, 1.5, 1.7, 4.2)


def standard(
    head: Matrix = HEAD,
    *,
    funds_header: Sequence[object] = FUNDS_HEADER,
    funds: Matrix = FUNDS,
    indicators_header: Sequence[object] = INDICATORS_HEADER,
    indicators: Matrix = INDICATORS,
    total: Sequence[object] = TOTAL,
) -> Matrix:
    """The standard 项目支出绩效自评表 as a matrix for :func:`header_grid`."""
    return [
        *head,
        list(funds_header),
        *(["^", "<", *row] for row in funds),
        *GOALS,
        list(indicators_header),
        *(["^", *row] for row in indicators),
        list(total),
    ]


def draw(path: Path, *pages: Sequence[str | Matrix]) -> Document:
    """Pages of lines and ruled tables, drawn and read."""
    sections = [
        Section([Paragraph(block) if isinstance(block, str) else Grid(WEIGHTS, 0, header_grid(block)) for block in page])
        for page in pages
    ]
    file = path / "a.pdf"
    render_pdf(Rendering("样例", sections), Look(font_size=7), file)
    return read_document(file)


def pdf(path: Path, *pages: Sequence[str | Matrix]) -> Performance:
    return read_performance(draw(path, *pages), catalogue())


def text(path: Path, content: str, suffix: str = "txt") -> Performance:
    file = path / f"a.{suffix}"
    file.write_text(content, encoding="utf-8")
    return read_performance(read_document(file), catalogue())


def tabs(matrix: Matrix) -> str:
    return "\n".join("\t".join("" if cell in ("<", "^") else str(cell) for cell in row) for row in matrix)


def pipes(matrix: Matrix) -> str:
    lines = ["| " + " | ".join("" if cell in ("<", "^") else str(cell) for cell in row) + " |" for row in matrix]
    return "\n".join([lines[0], "|" + "---|" * len(matrix[0]), *lines[1:]])


def html(matrix: Matrix) -> str:
    def cell(cell: GridCell) -> str:
        return f'<td rowspan="{cell.row_span}" colspan="{cell.column_span}">{cell.text}</td>'

    body = "".join(f"<tr>{''.join(cell(c) for c in row if c is not None)}</tr>" for row in header_grid(matrix))
    return f"<table>{body}</table>"


TITLE = "项目支出绩效自评表"


def as_pdf(path: Path, matrix: Matrix) -> Performance:
    return pdf(path, [TITLE, "（2023年度）", matrix])


def as_tabs(path: Path, matrix: Matrix) -> Performance:
    return text(path, f"{TITLE}\n（2023年度）\n\n{tabs(matrix)}\n")


def as_pipes(path: Path, matrix: Matrix) -> Performance:
    return text(path, f"## {TITLE}\n（2023年度）\n\n{pipes(matrix)}\n", "md")


def as_html(path: Path, matrix: Matrix) -> Performance:
    return text(path, f"## {TITLE}\n（2023年度）\n\n{html(matrix)}\n", "md")


Read = Callable[[Path, Matrix], Performance]
every_format = pytest.mark.parametrize("read", [as_pdf, as_tabs, as_pipes, as_html])


def kinds(performance: Performance) -> list[str]:
    return [notice.kind for notice in performance.notices]


def nothing(performance: Performance) -> bool:
    return (performance.projects, performance.executions, performance.indicators) == ((), (), ())


STANDARD_EXECUTIONS = [
    ("年度资金总额", "total", Decimal("1260.00"), Decimal("1318.50"), Decimal("1252.58"), 10, Decimal("95.00"), Decimal("9.5")),
    ("其中：当年财政拨款", "appropriation", Decimal("1200.00"), Decimal("1258.50"), Decimal("1192.58"), None, None, None),
    ("上年结转资金", "carried_over", 60, 60, 60, None, None, None),
]
STANDARD_INDICATORS = [
    ("产出指标", "数量指标", "购置设备", "≥12台", None, "12台", 30, 30, None),
    ("产出指标", "数量指标", "举办培训", "≥3次", None, "2次", 20, Decimal("13.3"), "受汛期影响少办1次。"),
    ("产出指标", "质量指标", "验收合格率", "=100%", None, "100%", 20, 20, None),
    ("效益指标", "社会效益指标", "提高服务能力", "提高", None, "达成年度指标", 20, 18, None),
]


def executions(performance: Performance) -> list[tuple[object, ...]]:
    return [
        (e.funding_source, e.funding_code, e.initial_budget, e.full_year_budget, e.executed, e.weight, e.execution_rate, e.score)
        for e in performance.executions
    ]


def indicators(performance: Performance) -> list[tuple[object, ...]]:
    return [(*(getattr(i, name) for name in TEXTS[:-1]), i.weight, i.score, i.deviation_reason) for i in performance.indicators]


@every_format
def test_the_standard_table_is_read_in_every_format(read: Read, tmp_path: Path) -> None:
    result = read(tmp_path, standard())
    assert [n.message for n in result.notices] == []
    (project,) = result.projects
    assert (project.project_name, project.unit_name, project.total_score) == (
        "设备购置专项经费",
        "样例市样例中心",
        Decimal("90.8"),
    )
    assert executions(result) == STANDARD_EXECUTIONS
    assert {e.unit for e in result.executions} == {"万元"}
    assert indicators(result) == STANDARD_INDICATORS


def cut(matrix: Matrix, row: int) -> tuple[Matrix, Matrix]:
    """A table cut before a row, merged cells as a page break leaves them: their text above, blank below."""
    above, below = matrix[:row], [list(line) for line in matrix[row:]]
    below[0] = ["" if cell == "^" else cell for cell in below[0]]
    for x, cell in enumerate(below[0]):
        # What was merged with its left neighbour stays so.
        if cell == "" and matrix[row][x] == "^" and x and matrix[row - 1][x] == "<":
            below[0][x] = "<"
    return above, below


@pytest.mark.parametrize("row", range(1, len(standard())))
def test_a_table_that_a_page_break_cuts_anywhere_is_one_table(row: int, tmp_path: Path) -> None:
    above, below = cut(standard(), row)
    result = pdf(tmp_path, [TITLE, "（2023年度）", above], ["样例市样例局2023年度部门决算", below])
    assert [n.message for n in result.notices] == []
    assert len(result.projects) == 1
    assert executions(result) == STANDARD_EXECUTIONS
    assert indicators(result) == STANDARD_INDICATORS
    assert result.projects[0].total_score == Decimal("90.8")
    assert (result.projects[0].first_page, result.projects[0].last_page) == (1, 2)


def test_a_header_that_is_repeated_on_the_next_page_is_no_row(tmp_path: Path) -> None:
    matrix = standard()
    above, below = cut(matrix, len(matrix) - 3)
    result = pdf(tmp_path, [TITLE, above], ["- 2 -", [list(INDICATORS_HEADER), *below]])
    assert kinds(result) == []
    assert indicators(result) == STANDARD_INDICATORS


@pytest.mark.parametrize("is_inside", [False, True])
def test_a_title_that_is_repeated_on_the_next_page_begins_nothing(is_inside: bool, tmp_path: Path) -> None:
    matrix = standard()
    above, below = cut(matrix, len(matrix) - 3)
    inside: Matrix = [[TITLE, *"<<<<<<<<"], ["（2023年度）", *"<<<<<<<<"]]
    if is_inside:
        result = pdf(tmp_path, [[*inside, *above]], [[*inside, list(INDICATORS_HEADER), *below]])
    else:
        result = pdf(tmp_path, [TITLE, "（2023年度）", above], [TITLE, "（2023年度）", below])
    assert [n.message for n in result.notices] == []
    assert indicators(result) == STANDARD_INDICATORS
    assert (len(result.projects), result.projects[0].total_score) == (1, Decimal("90.8"))


def test_a_row_that_a_page_break_cuts_is_one_row(tmp_path: Path) -> None:
    matrix = standard()
    above, below = cut(matrix, len(matrix) - 2)
    above[-2][-1] = "受汛期影响"
    above[-1][-1] = "验收"
    below[0] = ["", "", "", "", "", "", "", "", "延期，次年补办。"]
    below.insert(1, ["", *INDICATORS[-1]])
    result = pdf(tmp_path, [TITLE, above], [below])
    assert kinds(result) == []
    assert [(i.indicator, i.deviation_reason) for i in result.indicators] == [
        ("购置设备", None),
        ("举办培训", "受汛期影响"),
        ("验收合格率", "验收延期，次年补办。"),
        ("提高服务能力", None),
    ]


def test_tables_of_several_projects_follow_each_other_without_titles(tmp_path: Path) -> None:
    other = [["项目名称", "<", "宣传专项经费", *"<<<<<<"], HEAD[1]]
    inside: Matrix = [["项目支出绩效自评表", *"<<<<<<<<"], ["（2023年度）", *"<<<<<<<<"], *standard()]
    result = pdf(tmp_path, [inside], [standard(other)], [standard([["项目名称", "<", "运行经费", *"<<<<<<"], HEAD[1]])])
    assert kinds(result) == []
    assert [p.project_name for p in result.projects] == ["设备购置专项经费", "宣传专项经费", "运行经费"]
    assert [len([i for i in result.indicators if i.project_order == n]) for n in (1, 2, 3)] == [4, 4, 4]


def test_two_units_may_have_projects_of_one_name(tmp_path: Path) -> None:
    other = [HEAD[0], ["主管部门", "<", "样例市样例局", "<", "<", "实施单位", "<", "样例市样例馆", "<"]]
    result = pdf(tmp_path, [TITLE, standard()], [TITLE, standard(other)])
    assert kinds(result) == []
    assert [(p.project_name, p.unit_name) for p in result.projects] == [
        ("设备购置专项经费", "样例市样例中心"),
        ("设备购置专项经费", "样例市样例馆"),
    ]


def test_a_project_that_is_judged_twice_is_one_project(tmp_path: Path) -> None:
    result = pdf(tmp_path, [TITLE, standard()], [TITLE, standard()])
    assert kinds(result) == ["evaluation_repeated"]
    assert len(result.projects) == 1
    assert indicators(result) == STANDARD_INDICATORS


def test_units_decide_by_the_band_and_then_by_the_head(tmp_path: Path) -> None:
    bare = standard(funds_header=["项目资金", *FUNDS_HEADER[1:]])
    for head, unit in (("单位：元", "元"), ("金额单位：万元", "万元")):
        assert {e.unit for e in pdf(tmp_path, [TITLE, head, bare]).executions} == {unit}
    assert {e.unit for e in pdf(tmp_path, [TITLE, "单位：元", standard()]).executions} == {"万元"}


def test_without_a_unit_nothing_of_the_table_is_loaded(tmp_path: Path) -> None:
    result = pdf(tmp_path, [TITLE, standard(funds_header=["项目资金", *FUNDS_HEADER[1:]])])
    assert nothing(result)
    assert kinds(result) == ["unread_evaluation"]
    assert "no unit" in result.notices[0].message


def test_a_figure_under_an_unknown_header_leaves_the_table_unread(tmp_path: Path) -> None:
    header = [*INDICATORS_HEADER[:-1], "佐证系数"]
    figures = [[*row[:-1], "0.8"] for row in INDICATORS]
    result = pdf(tmp_path, [TITLE, standard(indicators_header=header, indicators=figures)])
    assert nothing(result)
    assert [(n.kind, n.source_page) for n in result.notices] == [("unread_evaluation", 1)]
    assert "佐证系数" in result.notices[0].message
    assert "佐证系数" in (result.notices[0].paste or "")
    words = [[*row[:-1], "见附件"] for row in INDICATORS]
    result = pdf(tmp_path, [TITLE, standard(indicators_header=header, indicators=words)])
    assert kinds(result) == []
    assert len(result.indicators) == 4


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["年度资金总额", "1,2600.00", "1,318.50", "1,252.58", "10", "95.00%", "9.5"], "is no amount"),
        (["年度资金总额", "1,260.00", "1,318.50", "1,252.58", "10", "九五%5", "9.5"], "is no number"),
        (["", "1,260.00", "1,318.50", "1,252.58", "10", "95.00%", "9.5"], "does not say which"),
    ],
)
def test_money_that_is_not_understood_leaves_the_table_unread(row: list[object], reason: str, tmp_path: Path) -> None:
    result = pdf(tmp_path, [TITLE, standard(funds=[*FUNDS[1:], row])])
    assert nothing(result)
    assert kinds(result) == ["unread_evaluation"]
    assert reason in result.notices[0].message


def test_a_row_of_indicators_without_a_name_leaves_the_table_unread(tmp_path: Path) -> None:
    nameless = [*INDICATORS[:3], ["效益指标", "社会效益指标", "", "提高", "达成年度指标", "20", "18", ""]]
    result = pdf(tmp_path, [TITLE, standard(indicators=nameless)])
    assert nothing(result)
    assert kinds(result) == ["unread_evaluation"]


def test_an_evaluation_that_names_no_project_is_not_loaded(tmp_path: Path) -> None:
    result = pdf(tmp_path, [TITLE, standard(head=[["项目名称", "<", "", *"<<<<<<"], HEAD[1]])])
    assert nothing(result)
    assert kinds(result) == ["unread_evaluation"]


def test_targets_without_outcomes_are_left_alone(tmp_path: Path) -> None:
    header = [*INDICATORS_HEADER[:4], "年度指标值", "<", "<", "<", "<"]
    targets = [[*row[:4], "<", "<", "<", "<"] for row in INDICATORS]
    funds_header = ["项目资金（万元）", "<", "", "年度预算数", "<", "<", "<", "<", "<"]
    funds: Matrix = [[row[0], row[1], *"<<<<<"] for row in FUNDS]
    matrix = [*HEAD, funds_header, *(["^", "<", *row] for row in funds), header, *(["^", *row] for row in targets)]
    for title in ("项目支出绩效目标申报表", "财政项目支出绩效目标表", ""):
        assert pdf(tmp_path, [title, matrix]) == Performance()


def test_a_monitoring_report_is_left_alone(tmp_path: Path) -> None:
    header = [*INDICATORS_HEADER[:5], "1-7月完成情况", "全年预计完成情况", "得分", "偏差原因分析及改进措施"]
    assert pdf(tmp_path, ["项目支出绩效运行监控表", standard(indicators_header=header)]) == Performance()


def test_an_evaluation_of_a_whole_department_is_kept_apart(tmp_path: Path) -> None:
    head: Matrix = [["部门名称", "<", "样例市样例局", *"<<<<<<"]]
    result = pdf(tmp_path, ["部门整体支出绩效自评表", standard(head)], [TITLE, standard()])
    assert [p.project_name for p in result.projects] == ["设备购置专项经费"]
    assert [(n.kind, n.source_page) for n in result.notices] == [("department_evaluation", 1)]


def test_a_list_of_results_is_not_taken_for_a_project(tmp_path: Path) -> None:
    matrix: Matrix = [
        ["序号", "项目名称", "<", "<", "全年预算数", "全年执行数", "自评得分", "等级", "备注"],
        ["1", "设备购置", "<", "<", "100", "90", "95", "优", ""],
    ]
    result = pdf(tmp_path, ["项目支出绩效自评结果汇总表", "单位：万元", matrix])
    assert nothing(result)
    assert kinds(result) == ["unread_evaluation"]


def test_a_table_without_ruling_lines_is_told(tmp_path: Path) -> None:
    result = pdf(
        tmp_path, [TITLE, "一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分", "产出指标 数量指标 购置 12 12 50 50"]
    )
    assert nothing(result)
    assert kinds(result) == ["unread_evaluation"]


def test_a_sign_a_value_and_a_unit_make_one_target(tmp_path: Path) -> None:
    """The layout of Chongqing: money without a label, one level, the target in three columns, no score."""
    matrix: Matrix = [
        ["2023年度项目支出绩效自评表", *"<<<<<<<"],
        ["项目名称", "样例补助资金", "<", "<", "<", "项目联系人", "张样例", "<"],
        ["项目实施单位", "样例区样例中心", "<", "<", "<", "项目主管部门", "样例区样例局", "<"],
        [
            "项目预算执行情况（万元）",
            "全年预算数（A）（上年结转+年初预算+本年追加追减预算）",
            "<",
            "<",
            "全年执行数（B）",
            "<",
            "<",
            "<",
        ],
        ["^", "7574.5", "<", "<", "6643", "<", "<", "<"],
        ["当年绩效目标", "全年绩效目标", "<", "<", "全年目标实际完成情况", "<", "<", "<"],
        ["^", "新增就业39500人", "<", "<", "新增就业49358人", "<", "<", "<"],
        ["指标类型", "指标名称", "指标性质", "指标值", "计量单位", "指标权重", "全年完成值", "评价标准"],
        ["产出类指标", "补贴发放准确率", "≥", "95", "%", "15", "100", "达到目标得满分，未达到不得分"],
        ["^", "新增创业孵化基地", "≥", "1", "个", "15", "3", "每少1个扣5分"],
        ["管理类指标", "资金使用合规性", "无", "合规", "无", "10", "合规", "每出现一例扣2分"],
        ["合计", "<", "<", "<", "<", "100", "<", "<"],
        ["说明", "请在此处说明完成度低于90%的指标", *"<<<<<<"],
    ]
    result = pdf(tmp_path, [matrix])
    assert [n.message for n in result.notices] == []
    (project,), (money,) = result.projects, result.executions
    assert (project.project_name, project.unit_name, project.total_score) == ("样例补助资金", "样例区样例中心", None)
    assert (money.funding_source, money.funding_code, money.unit) == ("项目预算执行情况（万元）", "total", "万元")
    assert (money.full_year_budget, money.executed) == (Decimal("7574.5"), Decimal(6643))
    assert [(i.level1, i.level2, i.indicator, i.initial_target, i.actual, i.weight, i.score) for i in result.indicators] == [
        ("产出类指标", None, "补贴发放准确率", "≥95%", "100", 15, None),
        ("产出类指标", None, "新增创业孵化基地", "≥1个", "3", 15, None),
        ("管理类指标", None, "资金使用合规性", "合规", "合规", 10, None),
    ]


@pytest.mark.parametrize("read", [as_pdf, as_tabs, as_pipes, as_html])
def test_money_on_one_row_needs_no_label(read: Read, tmp_path: Path) -> None:
    """Fields with codes and telephone numbers, the money of the whole project on one row, levels over two columns."""
    matrix: Matrix = [
        ["项目名称", "<", "样例补助", *"<<<<<<"],
        ["主管部门及代码", "<", "007-样例市样例局", "<", "<", "实施单位", "<", "007001-样例市样例中心", "<"],
        ["项目负责人及电话", "<", "张样例 0555-1234567", "<", "<", "项目类别", "<", "其他运转类", "<"],
        [
            "项目预算执行情况（10分）",
            "<",
            "年初预算数（元）",
            "<",
            "全年预算数（元）（A）",
            "全年执行数（元）（B）",
            "执行率（B/A）",
            "<",
            "得分",
        ],
        ["^", "<", "1,000", "<", "1000", "900", "90.00%", "<", "9"],
        ["年度绩效目标完成情况", "预期目标", "<", "<", "<", "实际完成情况", "<", "<", "<"],
        ["^", "办班12期", "<", "<", "<", "办班12期", "<", "<", "<"],
        ["一级指标", "<", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "自评得分", "未完成原因分析"],
        ["产出指标（50分）", "<", "数量指标", "办班期数", "12", "12", "50", "50", ""],
        ["效益指标（40分）", "<", "社会效益指标", "能力提升", "好", "好", "40", "40", "无"],
        ["合计", *"<<<<<", "100", "99", ""],
        ["填表人：李样例", "<", "<", "联系电话：0555-7654321", "<", "<", "填报日期：2023年3月1日", "<", "<"],
    ]
    result = read(tmp_path, matrix)
    assert [n.message for n in result.notices] == []
    (project,), (money,) = result.projects, result.executions
    assert (project.unit_code, project.unit_name, project.total_score) == ("007001", "样例市样例中心", 99)
    assert (money.funding_source, money.funding_code, money.unit) == ("项目预算执行情况（10分）", "total", "元")
    assert (money.initial_budget, money.full_year_budget, money.executed) == (1000, 1000, 900)
    assert (money.execution_rate, money.score) == (90, 9)
    assert [(i.level1, i.level2, i.initial_target, i.score) for i in result.indicators] == [
        ("产出指标（50分）", "数量指标", "12", 50),
        ("效益指标（40分）", "社会效益指标", "好", 40),
    ]


def test_a_source_that_gave_nothing_is_a_row_without_amounts(tmp_path: Path) -> None:
    result = pdf(tmp_path, [TITLE, standard(funds=[*FUNDS, ["其他资金", "", "", "", "—", "—", "—"]])])
    assert executions(result)[-1] == ("其他资金", "other", *[None] * 6)


# --- Reports with two tables and a conclusion

REPORT = """\
项目支出绩效自评分析报告

项目名称：样例设备购置和信息化运行维
护经费

项目单位：071003-样例市样例中心

主管部门：071-样例市样例局

（一）预算执行情况

资金来源	年初预算数		全年预算数(元)	全年执行数(元)	资金结(转)余(元)	执行率	得分
	目标申报(元)	预算编制(元)
合计	6,000	5,000	5,000	2,500.5	0	50.01%	5
市县区财政资金	6,000	5,000	5,000	2,500.5	0

（二）绩效指标完成情况

一级指标	二级指标	指标名称	年度指标		实际完成值	权重	得分	偏差原因分析及改进措施
			年初指标	调整后指标
产出指标	数量指标	购置设备	1	≥1个	4	50	50

- 12 -

		运行维护	2	≥2次	1	40	20	只做1次
-------	-----------	-------	----	------	----	----	----	--

三、项目自评结果

预算执行情况得分 5 分，指标完成情况得
分 70 分，最终评分结果：样例设备购置项目绩效自我评价结果为:总得分 75 分，属于"中"。
"""


def test_a_report_gives_its_name_its_tables_and_its_conclusion(tmp_path: Path) -> None:
    result = text(tmp_path, REPORT)
    assert [n.message for n in result.notices] == []
    (project,) = result.projects
    assert (project.project_name, project.unit_code, project.unit_name) == (
        "样例设备购置和信息化运行维护经费",
        "071003",
        "样例市样例中心",
    )
    assert (project.conclusion_name, project.budget_execution_score, project.indicator_score) == ("样例设备购置", 5, 70)
    assert (project.total_score, project.grade) == (75, "中")
    total, part = result.executions
    assert (total.initial_declared, total.initial_budget, total.executed, total.executed_text) == (
        6000,
        5000,
        Decimal("2500.5"),
        "2,500.5",
    )
    assert (total.execution_rate, total.execution_rate_text, part.execution_rate, part.score) == (
        Decimal("50.01"),
        "50.01%",
        None,
        None,
    )
    assert [(i.level2, i.indicator, i.adjusted_target, i.score) for i in result.indicators] == [
        ("数量指标", "购置设备", "≥1个", 50),
        ("数量指标", "运行维护", "≥2次", 20),
    ]


def test_a_project_is_named_after_a_form_as_well(tmp_path: Path) -> None:
    form = "国有资产占用情况表\n\n项目\t数量\n车辆（辆）\t3\n\n"
    result = text(tmp_path, form + REPORT.removeprefix("项目支出绩效自评分析报告\n"))
    assert kinds(result) == []
    assert (len(result.projects), len(result.executions), len(result.indicators)) == (1, 2, 2)


def test_a_table_that_is_not_understood_costs_only_itself(tmp_path: Path) -> None:
    result = text(tmp_path, REPORT.replace("\t5,000\t5,000\t2,500.5\t0\t50.01%", "\t5,000\t5,000\t2,5O0.5\t0\t50.01%"))
    assert kinds(result) == ["unread_evaluation"]
    assert (result.executions, len(result.indicators), len(result.projects)) == ((), 2, 1)


def test_each_report_has_its_own_project(tmp_path: Path) -> None:
    other = REPORT.replace("样例设备购置和信息化运行维\n护经费", "样例宣传经费").replace('属于"中"', "属于“良”")
    result = text(tmp_path, REPORT + "\n" + other)
    assert kinds(result) == []
    assert [(p.project_name, p.grade) for p in result.projects] == [
        ("样例设备购置和信息化运行维护经费", "中"),
        ("样例宣传经费", "良"),
    ]
    assert [e.project_order for e in result.executions] == [1, 1, 2, 2]


def test_a_line_inside_a_table_of_a_text_leaves_no_half_table(tmp_path: Path) -> None:
    """What follows the line may belong to the table; it is not loaded as if it were whole."""
    result = text(tmp_path, REPORT.replace("- 12 -", "见附件三的说明"))
    assert kinds(result) == ["unread_evaluation"]
    assert result.indicators == ()


@pytest.mark.parametrize("missing", ["项目支出绩效自评表", "inside"])
def test_an_evaluation_right_after_a_form_is_no_part_of_it(missing: str, tmp_path: Path) -> None:
    """A list of vehicles, and on the next page, in the same frame and without prose between, a project."""
    form: Matrix = [
        ["项目", "<", "<", "<", "<", "<", "<", "<", "数量"],
        ["车辆合计（辆）", "<", "<", "<", "<", "<", "<", "<", "3"],
    ]
    title: list[str | Matrix] = [] if missing == "inside" else [missing]
    inside: Matrix = [[TITLE, *"<<<<<<<<"]] if missing == "inside" else []
    document = draw(tmp_path, ["国有资产占用情况表", form], [*title, [*inside, *standard()]])
    layout = locate_forms(document, catalogue())
    assert [(located.title.text, located.last_page) for located in layout.forms] == [("国有资产占用情况表", 1)]
    assert layout.orphans == ()
    assert len(read_performance(document, catalogue()).indicators) == 4


def test_a_grade_and_a_score_may_be_fields(tmp_path: Path) -> None:
    head: Matrix = [*HEAD, ["自评得分", "<", "90.8", "<", "<", "预算年度", "<", "2023", "<"]]
    matrix = [*standard(head)[:-1], ["自评等级", "<", "优", *"<<<<<<"], ["备注：数据截至2023年12月31日", *"<<<<<<<<"]]
    (project,) = pdf(tmp_path, [TITLE, matrix]).projects
    assert (project.total_score, project.grade) == (Decimal("90.8"), "优")


GRADES_OF_A_TABLE = [
    ([["评价等次", "<", "良好", *"<<<<<<"]], "良好", "良好"),
    ([["自评结果", "<", "优（90.8分）", *"<<<<<<"]], "优", "优（90.8分）"),
    ([["自评结论", "<", "优", *"<<<<<<"]], "优", "优"),
    ([["绩效评价等级", "<", "□优 √良 □中 □差", *"<<<<<<"]], "良", "□优√良□中□差"),
    ([["评价等级", "<", "优□ 良□ 中√ 差□", *"<<<<<<"]], "中", "优□良□中√差□"),
    ([["评价等级", "<", "优（√）", "良（ ）", "中（ ）", "差（ ）", *"<<<"]], "优", "优（√）良（）中（）差（）"),
    ([["评价等级", "<", "□优 □良 □中 □差", *"<<<<<<"]], None, "□优□良□中□差"),
    ([["评价等级", "<", "√优 √良 □中 □差", *"<<<<<<"]], None, "√优√良□中□差"),
    ([["自评等级", "<", "A级", *"<<<<<<"]], "A级", "A级"),
    ([["评价结果", "<", "达到预期目标", *"<<<<<<"]], None, None),
    ([["自评结论", "<", "项目完成较好，群众满意", *"<<<<<<"]], None, None),
]


@pytest.mark.parametrize(("below", "grade", "printed"), GRADES_OF_A_TABLE)
def test_a_grade_is_a_word_or_the_one_that_is_ticked(
    below: Matrix, grade: str | None, printed: str | None, tmp_path: Path
) -> None:
    """Neither no tick nor two give a grade, and a result in words is none."""
    result = as_tabs(tmp_path, [*standard(), *below])
    assert kinds(result) == []
    (project,) = result.projects
    assert (project.grade, project.grade_text, project.total_score) == (grade, printed, Decimal("90.8"))


@every_format
def test_a_grade_may_stand_beside_the_total(read: Read, tmp_path: Path) -> None:
    (project,) = read(tmp_path, standard(total=["总分", *"<<<<<", "100", "90.8", "优"])).projects
    assert (project.total_score, project.grade) == (Decimal("90.8"), "优")
    total: list[object] = ["自评总分", "<", "90.8", "<", "<", "自评等级", "<", "优", "<"]
    (project,) = read(tmp_path, standard(total=total)).projects
    assert (project.total_score, project.grade) == (Decimal("90.8"), "优")


@pytest.mark.parametrize(
    ("line", "grade", "score"),
    [
        ("自评等级：优", "优", "90.8"),
        ("自评得分：90.8分，自评等级：优□ 良√ 中□ 差□", "良", "90.8"),
        ("综合评价，本项目自评得分90.8分，评价等级为“优秀”。", "优秀", "90.8"),
        ("等级为：优（90分以上）、良（80-90分）、中、差", None, "90.8"),
        ("本部门整体支出绩效自评得分98分，评价等级为优。", None, "90.8"),
        ("二、部门评价等级为优", None, "90.8"),
    ],
)
def test_a_grade_may_stand_below_a_table(line: str, grade: str | None, score: str, tmp_path: Path) -> None:
    """What is said of the grades there are, of the department, or under the next heading is not about the project."""
    result = text(tmp_path, f"{TITLE}\n\n{tabs(standard())}\n\n{line}\n")
    (project,) = result.projects
    assert (project.grade, project.total_score) == (grade, Decimal(score))


def test_a_grade_below_a_table_is_not_that_of_the_next_project(tmp_path: Path) -> None:
    other = standard([["项目名称", "<", "样例宣传经费", *"<<<<<<"], *HEAD[1:]])
    content = f"{TITLE}\n\n{tabs(standard())}\n\n评价等级：优\n\n{TITLE}\n\n{tabs(other)}\n\n评价等级：中\n"
    result = text(tmp_path, content)
    assert [(p.project_name, p.grade) for p in result.projects] == [("设备购置专项经费", "优"), ("样例宣传经费", "中")]


@pytest.mark.parametrize(
    ("printed", "grade"),
    [
        ("优√ 良 中 差", "优"),
        ("优 √良 中 差", "良"),
        ("√优 良 中 差", "优"),
        ("优 ☑ 良 ☐ 中 ☐ 差 ☐", "优"),
        ("\uf0a8优 \uf0fe良", "良"),
        ("优秀√ 良好 一般 较差", "优秀"),
        ("□优秀 ☑基本合格 □不合格", "基本合格"),
    ],
)
def test_a_tick_belongs_to_the_word_it_touches(printed: str, grade: str) -> None:
    found = vocabulary().grades.read(printed, known_only=True)
    assert found is not None
    assert found.grade == grade


def test_a_level_on_a_row_of_its_own_holds_for_the_rows_below(tmp_path: Path) -> None:
    rows_below: Matrix = [["产出指标（50分）", *"<<<<<<<"], ["", *INDICATORS[0][1:]], ["满意度指标", *INDICATORS[3][1:]]]
    result = pdf(tmp_path, [TITLE, standard(indicators=rows_below)])
    assert kinds(result) == []
    assert [(i.level1, i.level2) for i in result.indicators] == [
        ("产出指标（50分）", "数量指标"),
        ("满意度指标", "社会效益指标"),
    ]


def test_rows_that_lost_their_header_cost_the_table_before_them(tmp_path: Path) -> None:
    """The page after has another frame, so that its columns cannot be told: no half of the table is loaded."""
    matrix = standard()
    above, below = cut(matrix, len(matrix) - 2)
    narrow = [row[1:] for row in below[:1]]
    result = pdf(tmp_path, [TITLE, above], ["一、以下为另一张表", narrow])
    assert nothing(result)
    assert kinds(result) == ["unread_evaluation"]


def test_a_department_that_is_judged_without_a_title_is_kept_apart(tmp_path: Path) -> None:
    result = pdf(tmp_path, [standard(head=[["部门（单位）名称", "<", "样例市样例局", *"<<<<<<"]])])
    assert nothing(result)
    assert kinds(result) == ["department_evaluation"]


UNDERSTOOD = {"主管部门", "样例市样例局", "实施单位", "预期目标", "实际完成情况", GOALS[1][1], GOALS[1][5]}


@every_format
def test_no_figure_is_lost_in_silence(read: Read, tmp_path: Path) -> None:
    """A figure in the place of any cell is loaded, or the table is not, or it stands where text or a weight's sum belongs."""
    matrix = standard()
    lost = []
    for y, row in enumerate(matrix):
        for x, cell in enumerate(row):
            if cell in ("<", "^", *UNDERSTOOD):
                continue
            changed = [list(line) for line in matrix]
            changed[y][x] = "777"
            result = read(tmp_path, changed)
            loaded = str([asdict(record) for record in (*result.projects, *result.executions, *result.indicators)])
            if "777" not in loaded and not result.notices:
                lost.append((cell, y == len(matrix) - 1))
    # Headers of what is no figure, and the two cells beside the total that are known and not kept.
    assert lost == [("", False), ("绩效指标", False), ("一级指标", False), ("二级指标", False), ("100", True), ("", True)]
