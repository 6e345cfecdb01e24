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
    """One printed amount, in its printed unit, with its place.

    ``confidence`` tells, from 0 to 1, how surely the text was recognised; it is ``None`` where the file holds text.
    """

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
    confidence: float | None = None


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
class Sentence:
    """One sentence of the narrative (情况说明) or of a project report, its line breaks undone and its white space removed.

    ``section`` holds the headings above it as printed, from the outermost inwards, joined by " / ".
    """

    sentence_order: int
    section: str
    text: str
    source_page: int
    last_page: int
    source_line: int


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure or comparison that a sentence states, as printed: nothing is computed here, and nothing repaired.

    ``claim_kind`` is ``amount``, ``share`` (of a whole), ``change`` (against another year), ``completion`` (of a budget) or
    ``count``. Values and changes are in their printed units. A change is unsigned, its sign is ``direction``: ``increase``,
    ``decrease``, ``flat`` for changes; ``above``, ``below``, ``equal`` for completions. ``compared_with`` is a year (``2021``)
    or a budget (``initial_budget``, ``full_year_budget``, ``budget``). ``phase`` tells which figure of its measure a value
    is: ``final``, ``budget``, ``initial_budget``, ``full_year_budget``, ``prior``. ``whole_order`` is the claim that this one
    is a part of, as after 其中; ``value_order`` the one that states the value, where an earlier sentence did. ``quote`` is the
    sentence or, where a page ends in it, as much of it as stands on the page of the claim. ``confidence`` is that of the least
    certain line that it stands on, where that was recognised.
    """

    claim_order: int
    sentence_order: int
    quote: str
    subject: str  # as printed, white space removed
    measure: str | None  # identifier of what is measured, where it is known
    class_name: str | None  # of a subject that names 类, 款 and 项, as printed
    section_name: str | None
    item_name: str | None
    claim_kind: str
    phase: str | None
    value_text: str | None
    printed_value: Decimal | None
    unit: str | None
    decimals: int | None
    delta_text: str | None
    printed_delta: Decimal | None
    delta_unit: str | None
    delta_decimals: int | None
    direction: str | None
    percent_text: str | None
    printed_percent: Decimal | None
    percent_decimals: int | None
    compared_with: str | None
    share_base: str | None  # as printed or, where only 占比 is printed, the whole that the sentence speaks of
    base_measure: str | None
    whole_order: int | None
    value_order: int | None
    source_page: int
    source_line: int
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """One project that a report of self-evaluation (项目支出绩效自评) judges."""

    project_order: int
    project_name: str
    unit_code: str | None
    unit_name: str | None
    conclusion_name: str | None  # as the conclusion calls it, which may differ
    budget_execution_score: Decimal | None
    indicator_score: Decimal | None
    total_score: Decimal | None
    grade: str | None  # 优, 良, 中, 差, as printed; of several with boxes the one that is ticked
    grade_text: str | None  # the text that gives it, white space removed
    first_page: int
    last_page: int


@dataclass(frozen=True, slots=True)
class ProjectExecution:
    """One row of a project's table of budget execution: a source of money, in its printed unit.

    ``funding_code`` tells what the source is, where that is known: ``total``, ``appropriation``, ``carried_over``, ``other``.
    ``execution_rate`` is the number as printed, which is a percentage where a sign or the header says so.
    """

    project_order: int
    execution_order: int
    funding_source: str  # as printed, white space removed
    funding_code: str | None
    initial_declared: Decimal | None
    initial_declared_text: str | None
    initial_budget: Decimal | None
    initial_budget_text: str | None
    full_year_budget: Decimal | None
    full_year_budget_text: str | None
    executed: Decimal | None
    executed_text: str | None
    carryover: Decimal | None
    carryover_text: str | None
    unit: str
    weight: Decimal | None
    execution_rate: Decimal | None
    execution_rate_text: str | None
    score: Decimal | None
    source_page: int
    source_table: int
    source_row: int


@dataclass(frozen=True, slots=True)
class PerformanceIndicator:
    """One indicator (绩效指标) of a project, texts as printed."""

    project_order: int
    indicator_order: int
    level1: str | None
    level2: str | None
    indicator: str
    initial_target: str | None
    adjusted_target: str | None
    actual: str | None
    weight_text: str | None
    weight: Decimal | None
    score_text: str | None
    score: Decimal | None
    deviation_reason: str | None
    source_page: int
    source_table: int
    source_row: int


@dataclass(frozen=True, slots=True)
class PublicationMark:
    """What a document prints of its own publication.

    ``kind`` is ``date`` (then ``value`` is the day, as YYYY-MM-DD) or ``correction`` (the word that says that it corrects an
    earlier publication); ``source`` is ``cover``, ``text`` (a line that says what the date is) or ``signature`` (a date alone on
    the last page).
    """

    kind: str
    value: str
    source: str
    source_page: int
    text: str


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
    sentences: tuple[Sentence, ...] = ()
    claims: tuple[Claim, ...] = ()
    projects: tuple[Project, ...] = ()
    executions: tuple[ProjectExecution, ...] = ()
    indicators: tuple[PerformanceIndicator, ...] = ()
    text_source: str = "text"  # text | recognised | mixed
    publication_marks: tuple[PublicationMark, ...] = ()


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
