"""The answer of a query as a table for a terminal, CSV, JSON, Markdown or Parquet. Figures keep all their digits in each."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.cells import markdown_cell, spreadsheet_cell
from ingest.terminal import display_width, printable
from reporting.query import Answer, Column

NULL = "NULL"
WIDEST = 60  # of a column of text in a table, in places of the terminal


def write_table(answer: Answer, stream: IO[str], *, limit: int | None, widest: int | None = WIDEST) -> None:
    """Aligned columns, figures to the right; says how many rows are left out beyond ``limit``, and where texts are cut."""
    rows = answer.rows()
    shown = list(islice(rows, limit))
    total = len(shown) + sum(1 for _ in rows)
    cells = [[_shown(value) for value in row] for row in shown]
    cut = widest is not None and any(display_width(cell) > widest for row in cells for cell in row)
    if widest is not None:
        cells = [[shortened(cell, widest) for cell in row] for row in cells]
    header = [printable(column.name) for column in answer.columns]
    widths = [max(map(display_width, column)) for column in zip(header, *cells, strict=True)]
    right = [column.is_number for column in answer.columns]
    for line in (header, ["-" * width for width in widths], *cells):
        padded = [_padded(*cell) for cell in zip(line, widths, right, strict=True)]
        stream.write("  ".join(padded).rstrip() + "\n")
    rows_told = f"{total:,} row{'' if total == 1 else 's'}"
    if total > len(shown):
        rows_told = f"{len(shown):,} of {rows_told}; --limit 0 shows them all"
    stream.write(f"({rows_told}{'; long texts are cut, other formats have them whole' if cut else ''})\n")


def _padded(text: str, width: int, to_the_right: bool) -> str:
    space = " " * (width - display_width(text))
    return space + text if to_the_right else text + space


def shortened(text: str, widest: int) -> str:
    """``text`` cut to so many places of a terminal, with a sign that it is."""
    if display_width(text) <= widest:
        return text
    kept, width = [], 1
    for char in text:
        width += display_width(char)
        if width > widest:
            break
        kept.append(char)
    return "".join(kept) + "…"


def write_markdown(answer: Answer, stream: IO[str]) -> None:
    stream.write(f"| {' | '.join(markdown_cell(column.name) for column in answer.columns)} |\n")
    stream.write(f"|{'|'.join('---:' if column.is_number else '---' for column in answer.columns)}|\n")
    for row in answer.rows():
        stream.write(f"| {' | '.join(markdown_cell(_text(value)) for value in row)} |\n")


def write_csv(answer: Answer, stream: IO[str]) -> None:
    """NULL is an empty field; texts are guarded as those of ``juesuan findings`` (docs/security.md)."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([csv_cell(column.name) for column in answer.columns])
    writer.writerows([csv_cell(value) for value in row] for row in answer.rows())


def csv_cell(value: object) -> object:
    """A value for a spreadsheet: text that would be run gets an apostrophe, and drives no terminal."""
    text = spreadsheet_cell(value) if isinstance(value, str) else _text(value)
    return printable(text) if isinstance(text, str) else text


def write_json(answer: Answer, stream: IO[str]) -> None:
    """An array of objects, one a row; a decimal is a number with all its digits."""
    names = [json_value(name) for name in unique_names(answer.columns)]
    separator = "[\n"
    for row in answer.rows():
        pairs = ", ".join(f"{name}: {json_value(value)}" for name, value in zip(names, row, strict=True))
        stream.write(f"{separator}  {{{pairs}}}")
        separator = ",\n"
    stream.write("[]\n" if separator == "[\n" else "\n]\n")


def json_value(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return repr(value) if math.isfinite(value) else "null"
        case Decimal():
            return format(value, "f")
        case list() | tuple():
            return f"[{', '.join(map(json_value, value))}]"
        case Mapping():
            return f"{{{', '.join(f'{json_value(str(key))}: {json_value(item)}' for key, item in value.items())}}}"
        case _:
            text = json.dumps(value if isinstance(value, str) else _text(value), ensure_ascii=False)
            # What is not printable is written as its number: a terminal may show it all the same.
            return "".join(char if char == printable(char) else json.dumps(char)[1:-1] for char in text)


def unique_names(columns: Iterable[Column]) -> list[str]:
    """Names of columns, each once: a second ``a`` is ``a_1``, as DuckDB does it."""
    seen: set[str] = set()
    names = []
    for column in columns:
        name, number = column.name, 0
        while name in seen:
            number += 1
            name = f"{column.name}_{number}"
        seen.add(name)
        names.append(name)
    return names


def write_parquet(answer: Answer, stream: IO[bytes]) -> int:
    """The types of DuckDB: decimals as decimals, dates as dates. Returns the number of rows."""
    count = 0
    told, batches = answer.batches()
    schema = pa.schema([field.with_name(name) for field, name in zip(told, unique_names(answer.columns), strict=True)])
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema))
            count += batch.num_rows
    return count


def _shown(value: object) -> str:
    return NULL if value is None else printable(_text(value))


def _text(value: object) -> str:
    """A value as text: exact, and the same in all formats that are text."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case datetime():
            return value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case bytes():
            return value.hex()
        case list() | tuple() | Mapping():
            return json_value(value)
        case _:
            return str(value)


TEXT_FORMATS: Mapping[str, Callable[[Answer, IO[str]], None]] = {
    "csv": write_csv,
    "json": write_json,
    "markdown": write_markdown,
}
