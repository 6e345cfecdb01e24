"""The sheets of a department's workbook as values: what each holds comes from one query of the marts.

A sheet over the years has a column of amounts and one of pages a year, so that each figure stands beside its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, get_args

from reporting.exports.labels import Labels
from reporting.exports.scope import TOTAL_LABEL, Scope

Kind = Literal["text", "code", "amount", "percent", "integer", "year", "page"]
Value = str | int | Decimal | bool | None


KINDS: dict[str, Kind] = {"": "text", **{kind: kind for kind in get_args(Kind)}}


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Cell:
    """A value that is not of the kind of its column, or needs a word."""

    value: Value
    kind: Kind
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """``keys`` columns identify a row: they stay in sight when one scrolls to the right."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value | Cell, ...], ...]
    keys: int


TABLES = frozenset(
    {
        "bridge_disclosure_document",
        "dim_department",
        "dim_department_name",
        "dim_disclosure",
        "dim_document",
        "dim_metric",
        "fct_expenditure_by_class",
        "fct_expenditure_by_economic_class",
        "fct_expenditure_by_function",
        "fct_income_expenditure_summary",
        "fct_metric",
        "fct_reported_amount",
        "fct_three_public_expenses",
        "rpt_finding",
    }
)
UNIT_KINDS: dict[str, Kind] = {"yuan": "amount", "yuan_per_head": "amount", "percent": "percent", "people": "integer"}

METRICS = """
select
    m.metric,
    d.label_zh,
    d.label_en,
    m.disclosure_kind,
    m.reporting_scope,
    m.unit,
    m.fiscal_year,
    m.value,
    m.source_page,
    m.reason
from marts.fct_metric as m
inner join marts.dim_metric as d on m.metric = d.metric
where m.department_key = $key and m.classification_code is null
order by
    m.reporting_scope,
    list_position($order, m.metric) nulls last,
    m.metric,
    list_position(['final_account', 'budget'], m.disclosure_kind) nulls last,
    m.fiscal_year
"""
# As a reader asks: how much, from where, more or less than before, for what. What a later warehouse adds comes after them.
METRIC_ORDER = (
    "total_expenditure",
    "total_income",
    "expenditure_growth",
    "execution_rate",
    "basic_expenditure",
    "project_expenditure",
    "basic_share",
    "project_share",
    "three_public_expenses",
    "official_reception",
    "three_public_growth",
    "staff",
    "three_public_per_head",
    "official_reception_per_head",
)

# The total of a form stands in a row without a code; some budgets leave its label blank.
BY_CODE = f"""
with facts as (

    select
        form_code,
        disclosure_kind,
        disclosure_key,
        {{code}} as code,
        printed_name as name,
        level,
        fiscal_year,
        total_amount,
        source_page
    from marts.{{table}}
    where department_key = $key

),

totals as (

    select
        form_code,
        disclosure_kind,
        disclosure_key,
        cast(null as varchar) as code,
        cast(null as varchar) as name,
        'total' as level,
        fiscal_year,
        amount as total_amount,
        source_page
    from marts.fct_reported_amount
    where
        department_key = $key and is_current and row_code is null and column_code = 'total'
        and regexp_matches(row_label, '{TOTAL_LABEL}')
        and (form_code, disclosure_key) in (select (form_code, disclosure_key) from facts)

)

select
    amounts.form_code,
    amounts.disclosure_kind,
    disclosures.reporting_scope,
    amounts.code,
    amounts.name,
    amounts.level,
    amounts.fiscal_year,
    amounts.total_amount,
    amounts.source_page
from (select * from facts union all by name select * from totals) as amounts
inner join marts.dim_disclosure as disclosures on amounts.disclosure_key = disclosures.disclosure_key
order by
    disclosures.reporting_scope,
    amounts.disclosure_kind desc,
    list_position(['expenditure', 'appropriation_expenditure', 'general_budget_expenditure'], amounts.form_code) nulls last,
    amounts.form_code,
    amounts.code nulls first,
    amounts.fiscal_year
"""

INCOME = """
select
    s.form_code,
    s.disclosure_kind,
    d.reporting_scope,
    s.printed_label,
    s.line_code,
    s.role,
    s.line_number,
    s.fiscal_year,
    s.total_amount,
    s.source_page
from marts.fct_income_expenditure_summary as s
inner join marts.dim_disclosure as d on s.disclosure_key = d.disclosure_key
where s.department_key = ? and s.form_code = 'income_expenditure_summary' and s.side = 'income'
order by d.reporting_scope, s.disclosure_kind desc, s.fiscal_year, s.line_number
"""

THREE_PUBLIC = """
select
    t.measure,
    t.phase,
    d.disclosure_kind,
    d.reporting_scope,
    t.fiscal_year,
    t.amount,
    t.is_money,
    t.source_page
from marts.fct_three_public_expenses as t
inner join marts.dim_disclosure as d on t.disclosure_key = d.disclosure_key
where t.department_key = ?
order by d.reporting_scope, d.disclosure_kind desc, t.phase desc, t.measure <> 'total', t.measure, t.fiscal_year
"""

