"""What must hold for the frames of a document before any of it is loaded: Great Expectations suites, one a table.

The rules are data. Those that compare tables with each other, or a figure with its text, compare a column with a
*witness*: a column that is added to the frame for judging only, and holds what the other place says.

Importing Great Expectations takes seconds, so it is imported when the first document is judged. All documents of a
batch are judged in one pass, since the cost of a suite hardly depends on the number of rows; rows that fail are traced
to their document.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from ingest.catalogue import catalogue
from ingest.numbers import PrintedNumber, parse_number
from ingest.performance.columns import AMOUNTS
from ingest.performance.table import parse_points
from ingest.staging.frames import SCHEMAS, Frames, concatenated

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuite
    from great_expectations.core.batch_definition import BatchDefinition
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

_FORMS = catalogue().forms
FORM_CODES = tuple(_FORMS)
SUMMARIES = frozenset(code for code, form in _FORMS.items() if form.shape == "summary")
# Forms that list what a department has: they count things (辆, 台, 平方米) beside money.
COUNTING_FORMS = frozenset(code for code, form in _FORMS.items() if form.shape in ("list", "measures"))
SIDES = ("income", "expenditure", "purpose")
MONEY_UNITS = ("元", "千元", "万元", "百万元", "亿元")
FIRST_YEAR = 2008  # the year in which the regulation on open government information came into force
MAX_DECIMALS = 6
UNREADABLE = "not a number"
FAILING_ROWS_KEPT = 50


@dataclass(frozen=True, slots=True)
class Rule:
    """One expectation on one table. ``says`` completes the sentence "in every row, …"."""

    table: str
    says: str
    expectation: str  # a class of great_expectations.expectations
    arguments: Mapping[str, Any]

    @property
    def name(self) -> str:
        subject = self.arguments.get("column") or "".join(
            f"{self.arguments[key]}, " for key in ("column_A", "column_B") if key in self.arguments
        ).rstrip(", ")
        return f"{self.table}.{self.expectation}({subject or ', '.join(self.arguments.get('column_list', ()))})"


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule that a document breaks, with the rows that break it."""

    document_id: str
    rule: Rule
    rows: tuple[Mapping[str, Any], ...] = field(default=())


def _in_set(table: str, column: str, values: Sequence[str]) -> Rule:
    says = f"{column} is one of {', '.join(values)}"
    return Rule(table, says, "ExpectColumnValuesToBeInSet", {"column": column, "value_set": list(values)})


def _between(table: str, column: str, low: int, high: int | None = None) -> Rule:
    says = f"{column} is at least {low}" if high is None else f"{column} lies between {low} and {high}"
    arguments = {"column": column, "min_value": low, "max_value": high}
    return Rule(table, says, "ExpectColumnValuesToBeBetween", arguments)


def _matches(table: str, column: str, regex: str, says: str) -> Rule:
    return Rule(table, says, "ExpectColumnValuesToMatchRegex", {"column": column, "regex": regex})


def _not_above(table: str, column: str, limit: str, says: str) -> Rule:
    arguments = {"column_A": limit, "column_B": column, "or_equal": True, "ignore_row_if": "either_value_is_missing"}
    return Rule(table, says, "ExpectColumnPairValuesAToBeGreaterThanB", arguments)


def _equal(table: str, column: str, witness: str, says: str) -> Rule:
    arguments = {"column_A": column, "column_B": witness, "ignore_row_if": "both_values_are_missing"}
    return Rule(table, says, "ExpectColumnPairValuesToBeEqual", arguments)


def _unique(table: str, *columns: str) -> Rule:
    arguments = {"column_list": ["document_id", *columns], "ignore_row_if": "all_values_are_missing"}
    says = f"{', '.join(columns)} occur together only once in a document"
    return Rule(table, says, "ExpectCompoundColumnsToBeUnique", arguments)


def _complete(table: str) -> Rule:
    says = "every required column has a value (missing_columns names those that have none)"
    return Rule(table, says, "ExpectColumnValuesToBeNull", {"column": "missing_columns"})


ONE_LINE = r"(?s)\A(?=.*\S)[^\r\n]*\Z"
IDENTIFIER = r"\A[a-z][a-z0-9_]*\Z"
# A code is digits. That classes, sections and items have three, five and seven of them is for the publisher to get right;
# parsing reports those that have not.
ROW_CODE = r"\A[0-9]{1,9}\Z"
UNBROKEN = r"\A\S*\Z"
NAMED = r"\A\S+\Z"
TEXT_SOURCES = ("text", "recognised", "mixed")
FUNDING_CODES = ("total", "appropriation", "carried_over", "other")

