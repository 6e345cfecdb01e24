"""What all notebooks do alike: find the warehouse, understand their parameters, and show figures with their SQL and sources.

A notebook is an app in a browser, and a script that prints the same blocks: as Markdown, the charts as their tables, or as one
HTML page that needs nothing else.
"""

from __future__ import annotations

import html
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import duckdb
import marimo as mo

from ingest.departments import NothingFound, find_department
from ingest.home import resolve_home
from reporting import charts
from reporting.queries import query
from reporting.tables import Table, table_of
from reporting.units import YUAN, Language
from reporting.warehouse import Answer, NoWarehouse, Value, ask, find_warehouse, open_warehouse
from reporting.words import word

LANGUAGES: Mapping[str, Language] = {"中文": "zh", "English": "en"}
KINDS = ("final_account", "budget")
SCOPES = ("department", "unit")
# What the command line of a notebook understands; each notebook names those that it has beside the first of them.
PARAMETERS: Mapping[str, str] = {
    "warehouse": "a home, or a .duckdb file (default: $JUESUAN_HOME, else warehouse/)",
    "language": "zh or en (default: zh)",
    "format": "what a script prints: markdown or html (default: markdown)",
    "department": "key, name or a part of a name that only one has; several with commas where departments are compared",
    "year": "fiscal year (default: the latest)",
    "kind": "final_account or budget (default: final_account)",
    "scope": "department, or unit for a unit alone (default: department)",
    "metric": "what is compared, as in marts.dim_metric (default: total_expenditure)",
}
OF_ALL = ("warehouse", "language", "format")
Choice = TypeVar("Choice", str, int)
# A browser slows down with thousands of rows; a script prints them all.
ROWS_SHOWN = 500
SIMULATED = {"zh": "（模拟）", "en": " (simulated)"}


class BadParameter(Exception):
    """A parameter has no meaning. The message is one line for the user."""


class HelpAsked(Exception):
    """``--help``: the parameters are asked for. The message is a line each."""


