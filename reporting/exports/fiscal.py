"""A Fiscal Data Package 1.0 (https://fiscal.datapackage.org): expenditure and income, of one department or of all.

Each disclosure has its expenditure once: the leaf rows of one form, that of all funds where there is one. So what is summed is
counted once; how far the sum is from the printed total stands in ``disclosures.csv``. What a column means is a ColumnType of the
Budget Standard Taxonomy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.publish.export import PACKAGE_FILE
from ingest.publish.record import write_json
from reporting.exports.scope import TOTAL_LABEL, Scope
from reporting.exports.tables import GUARDED, package, resource, write_csv_file
from reporting.query import Answer

TAXONOMY = "https://specs.frictionlessdata.io/taxonomies/fiscal/budgets.json"
CURRENCY = "CNY"
TABLES = frozenset(
    {
        "bridge_functional_cofog",
        "dim_department",
        "dim_disclosure",
        "dim_document",
        "dim_functional_classification",
        "fct_expenditure_by_function",
        "fct_income_expenditure_summary",
        "fct_reported_amount",
    }
)


@dataclass(frozen=True, slots=True)
class Field:
    """A column: ``column_type`` is its fiscal concept, where it has one."""

    name: str
    type: str
    description: str
    column_type: str | None = None
    required: bool = False

    def described(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "type": self.type,
            "description": self.description,
            **({"columnType": self.column_type} if self.column_type else {}),
            **({"constraints": {"required": True}} if self.required else {}),
        }


# The form that stands for the expenditure of a disclosure: the first that it prints with codes.
CHOSEN = """
forms as (

    select *
    from (
        values
            (1, 'expenditure', 'all_funds', '全部资金'),
            (2, 'appropriation_expenditure', 'appropriation', '财政拨款'),
            (3, 'general_budget_expenditure', 'general_public_budget', '一般公共预算财政拨款')
    ) as listed (preference, form_code, fin_source_code, fin_source_label)

),

disclosures as (

    select *
    from marts.dim_disclosure
    where department_key = coalesce($key, department_key)

),

leaves as (

    select
        facts.*,
        forms.fin_source_code,
        forms.fin_source_label
    from marts.fct_expenditure_by_function as facts
    inner join disclosures on facts.disclosure_key = disclosures.disclosure_key
    inner join forms on facts.form_code = forms.form_code
    where facts.is_leaf
    qualify dense_rank() over (partition by facts.disclosure_key order by forms.preference) = 1

),

sources as (

    select lines.*
    from marts.fct_income_expenditure_summary as lines
    inner join disclosures on lines.disclosure_key = disclosures.disclosure_key
    where lines.form_code = 'income_expenditure_summary' and lines.side = 'income'

)
"""

EXPENDITURE = f"""
with {CHOSEN},

classes as (

    select * from marts.dim_functional_classification where level = 'class'

),

cofog as (

    select * from marts.bridge_functional_cofog

)

select
    leaves.disclosure_key || '/' || leaves.form_code || '/' || leaves.functional_code as budget_line_id,
    leaves.fiscal_year,
    leaves.department_key,
    disclosures.department_name,
    disclosures.reporting_scope,
    'expenditure' as direction,
    case leaves.disclosure_kind when 'budget' then 'approved' else 'executed' end as phase_id,
    case leaves.disclosure_kind when 'budget' then '预算' else '决算' end as phase_label,
    leaves.fin_source_code,
    leaves.fin_source_label,
    leaves.functional_code,
    leaves.printed_name as functional_name,
    leaves.class_code as functional_class_code,
    classes.name as functional_class_name,
    cofog.cofog_code as cofog_division_code,
    cofog.cofog_name as cofog_division_name,
    cofog.functional_class || coalesce('-' || cofog.valid_from_year, '') as cofog_mapping_id,
    leaves.total_amount as amount,
    leaves.basic_amount,
    leaves.project_amount,
    leaves.disclosure_key,
    leaves.document_id,
    leaves.form_code,
    leaves.source_page,
    disclosures.is_simulated
from leaves
inner join disclosures on leaves.disclosure_key = disclosures.disclosure_key
left join classes
    on
        leaves.class_code = classes.code
        and leaves.fiscal_year between coalesce(classes.valid_from_year, 0) and coalesce(classes.valid_to_year, 9999)
left join cofog
    on
        leaves.class_code = cofog.functional_class
        and leaves.fiscal_year between coalesce(cofog.valid_from_year, 0) and coalesce(cofog.valid_to_year, 9999)