RULES: tuple[Rule, ...] = (
    _complete("document"),
    _matches("document", "document_id", r"\A[0-9a-f]{64}\Z", "document_id is a SHA-256 in hex"),
    _matches("document", "department_name", r"\A\S(?:.{0,98}\S)\Z", "department_name is a name of 2 to 100 characters"),
    _between("document", "fiscal_year", FIRST_YEAR),
    _not_above("document", "fiscal_year", "latest_year", "fiscal_year is next year (a budget) at the latest"),
    _in_set("document", "disclosure_kind", ("final_account", "budget")),
    _in_set("document", "reporting_scope", ("department", "unit")),
    _between("document", "page_count", 1),
    _in_set("document", "text_source", TEXT_SOURCES),
    _complete("form"),
    _unique("form", "form_order"),
    _between("form", "form_order", 1),
    _in_set("form", "form_code", FORM_CODES),
    _in_set("form", "unit", MONEY_UNITS),
    _matches("form", "title", ONE_LINE, "title is one line of text"),
    _in_set("form", "status", ("present", "no_data", "missing")),
    _equal("form", "status", "status_found", "status is present if and only if the form has amounts"),
    _between("form", "first_page", 1),
    _not_above("form", "first_page", "last_page", "first_page does not lie after last_page"),
    _not_above("form", "last_page", "page_limit", "last_page is a page of the document"),
    _complete("form_row"),
    _unique("form_row", "form_order", "row_order"),
    _between("form_row", "row_order", 1),
    _equal("form_row", "form_code", "form_found", "form_order and form_code are those of a form of the document"),
    _equal("form_row", "side_stated", "side_needed", "side is stated on summaries and only there"),
    _in_set("form_row", "side", SIDES),
    _matches("form_row", "row_code", ROW_CODE, "row_code is 1 to 9 digits"),
    _matches("form_row", "row_label", UNBROKEN, "row_label has no white space"),
    _not_above("form_row", "form_first_page", "source_page", "source_page does not lie before the form"),
    _not_above("form_row", "source_page", "form_last_page", "source_page does not lie after the form"),
    _between("form_row", "source_table", 1),
    _between("form_row", "source_row", 1),
    _complete("amount"),
    _unique("amount", "form_order", "row_order", "column_code"),
    _unique("amount", "source_page", "source_table", "source_row", "source_column"),
    _equal("amount", "row_stated", "row_found", "form, side, code and label are those of a row of the document"),
    _matches("amount", "column_code", IDENTIFIER, "column_code is an identifier"),
    _equal("amount", "value_loaded", "value_in_text", "printed_value is what amount_text says"),
    _equal("amount", "decimals", "decimals_in_text", "decimals are those of amount_text"),
    _between("amount", "decimals", 0, MAX_DECIMALS),
    _in_set("amount", "money_unit", MONEY_UNITS),
    _matches("amount", "unit", r"\A\S{1,10}\Z", "unit is one short word"),
    _not_above("amount", "form_first_page", "source_page", "source_page does not lie before the form"),
    _not_above("amount", "source_page", "form_last_page", "source_page does not lie after the form"),
    _between("amount", "source_table", 1),
    _between("amount", "source_row", 1),
    _between("amount", "source_column", 1),
    _between("amount", "confidence", 0, 1),
    _equal(
        "amount", "recognised", "recognisable", "a document that holds text has no amount with a confidence, a scan none without"
    ),
    _complete("text_line"),
    _between("text_line", "source_page", 1),
    _not_above("text_line", "source_page", "page_limit", "source_page is a page of the document"),
    _between("text_line", "source_line", 1),
    _matches("text_line", "text", ONE_LINE, "text is one line with something on it"),
    _complete("witness"),
    _in_set(
        "witness",
        "attribute",
        ("department_name", "fiscal_year", "disclosure_kind", "reporting_scope", "region", "is_simulated"),
    ),
    _in_set("witness", "source", ("cover", "form_head", "heading", "prose", "file_name")),
    _complete("publication_mark"),
    _unique("publication_mark", "kind", "value"),
    _in_set("publication_mark", "kind", ("date", "correction")),
    _in_set("publication_mark", "source", ("cover", "text", "signature")),
    _between("publication_mark", "source_page", 1),
    _not_above("publication_mark", "source_page", "page_limit", "source_page is a page of the document"),
    _complete("notice"),
    _matches("notice", "kind", IDENTIFIER, "kind is an identifier"),
    _matches("notice", "message", ONE_LINE, "message is one line"),
    _complete("sentence"),
    _unique("sentence", "sentence_order"),
    _between("sentence", "source_page", 1),
    _not_above("sentence", "source_page", "last_page", "source_page does not lie after last_page"),
    _not_above("sentence", "last_page", "page_limit", "last_page is a page of the document"),
    _matches("sentence", "text", UNBROKEN, "text has no white space"),
    _complete("claim"),
    _unique("claim", "claim_order"),
    _in_set("claim", "claim_kind", ("amount", "share", "change", "completion", "count")),
    _in_set("claim", "direction", ("increase", "decrease", "flat", "above", "below", "equal")),
    _equal("claim", "states", "must_state", "a claim states a figure or a comparison"),
    _equal("claim", "value_loaded", "value_in_text", "printed_value is what value_text says"),
    _equal("claim", "delta_loaded", "delta_in_text", "printed_delta is what delta_text says"),
    _equal("claim", "texts_quoted", "must_state", "the quote holds the texts of the figures"),
    _not_above("claim", "source_page", "page_limit", "source_page is a page of the document"),
    _between("claim", "confidence", 0, 1),
    _complete("project"),
    _unique("project", "project_order"),
    _not_above("project", "first_page", "last_page", "first_page does not lie after last_page"),
    _not_above("project", "last_page", "page_limit", "last_page is a page of the document"),
    _between("project", "first_page", 1),
    _matches("project", "project_name", NAMED, "project_name is a name without white space"),
    _equal("project", "has_result", "must_have_result", "a project has rows or a score"),
    _complete("project_execution"),
    _unique("project_execution", "project_order", "execution_order"),
    _equal("project_execution", "project_found", "project_stated", "project_order is that of a project of the document"),
    _matches("project_execution", "funding_source", NAMED, "funding_source is a name without white space"),
    _in_set("project_execution", "funding_code", FUNDING_CODES),
    _in_set("project_execution", "unit", MONEY_UNITS),
    _equal("project_execution", "values_loaded", "values_in_text", "each amount is what its text says"),
    _not_above("project_execution", "source_page", "page_limit", "source_page is a page of the document"),
    _between("project_execution", "source_page", 1),
    _between("project_execution", "source_table", 1),
    _between("project_execution", "source_row", 1),
    _complete("performance_indicator"),
    _unique("performance_indicator", "project_order", "indicator_order"),
    _equal("performance_indicator", "project_found", "project_stated", "project_order is that of a project of the document"),
    _matches("performance_indicator", "indicator", ONE_LINE, "indicator is one line of text"),
    _equal("performance_indicator", "points_loaded", "points_in_text", "weight and score are what their texts say"),
    _not_above("performance_indicator", "source_page", "page_limit", "source_page is a page of the document"),
    _between("performance_indicator", "source_page", 1),
    _between("performance_indicator", "source_table", 1),
    _between("performance_indicator", "source_row", 1),
)