@dataclass(frozen=True, slots=True)
class Department:
    """A department or unit that has published, with what of it is loaded."""

    key: str
    name: str
    is_simulated: bool
    kinds: tuple[str, ...]
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """One run of a notebook. ``path`` is the file of one build, read to the end although another is published."""

    path: Path
    option: str | None  # the warehouse as the user named it
    arguments: Mapping[str, Any] = field(default_factory=dict)
    language: Language = "zh"
    is_script: bool = False
    output: str = "markdown"  # of a script: or html

    def in_language(self, language: Language) -> Page:
        return replace(self, language=language)

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def word(self, code: str) -> str:
        return word(code, self.language)

    def ask(self, name: str, **values: Value) -> Answer:
        """The answer of one of :mod:`reporting.queries`."""
        with open_warehouse(self.path) as connection:
            try:
                return ask(connection, query(name), **values)
            except duckdb.CatalogException as error:
                missing = str(error).splitlines()[0]
                raise NoWarehouse(f"{self.path} was built by another version of juesuan; build it again: {missing}") from error

    @cached_property
    def departments(self) -> Mapping[str, Department]:
        """All departments by key, real ones first."""
        frame = self.ask("departments").frame
        if frame.empty:
            raise NothingFound("the warehouse holds no department yet: ingest disclosures and build it")
        return {
            key: Department(key, name, bool(simulated), tuple(kinds), tuple(scopes))
            for key, name, simulated, kinds, scopes in frame[
                ["department_key", "department_name", "is_simulated", "disclosure_kinds", "reporting_scopes"]
            ].itertuples(index=False, name=None)
        }

    def name(self, key: str) -> str:
        """The name of a department as shown: one with invented figures says so, wherever it stands."""
        department = self.departments.get(key)
        if department is None:
            return key
        return department.name + (SIMULATED[self.language] if department.is_simulated else "")

    # --- parameters: the command line first, then what the warehouse holds; controls of the app begin with them

    def department_key(self, asked: object | None = None) -> str:
        """The department that is asked for, by key, name or part of a name; without a question the one with most disclosures.

        Raises :class:`NothingFound`.
        """
        if asked is None:
            counts = self.ask("departments").frame
            return str(counts.sort_values("disclosure_count", ascending=False, kind="stable")["department_key"].iloc[0])
        with open_warehouse(self.path) as connection:
            return find_department(connection, str(asked))

    def department_keys(self, asked: object | None, *, most: int | None = 6) -> list[str]:
        """Several departments, repeated or with commas between; by default the ``most`` published ones."""
        if asked is None:
            counts = self.ask("departments").frame.sort_values("disclosure_count", ascending=False, kind="stable")
            whole = [key for key in counts["department_key"] if self.scope(key) == "department"]
            return [str(key) for key in (whole or counts["department_key"])][:most]
        each = asked if isinstance(asked, (list, tuple)) else str(asked).replace("，", ",").split(",")
        return list(dict.fromkeys(self.department_key(name) for name in each if str(name).strip()))

    def some_department(self, keys: Sequence[str]) -> list[str]:
        """The departments that a control has chosen. Raises :class:`BadParameter` where it has none."""
        if not keys:
            raise BadParameter(self.say("请选择部门", "choose a department"))
        return list(keys)

    def scope(self, key: str, asked: object | None = None) -> str:
        """The department as a whole where it so publishes, else the unit alone; or as asked. Raises :class:`BadParameter`."""
        scopes = self.departments[key].scopes
        return self.one_of("scope", asked, scopes, "department" if "department" in scopes else scopes[0])

    def scope_of(self, key: str) -> str:
        """The scope of the command line, where the department has it."""
        asked = self.arguments.get("scope")
        return self.scope(key, asked if asked in self.departments[key].scopes else None)

    def kind(self, key: str, asked: object | None = None) -> str:
        kinds = self.departments[key].kinds
        return self.one_of("kind", asked, kinds, KINDS[0] if KINDS[0] in kinds else kinds[0])

    def years(self, key: str, kind: str, scope: str) -> list[int]:
        """The years of which a department has published, the latest first."""
        answer = self.ask("disclosure_years", department=key, disclosure_kind=kind, reporting_scope=scope)
        return [int(year) for year in answer.frame["fiscal_year"]]

    def argument(self, name: str, known: Sequence[object]) -> object | None:
        """A parameter of the command line; of an app only if it is among the values that are ``known`` here."""
        asked = self.arguments.get(name)
        return asked if self.is_script or str(asked) in map(str, known) else None

    def one_of(self, name: str, asked: object | None, known: Sequence[Choice], default: Choice) -> Choice:
        """A parameter that has one of a few values. Raises :class:`BadParameter`."""
        if asked in (None, ""):
            return default
        for value in known:
            if str(value) == str(asked):
                return value
        raise BadParameter(f"--{name} {asked}: there is {', '.join(str(value) for value in known) or 'none'}")

    # --- controls

    def language_control(self) -> mo.ui.dropdown:
        chosen = next(name for name, code in LANGUAGES.items() if code == self.language)
        return mo.ui.dropdown(options=dict(LANGUAGES), value=chosen, label="语言 Language")

    def department_control(self, key: str) -> mo.ui.dropdown:
        options = {self.name(each): each for each in self.departments}
        return mo.ui.dropdown(options=options, value=self.name(key), label=self.say("部门", "Department"), searchable=True)

    def departments_control(self, keys: Sequence[str]) -> mo.ui.multiselect:
        options = {self.name(each): each for each in self.departments}
        names = [self.name(key) for key in keys]
        return mo.ui.multiselect(options=options, value=names, label=self.say("部门", "Departments"), full_width=True)

    def choice_control(self, label: str, values: Sequence[str], chosen: str) -> mo.ui.dropdown:
        """A choice among codes, shown by their words."""
        options = {self.word("unit_scope" if value == "unit" else value): value for value in values}
        return mo.ui.dropdown(
            options=options, value=next(name for name, value in options.items() if value == chosen), label=label
        )

    def year_control(self, years: Sequence[int], chosen: int | None) -> mo.ui.dropdown:
        options = {str(year): year for year in years}
        return mo.ui.dropdown(options=options, value=None if chosen is None else str(chosen), label=self.word("fiscal_year"))

    # --- what is shown

    @property
    def read_from(self) -> str:
        """The warehouse as it was named, and which build of it this is."""
        named = str(resolve_home(Path(self.option) if self.option else None).path)
        return f"{named}, build {self.path.parent.name}" if self.path.parent.parent.name == "builds" else named

    def heading(self, zh: str, en: str, keys: Sequence[str]) -> mo.Html:
        """The title of the page, what it was read from, and whether any of it is invented."""
        simulated = [self.departments[key].name for key in keys if self.departments[key].is_simulated]
        read = self.say(f"数据来自 {self.read_from}", f"Read from {self.read_from}")
        parts = [
            f"<style>{_style()}</style>",
            f'<h1 class="juesuan-title">{html.escape(self.say(zh, en))}</h1>',
            f'<p class="juesuan-note">{html.escape(read)}</p>',
        ]
        text = [f"# {self.say(zh, en)}", read]
        if simulated:
            warning = self.say(
                "模拟数据：以下部门并不存在，数字为虚构：",
                "Simulated data: these departments do not exist, figures are invented: ",
            )
            warning += self.say("、", ", ").join(simulated)
            parts.append(f'<p class="juesuan-simulated" role="note">{html.escape(warning)}</p>')
            text.append(f"> {warning}")
        if self.is_script and self.as_html:
            parts.insert(0, _page_head(self.say(zh, en), self.language))
        return self._shown("".join(parts), text)

    def block(
        self,
        title: str,
        *answers: Answer,
        table: Table | None = None,
        chart: Any = None,
        note: str = "",
        sources: Answer | None = None,
        description: str = "",
        nothing: str = "",
    ) -> mo.Html:
        """Figures under a title: chart, table, and one click away the SQL that made them and where each stands in its file.

        Without a row it says that there is no data, rather than showing an empty frame.
        """
        parts, text = [f'<h2 class="juesuan-heading">{html.escape(title)}</h2>'], [f"## {title}"]
        if note:
            parts.append(f'<p class="juesuan-note">{html.escape(note)}</p>')
            text.append(note)
        if table is not None and not table.rows:
            nothing = nothing or self.say("没有数据。", "There is no data on this.")
            parts.append(f"<p>{html.escape(nothing)}</p>")
            text.append(nothing)
        elif table is not None:
            if chart is not None and self.as_html:
                svg = charts.to_svg(chart, title=title, description=description or note or title)
                parts.append(f'<div class="juesuan-chart">{svg}</div>')
            parts.append(table.html(most=ROWS_SHOWN))
            text.append(table.markdown())
            if len(table.rows) > ROWS_SHOWN:
                more = self.say("只列前 {} 行，共 {} 行；SQL 得全部。", "The first {} rows of {}; the SQL gives all.")
                parts.append(f'<p class="juesuan-note">{html.escape(more.format(ROWS_SHOWN, len(table.rows)))}</p>')
        sql = ";\n\n".join(answer.sql for answer in answers)
        parts.append(_details("SQL", f"<pre>{html.escape(sql)}</pre>"))
        text.append(f"```sql\n{sql}\n```")
        if sources is not None and not sources.frame.empty:
            places = self.source_table(sources)
            parts.append(_details(self.say("出处：文件、页、行", "Sources: file, page, row"), places.html(most=ROWS_SHOWN)))
            text += [f"### {self.say('出处', 'Sources')}", places.markdown()]
        return self._shown("".join(parts), text)

    def source_table(self, sources: Answer) -> Table:
        """The rows of figure_sources.sql as a table, each with the command that tells the same."""
        frame = sources.frame.copy()
        frame["explain"] = [
            self.explain(*row)
            for row in frame[["department_key", "fiscal_year", "disclosure_kind", "form_code", "amount"]].itertuples(
                index=False, name=None
            )
        ]
        frame["department_key"] = [self.name(key) for key in frame["department_key"]]
        frame["disclosure_kind"] = [self.word(kind) for kind in frame["disclosure_kind"]]
        columns = ["fiscal_year", "disclosure_kind", "figure", "amount", "file_name", "source_page", "source_table"]
        columns += ["source_row", "source_column", "amount_text", "unit", "explain"]
        if frame["department_key"].nunique() > 1:
            columns = ["department_key", *columns]
        names = self.names(*columns) | {"amount": self.say("金额（元）", "Amount (yuan)")}
        return table_of(frame, names, {"amount": YUAN}, language=self.language)

    def explain(self, department: str, year: int, kind: str, form: object, amount: Decimal) -> str:
        """The command that tells where a figure stands."""
        parts = ["juesuan", *self._home(), "explain", "--department", department, "--year", str(year), "--kind", kind]
        if isinstance(form, str):
            parts += ["--form", form]
        return shlex.join([*parts, "--amount", str(amount)])

    def _home(self) -> list[str]:
        return ["--home", self.option] if self.option and Path(self.option).is_dir() else []

    def names(self, *columns: str) -> dict[str, str]:
        """Columns with their words, as headers of a table."""
        return {column: self.word(column) for column in columns}

    def _shown(self, markup: str, text: Sequence[str]) -> mo.Html:
        if self.is_script:
            print(*([markup] if self.as_html else text), sep="\n\n", end="\n\n")
        return mo.Html(markup)

    @property
    def as_html(self) -> bool:
        return not self.is_script or self.output == "html"


