"""Two warehouses compared by what their marts say: every table and figure, without file names and places."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import duckdb

from ingest.text import squash

# One row a file, a line of text or a notice of a reader: these follow from the format.
OF_FILES = frozenset(
    {"dim_document", "dim_document_path", "fct_narrative_sentence", "rpt_document_notice", "rpt_suspect_reading"}
)
# Where something stands, in what order and when it was met, and what a reader calls it. A known discrepancy is known by place.
PLACES = re.compile(
    r"source_.*|.*_page|.*_line|.*_sentence|.*_order|.*claim_number|sentence_number|term_number|file_name|example_file|column_header|confidence"
    r"|check_key|finding_key|project_key|paste|first_seen_at|is_known|whose_error|known_.*|new_findings"
)
# What is quoted of a sentence ends where its page ends, and a reason names headers as printed above the figure.
QUOTED = {"fct_narrative_claim": {"sentence", "reason"}, "fct_narrative_check": {"sentence"}, "rpt_finding": {"sentence"}}
DOCUMENT = re.compile(r"(?:.*_)?document_id")
_PAGE = re.compile(r"(?:, )?\b(?:page|row|table|column) \d+(?: and \d+)*|\(\)")

Table = Counter[tuple[tuple[str, object], ...]]


def marts(warehouse: Path) -> dict[str, Table]:
    """The tables of the schema ``marts`` as multisets of rows; a document is known by its disclosure and not by its bytes."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        names = connection.sql("select table_name from information_schema.tables where table_schema = 'marts'").fetchall()
        stems = {
            key: Path(name).stem
            for key, name in connection.sql("select document_id, file_name from marts.dim_document").fetchall()
        }
        return {name: _rows(connection, name, stems) for (name,) in sorted(names) if name not in OF_FILES}


def _rows(connection: duckdb.DuckDBPyConnection, table: str, stems: dict[str, str]) -> Table:
    relation = connection.table(f"marts.{table}")
    columns, quoted = relation.columns, QUOTED.get(table, set())
    rows: Table = Counter()
    for row in relation.fetchall():
        named = zip(columns, row, strict=True)
        said = ((column, value) for column, value in named if not PLACES.fullmatch(column) and column not in quoted)
        rows[tuple((column, _value(column, value, stems)) for column, value in said)] += 1
    return rows


def _value(column: str, value: object, stems: dict[str, str]) -> object:
    if not isinstance(value, str):
        return value
    if DOCUMENT.fullmatch(column):
        return stems.get(value, value)
    # What is told in words names pages; lists of them are in the order of the pages. Samples in text have spaces in words.
    told = squash(_PAGE.sub("", value))
    return ";".join(sorted(set(told.split(";")))) if column in ("also_breaks", "contradicts") else told


def differences(expected: dict[str, Table], found: dict[str, Table]) -> list[str]:
    """One line for each row that only one of the warehouses has."""
    lines = [f"{name}: is in one of them only" for name in sorted(expected.keys() ^ found.keys())]
    for name in sorted(expected.keys() & found.keys()):
        lines += [f"{name}: not found: {dict(row)}" for row in (expected[name] - found[name]).elements()]
        lines += [f"{name}: not expected: {dict(row)}" for row in (found[name] - expected[name]).elements()]
    return lines