BUDGET_OUTCOME = """
with classes as (

    select
        reporting_scope,
        fiscal_year,
        class_code,
        any_value(printed_name order by disclosure_kind desc) as class_name,
        max(amount) filter (where disclosure_kind = 'budget') as budget_amount,
        max(source_page) filter (where disclosure_kind = 'budget') as budget_page,
        max(amount) filter (where disclosure_kind = 'final_account') as final_amount,
        max(source_page) filter (where disclosure_kind = 'final_account') as final_page
    from marts.fct_expenditure_by_class
    where department_key = $key
    group by all

),

totals as (

    select
        reporting_scope,
        fiscal_year,
        cast(null as varchar) as class_code,
        cast(null as varchar) as class_name,
        cast(max(value) filter (where disclosure_kind = 'budget') as decimal(20, 2)) as budget_amount,
        max(source_page) filter (where disclosure_kind = 'budget') as budget_page,
        cast(max(value) filter (where disclosure_kind = 'final_account') as decimal(20, 2)) as final_amount,
        max(source_page) filter (where disclosure_kind = 'final_account') as final_page
    from marts.fct_metric
    where department_key = $key and metric = 'total_expenditure'
    group by all

)

select
    reporting_scope,
    fiscal_year,
    class_code,
    class_name,
    budget_amount,
    final_amount,
    final_amount - budget_amount as difference,
    cast(100 * final_amount / nullif(budget_amount, 0) as decimal(12, 2)) as rate,
    budget_page,
    final_page
from (select * from totals union all by name select * from classes)
order by reporting_scope, fiscal_year, class_code nulls first
"""

FINDINGS = """
select
    fiscal_year,
    disclosure_kind,
    severity,
    file_name,
    source_page,
    source_table,
    source_row,
    source_column,
    form_code,
    row_code,
    row_label,
    column_code,
    printed_text,
    unit,
    expected_value,
    reason,
    check_name,
    is_recognised
from marts.rpt_finding
where department_key = ? and is_current
order by fiscal_year, disclosure_kind, file_name, source_page nulls first, source_table, source_row, finding_key
"""

PRINTED = """
select
    a.fiscal_year,
    a.disclosure_kind,
    d.reporting_scope,
    a.form_code,
    a.row_code,
    a.row_label,
    a.column_header,
    case when u.is_money then a.amount end as amount,
    case when not u.is_money then a.amount end as counted,
    a.amount_text,
    a.unit,
    f.file_name,
    a.source_page,
    a.source_table,
    a.source_row,
    a.source_column
from marts.fct_reported_amount as a
inner join marts.dim_disclosure as d on a.disclosure_key = d.disclosure_key
inner join marts.dim_document as f on a.document_id = f.document_id
cross join lateral (select coalesce(a.unit, '') like '%元' as is_money) as u
where a.department_key = ? and a.is_current
order by d.reporting_scope, a.fiscal_year, a.disclosure_kind desc, a.form_order, a.row_order, a.source_column
"""


def sheets(scope: Scope, labels: Labels) -> list[Sheet]:
    """All but the first sheet, which tells what these are. Each is there, empty or not: a reader need not wonder."""
    return [
        _metrics(scope, labels),
        _by_code(scope, labels, "by_function", "fct_expenditure_by_function", "functional_code"),
        _by_code(scope, labels, "by_economic_class", "fct_expenditure_by_economic_class", "economic_code"),
        _income(scope, labels),
        _three_public(scope, labels),
        _budget_outcome(scope, labels),
        _findings(scope, labels),
        _printed(scope, labels),
    ]


def _asked(scope: Scope, sql: str, **more: Any) -> list[tuple[Any, ...]]:
    parameters: Any = {"key": scope.department_key, **more} if "$key" in sql else [scope.department_key]
    return scope.connection.execute(sql, parameters).fetchall()


