"""A staging database with one document and the smallest dbt project that makes a warehouse of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from tests.python.conftest import ROOT

PROJECT = """
name: juesuan
version: "1.0.0"
profile: juesuan
model-paths: [models]
test-paths: [tests]
macro-paths: [macros]
models:
  +materialized: table
  +schema: marts
"""

PLAIN_SCHEMA_NAMES = """
{% macro generate_schema_name(custom_schema_name, node) %}{{ custom_schema_name or target.schema }}{% endmacro %}
"""

DISCLOSURE_KEY = "department_name || '/' || fiscal_year || '/' || disclosure_kind || '/' || reporting_scope"

MODELS = {
    "dim_document": f"""
        select document_id, file_name, file_path, {DISCLOSURE_KEY} as disclosure_key, loaded_at
        from juesuan_staging.staging.document
    """,
    "dim_disclosure": f"""
        select {DISCLOSURE_KEY} as disclosure_key, department_name, fiscal_year, is_simulated
        from juesuan_staging.staging.document
    """,
    "dim_department": "select distinct department_name from juesuan_staging.staging.document",
    "fct_disclosed_form": "select document_id, form_order from juesuan_staging.staging.form",
    "fct_reported_amount": f"""
        select
            document_id, {DISCLOSURE_KEY} as disclosure_key, department_name as department_key, fiscal_year, form_code,
            side, row_code, row_label, column_code, cast(printed_value as decimal(20, 2)) as amount, amount_text,
            source_page, source_table, source_row, source_column
        from juesuan_staging.staging.amount
        inner join juesuan_staging.staging.document using (document_id)
    """,
}

ONE_DOCUMENT = """
insert into staging.document values (
    'd1', '财政局.txt', '/files/财政局.txt', 'text/plain', 10, 1, '0', '2026-01-02 03:04:05', '云岭省财政局', 2024,
    'final_account', 'department', '云岭省', true, 'text'
);
insert into staging.form values
    ('d1', 1, 'expenditure', '支出决算表', '公开03表', '元', 1, 1, 'present', null),
    ('d1', 2, 'government_funds', '政府性基金预算财政拨款收入支出决算表', null, null, null, null, 'missing', null);
insert into staging.form_row values ('d1', 1, 1, 'expenditure', null, null, '合计', 1, 1, 3);
insert into staging.amount values
    ('d1', 1, 1, 'expenditure', null, null, '合计', 'total', '合计', '10.00', 10, '元', 2, 1, 1, 3, 2, null, null, null,
        null, null),
    ('d1', 1, 1, 'expenditure', null, null, '合计', 'basic', '基本', '10.00', 10, '元', 2, 1, 1, 3, 3, null, null, null,
        null, null);
insert into staging.notice values ('d1', 'form_missing', 'the contents promise 公开08表', 'government_funds', null, null, null);
"""

ONE_REJECTION = """
insert into staging.rejection values (
    '/files/扫描件.pdf', '扫描件.pdf', 'd9', 'no_text_layer', 'no text layer', 'run it through OCR', 1, null, null, null, '0',
    '2026-01-02 03:04:05'
);
"""


def make_staging(path: Path, rows: str = ONE_DOCUMENT) -> Path:
    """A staging database with the project's own schema."""
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = (ROOT / "ingest" / "staging" / "schema.sql").read_text(encoding="utf-8")
    with duckdb.connect() as connection:
        location = str(path).replace("'", "''")
        connection.execute(f"attach '{location}' as target")
        connection.execute("use target")
        connection.execute(schema)
        connection.execute("use target.staging")
        connection.execute(rows)
    return path


def make_project(path: Path, **models: str) -> Path:
    """A dbt project with the project's own profile; ``models`` replace or add to :data:`MODELS`."""
    for folder in ("models", "tests", "macros"):
        (path / folder).mkdir(parents=True)
    (path / "dbt_project.yml").write_text(PROJECT, encoding="utf-8")
    (path / "macros" / "names.sql").write_text(PLAIN_SCHEMA_NAMES, encoding="utf-8")
    shutil.copy(ROOT / "profiles.yml", path)
    for name, sql in (MODELS | models).items():
        (path / "models" / f"{name}.sql").write_text(sql, encoding="utf-8")
    return path


def add_test(project: Path, name: str, sql: str) -> None:
    (project / "tests" / f"{name}.sql").write_text(sql, encoding="utf-8")
