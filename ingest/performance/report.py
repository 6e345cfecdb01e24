"""The evaluated projects of a document: its tables and the lines around them, joined to projects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ingest.catalogue import Catalogue
from ingest.document import Document, Line, Table
from ingest.numbers import is_nothing
from ingest.parsed import Notice, PerformanceIndicator, Project, ProjectExecution
from ingest.performance.columns import find_header
from ingest.performance.grades import PrintedGrade
from ingest.performance.sheet import SheetRow, fits, sheet_rows
from ingest.performance.table import ReadTable, Unread, number, read_table
from ingest.performance.vocabulary import Vocabulary, vocabulary
from ingest.text import fold, squash

WRAPPED_NAME = 2  # lines over which the name of a project on a cover may go on
LONGEST_HEAD = 45  # characters of a running head between two parts of a table
HEAD_ROWS = 4  # rows of a table in which its title and its project may stand
MOST_BELOW = 4  # lines below the table of a project in which its grade may stand
MOST_HEADS = 4  # lines that may stand between two parts of a table


@dataclass(frozen=True, slots=True)
class Performance:
    """The projects of a document in reading order, with their rows, and what was not read."""

    projects: tuple[Project, ...] = ()
    executions: tuple[ProjectExecution, ...] = ()
    indicators: tuple[PerformanceIndicator, ...] = ()
    notices: tuple[Notice, ...] = ()


def read_performance(document: Document, catalogue: Catalogue) -> Performance:
    """Read all reports of self-evaluation in a document."""
    reader = _Reader(catalogue, vocabulary())
    for block in _grouped(document, catalogue, vocabulary()):
        if isinstance(block, Line):
            reader.line(block)
        else:
            reader.tables(block)
    return reader.result()


# --- Tables over pages


@dataclass(slots=True)
class _Tables:
    """A table with those that continue it. ``interruption`` is a line of text that stands between two parts of it."""

    parts: list[Table]
    titles: frozenset[str]  # above it and in its first rows, folded
    interruption: Line | None = None


def _grouped(document: Document, catalogue: Catalogue, known: Vocabulary) -> list[Line | _Tables]:
    """The blocks of a document in order, a table together with the tables that continue it."""
    result: list[Line | _Tables] = []
    current: _Tables | None = None
    between: list[Line] = []
    for page in document.pages:
        for block in page.blocks:
            if isinstance(block, Line):
                result.append(block)
                between.append(block)
                continue
            lines = [line for line in between if not catalogue.is_rubbish(line.text)]
            between = []
            has_signs = known.has_signs(cell.text for cell in block.cells)
            if current and _continues(current, block, lines, catalogue, known):
                current.parts.append(block)
                is_apart = block.page == current.parts[-2].page
                current.interruption = current.interruption or (lines[0] if lines and is_apart else None)
            elif not has_signs:
                current = None  # most tables of a document
                result.append(_Tables([block], frozenset()))
            else:
                head = [cell.text for row in sheet_rows([block])[:HEAD_ROWS] for cell in row.printed]
                titles = [text for text in (*(line.text for line in lines), *head) if known.title(text) is not None]
                current = _Tables([block], frozenset(fold(text) for text in titles))
                result.append(current)
    return result


def _continues(current: _Tables, following: Table, lines: Sequence[Line], catalogue: Catalogue, known: Vocabulary) -> bool:
    """Whether a table goes on in the next one, with at most running heads between them.

    A text that knows no pages may have lines there that are not known for what page breaks leave: whether its table goes on is
    not sure then, and it counts as one that is interrupted.
    """
    table = current.parts[-1]
    if not fits(table, following) or following.page - table.page > 1 or len(lines) > MOST_HEADS:
        return False
    if following.page == table.page and table.box is not None:
        return False
    rows = sheet_rows([following])
    head = [cell.text for row in rows[:HEAD_ROWS] for cell in row.printed]
    if any(known.field(text) == "project_name" or known.inline_fields(text) for text in head):
        return False
    # A title that is printed again on the next page announces nothing new.
    repeated = current.titles if following.page > table.page else frozenset()
    announced = [text for text in head if known.title(text) is not None]
    if any(_begins_something(text, repeated, catalogue, known) for text in (*(line.text for line in lines), *announced)):
        return False
    return not (following.page == table.page and lines and find_header(rows, 0, known) is not None)


def _begins_something(text: str, repeated: frozenset[str], catalogue: Catalogue, known: Vocabulary) -> bool:
    return fold(text) not in repeated and (
        len(fold(text)) > LONGEST_HEAD
        or known.title(text) is not None
        or known.is_heading(text)
        or known.is_part(text)
        or catalogue.title(text) is not None
        or bool(known.inline_fields(text))
    )


# --- Projects


@dataclass(slots=True)
class _Evaluated:
    """A project while its document is read."""

    name: str
    unit_code: str | None
    unit_name: str | None
    first_page: int
    last_page: int
    grade: PrintedGrade | None = None
    total_score: str | None = None
    below: list[Line] = field(default_factory=list)  # lines below its table
    table: ReadTable | None = None
    executions: list[ProjectExecution] = field(default_factory=list)
    indicators: list[PerformanceIndicator] = field(default_factory=list)
    report: _Report | None = None


@dataclass(slots=True)
class _Report:
    """What the lines above a table say: the kind of report, the project, the unit of money; and the lines themselves."""

    kind: str | None
    page: int
    name: str | None = None
    unit: str | None = None
    grade: PrintedGrade | None = None
    money_unit: str | None = None
    lines: list[Line] = field(default_factory=list)
    is_form: bool = False  # a standard form stands here
    is_fresh: bool = True  # no table has come since its title
    is_told: bool = False  # a notice of what it is was given
    awaits: Line | None = None  # the line of a name that may go on


class _Reader:
    def __init__(self, catalogue: Catalogue, known: Vocabulary) -> None:
        self.catalogue = catalogue
        self.known = known
        self.current = _Report(None, 1)
        self.reports: list[_Report] = [self.current]
        self.projects: dict[tuple[str, str | None], _Evaluated] = {}
        self.notices: list[Notice] = []
        self.previous: _Evaluated | None = None  # of the table before
        self.above: _Evaluated | None = None  # whose table stands above the lines that are read

    # --- lines

    def line(self, line: Line) -> None:
        if self.catalogue.is_rubbish(line.text):
            return
        kind = self.known.title(line.text)
        if kind is not None:
            self._begin(kind, line.page)
        elif self.catalogue.title(line.text) is not None or self.known.is_part(line.text):
            self._begin(None, line.page)
            self.current.is_form = self.catalogue.title(line.text) is not None
        self._below(line)
        self._name_goes_on(line)
        for name, value in self.known.inline_fields(line.text):
            if value and not is_nothing(value):
                self._field(name, value, line)
        self.current.money_unit = self.known.money_unit(line.text) or self.current.money_unit
        self.current.lines.append(line)
        self._without_lines(line)

    def _begin(self, kind: str | None, page: int) -> None:
        self.current = _Report(kind, page)
        self.reports.append(self.current)
        self.above = None

    def _below(self, line: Line) -> None:
        """A line below a table that names its project by itself may tell its grade, until something else begins."""
        if self.above is None:
            return
        if self.known.is_heading(line.text) or self.known.speaks_of_whole(line.text) or len(self.above.below) >= MOST_BELOW:
            self.above = None
            return
        self.above.below.append(line)

    def _field(self, name: str, value: str, line: Line) -> None:
        if name == "project_name":
            if self.current.name is not None or self.current.is_form:
                self._begin(self.current.kind, line.page)
            self.current.name = value
            self.current.awaits = line
        elif name == "unit" and self.current.unit is None:
            self.current.unit = value
        elif name in ("grade", "result") and self.current.grade is None:
            self.current.grade = self.known.grades.read(value, known_only=name == "result")

    def _name_goes_on(self, line: Line) -> None:
        """A long name on a cover is wrapped: what lies between it and the next field is the rest of it."""
        start = self.current.awaits
        if start is None or start not in self.current.lines:
            return
        since = self.current.lines[self.current.lines.index(start) + 1 :]
        is_field = bool(self.known.inline_fields(line.text))
        if is_field and since and self.current.name is not None and _are_adjacent([start, *since]):
            self.current.name += "".join(piece.text for piece in since)
        if is_field or len(since) >= WRAPPED_NAME:
            self.current.awaits = None

    def _without_lines(self, line: Line) -> None:
        """A header among the lines of a page: its table has no ruling lines."""
        if self.known.is_unruled_header(line.text):
            self._unread("its table has neither ruling lines nor, in a text, tabs or pipes", line.page, line.number)

    # --- tables

    def tables(self, tables: _Tables) -> None:
        report = self.current
        report.awaits = None
        self.above = None
        is_fresh, report.is_fresh = report.is_fresh, False
        if not self.known.has_signs(cell.text for table in tables.parts for cell in table.cells):
            self.previous = None
            return
        rows = sheet_rows(tables.parts)
        if report.is_form and not self.known.announces((), [cell.text for row in rows for cell in row.printed]):
            self.previous = None
            return  # the table of a standard form
        try:
            read = read_table(rows, report.money_unit, self.known)
        except Unread as problem:
            if self._judges_department(rows, report, is_fresh):
                self._department(report, rows)
            elif self._looks_judged(rows, report, is_fresh):
                self._unread(problem.reason, problem.page, problem.row, problem.paste)
            self.previous = None
            return
        kind = read.title or (report.kind if is_fresh else None)
        if kind == "plan" or (report.is_form and not read.fields):
            self.previous = None
            return
        if self._judges_department(rows, report, is_fresh):
            if read.is_evaluation:
                self._department(report, rows)
            self.previous = None
            return
        if read.is_evaluation and tables.interruption is not None:
            line = tables.interruption
            self._unread(f"{line.text[:30]!r} stands inside its table", line.page, line.number)
            self.previous = None
            return
        if not read.is_evaluation:
            if self.previous is not None and self._is_rest(rows):
                self._unread("rows of indicators stand under no header, and the table before them may lack them", *_place(rows))
                self._withdraw(self.previous)
            elif self._looks_judged(rows, report, is_fresh) and not read.has_plan:
                self._unread("no header of money or of indicators was found in it", *_place(rows))
            self.previous = None
            return
        self._take(read, report, rows, is_fresh)

    def _is_rest(self, rows: Sequence[SheetRow]) -> bool:
        return any(self.known.is_level(cell.text) for row in rows for cell in row.printed[:2])

    def _judges_department(self, rows: Sequence[SheetRow], report: _Report, is_fresh: bool) -> bool:
        """Whether a table judges a department: by its own title or fields, or by the title above it."""
        cells = [cell.text for row in rows for cell in row.printed]
        titles = {self.known.title(text) for text in cells if len(text) < LONGEST_HEAD}
        fields = {self.known.field(text) for text in cells if len(text) < LONGEST_HEAD}
        if "project_name" in fields:
            return "department" in titles or (is_fresh and report.kind == "department")
        return "department" in titles or report.kind == "department" or ("department" in fields and report.name is None)

    def _department(self, report: _Report, rows: Sequence[SheetRow]) -> None:
        if report.is_told:
            return
        report.is_told = True
        message = f"page {rows[0].page}: an evaluation of a department as a whole is not read; only those of projects are"
        self.notices.append(Notice("department_evaluation", message, None, rows[0].page, rows[0].row))

    def _looks_judged(self, rows: Sequence[SheetRow], report: _Report, is_fresh: bool) -> bool:
        """Whether a table is an evaluation by its title, or by words that only evaluations have."""
        cells = [cell.text for row in rows for cell in row.printed]
        titles = {self.known.title(text) for text in cells if len(text) < LONGEST_HEAD}
        if "plan" in titles or (is_fresh and report.kind == "plan"):
            return False
        has_outcome = any(self.known.is_outcome(text) for text in cells)
        has_project = any(self.known.field(text) == "project_name" for text in cells)
        if report.is_form and not has_project:
            return False
        has_levels = any(
            self.known.band(text) == "indicators" or self.known.role(text, "indicators") == "level1" for text in cells
        )
        says_so = has_levels or has_project or report.kind == "evaluation"
        return "evaluation" in titles or (has_outcome and says_so)

    def _take(self, read: ReadTable, report: _Report, rows: Sequence[SheetRow], is_fresh: bool) -> None:
        name = squash(read.fields.get("project_name") or report.name or "")
        if not name:
            self._unread("it does not say which project it judges", *_place(rows))
            return
        own = "project_name" in read.fields
        unit = read.fields.get("unit") or (report.unit if not own or squash(report.name or "") == name else None)
        code, unit_name = self.known.unit_code_and_name(unit) if unit else (None, None)
        project = self._project(name, code, unit_name, report if not own else None, rows)
        if self._is_repeated(project, read, rows):
            return
        project.executions.extend(read.executions)
        project.indicators.extend(read.indicators)
        project.last_page = max(project.last_page, rows[-1].page)
        project.grade = project.grade or self._printed_grade(read.fields)
        if own:
            # What stands between a title and its table, and below the table, is about its project.
            project.grade = project.grade or (report.grade if is_fresh else None)
            self.above = project
        score = read.total_score if read.total_score is not None else number(read.fields.get("total_score", ""))
        if score is not None:
            project.total_score = project.total_score or str(score)
        project.table = read
        self.previous = project

    def _printed_grade(self, fields: Mapping[str, str]) -> PrintedGrade | None:
        """The grade among the fields of a table or of a line."""
        grades = self.known.grades
        named = grades.read(fields["grade"], known_only=False) if "grade" in fields else None
        return named or (grades.read(fields["result"], known_only=True) if "result" in fields else None)

    def _withdraw(self, project: _Evaluated) -> None:
        """Take back what the last table of a project yielded: it was not whole."""
        if project.table is None:
            return
        project.executions = [row for row in project.executions if row not in project.table.executions]
        project.indicators = [row for row in project.indicators if row not in project.table.indicators]
        if project.table.total_score is not None:
            project.total_score = None

    def _project(
        self, name: str, code: str | None, unit: str | None, report: _Report | None, rows: Sequence[SheetRow]
    ) -> _Evaluated:
        """The project of this name and unit; one whose unit is not stated is the one of that name before it."""
        page = rows[0].page if report is None else report.page
        same = [p for (known_name, _), p in self.projects.items() if known_name == fold(name)]
        for project in same:
            if unit is None or project.unit_name is None or fold(project.unit_name) == fold(unit):
                project.unit_code = project.unit_code or code
                project.unit_name = project.unit_name or unit
                project.report = project.report or report
                return project
        project = _Evaluated(name, code, unit, page, rows[-1].page, report=report)
        self.projects[fold(name), None if unit is None else fold(unit)] = project
        return project

    def _is_repeated(self, project: _Evaluated, read: ReadTable, rows: Sequence[SheetRow]) -> bool:
        """Whether a table judges again what another one judged; the first counts.

        A table that repeats its head on each page goes on right where it stopped, before its total.
        """
        twice = []
        if project.executions and read.executions:
            twice.append(_values(project.executions) == _values(read.executions))
        if project.indicators and read.indicators:
            goes_on = self.previous is project and project.total_score is None and not read.executions
            if not goes_on or _values(project.indicators) == _values(read.indicators):
                twice.append(_values(project.indicators) == _values(read.indicators))
        if not twice:
            return False
        how = "again, with the same rows" if all(twice) else "again, with other rows; the first are kept"
        message = f"page {rows[0].page}: {project.name} is judged {how}"
        self.notices.append(Notice("evaluation_repeated", message, None, rows[0].page, rows[0].row))
        return True

    def _unread(self, reason: str, page: int, row: int, paste: str | None = None) -> None:
        message = f"page {page}: an evaluation of a project was not read: {reason}".replace("\n", " ")
        self.notices.append(Notice("unread_evaluation", message, None, page, row, paste))

    # --- the result

    def result(self) -> Performance:
        projects: list[Project] = []
        executions: list[ProjectExecution] = []
        indicators: list[PerformanceIndicator] = []
        for project in sorted(self.projects.values(), key=lambda p: p.first_page):
            order = len(projects) + 1
            staged = self._staged(order, project)
            if not (project.executions or project.indicators or staged.total_score is not None):
                continue
            projects.append(staged)
            executions.extend(
                replace(row, project_order=order, execution_order=n) for n, row in enumerate(project.executions, start=1)
            )
            indicators.extend(
                replace(row, project_order=order, indicator_order=n) for n, row in enumerate(project.indicators, start=1)
            )
        return Performance(tuple(projects), tuple(executions), tuple(indicators), tuple(self.notices))

    def _staged(self, order: int, project: _Evaluated) -> Project:
        report = project.report
        lines = report.lines if report is not None else project.below
        stated = self.known.conclusion([line.text for line in lines])
        last_page = project.last_page
        total = project.total_score or (stated.total_score if stated else None)
        grade = project.grade or (report.grade if report else self._grade_below(project))
        if grade is None and stated is not None and stated.grade is not None:
            grade = PrintedGrade(stated.grade, stated.grade)
        return Project(
            project_order=order,
            project_name=project.name,
            unit_code=project.unit_code,
            unit_name=project.unit_name,
            conclusion_name=stated.name if stated else None,
            budget_execution_score=number(stated.budget_execution_score or "") if stated else None,
            indicator_score=number(stated.indicator_score or "") if stated else None,
            total_score=number(total) if total else None,
            grade=grade.grade if grade else None,
            grade_text=grade.text if grade else None,
            first_page=project.first_page,
            last_page=max(last_page, project.first_page),
        )

    def _grade_below(self, project: _Evaluated) -> PrintedGrade | None:
        """The grade that a line below the table states as a field."""
        for line in project.below:
            found = self._printed_grade(dict(reversed(self.known.inline_fields(line.text))))
            if found is not None:
                return found
        return None


def _values(rows: Sequence[ProjectExecution] | Sequence[PerformanceIndicator]) -> list[object]:
    """The rows without their places and orders, to tell whether they say the same."""
    if not rows:
        return []
    names = [n for n in rows[0].__dataclass_fields__ if not n.startswith("source_") and not n.endswith("_order")]
    return [tuple(getattr(row, name) for name in names) for row in rows]


def _place(rows: Sequence[SheetRow]) -> tuple[int, int]:
    return rows[0].page, rows[0].row


def _are_adjacent(lines: Sequence[Line]) -> bool:
    return all(b.page != a.page or b.number - a.number == 1 for a, b in pairwise(lines))
