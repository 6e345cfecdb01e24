"""The forms of a document as rows for staging, vouched for or refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ingest.catalogue import Catalogue, FormKind, Title
from ingest.catalogue.proposal import comment, pattern
from ingest.document import Document, Table
from ingest.forms.locate import Layout, LocatedForm, locate_forms
from ingest.forms.rows import Body, ReadAmount, ReadRow, read_body
from ingest.parsed import Amount, Form, FormRow, Notice, Rejected
from ingest.text import fold, squash

ADVICE = "compare the page with docs/adding_a_layout.md and add the lines below to the form catalogue"
CODE_LENGTHS = (3, 5, 7)  # digits of a class, a section and an item
# 三公 forms print one row of amounts; in the warehouse it is labelled by its phase.
_PHASE_ROWS = ("initial_budget", "budget", "final")


@dataclass(frozen=True, slots=True)
class _ReadForm:
    """A form that was found and read: where, as what, and what is in it."""

    located: LocatedForm
    kind: FormKind
    body: Body


@dataclass(slots=True)
class ReadForms:
    """Everything that the forms of a document yield."""

    kind: str  # final_account | budget, by the titles
    forms: list[Form] = field(default_factory=list)
    rows: list[FormRow] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    heads: list[tuple[int, str]] = field(default_factory=list)  # (page, text) of form heads, for identity


def read_forms(document: Document, catalogue: Catalogue) -> ReadForms:
    """Find and read all forms. Raises :class:`Rejected` if one of the standard forms cannot be vouched for."""
    layout = locate_forms(document, catalogue)
    # Titles of final accounts say so; those of budgets often do not (一般公共预算支出表).
    is_final = any("决算" in located.title.text for located in layout.forms)
    _require_tables(layout, catalogue)
    result = ReadForms("final_account" if is_final else "budget")
    read: list[_ReadForm] = []
    taken: set[str] = set()
    codes = _codes([*(located.title for located in layout.forms), *layout.promised], catalogue)
    for located in layout.forms:
        code = codes[located.title.text]
        if code in taken:
            # As where the accounts of a unit follow those of its department in one file.
            result.notices.append(
                Notice(
                    "form_repeated",
                    f"a second {located.title.text} begins on page {located.first_page}; only the first is read",
                    located.title.form_code,
                    located.first_page,
                )
            )
            continue
        kind = catalogue.forms[code]
        body = read_body(located.tables, kind.shape, catalogue)
        taken.add(code)
        if _refused(located, kind, body, result):
            continue
        read.append(_ReadForm(located, kind, body))
    units = {u for form in read if (u := _unit(form.located, form.body, catalogue))}
    for order, form in enumerate(read, start=1):
        result.heads.extend((form.located.first_page, text) for text in (*form.located.head, *form.body.preamble))
        _stage(result, order, form, units, catalogue)
    _missing(result, layout, codes, taken)
    _place_orphans(result, layout, catalogue)
    return result


def _require_tables(layout: Layout, catalogue: Catalogue) -> None:
    """A standard form whose head stands there without a table that can be seen is not missing: it cannot be read."""
    for head in layout.bare_heads:
        if catalogue.forms[head.title.form_code].standard:
            raise Rejected(
                "unruled_table",
                f"{head.title.text}, page {head.page}: its title and unit stand there, but no table that can"
                " be seen: it has neither ruling lines nor, in a text, tabs or pipes",
                "save it as text with tabs, or obtain a file in which its table has lines",
                head.page,
            )


def _place_orphans(result: ReadForms, layout: Layout, catalogue: Catalogue) -> None:
    """Tables that look like forms and stand under no known title.

    Where a form is missing, such a table may be that form; right after a form that is empty without saying so it may be its body,
    and with the columns of the form before it its continuation: the document is refused.
    """
    for orphan in layout.orphans:
        paste = f"titles:\n  - {pattern(fold(orphan.line_above))}\n"
        lacking = [
            f
            for f in result.forms
            if f.status == "missing"
            or (f.form_code == orphan.after and f.status == "no_data" and not (f.note and catalogue.says_no_data(f.note)))
        ]
        message = (
            f"page {orphan.page}: a table with codes and amounts stands under no known title ({orphan.line_above!r} above it)"
        )
        if orphan.resembles_it or any(catalogue.forms[f.form_code].standard for f in lacking):
            also = "; ".join(f"{f.title} is {f.status}" for f in lacking) or "it may go on with the form before it"
            raise Rejected("unassigned_table", f"{message}, and {also}", ADVICE, orphan.page, paste)
        result.notices.append(Notice("unknown_form", message, None, orphan.page, None, paste))


def _codes(titles: Iterable[Title], catalogue: Catalogue) -> dict[str, str]:
    """The form code of each title. Of two titles of one pattern, the one that ``beside`` names gets the code of its own."""
    codes = {title.text: title.form_code for title in titles}
    for title, code in tuple(codes.items()):
        others = {other for other, same in codes.items() if same == code and other != title}
        own = catalogue.alternate(code, title) if others else None
        if own is not None and any(catalogue.alternate(code, other) is None for other in others):
            codes[title] = own
    return codes


def _refused(located: LocatedForm, kind: FormKind, body: Body, result: ReadForms) -> bool:
    """Whether a form must be passed over; a standard form that was not understood refuses the whole document."""
    problem = _problem(located, kind, body)
    if problem is None:
        return False
    if kind.standard:
        raise problem
    result.notices.append(
        Notice("unread_form", f"{located.title.text}: {problem.message}", kind.code, problem.page, None, problem.paste)
    )
    return True


def _problem(located: LocatedForm, kind: FormKind, body: Body) -> Rejected | None:
    title = located.title.text
    if body.unknown:
        page, column = body.unknown[0]
        headers = sorted({u.header for _, u in body.unknown})
        paste = "columns:\n" + "".join(f"  # {comment(title)}, page {page}\n  <identifier>: [{pattern(h)}]\n" for h in headers)
        return Rejected(
            "unknown_header",
            f"{title}, page {page}, column {column.column}: header {column.header or '(none)'!r} is not in the catalogue,"
            " and amounts stand under it",
            ADVICE,
            page,
            paste,
        )
    if body.leftovers:
        first = body.leftovers[0]
        return Rejected(
            "leftover_figures",
            f"{title}, page {first.page}, row {first.row}: {first.text[:60]!r} was not understood ({first.reason});"
            f" {len(body.leftovers)} such in this form",
            ADVICE,
            first.page,
        )
    doubled = _doubled(body.rows)
    if doubled is not None:
        row, amount = doubled
        return Rejected(
            "ambiguous_header",
            f"{title}, page {row.table.page}: two columns would both be {amount.column.column_code} ({amount.column.header!r})",
            ADVICE,
            row.table.page,
            f"columns:\n  <identifier>: [{pattern(amount.column.header)}]\n",
        )
    return None


def _doubled(rows: Iterable[ReadRow]) -> tuple[ReadRow, ReadAmount] | None:
    for row in rows:
        seen: set[tuple[str, str | None]] = set()
        for amount in row.amounts:
            key = (amount.column.column_code, amount.column.phase)
            if key in seen:
                return row, amount
            seen.add(key)
    return None


def _unit(located: LocatedForm, body: Body, catalogue: Catalogue) -> str | None:
    for text in (*body.preamble, *reversed(located.head), *located.notes):
        unit = catalogue.unit(text)
        if unit is not None:
            return unit
    return None


def _stage(result: ReadForms, order: int, read: _ReadForm, units: set[str], catalogue: Catalogue) -> None:
    """Add one form with its rows and amounts. Raises :class:`Rejected` if its amounts have no unit."""
    located, kind, body = read.located, read.kind, read.body
    title = located.title
    unit = _unit(located, body, catalogue)
    if unit is None and _needs_unit(read, catalogue):
        unit = _inherited_unit(located, units)
        message = f"{title.text} prints no unit; all other forms of the document are in {unit}"
        result.notices.append(Notice("unit_inherited", message, kind.code, located.first_page))
    if kind.shape == "measures" and _twice(read, result.kind, catalogue):
        raise Rejected(
            "ambiguous_header",
            f"{title.text}, page {located.first_page}: two rows, and nothing says which is the budget and which the outcome",
            ADVICE,
            located.first_page,
        )
    notes = [*located.notes, *body.notes]
    note = " ".join(squash(n) for n in notes) or None
    has_amounts = any(row.amounts for row in body.rows)
    number = title.number or _number(located, body, catalogue)
    status = "present" if has_amounts else "no_data"
    result.forms.append(Form(order, kind.code, title.text, number, unit, located.first_page, located.last_page, status, note))
    if any(catalogue.says_no_data(n) for n in notes) and _has_nonzero(body.rows):
        message = f"{title.text} prints figures, and says: {note}"
        result.notices.append(Notice("contradictory_note", message, kind.code, located.last_page))
    result.notices.extend(_odd_codes(read))
    for row_order, row in enumerate(_labelled(body.rows, kind, result.kind, catalogue, located.phases), start=1):
        place = (row.read.table.page, row.read.table.number, row.read.source_row)
        row_key = (row.read.side, row.read.code, row.label)
        result.rows.append(FormRow(order, row_order, kind.code, *row_key, *place))
        for amount, column_code in row.amounts:
            amount_unit = _own_unit(row.counted, amount, kind, catalogue) or unit
            if amount_unit is None:
                raise AssertionError(f"{title.text}: an amount without a unit passed _needs_unit")
            result.amounts.append(
                Amount(
                    order,
                    row_order,
                    kind.code,
                    *row_key,
                    column_code,
                    amount.column.header,
                    amount.cell.text,
                    amount.number.value,
                    amount_unit,
                    amount.number.decimals,
                    *place,
                    amount.cell.column,
                    amount.cell.box,
                    amount.cell.confidence,
                )
            )


def _odd_codes(read: _ReadForm) -> Iterator[Notice]:
    """Codes that no class, section or item has, such as a 7 that lost its zeros: kept as printed, and reported."""
    for row in read.body.rows:
        if row.code is not None and len(row.code) not in CODE_LENGTHS:
            message = f"{read.located.title.text}: code {row.code} ({row.label}) has {len(row.code)} digits"
            yield Notice("odd_code", message, read.kind.code, row.table.page, row.source_row)


def _needs_unit(read: _ReadForm, catalogue: Catalogue) -> bool:
    return any(_own_unit(row.label, a, read.kind, catalogue) is None for row in read.body.rows for a in row.amounts)


def _inherited_unit(located: LocatedForm, units: set[str]) -> str:
    """The unit of all other forms, for one that prints none; they must agree."""
    if len(units) != 1:
        raise Rejected(
            "unit_unknown",
            f"{located.title.text}, page {located.first_page}: no unit (元, 万元) is printed,"
            " and the other forms do not agree on one",
            "report the document: without a unit its amounts mean nothing",
            located.first_page,
        )
    return next(iter(units))


def _own_unit(label: str, amount: ReadAmount, kind: FormKind, catalogue: Catalogue) -> str | None:
    """The unit that a row or column has of its own: what it counts, or the unit in its header."""
    if kind.shape in ("list", "measures"):
        headers = reversed(amount.column.header.split(" / "))
        counted = next((u for text in (label, *headers) if text and (u := catalogue.count_unit(text))), None)
        if counted is not None:
            return counted
    return amount.column.unit


@dataclass(frozen=True, slots=True)
class _LabelledRow:
    """A row under the label it gets in the warehouse, its amounts with their column codes.

    ``counted`` is the printed label, which tells whether the row counts things.
    """

    read: ReadRow
    label: str
    counted: str
    amounts: Sequence[tuple[ReadAmount, str]]


def _phase_above(row: ReadRow, phases: Iterable[tuple[Table, str]]) -> str | None:
    return next((phase for table, phase in phases if table is row.table), None)


def _twice(read: _ReadForm, kind_of_document: str, catalogue: Catalogue) -> bool:
    """Whether a 三公 form has two rows of one phase and nothing that tells them apart."""
    labelled = _labelled(read.body.rows, read.kind, kind_of_document, catalogue, read.located.phases)
    return any(row.label.endswith("：") for row in labelled)


def _labelled(
    rows: Sequence[ReadRow],
    kind: FormKind,
    kind_of_document: str,
    catalogue: Catalogue,
    phases: Sequence[tuple[Table, str]],
) -> Iterator[_LabelledRow]:
    """Rows as they are labelled in the warehouse: 三公 by phase, everything else as printed."""
    default = "budget" if kind_of_document == "budget" else "final"
    printed: set[str] = set()
    for row in rows:
        if kind.shape != "measures":
            yield _LabelledRow(row, row.label, row.label, [(a, a.column.column_code) for a in row.amounts])
            continue
        measure = catalogue.measure(row.label) if row.label else None
        own_phase = catalogue.phase(row.label) if row.label else None
        for phase in _PHASE_ROWS:
            above = _phase_above(row, phases)
            mine = [a for a in row.amounts if (a.column.phase or own_phase or above or default) == phase]
            if not mine:
                continue
            is_list = measure is not None and all(a.column.column_code == "total" for a in mine)
            label = phase if is_list or phase not in printed else f"{phase}：{row.label}"
            if not is_list:
                printed.add(phase)
            counted = row.label if is_list else ""
            yield _LabelledRow(row, label, counted, [(a, measure if is_list and measure else a.column.column_code) for a in mine])


def _number(located: LocatedForm, body: Body, catalogue: Catalogue) -> str | None:
    return next((n for t in (*located.head, *body.preamble) if (n := catalogue.number(t))), None)


def _has_nonzero(rows: Iterable[ReadRow]) -> bool:
    return any(a.number.value != 0 for row in rows for a in row.amounts)


def _missing(result: ReadForms, layout: Layout, codes: dict[str, str], taken: set[str]) -> None:
    """Forms that the table of contents lists and the document does not have, and the other way round."""
    found_titles = {fold(f.title) for f in result.forms}
    order = len(result.forms)
    promised: set[str] = set()
    for title in layout.promised:
        code = codes[title.text]
        promised.add(code)
        if code in taken or title.text in found_titles:
            continue
        order += 1
        taken.add(code)
        result.forms.append(Form(order, code, title.text, None, None, None, None, "missing", None))
        result.notices.append(
            Notice("form_missing", f"the table of contents lists {title.text}, the document does not have it", code)
        )
    if promised:
        for form in result.forms:
            if form.form_code not in promised:
                result.notices.append(
                    Notice(
                        "form_unlisted",
                        f"{form.title} on page {form.first_page} is not in the table of contents",
                        form.form_code,
                        form.first_page,
                    )
                )