def prepare() -> None:
    """Import Great Expectations and make the suites, which takes seconds, before they are needed."""
    _judge()


def failures_of(documents: Sequence[Frames]) -> list[Failure]:
    """Judge the frames of documents together: every rule that a document breaks, in the order of the rules."""
    if not documents:
        return []
    judged = with_witnesses(concatenated(documents))
    judge = _judge()
    return [failure for table in SCHEMAS for failure in judge.failures(table, judged[table])]


def described(failures: Sequence[Failure]) -> tuple[str, str, str]:
    """The failures of one document as (message in one line, expectations, failing rows as JSON)."""
    first = failures[0]
    count = len(first.rows)
    more = f" (and {len(failures) - 1} more expectations failed)" if len(failures) > 1 else ""
    rule = first.rule
    message = f"{rule.table}: expected that in every row {rule.says}; {count} rows differ{_place(first)}{more}"
    rows = {failure.rule.name: list(failure.rows[:FAILING_ROWS_KEPT]) for failure in failures}
    return message, "; ".join(rows), json.dumps(rows, ensure_ascii=False, default=str)


def _place(failure: Failure) -> str:
    if not failure.rows or "source_page" not in failure.rows[0]:
        return ""
    row = failure.rows[0]
    names = (("page", "source_page"), ("table", "source_table"), ("row", "source_row"), ("column", "source_column"))
    place = ", ".join(f"{name} {row[key]}" for name, key in names if row.get(key) is not None)
    text = row.get("amount_text")
    return f", first on {place}" + (f" ({text!r})" if text is not None else "")