def disclosure_controls(page: Page, key: str) -> tuple[mo.ui.dropdown, mo.ui.dropdown]:
    """Which disclosures of a department: kind and year, at first ``--kind`` and ``--year``, else the latest final account.

    A year that the department has not published ends a script with one clear line. In an app, where the department changes, the
    year of the command line holds for those that have it.
    """
    with told(is_script=page.is_script):
        kind, years, year = _disclosure(page, key)
    return page.choice_control(page.word("disclosure_kind"), page.departments[key].kinds, kind), page.year_control(years, year)


def _disclosure(page: Page, key: str) -> tuple[str, list[int], int]:
    """Kind, all years of that kind, and the year. Raises :class:`BadParameter`."""
    kind = page.kind(key, page.argument("kind", page.departments[key].kinds))
    years = page.years(key, kind, page.scope_of(key))
    return kind, years, page.one_of("year", page.argument("year", years), years, years[0])


def comparison_controls(page: Page, keys: Sequence[str]) -> tuple[mo.ui.dropdown, mo.ui.dropdown]:
    """Which disclosures of several departments, and which metric: at first ``--kind``, ``--metric``, else total expenditure."""
    metrics = page.ask("metric_list").frame
    known = [str(metric) for metric in metrics["metric"]]
    with told(is_script=page.is_script):
        kind = page.kind(keys[0], page.argument("kind", page.departments[keys[0]].kinds))
        metric = page.one_of("metric", page.arguments.get("metric"), known, "total_expenditure")
    options = dict(zip(metrics[f"label_{page.language}"], known, strict=True))
    chosen = next(label for label, code in options.items() if code == metric)
    kinds = list(dict.fromkeys(kind for key in keys for kind in page.departments[key].kinds))
    return (
        page.choice_control(page.word("disclosure_kind"), kinds, kind),
        mo.ui.dropdown(options=options, value=chosen, label=page.say("指标", "Metric")),
    )


