"""What parsing a file yields: rows ready for staging, or the reason why there are none.

These records mirror the tables of ``staging.duckdb`` (see ``ingest/staging/schema.sql``), one record class a table. They hold
what is printed and where, in the unit that is printed; units are multiplied out later, once, in dbt's staging layer.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ingest.document import Box


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Who published what, as the document itself says."""

    department_name: str
    fiscal_year: int
    disclosure_kind: str  # final_account | budget
    reporting_scope: str  # department | unit
    region: str | None
    is_simulated: bool


@dataclass(frozen=True, slots=True)
class Witness:
    """One place that speaks of the identity of the disclosure.

    ``attribute`` is a field of :class:`Disclosure`; ``source`` is ``cover``, ``form_head``, ``heading``, ``prose`` or
    ``file_name``; ``agrees`` tells whether it says what was settled on.
    """

    attribute: str
    value: str
    source: str
    agrees: bool
    page: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Form:
    """One standard form, found or promised.

    ``status`` is ``present`` (rows with amounts), ``no_data`` (the form stands there without any amount) or ``missing`` (the
    table of contents lists it, the document does not have it). ``form_order`` counts the forms of the document from 1 and
    identifies the form within it. ``note`` is the printed remark under the form, such as 本表无数据.
    """

    form_order: int
    form_code: str
    title: str
    number_printed: str | None
    unit: str | None
    first_page: int | None
    last_page: int | None
    status: str
    note: str | None


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row of a form's body (one block of it, when blocks stand side by side), with or without amounts."""

    form_order: int
    row_order: int
    form_code: str
    side: str | None  # income | expenditure | purpose, on summaries only
    row_code: str | None
    row_label: str  # white space removed
    source_page: int
    source_table: int
    source_row: int


@dataclass(frozen=True, slots=True)
class Amount:
    """One printed amount, in its printed unit, with its place."""

    form_order: int
    row_order: int
    form_code: str
    side: str | None
    row_code: str | None
    row_label: str
    column_code: str
    column_header: str  # the header cells above it, joined by " / "
    amount_text: str  # as printed
    printed_value: Decimal
    unit: str  # 元 | 万元 | 亿元, or the unit of a count such as 辆
    decimals: int
    source_page: int
    source_table: int
    source_row: int
    source_column: int
    box: Box | None


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text outside tables, form heads included."""

    source_page: int
    source_line: int
    text: str
    box: Box | None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about the document that a user should know, and that does not stop it.

    ``kind`` is a stable code: ``identity_disagreement``, ``form_missing``, ``form_unlisted``, ``unknown_form``,
    ``unknown_header``, ``contradictory_note``, … ``paste`` is an entry ready to paste into the form catalogue or a seed.
    """

    kind: str
    message: str
    form_code: str | None = None
    source_page: int | None = None
    source_row: int | None = None
    paste: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """All rows of one file."""

    media_type: str
    page_count: int
    disclosure: Disclosure
    forms: tuple[Form, ...]
    rows: tuple[FormRow, ...]
    amounts: tuple[Amount, ...]
    text_lines: tuple[TextLine, ...]
    witnesses: tuple[Witness, ...]
    notices: tuple[Notice, ...]


class Rejected(Exception):
    """The file cannot be loaded: what is wrong, where, and what to do about it.

    ``code`` is stable (``not_a_pdf``, ``truncated``, ``encrypted``, ``empty_file``, ``no_text_layer``, ``no_forms``,
    ``template``, ``unknown_header``, ``leftover_figures``, ``identity_unknown``, ``unsupported_format``, …);
    ``message`` is one line.
    """

    def __init__(
        self,
        code: str,
        message: str,
        advice: str,
        page: int | None = None,
        paste: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.advice = advice
        self.page = page
        self.paste = paste

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        # Rejections cross from worker processes to the parent; the default would lose the fields.
        return (Rejected, (self.code, self.message, self.advice, self.page, self.paste))