# --- Witnesses: what the other tables, or the printed text, say ---


def with_witnesses(frames: Frames) -> Frames:
    """The frames with the columns that the rules compare with."""
    document, form, row, amount = (frames[name] for name in ("document", "form", "form_row", "amount"))
    page_counts = dict(_rows(document, "document_id", "page_count"))
    forms = dict(zip(_key(form, 1), _rows(form, "form_code", "first_page", "last_page"), strict=True))
    rows = dict(zip(_key(row, 2), _identities(row), strict=True))
    amounts_in = Counter(_key(amount, 1))
    forms_of_rows = [forms.get(key, (None, None, None)) for key in _key(row, 1)]
    forms_of_amounts = [forms.get(key, (None, None, None)) for key in _key(amount, 1)]
    in_text = [None if text is None else parse_number(text) for text in _column(amount, "amount_text")]
    statuses = zip(_key(form, 1), _column(form, "status"), strict=True)
    witnesses: dict[str, dict[str, list[Any]]] = {
        "document": {"latest_year": [moment.year + 1 for moment in _column(document, "loaded_at")]},
        "form": {
            "page_limit": _page_limits(form, page_counts),
            "status_found": [_status_found(status, amounts_in[key]) for key, status in statuses],
        },
        "form_row": {
            "form_found": [code or "no such form" for code, _, _ in forms_of_rows],
            "form_first_page": [first or 0 for _, first, _ in forms_of_rows],
            "form_last_page": [last or 0 for _, _, last in forms_of_rows],
            "side_stated": [_yes(side is not None) for side in _column(row, "side")],
            "side_needed": [_yes(code in SUMMARIES) for code in _column(row, "form_code")],
        },
        "amount": {
            "row_stated": _identities(amount),
            "row_found": [rows.get(key, "no such row") for key in _key(amount, 2)],
            # A form that states no page contains none: its last page is 0.
            "form_first_page": [first or 0 for _, first, _ in forms_of_amounts],
            "form_last_page": [last or 0 for _, _, last in forms_of_amounts],
            "value_loaded": [_value_text(value) for value in _column(amount, "printed_value")],
            "value_in_text": [_value_text(None if number is None else number.value) for number in in_text],
            **_recognition_witnesses(document, amount),
            "decimals_in_text": [-1 if number is None else number.decimals for number in in_text],
            "money_unit": [None if code in COUNTING_FORMS else unit for code, unit in _rows(amount, "form_code", "unit")],
        },
        "text_line": {"page_limit": _page_limits(frames["text_line"], page_counts)},
        "publication_mark": {"page_limit": _page_limits(frames["publication_mark"], page_counts)},
        "sentence": {"page_limit": _page_limits(frames["sentence"], page_counts)},
        "claim": {"page_limit": _page_limits(frames["claim"], page_counts), **_claim_witnesses(frames)},
        **_performance_witnesses(frames, page_counts),
    }
    return {table: _joined(table, frame, witnesses.get(table, {})) for table, frame in frames.items()}


def _recognition_witnesses(document: pd.DataFrame, amount: pd.DataFrame) -> dict[str, list[Any]]:
    sources = dict(_rows(document, "document_id", "text_source"))
    needed = {"text": "no", "recognised": "yes"}
    recognised = [_yes(confidence is not None) for confidence in _column(amount, "confidence")]
    said = [needed.get(sources[name]) for name in _column(amount, "document_id")]
    return {
        "recognised": recognised,
        "recognisable": [own if need is None else need for own, need in zip(recognised, said, strict=True)],
    }


