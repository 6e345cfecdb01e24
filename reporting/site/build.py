"""The site as a whole: built aside from a published warehouse, in processes, and put in its place at once."""

from __future__ import annotations

import csv
import json
import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import duckdb

from ingest.cells import spreadsheet_cell
from reporting.site import department, disclosure, general
from reporting.site.naming import slug
from reporting.site.page import POLICY, Settings, environment, write_text
from reporting.site.queries import Row, by, run
from reporting.site.words import LANGUAGE_TAGS, LANGUAGES, word
from reporting.units import Language
from reporting.warehouse import open_warehouse

Progress = Callable[[int, int, str], None]

MARKER = "site.json"
GENERATOR = "juesuan site"
DEPARTMENTS_A_TASK = 10
# Below so many departments a process costs more than it saves.
DEPARTMENTS_A_PROCESS = 40


class NotASite(Exception):
    """The folder to write holds something that is no site of ours. The message is one line for the user."""


@dataclass(frozen=True, slots=True)
class SiteSummary:
    """What was written."""

    folder: str
    departments: int
    disclosures: int
    findings: int
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class _Shared:
    """What every task needs to know of the whole."""

    warehouse: Path
    settings: Settings
    statements: Mapping[str, Row]
    definitions: Sequence[Row]
    codes: frozenset[str]