def _page_head(title: str, language: Language) -> str:
    """The beginning of a page of its own; HTML lets the ends of its last elements be left out."""
    tongue = "zh-CN" if language == "zh" else "en"
    return (
        f'<!doctype html><html lang="{tongue}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title></head><body class='juesuan-page'>"
    )


def _style() -> str:
    return (files("reporting") / "notebook.css").read_text(encoding="utf-8")


def _details(summary: str, inside: str) -> str:
    return f'<details class="juesuan-more"><summary>{html.escape(summary)}</summary>{inside}</details>'


def open_page(*own: str) -> Page:
    """The page of a notebook that has just begun, with the parameters of the command line.

    ``own`` are those of :data:`PARAMETERS` that the notebook has beside those of all. What has no meaning, and a warehouse that
    is not there, end it with one clear line.
    """
    arguments = mo.cli_args().to_dict()
    is_script = not mo.running_in_notebook()
    with told(is_script=is_script):
        refuse_unknown(arguments, (*own, *OF_ALL))
        option = arguments.get("warehouse")
        named = None if option in (None, "") else str(option)
        page = Page(find_warehouse(named).resolve(), named, arguments, is_script=is_script)
        with open_warehouse(page.path):
            pass
        page = page.in_language("en" if page.one_of("language", arguments.get("language"), ("zh", "en"), "zh") == "en" else "zh")
        page = replace(page, output=page.one_of("format", arguments.get("format"), ("markdown", "html"), "markdown"))
        page.departments  # noqa: B018  # an empty warehouse is told here, and one without metrics
        page.ask("metric_list")
        _refuse_values(page, own)
    return page