def _claim_witnesses(frames: Frames) -> dict[str, list[Any]]:
    claim = frames["claim"]
    stated = ("printed_value", "printed_delta", "printed_percent", "direction")
    quoted = []
    for quote, value, value_order, *changes in _rows(claim, "quote", "value_text", "value_order", "delta_text", "percent_text"):
        texts = [text for text in (*changes, value if value_order is None else None) if text is not None]
        quoted.append(_yes(all(text in quote for text in texts)))
    return {
        "states": [_yes(any(value is not None for value in row)) for row in _rows(claim, *stated)],
        "must_state": ["yes"] * len(claim),
        "texts_quoted": quoted,
        **{
            f"{name}_loaded": [None if value is None else _value_text(value) for value in _column(claim, f"printed_{name}")]
            for name in ("value", "delta")
        },
        "value_in_text": [_stated_in(text) for text in _column(claim, "value_text")],
        # A change is unsigned: 增长-3% is a decrease of 3.
        "delta_in_text": [_stated_in(text, absolute=True) for text in _column(claim, "delta_text")],
    }


def _stated_in(text: str | None, *, absolute: bool = False) -> str | None:
    number = None if text is None else parse_number(text)
    if number is None:
        return None if text is None else UNREADABLE
    return _value_text(abs(number.value) if absolute else number.value)


def _performance_witnesses(frames: Frames, page_counts: Mapping[str, int]) -> dict[str, dict[str, list[Any]]]:
    tables = ("project", "project_execution", "performance_indicator")
    project, execution, indicator = (frames[name] for name in tables)
    projects, *of_rows = (list(_rows(frames[name], "document_id", "project_order")) for name in tables)
    with_rows = {key for keys in of_rows for key in keys}
    scores = _rows(project, "total_score", "indicator_score", "budget_execution_score")
    results = [key in with_rows or any(score is not None for score in row) for key, row in zip(projects, scores, strict=True)]
    places: list[dict[str, list[Any]]] = [
        {
            "page_limit": _page_limits(frame, page_counts),
            "project_found": [_yes(key in projects) for key in keys],
            "project_stated": ["yes"] * len(frame),
        }
        for frame, keys in zip((execution, indicator), of_rows, strict=True)
    ]
    return {
        "project": {
            "page_limit": _page_limits(project, page_counts),
            "has_result": [_yes(has_result) for has_result in results],
            "must_have_result": ["yes"] * len(project),
        },
        "project_execution": places[0]
        | {
            "values_loaded": [_value_texts(row) for row in _rows(execution, *AMOUNTS)],
            "values_in_text": [
                _value_texts(_value_in(text, parse_number) for text in row)
                for row in _rows(execution, *(f"{name}_text" for name in AMOUNTS))
            ],
        },
        "performance_indicator": places[1]
        | {
            "points_loaded": [_value_texts(row) for row in _rows(indicator, "weight", "score")],
            "points_in_text": [
                _value_texts(_value_in(text, parse_points) for text in row)
                for row in _rows(indicator, "weight_text", "score_text")
            ],
        },
    }


def _value_in(text: str | None, parse: Callable[[str], PrintedNumber | None]) -> Decimal | None:
    number = None if text is None else parse(text)
    return None if number is None else number.value


def _value_texts(values: Iterable[Decimal | None]) -> str:
    return " ".join("–" if value is None else _value_text(value) for value in values)


_INTEGER_WITNESSES = frozenset({"latest_year", "page_limit", "form_first_page", "form_last_page", "decimals_in_text"})


def _joined(table: str, frame: pd.DataFrame, witnesses: Mapping[str, list[Any]]) -> pd.DataFrame:
    added = {"missing_columns": pd.Series(_missing(table, frame), index=frame.index, dtype="string[pyarrow]")}
    for name, values in witnesses.items():
        kind = "int64[pyarrow]" if name in _INTEGER_WITNESSES else "string[pyarrow]"
        added[name] = pd.Series(values, index=frame.index, dtype=kind)
    return frame.assign(**added)


def _missing(table: str, frame: pd.DataFrame) -> list[str | None]:
    """For each row, the required columns without a value."""
    required = [column.name for column in SCHEMAS[table] if not column.nullable]
    absent = frame[required].isna()
    if not absent.to_numpy().any():
        return [None] * len(frame)
    return [
        ", ".join(name for name, is_absent in zip(required, flags, strict=True) if is_absent) or None
        for flags in absent.itertuples(index=False)
    ]


def _column(frame: pd.DataFrame, name: str) -> list[Any]:
    values: list[Any] = pa.array(frame[name]).to_pylist()  # several times faster than iterating over the series
    return values


def _rows(frame: pd.DataFrame, *names: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(_column(frame, name) for name in names), strict=True)