order by budget_line_id
"""

INCOME = f"""
with {CHOSEN}

select
    sources.disclosure_key || '/income/' || sources.line_number as budget_line_id,
    sources.fiscal_year,
    sources.department_key,
    disclosures.department_name,
    disclosures.reporting_scope,
    'revenue' as direction,
    case sources.disclosure_kind when 'budget' then 'approved' else 'executed' end as phase_id,
    case sources.disclosure_kind when 'budget' then '预算' else '决算' end as phase_label,
    sources.line_code as fin_source_code,
    sources.printed_label as fin_source_label,
    sources.total_amount as amount,
    sources.disclosure_key,
    sources.document_id,
    sources.form_code,
    sources.source_page,
    disclosures.is_simulated
from sources
inner join disclosures on sources.disclosure_key = disclosures.disclosure_key
where sources.role = 'part'
order by sources.disclosure_key, sources.line_number
"""

# A unit lies within a department if the department has disclosed the same year and kind: both are not to be added.
DISCLOSURES = f"""
with {CHOSEN},

spent as (

    select
        disclosure_key,
        form_code,
        sum(total_amount) as amount
    from leaves
    group by disclosure_key, form_code

),

printed as (

    select
        amounts.disclosure_key,
        amounts.form_code,
        any_value(amounts.amount) as amount
    from marts.fct_reported_amount as amounts
    where
        amounts.is_current and amounts.row_code is null and amounts.column_code = 'total'
        and regexp_matches(amounts.row_label, '{TOTAL_LABEL}')
    group by amounts.disclosure_key, amounts.form_code
    having count(*) = 1

),

earned as (

    select
        disclosure_key,
        sum(total_amount) filter (where role = 'part') as amount,
        -- Where no total of the year is printed and nothing is carried over, the grand total is that of the year.
        coalesce(
            any_value(total_amount) filter (where role = 'year_total'),
            case
                when count(*) filter (where role = 'balance') = 0
                    then any_value(total_amount) filter (where role = 'grand_total')
            end
        ) as printed
    from sources
    group by disclosure_key

)

select
    disclosures.disclosure_key,
    disclosures.department_key,
    disclosures.fiscal_year,
    disclosures.disclosure_kind,
    disclosures.reporting_scope,
    exists (
        select 1
        from marts.dim_disclosure as wholes
        inner join marts.dim_department as departments on disclosures.department_key = departments.department_key
        where
            disclosures.reporting_scope = 'unit'
            and wholes.reporting_scope = 'department'
            and wholes.department_key in (departments.department_key, departments.parent_department_key)
            and wholes.fiscal_year = disclosures.fiscal_year
            and wholes.disclosure_kind = disclosures.disclosure_kind
    ) as is_within_department,
    spent.form_code as expenditure_form_code,
    spent.amount as expenditure_amount,
    printed.amount as expenditure_printed_total,
    spent.amount - printed.amount as expenditure_difference,
    earned.amount as income_amount,
    earned.printed as income_printed_total,
    earned.amount - earned.printed as income_difference,
    disclosures.is_simulated
from disclosures
left join spent on disclosures.disclosure_key = spent.disclosure_key
left join printed on spent.disclosure_key = printed.disclosure_key and spent.form_code = printed.form_code
left join earned on disclosures.disclosure_key = earned.disclosure_key
order by disclosures.disclosure_key
"""

DEPARTMENTS = """
select
    department_key,
    department_name,
    region,
    parent_department_key,
    is_simulated
from marts.dim_department
where department_key = coalesce($key, department_key)
order by department_key
"""

DOCUMENTS = """
select
    documents.document_id,
    documents.file_name,
    documents.media_type,
    documents.page_count,
    documents.is_current,
    documents.disclosure_key
from marts.dim_document as documents
inner join marts.dim_disclosure as disclosures on documents.disclosure_key = disclosures.disclosure_key
where disclosures.department_key = coalesce($key, disclosures.department_key)
order by documents.document_id
"""

COFOG = """
select
    functional_class || coalesce('-' || valid_from_year, '') as cofog_mapping_id,
    functional_class,
    valid_from_year,
    valid_to_year,
    cofog_code,
    cofog_name,
    is_approximate,
    also_cofog_codes,
    caveat,
    source
