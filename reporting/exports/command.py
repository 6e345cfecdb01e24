"""``juesuan export``: what is known of a department, or of all, in files for others."""

from __future__ import annotations

import argparse
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.home import Home
from ingest.terminal import as_json, printable
from reporting.exports import fiscal, sheets, tables
from reporting.exports.scope import CannotExport, Scope, open_scope
from reporting.exports.workbook import write_workbook
from reporting.files import folder_written_aside, refuse_existing, written_aside

__all__ = ["CannotExport", "Misunderstood", "export_command"]

NEEDED = {
    "excel": sheets.TABLES,
    "csv": frozenset(tables.TABLES),
    "parquet": frozenset(tables.TABLES),
    "fiscal": fiscal.TABLES,
}


class Misunderstood(Exception):
    """The options do not go together."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, and from which build."""

    path: str
    format: str
    department: str | None
    build: str
    rows: int


def export_command(arguments: argparse.Namespace, home: Home) -> None:
    """Write what is asked for and say so.

    Raises :class:`Misunderstood`, :class:`CannotExport`, ``NothingFound`` or :class:`~reporting.files.FileThere`.
    """
    form: str = arguments.format
    if form == "excel" and arguments.department is None:
        raise Misunderstood("a workbook is of one department: name it with --department, or say --format csv, parquet or fiscal")
    if form != "excel" and arguments.output is None:
        raise Misunderstood(f"--format {form} writes several files: say --output DIR")
    with open_scope(home, arguments.department, NEEDED[form]) as scope:
        exported = _workbook(scope, arguments) if form == "excel" else _folder(scope, arguments)
    if arguments.json:
        print(as_json(asdict(exported)))
    else:
        print(printable(f"written: {exported.path} ({exported.rows:,} rows, build {exported.build})"))


def _workbook(scope: Scope, arguments: argparse.Namespace) -> Exported:
    target: Path = arguments.output or Path(f"{file_name(scope.department_name or '')}.xlsx")
    if target.suffix.lower() != ".xlsx":
        raise Misunderstood(f"{target}: a workbook is called .xlsx")
    with written_aside(target, force=arguments.force) as aside:
        rows = write_workbook(scope, aside, arguments.language)
    return Exported(str(target), "excel", scope.department_key, scope.build_id, rows)


def _folder(scope: Scope, arguments: argparse.Namespace) -> Exported:
    target: Path = arguments.output
    form: str = arguments.format
    # Before any work is done; checked again for each file when all are written.
    refuse_existing([target / "datapackage.json"], force=arguments.force)
    with folder_written_aside(target, force=arguments.force) as aside:
        rows = fiscal.write_fiscal(scope, aside) if form == "fiscal" else tables.write_tables(scope, aside, form)
    return Exported(str(target), form, scope.department_key, scope.build_id, rows)


def file_name(name: str) -> str:
    """A name of a department as one of a file: what leads to another folder or is not allowed somewhere is left out."""
    kept = "".join(char for char in printable(name) if char not in '\\/:*?"<>|\N{REPLACEMENT CHARACTER}').strip(" .")
    return kept[:80] or "department"