def _key(frame: pd.DataFrame, parts: int) -> list[tuple[Any, ...]]:
    """The key of the form (1 part within its document) or of the row (2 parts) that a row of a frame belongs to."""
    return list(_rows(frame, *("document_id", "form_order", "row_order")[: parts + 1]))


def _identities(frame: pd.DataFrame) -> list[str]:
    """Form, side, code and label of rows as one text each."""
    return [
        f"{form_code} | {side or '-'} | {row_code or '-'} | {row_label}"
        for form_code, side, row_code, row_label in _rows(frame, "form_code", "side", "row_code", "row_label")
    ]


def _page_limits(frame: pd.DataFrame, page_counts: Mapping[str, int]) -> list[int]:
    # A row of no document lies beyond every limit.
    return [page_counts.get(document_id, 0) for document_id in _column(frame, "document_id")]


def _status_found(status: str | None, amounts: int) -> str | None:
    if amounts:
        return "present"
    return "no_data" if status == "present" else status


def _value_text(value: Decimal | None) -> str:
    # A zero with a sign is zero.
    return UNREADABLE if value is None else format(value or abs(value), ".6f")


def _yes(condition: bool) -> str:
    return "yes" if condition else "no"


# --- Great Expectations ---


@dataclass(frozen=True, slots=True)
class _Judge:
    """The suites and the place to hand frames in; made once a process, as making them takes as long as using them."""

    batches: BatchDefinition[Any]
    make_suite: Callable[[Sequence[Rule]], ExpectationSuite]
    suites: Mapping[str, ExpectationSuite]

    def failures(self, table: str, frame: pd.DataFrame) -> list[Failure]:
        if frame.empty:
            return []
        batch = self.batches.get_batch(batch_parameters={"dataframe": frame})
        quick = batch.validate(self.suites[table], result_format="BOOLEAN_ONLY")
        if quick.success:
            return []
        # Only what failed is evaluated again with its rows: collecting rows costs more than judging them.
        rules = _rules_of(table)
        broken = sorted(_rule_number(result.expectation_config) for result in quick.results if not result.success)
        return [failure for number in broken for failure in self._failures_of_rule(rules[number], frame)]

    def _failures_of_rule(self, rule: Rule, frame: pd.DataFrame) -> list[Failure]:
        batch = self.batches.get_batch(batch_parameters={"dataframe": frame})
        result = batch.validate(self.make_suite([rule]), result_format="COMPLETE").results[0]
        failing = result.result.get("unexpected_index_list")
        if not failing:
            raise RuntimeError(f"{rule.name} could not be evaluated: {_exception_in(result.exception_info)}")
        rows = frame.loc[sorted(failing)]
        return [
            Failure(str(document_id), rule, tuple(_plain(record) for record in part.to_dict("records")))
            for document_id, part in rows.groupby("document_id", sort=False, dropna=False)
        ]


def _rule_number(configuration: ExpectationConfiguration | None) -> int:
    assert configuration is not None and configuration.meta is not None
    return int(configuration.meta["rule"])


def _exception_in(information: Mapping[str, Any]) -> str:
    texts = [str(value["exception_message"]) for value in information.values() if isinstance(value, Mapping)]
    return "; ".join(texts) or str(information.get("exception_message"))


def _plain(record: Mapping[Any, Any]) -> dict[str, Any]:
    """A row for JSON: without what is missing, every other value as text or number."""
    return {
        str(key): value if isinstance(value, str | int | float | bool) else str(value)
        for key, value in record.items()
        if not pd.isna(value)
    }


def _rules_of(table: str) -> list[Rule]:
    return [rule for rule in RULES if rule.table == table]


@cache
def _judge() -> _Judge:
    # Before the import: nothing of what is judged here is anyone's business, and no usage is reported.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations import expectations as gxe
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("staging").add_dataframe_asset("frame")

    def make_suite(rules: Sequence[Rule]) -> ExpectationSuite:
        expectations = [
            getattr(gxe, rule.expectation)(**rule.arguments, meta={"rule": number, "says": rule.says})
            for number, rule in enumerate(rules)
        ]
        return gx.ExpectationSuite(name=rules[0].table, expectations=expectations)

    suites = {table: make_suite(_rules_of(table)) for table in SCHEMAS}
    return _Judge(asset.add_batch_definition_whole_dataframe("whole"), make_suite, suites)