from marts.bridge_functional_cofog
order by cofog_mapping_id
"""

LINE = (
    Field("budget_line_id", "string", "Disclosure, form and code or line: unique.", "budget-line-id", required=True),
    Field("fiscal_year", "integer", "Year that the figures are about.", "date:fiscal-year", required=True),
    Field(
        *("department_key", "string", "Key of the department through all its names."),
        "administrative-classification:generic:code",
        required=True,
    ),
    Field("department_name", "string", "Its name as published.", "administrative-classification:generic:label"),
    Field(
        "reporting_scope", "string", "department (with its units) or unit (one alone); see is_within_department.", required=True
    ),
    Field("direction", "string", "expenditure or revenue.", "direction", required=True),
    Field("phase_id", "string", "approved: 预算, budget; executed: 决算, final account.", "phase:id", required=True),
    Field("phase_label", "string", "The same in Chinese.", "phase:label"),
)
PLACE = (
    Field("disclosure_key", "string", "Disclosure of the figure.", required=True),
    Field("document_id", "string", "SHA-256 of the file that prints it.", required=True),
    Field("form_code", "string", "Form that prints it."),
    Field("source_page", "integer", "Page, from 1."),
    Field("is_simulated", "boolean", "Whether the figure is invented, as those of the samples are.", required=True),
)
CODE, LABEL = "functional-classification:generic:{}code", "functional-classification:generic:{}label"
FIELDS: Mapping[str, tuple[Field, ...]] = {
    "expenditure": (
        *LINE,
        Field(
            "fin_source_code",
            "string",
            "Funds that the form tells: all_funds, or where there is no such form less.",
            "fin-source:generic:code",
        ),
        Field("fin_source_label", "string", "The same in Chinese.", "fin-source:generic:label"),
        Field("functional_code", "string", "Functional code (功能分类科目) of the leaf.", CODE.format(""), required=True),
        Field("functional_name", "string", "Its name as printed.", LABEL.format("")),
        Field("functional_class_code", "string", "Class (类) of the code.", CODE.format("level1:")),
        Field("functional_class_name", "string", "Its name in that year.", LABEL.format("level1:")),
        Field(
            "cofog_division_code",
            "string",
            "Division of COFOG; a judgement by class, see cofog.",
            "functional-classification:cofog:division:code",
        ),
        Field("cofog_division_name", "string", "Its name.", "functional-classification:cofog:division:label"),
        Field("cofog_mapping_id", "string", "Row of cofog that tells it, or why there is none."),
        Field("amount", "number", "Expenditure in yuan (本年支出合计).", "value"),
        Field("basic_amount", "number", "Of this 基本支出, in yuan; empty where the form has no such column."),
        Field("project_amount", "number", "Of this 项目支出, in yuan; empty where the form has no such column."),
        *PLACE,
    ),
    "income": (
        *LINE,
        Field(
            "fin_source_code", "string", "Source of the income; empty where its label is not known.", "fin-source:generic:code"
        ),
        Field("fin_source_label", "string", "Its label as printed.", "fin-source:generic:label"),
        Field("amount", "number", "Income of the year in yuan; what was carried over from other years is no income.", "value"),
        *PLACE,
    ),
    "disclosures": (
        Field("disclosure_key", "string", "Key of the disclosure.", required=True),
        Field("department_key", "string", "Key of the department.", required=True),
        Field("fiscal_year", "integer", "Year that the figures are about.", required=True),
        Field("disclosure_kind", "string", "final_account (决算) or budget (预算).", required=True),
        Field("reporting_scope", "string", "department (with its units) or unit (one alone).", required=True),
        Field(
            "is_within_department", "boolean", "Whether it is of a unit whose department has disclosed the same: do not add both."
        ),
        Field("expenditure_form_code", "string", "Form whose leaves are in expenditure; empty if there is none with codes."),
        Field("expenditure_amount", "number", "Sum of these leaves, in yuan."),
        Field("expenditure_printed_total", "number", "Total that this form prints, in yuan."),
        Field("expenditure_difference", "number", "Sum less printed total: rounding, or a mistake of the publisher."),
        Field("income_amount", "number", "Sum of the sources in income, in yuan."),
        Field("income_printed_total", "number", "Total that is printed for them, in yuan."),
        Field("income_difference", "number", "Sum less printed total: rounding, or a mistake of the publisher."),
        Field("is_simulated", "boolean", "Whether the figures are invented.", required=True),
    ),
    "departments": (
        Field("department_key", "string", "Key of the department.", required=True),
        Field("department_name", "string", "Latest name."),
        Field("region", "string", "Region, where a document says it."),
        Field("parent_department_key", "string", "Department that a unit belongs to, where known."),
        Field("is_simulated", "boolean", "Whether it is of the samples with invented figures.", required=True),
    ),
    "documents": (
        Field("document_id", "string", "SHA-256 of the file.", required=True),
        Field("file_name", "string", "Its name."),
        Field("media_type", "string", "Kind of file."),
        Field("page_count", "integer", "Number of pages."),
        Field("is_current", "boolean", "Whether any of its figures stand."),
        Field("disclosure_key", "string", "Disclosure that it is of.", required=True),
    ),
    "cofog": (
        Field("cofog_mapping_id", "string", "Class, and the year from which the row holds.", required=True),
        Field("functional_class", "string", "Class (类) of the functional classification.", required=True),
        Field("valid_from_year", "integer", "First fiscal year; empty if open."),
        Field("valid_to_year", "integer", "Last fiscal year; empty if open."),
        Field("cofog_code", "string", "Division of COFOG 1999; empty where there is none."),
        Field("cofog_name", "string", "Its name."),
        Field("is_approximate", "boolean", "Whether a part of the class belongs to other divisions."),
        Field("also_cofog_codes", "string", "The other divisions."),
        Field("caveat", "string", "What belongs elsewhere, or why there is no division."),
        Field("source", "string", "What the row rests on."),
    ),
}
QUERIES = {
    "expenditure": EXPENDITURE,
    "income": INCOME,
    "disclosures": DISCLOSURES,
    "departments": DEPARTMENTS,
    "documents": DOCUMENTS,
    "cofog": COFOG,
}
TITLES = {
    "expenditure": "Expenditure by function: leaf rows of one form a disclosure.",
    "income": "Income by source: the parts of the total of the year.",
    "disclosures": "What was disclosed, with printed totals beside the sums.",
    "departments": "The departments and units.",
    "documents": "The files.",
    "cofog": "Functional classes and divisions of COFOG: a judgement of juesuan at class level.",
}
KEYS = {
    "expenditure": "budget_line_id",
    "income": "budget_line_id",
    "disclosures": "disclosure_key",
    "departments": "department_key",
    "documents": "document_id",
    "cofog": "cofog_mapping_id",
}
LINES_REFER_TO = {"department_key": "departments", "disclosure_key": "disclosures", "document_id": "documents"}
REFERENCES: Mapping[str, Mapping[str, str]] = {
    "expenditure": {**LINES_REFER_TO, "cofog_mapping_id": "cofog"},
    "income": LINES_REFER_TO,
    "disclosures": {"department_key": "departments"},
    "documents": {"disclosure_key": "disclosures"},
}


def write_fiscal(scope: Scope, folder: Path) -> int:
    """Write the package into ``folder``; returns how many lines of expenditure and income it has."""
    resources = []
    lines = 0
    for name, query in QUERIES.items():
        parameters = {"key": scope.department_key} if "$key" in query else {}
        scope.connection.execute(query, parameters)
        path = folder / f"{name}.csv"
        # Without a byte order mark, which readers of Data Packages take for a part of the first name.
        count = write_csv_file(Answer(scope.connection), path, mark=False)
        if name in ("expenditure", "income"):
            lines += count
        resources.append({**resource(path, name, TITLES[name], _schema(name)), "profile": "tabular-data-resource"})
    described = package(scope, "juesuan-fiscal", "Fiscal Data Package", resources, GUARDED)
    write_json(
        folder / PACKAGE_FILE,
        {**described, "profile": "tabular-data-package", "columnTypes": [TAXONOMY], "currency": CURRENCY},
    )
    return lines


def _schema(name: str) -> dict[str, Any]:
    keys = [
        {"fields": [field], "reference": {"resource": target, "fields": [KEYS[target]]}}
        for field, target in REFERENCES.get(name, {}).items()
    ]
    schema: dict[str, Any] = {"fields": [field.described() for field in FIELDS[name]], "primaryKey": [KEYS[name]]}
    if keys:
        schema["foreignKeys"] = keys
    if any(field.column_type == "value" for field in FIELDS[name]):
        # A column that the file need not repeat in each row.
        schema["extraFields"] = [
            {"name": "currency", "type": "string", "columnType": "value-currency:code", "constant": CURRENCY},
        ]
    return schema