def refuse_unknown(arguments: Mapping[str, Any], known: Sequence[str]) -> None:
    """Raises :class:`BadParameter` for what is none of the ``known`` parameters, :class:`HelpAsked` for ``--help``."""
    if not {"help", "h"}.isdisjoint(arguments):
        width = max(map(len, known)) + 4
        raise HelpAsked("\n".join(f"{f'--{name}':{width}}{PARAMETERS[name]}" for name in known))
    for name, value in arguments.items():
        # marimo takes the bare -- of a script for a parameter without a name, with the words behind it as its value.
        if name not in known and (name or value != ""):
            wrong = f"there is no parameter --{name}" if name else f"{value}: a value without its parameter"
            raise BadParameter(f"{wrong}; known are {', '.join(f'--{each}' for each in known)}")


def _refuse_values(page: Page, own: Sequence[str]) -> None:
    """Raises :class:`BadParameter` or ``NothingFound`` for a value that not even the first view has."""
    page.one_of("kind", page.arguments.get("kind"), KINDS, KINDS[0])
    page.one_of("scope", page.arguments.get("scope"), SCOPES, SCOPES[0])
    strictly = replace(page, is_script=True)
    for key in page.department_keys(page.arguments.get("department"), most=1)[:1]:
        if "kind" in own:
            strictly.kind(key, page.arguments.get("kind"))
        if "year" in own:
            _disclosure(strictly, key)


@contextmanager
def told(*, is_script: bool) -> Iterator[None]:
    """What cannot be answered is told in one line: a script ends with exit status 1, an app shows it in the figures' place."""
    try:
        yield
    except (NoWarehouse, NothingFound, BadParameter) as refused:
        _tell(str(refused), is_script=is_script)
    except HelpAsked as asked:
        if is_script:
            print(asked)
            raise SystemExit(0) from None
        mo.stop(True, mo.plain_text(str(asked)))


def _tell(message: str, *, is_script: bool) -> NoReturn:
    if is_script:
        raise SystemExit(f"{Path(sys.argv[0]).name}: {message}") from None
    mo.stop(True, mo.callout(message, kind="danger"))
    raise AssertionError("mo.stop has stopped")
