"""Parsed records as data frames that hold exactly what ``schema.sql`` holds.

The frames are backed by Arrow: amounts are ``decimal128(24, 6)`` from the record to the table, and never floats on
the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa

from ingest.document import Box
from ingest.files import SourceFile
from ingest.parsed import ParsedDocument, Rejected

Frames = Mapping[str, pd.DataFrame]

AMOUNT_TYPE = pa.decimal128(24, 6)
_LIMIT = Decimal(10) ** 18  # the whole digits that DECIMAL(24, 6) holds

_TEXT, _COUNT, _FLAG, _POINT = pa.string(), pa.int32(), pa.bool_(), pa.float64()
_BOX = [pa.field(name, _POINT) for name in ("x0", "top", "x1", "bottom")]


def _required(name: str, kind: pa.DataType) -> pa.Field:
    return pa.field(name, kind, nullable=False)


_ROW_PLACE = [_required(name, _COUNT) for name in ("source_page", "source_table", "source_row")]
_ROW_IDENTITY = [
    _required("document_id", _TEXT),
    _required("form_order", _COUNT),
    _required("row_order", _COUNT),
    _required("form_code", _TEXT),
    pa.field("side", _TEXT),
    pa.field("row_code", _TEXT),
    _required("row_label", _TEXT),
]

SCHEMAS: Mapping[str, pa.Schema] = {
    "document": pa.schema(
        [
            _required("document_id", _TEXT),
            _required("file_name", _TEXT),
            _required("file_path", _TEXT),
            _required("media_type", _TEXT),
            _required("byte_size", pa.int64()),
            _required("page_count", _COUNT),
            _required("parser_version", _TEXT),
            _required("loaded_at", pa.timestamp("us")),
            _required("department_name", _TEXT),
            _required("fiscal_year", _COUNT),
            _required("disclosure_kind", _TEXT),
            _required("reporting_scope", _TEXT),
            pa.field("region", _TEXT),
            _required("is_simulated", _FLAG),
            _required("text_source", _TEXT),
        ]
    ),
    "form": pa.schema(
        [
            _required("document_id", _TEXT),
            _required("form_order", _COUNT),
            _required("form_code", _TEXT),
            _required("title", _TEXT),
            pa.field("number_printed", _TEXT),
            pa.field("unit", _TEXT),
            pa.field("first_page", _COUNT),
            pa.field("last_page", _COUNT),
            _required("status", _TEXT),
            pa.field("note", _TEXT),
        ]
    ),
    "form_row": pa.schema([*_ROW_IDENTITY, *_ROW_PLACE]),
    "amount": pa.schema(
        [
            *_ROW_IDENTITY,
            _required("column_code", _TEXT),
            _required("column_header", _TEXT),
            _required("amount_text", _TEXT),
            _required("printed_value", AMOUNT_TYPE),
            _required("unit", _TEXT),
            _required("decimals", _COUNT),
            *_ROW_PLACE,
            _required("source_column", _COUNT),
            *_BOX,
            pa.field("confidence", _POINT),
        ]
    ),
    "text_line": pa.schema(
        [
            _required("document_id", _TEXT),
            _required("source_page", _COUNT),
            _required("source_line", _COUNT),
            _required("text", _TEXT),
            *_BOX,
        ]
    ),
    "witness": pa.schema(
        [
            _required("document_id", _TEXT),
            _required("attribute", _TEXT),
            _required("value", _TEXT),
            _required("source", _TEXT),
            _required("agrees", _FLAG),
            pa.field("source_page", _COUNT),
            _required("text", _TEXT),
        ]
    ),
    "notice": pa.schema(
        [
            _required("document_id", _TEXT),
            _required("kind", _TEXT),
            _required("message", _TEXT),
            pa.field("form_code", _TEXT),
            pa.field("source_page", _COUNT),
            pa.field("source_row", _COUNT),
            pa.field("paste", _TEXT),
        ]
    ),
    "sentence": pa.schema(
        [
            _required("document_id", _TEXT),
            _required("sentence_order", _COUNT),
            _required("section", _TEXT),
            _required("text", _TEXT),
            _required("source_page", _COUNT),
            _required("last_page", _COUNT),
            _required("source_line", _COUNT),
        ]
    ),
    "claim": pa.schema(
        [
            _required("document_id", _TEXT),
            _required("claim_order", _COUNT),
            _required("sentence_order", _COUNT),
            _required("quote", _TEXT),
            _required("subject", _TEXT),
            pa.field("measure", _TEXT),
            pa.field("class_name", _TEXT),
            pa.field("section_name", _TEXT),
            pa.field("item_name", _TEXT),
            _required("claim_kind", _TEXT),
            pa.field("phase", _TEXT),
            pa.field("value_text", _TEXT),
            pa.field("printed_value", AMOUNT_TYPE),
            pa.field("unit", _TEXT),
            pa.field("decimals", _COUNT),
            pa.field("delta_text", _TEXT),
            pa.field("printed_delta", AMOUNT_TYPE),
            pa.field("delta_unit", _TEXT),
            pa.field("delta_decimals", _COUNT),
            pa.field("direction", _TEXT),
            pa.field("percent_text", _TEXT),
            pa.field("printed_percent", AMOUNT_TYPE),
            pa.field("percent_decimals", _COUNT),
            pa.field("compared_with", _TEXT),
            pa.field("share_base", _TEXT),
            pa.field("base_measure", _TEXT),
            pa.field("whole_order", _COUNT),
            pa.field("value_order", _COUNT),
            _required("source_page", _COUNT),
            _required("source_line", _COUNT),
            pa.field("confidence", _POINT),
        ]
    ),
    "project": pa.schema(
        [
            _required("document_id", _TEXT),
            _required("project_order", _COUNT),
            _required("project_name", _TEXT),
            pa.field("unit_code", _TEXT),
            pa.field("unit_name", _TEXT),
            pa.field("conclusion_name", _TEXT),
            pa.field("budget_execution_score", AMOUNT_TYPE),
            pa.field("indicator_score", AMOUNT_TYPE),
            pa.field("total_score", AMOUNT_TYPE),
            pa.field("grade", _TEXT),
            pa.field("grade_text", _TEXT),
            _required("first_page", _COUNT),
            _required("last_page", _COUNT),
        ]
    ),
    "project_execution": pa.schema(
        [
            _required("document_id", _TEXT),
            _required("project_order", _COUNT),
            _required("execution_order", _COUNT),
            _required("funding_source", _TEXT),
            pa.field("funding_code", _TEXT),
            pa.field("initial_declared", AMOUNT_TYPE),
            pa.field("initial_declared_text", _TEXT),
            pa.field("initial_budget", AMOUNT_TYPE),
            pa.field("initial_budget_text", _TEXT),
            pa.field("full_year_budget", AMOUNT_TYPE),
            pa.field("full_year_budget_text", _TEXT),
            pa.field("executed", AMOUNT_TYPE),
            pa.field("executed_text", _TEXT),
            pa.field("carryover", AMOUNT_TYPE),
            pa.field("carryover_text", _TEXT),
            _required("unit", _TEXT),
            pa.field("weight", AMOUNT_TYPE),
            pa.field("execution_rate", AMOUNT_TYPE),
            pa.field("execution_rate_text", _TEXT),
            pa.field("score", AMOUNT_TYPE),
            _required("source_page", _COUNT),
            _required("source_table", _COUNT),
            _required("source_row", _COUNT),
        ]
    ),
    "publication_mark": pa.schema(
        [
            _required("document_id", _TEXT),
            _required("kind", _TEXT),
            _required("value", _TEXT),
            _required("source", _TEXT),
            _required("source_page", _COUNT),
            _required("text", _TEXT),
        ]
    ),
    "performance_indicator": pa.schema(
        [
            _required("document_id", _TEXT),
            _required("project_order", _COUNT),
            _required("indicator_order", _COUNT),
            pa.field("level1", _TEXT),
            pa.field("level2", _TEXT),
            _required("indicator", _TEXT),
            pa.field("initial_target", _TEXT),
            pa.field("adjusted_target", _TEXT),
            pa.field("actual", _TEXT),
            pa.field("weight_text", _TEXT),
            pa.field("weight", AMOUNT_TYPE),
            pa.field("score_text", _TEXT),
            pa.field("score", AMOUNT_TYPE),
            pa.field("deviation_reason", _TEXT),
            _required("source_page", _COUNT),
            _required("source_table", _COUNT),
            _required("source_row", _COUNT),
        ]
    ),
}
# All tables of staging with rows of a document; the others are of runs and of what they saw.
OF_DOCUMENTS = (*SCHEMAS, "document_path")

# Where a record calls a column otherwise than staging does.
_RENAMED = {("witness", "source_page"): "page"}


def frames_of(parsed: ParsedDocument, source: SourceFile, parser_version: str, loaded_at: datetime) -> Frames:
    """One frame a staging table. Raises :class:`Rejected` for a figure that staging cannot hold exactly."""
    _refuse_figures_out_of_range(parsed)
    document = {
        "file_name": source.path.name,
        "file_path": str(source.path),
        "media_type": parsed.media_type,
        "byte_size": source.byte_size,
        "page_count": parsed.page_count,
        "text_source": parsed.text_source,
        "parser_version": parser_version,
        "loaded_at": loaded_at,
        **{name: getattr(parsed.disclosure, name) for name in parsed.disclosure.__dataclass_fields__},
    }
    records: dict[str, Sequence[object]] = {
        "form": parsed.forms,
        "form_row": parsed.rows,
        "amount": parsed.amounts,
        "text_line": parsed.text_lines,
        "witness": parsed.witnesses,
        "notice": parsed.notices,
        "sentence": parsed.sentences,
        "claim": parsed.claims,
        "project": parsed.projects,
        "project_execution": parsed.executions,
        "performance_indicator": parsed.indicators,
        "publication_mark": parsed.publication_marks,
    }
    columns = {"document": {name: [value] for name, value in document.items()}}
    columns.update({table: _columns(table, rows) for table, rows in records.items()})
    row_counts = {"document": 1, **{table: len(rows) for table, rows in records.items()}}
    for table, by_name in columns.items():
        by_name["document_id"] = [source.document_id] * row_counts[table]
    try:
        return {table: _frame(SCHEMAS[table], columns[table]) for table in SCHEMAS}
    except pa.ArrowInvalid as error:
        reason = " ".join(str(error).split())
        raise Rejected(
            "figure_out_of_range", f"a figure that staging cannot hold: {reason}", "report it with the file"
        ) from error


def concatenated(documents: Sequence[Frames]) -> Frames:
    """The frames of several documents as one, rows numbered from 0; judging many at once costs little more than one."""
    return {table: pd.concat([frames[table] for frames in documents], ignore_index=True) for table in SCHEMAS}


def arrow_table(table: str, frame: pd.DataFrame) -> pa.Table:
    """A frame as Arrow, checked against the schema of its table once more."""
    return pa.Table.from_pandas(frame, schema=SCHEMAS[table], preserve_index=False)


def _columns(table: str, records: Iterable[object]) -> dict[str, list[Any]]:
    records = list(records)
    boxed = {field.name for field in _BOX} & set(SCHEMAS[table].names)
    columns = {
        name: [getattr(record, _RENAMED.get((table, name), name)) for record in records]
        for name in SCHEMAS[table].names
        if name != "document_id" and name not in boxed
    }
    for side in boxed:
        columns[side] = [_side(record, side) for record in records]
    return columns


def _side(record: object, side: str) -> float | None:
    box: Box | None = getattr(record, "box")  # noqa: B009 - only the records with a place have one
    return None if box is None else float(getattr(box, side))


def _frame(schema: pa.Schema, columns: Mapping[str, list[Any]]) -> pd.DataFrame:
    arrays = [pa.array(columns[field.name], field.type) for field in schema]
    frame: pd.DataFrame = pa.Table.from_arrays(arrays, schema=schema).to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def _refuse_figures_out_of_range(parsed: ParsedDocument) -> None:
    for amount in parsed.amounts:
        value = amount.printed_value
        if value.is_finite() and abs(value) < _LIMIT and value == value.quantize(Decimal("1E-6")):
            continue
        place = f"page {amount.source_page}, table {amount.source_table}, row {amount.source_row}"
        raise Rejected(
            "figure_out_of_range",
            f"{place}: {amount.amount_text!r} has more digits than staging holds (18 before the point, 6 after it)",
            "look at that place; if the figure is printed so, report it with the file",
            amount.source_page,
        )