def build_site(
    warehouse: Path,
    target: Path,
    *,
    built_at: str,
    build_id: str,
    progress: Progress | None = None,
    languages: Sequence[Language] = LANGUAGES,
    processes: int | None = None,
) -> SiteSummary:
    """Write the site of ``warehouse`` (a published ``warehouse.duckdb``, opened read-only) as the folder ``target``.

    ``built_at`` and ``build_id`` are shown as they are; the same warehouse and arguments make the same bytes. ``target`` is
    written aside and then put in its place; raises :class:`NotASite` where it holds something else, and
    :class:`reporting.warehouse.NoWarehouse` where there is nothing to read. ``processes``: at most so many (default: one a core).
    """
    target = Path(os.path.abspath(target))  # noqa: PTH100 - a link stays the link that it is
    check_replaceable(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    aside.chmod(0o755)
    try:
        counts = _write(warehouse, Settings(aside, tuple(languages), built_at, build_id), target, progress, processes)
        written = [path for path in aside.rglob("*") if path.is_file()]
        summary = SiteSummary(str(target), *counts, len(written), sum(path.stat().st_size for path in written))
        _put(aside, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return summary


def check_replaceable(target: Path) -> None:
    """Raise :class:`NotASite` unless the folder is not there, empty, or a site that was written before."""
    if not target.exists() and not target.is_symlink():
        return
    if target.is_symlink() or not target.is_dir():
        raise NotASite(f"{target} is there and is no folder; it is left as it is")
    if not any(target.iterdir()):
        return
    try:
        told = json.loads((target / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        told = None
    if not isinstance(told, dict) or told.get("generator") != GENERATOR:
        raise NotASite(f"{target} holds something that is no site of juesuan (it has no {MARKER}); it is left as it is")


def _put(aside: Path, target: Path) -> None:
    """Swap folders: readers find the site before or the site after, but for the moment between two renames."""
    if not target.exists():
        aside.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}.old.", dir=target.parent))
    before = old / target.name
    target.rename(before)
    try:
        aside.rename(target)
    except OSError:
        before.rename(target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _write(
    warehouse: Path, settings: Settings, target: Path, progress: Progress | None, processes: int | None
) -> tuple[int, int, int]:
    show = progress or (lambda done, total, doing: None)
    with open_warehouse(warehouse) as connection:
        rows = general.load(connection)
        statements = _statements(connection)
        orders = disclosure.form_orders(run(connection, "forms"))
    keys = [row["department_key"] for row in rows["departments"]]
    show(0, len(keys), "overview")
    _write_assets(settings)
    general.write_general(settings, rows, statements, orders, target)
    shared = _Shared(warehouse, settings, statements, rows["metric_definitions"], general.known_codes(rows["codes"]))
    done = 0
    for finished in _in_processes(shared, keys, processes):
        done += finished
        show(done, len(keys), "departments")
    totals = rows["totals"][0]
    marker = {
        "generator": GENERATOR,
        "build_id": settings.build_id,
        "built_at": settings.built_at,
        "languages": settings.languages,
    }
    write_text(settings.folder / MARKER, json.dumps(marker, ensure_ascii=False, indent=2) + "\n")
    return len(keys), int(totals["disclosures"]), int(totals["findings"])


def _in_processes(shared: _Shared, keys: Sequence[str], processes: int | None) -> Iterable[int]:
    """Write the pages of departments, some at a time; yields how many were written."""
    tasks = [keys[at : at + DEPARTMENTS_A_TASK] for at in range(0, len(keys), DEPARTMENTS_A_TASK)]
    workers = min(processes or os.cpu_count() or 1, len(tasks), max(1, len(keys) // DEPARTMENTS_A_PROCESS))
    if workers <= 1:
        for task in tasks:
            yield _write_departments(shared, task)
        return
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        running = {pool.submit(_write_departments, shared, task) for task in tasks}
        try:
            while running:
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _write_departments(shared: _Shared, keys: Sequence[str]) -> int:
    """Write the pages and the amounts of some departments and of their disclosures. What it reads it reads once for all."""
    settings = shared.settings
    with open_warehouse(shared.warehouse) as connection:
        connection.execute("set threads = 1")
        names = dict.fromkeys((*department.QUERIES, *disclosure.QUERIES))
        rows = {name: run(connection, name, {"department_key": keys}) for name in names}
        units = by(run(connection, "departments", {"parent_department_key": keys}), "parent_department_key")
        predecessors = by(run(connection, "departments", {"successor_department_key": keys}), "successor_department_key")
    of_department = {name: by(rows[name], "department_key") for name in names}
    of_disclosure = {name: by(rows[name], "disclosure_key") for name in disclosure.QUERIES}
    orders = disclosure.form_orders(rows["forms"])
    for key in keys:
        mine = {name: of_department[name].get(key, []) for name in department.QUERIES}
        around = department.Around(
            shared.definitions, shared.statements, orders, shared.codes, units.get(key, []), predecessors.get(key, [])
        )
        department.write_department(settings, key, mine, around)
        beside = disclosure.Around(mine["disclosures"], mine["departments"][0]["department_name"], shared.statements)
        for row in mine["disclosures"]:
            about = {name: of_disclosure[name].get(row["disclosure_key"], []) for name in disclosure.QUERIES}
            disclosure.write_disclosure(settings, row["disclosure_key"], about, beside)
        _write_csv(settings.folder / "data" / f"{slug(key)}.csv", of_department["amounts"].get(key, []))
    return len(keys)


CSV_COLUMNS = (
    *("fiscal_year", "disclosure_kind", "disclosure_key", "form_code", "form_order", "side", "row_code", "row_label"),
    *("column_code", "column_header", "amount", "amount_text", "unit"),
    *("document_id", "source_page", "source_table", "source_row", "source_column"),
)


def _write_csv(path: Path, amounts: Sequence[Row]) -> None:
    """The amounts of a department for a spreadsheet: a mark that it is UTF-8, and nothing that it would take for a formula."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(CSV_COLUMNS)
        writer.writerows([spreadsheet_cell(row[column]) for column in CSV_COLUMNS] for row in amounts)


def _statements(connection: duckdb.DuckDBPyConnection) -> dict[str, Row]:
    """What each identity says, in both languages; nothing in a warehouse without that list."""
    there = connection.execute(
        "select 1 from duckdb_tables() where schema_name = 'seeds' and table_name = 'accounting_identity'"
    ).fetchone()
    if not there:
        return {}
    answer = connection.execute("select check_id, statement_zh, statement_en from seeds.accounting_identity order by check_id")
    return {check: {"statement_zh": zh, "statement_en": en} for check, zh, en in answer.fetchall()}


def _write_assets(settings: Settings) -> None:
    for asset in sorted((files(__package__) / "assets").iterdir(), key=lambda entry: entry.name):
        write_text(settings.folder / "assets" / asset.name, asset.read_text(encoding="utf-8"))
    first = settings.languages[0]
    named = {"zh": "中文", "en": "English"}
    root = (
        environment()
        .get_template("root.html")
        .render(
            tag=LANGUAGE_TAGS[first],
            policy=POLICY,
            title=word("site_title", first),
            languages=[(language, LANGUAGE_TAGS[language], named[language]) for language in settings.languages],
        )
    )
    write_text(settings.folder / "index.html", root)