def _scope_word(labels: Labels, scope: str | None) -> str | None:
    return labels.word("unit_scope" if scope == "unit" else scope)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a sheet over the years: ``key`` tells its row, ``shown`` what the row says of itself."""

    key: tuple[Any, ...]
    shown: tuple[Value, ...]
    year: int
    value: Value | Cell
    page: int | None


def over_years(title: str, columns: Sequence[Column], figures: Iterable[Figure], labels: Labels) -> Sheet:
    """Rows in the order in which they come first; of a row that is told in several ways, the latest stands."""
    rows: dict[tuple[Any, ...], dict[int, Figure]] = {}
    for figure in figures:
        rows.setdefault(figure.key, {})[figure.year] = figure
    years = sorted({year for row in rows.values() for year in row})
    yearly = [
        column for year in years for column in (Column(str(year), "amount"), Column(labels["page_of"].format(year), "page"))
    ]
    return Sheet(
        title,
        (*columns, *yearly),
        tuple((*row[max(row)].shown, *_by_year(row, years)) for row in rows.values()),
        keys=len(columns),
    )


def _by_year(row: dict[int, Figure], years: Sequence[int]) -> Iterable[Value | Cell]:
    for year in years:
        figure = row.get(year)
        yield figure.value if figure else None
        yield figure.page if figure and not _is_empty(figure.value) else None


def _is_empty(value: Value | Cell) -> bool:
    return (value.value if isinstance(value, Cell) else value) is None


def _metrics(scope: Scope, labels: Labels) -> Sheet:
    columns = _columns(labels, "metric kind scope unit")
    figures = []
    for metric, zh, en, kind, reach, unit, year, value, page, reason in _asked(scope, METRICS, order=list(METRIC_ORDER)):
        shown = (zh if labels.language == "zh" else en, labels.word(kind), _scope_word(labels, reach), labels.word(unit))
        figures.append(Figure((metric, kind, reach), shown, year, Cell(value, UNIT_KINDS.get(unit, "amount"), reason), page))
    return over_years(labels["metrics"], columns, figures, labels)


def _by_code(scope: Scope, labels: Labels, title: str, table: str, code_column: str) -> Sheet:
    columns = _columns(labels, "form kind scope code:code name level")
    figures = []
    for form, kind, reach, code, name, level, year, amount, page in _asked(scope, BY_CODE.format(table=table, code=code_column)):
        told = labels["total"] if level == "total" else labels.word(f"{level}_level")
        shown = (labels.form(form), labels.word(kind), _scope_word(labels, reach), code, name or labels["total"], told)
        figures.append(Figure((form, kind, reach, code), shown, year, amount, page))
    return over_years(labels[title], columns, figures, labels)


def _income(scope: Scope, labels: Labels) -> Sheet:
    columns = _columns(labels, "form kind scope line role")
    figures = []
    for form, kind, reach, label, code, role, _, year, amount, page in _asked(scope, INCOME):
        shown = (labels.form(form), labels.word(kind), _scope_word(labels, reach), label, labels.word(role))
        figures.append(Figure((kind, reach, role, code or label), shown, year, amount, page))
    return over_years(labels["income_sheet"], columns, figures, labels)


def _three_public(scope: Scope, labels: Labels) -> Sheet:
    columns = _columns(labels, "measure phase kind scope")
    figures = []
    for measure, phase, kind, reach, year, amount, is_money, page in _asked(scope, THREE_PUBLIC):
        shown = (labels.measure(measure), labels.word(phase), labels.word(kind), _scope_word(labels, reach))
        value = amount if is_money else Cell(amount, "integer")
        figures.append(Figure((measure, phase, kind, reach), shown, year, value, page))
    return over_years(labels["three_public"], columns, figures, labels)


def _budget_outcome(scope: Scope, labels: Labels) -> Sheet:
    columns = _columns(
        labels,
        "scope year:year code:code name budget_amount:amount final_amount:amount difference:amount rate:percent"
        " budget_page:page final_page:page",
    )
    rows = tuple(
        (_scope_word(labels, reach), year, code, name or labels["total"], *figures)
        for reach, year, code, name, *figures in _asked(scope, BUDGET_OUTCOME)
    )
    return Sheet(labels["budget_outcome"], columns, rows, keys=4)


def _findings(scope: Scope, labels: Labels) -> Sheet:
    columns = _columns(
        labels,
        "year:year kind severity file page:page table:page row:page column:page form code:code label column_header"
        " printed_text printed_unit expected:amount reason check unconfirmed",
    )
    rows = tuple(_finding(labels, *row) for row in _asked(scope, FINDINGS))
    return Sheet(labels["findings"], columns, rows, keys=3)


def _finding(labels: Labels, *row: Any) -> tuple[Value, ...]:
    year, kind, severity, file, page, table, line, place, form, code, label, header, printed, unit, expected, *why = row
    reason, check, recognised = why
    return (
        *(year, labels.word(kind), labels.word(severity), file, page, table, line, place, labels.form(form), code, label),
        *(labels.measure(header), printed, unit, expected, reason, check, labels["yes"] if recognised else None),
    )


def _printed(scope: Scope, labels: Labels) -> Sheet:
    columns = _columns(
        labels,
        "year:year kind scope form code:code label column_header amount:amount count:amount printed_text printed_unit"
        " file page:page table:page row:page column:page",
    )
    rows = tuple(
        (year, labels.word(kind), _scope_word(labels, reach), labels.form(form), *rest)
        for year, kind, reach, form, *rest in _asked(scope, PRINTED)
    )
    return Sheet(labels["printed"], columns, rows, keys=6)


def _columns(labels: Labels, names: str) -> tuple[Column, ...]:
    """Columns from ``name:kind``; one without a kind is of text."""
    pairs = (name.partition(":") for name in names.split())
    return tuple(Column(labels[name], KINDS[kind]) for name, _, kind in pairs)
