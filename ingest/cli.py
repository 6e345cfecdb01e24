"""The command line: arguments in, exit status out.

Nothing that takes long to import is imported before it is known to be needed: ``juesuan --help`` answers at once.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.home import DEFAULT_HOME, HOME_VARIABLE, Home, HomeBusy, NoHome, resolve_home
from ingest.limits import DEFAULT_LIMITS, LEAST_MEMORY, Limits, parse_size, shown_size
from ingest.terminal import as_json, lines_of, printable

if TYPE_CHECKING:
    from ingest.build import Options
    from ingest.publish.record import BuildRecord
    from ingest.run import IngestSummary

DONE = 0
FAILED = 1
MISUSE = 2
SOME_REJECTED = 3

EXIT_STATUS = {
    "ingest": "exit status: 0 all loaded, 3 some rejected, 2 misuse, 1 could not run",
    "build": "exit status: 0 published, 1 not published, 2 misuse",
    "nightly": "exit status: 0 published (or nothing new), 3 published with rejections, 1 not published, 2 misuse",
    "diff": "exit status: 0 compared, 1 no such build, 2 misuse",
    "site": "exit status: 0 written, 1 not written, 2 misuse",
    "rollback": "exit status: 0 done, 1 there is no build to go back to, 2 misuse",
    "sql": "exit status: 0 answered, 1 cannot be answered, 2 misuse",
    "export": "exit status: 0 written, 1 not written, 2 misuse",
}

# Of `juesuan findings`: said here, so that asking for help need not import what answers.
FINDING_SEVERITIES = ("material", "last_digit", "wording")
FINDING_FAMILIES = (
    "within_form",
    "across_forms",
    "across_documents",
    "stated_figure",
    "year_over_year",
    "wording",
    "structure",
)
DIFF_FORMATS = ("table", "json", "markdown")
FINDING_FORMATS = ("table", "csv", "json", "markdown", "seed")
SQL_FORMATS = ("table", "csv", "parquet", "json", "markdown")
EXPORT_FORMATS = ("excel", "csv", "parquet", "fiscal")


class Misuse(Exception):
    """The command was asked for something that it cannot do."""


class VerbParser(argparse.ArgumentParser):
    """Tells what it does not understand itself, with its own usage; argparse leaves that to the parser above, with that one's."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        known, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return known, unknown


class CannotRun(Exception):
    """The command was asked for something sensible, and something stands in its way."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    arguments = make_parser().parse_args(argv)
    home = resolve_home(arguments.home)
    command: Callable[[argparse.Namespace, Home], int] = arguments.command
    try:
        with _terminated_like_interrupted():
            return command(arguments, home)
    except Misuse as error:
        return _complain(arguments, str(error), MISUSE)
    except (HomeBusy, NoHome, CannotRun) as error:
        return _complain(arguments, str(error), FAILED)
    except KeyboardInterrupt:
        return _complain(arguments, "interrupted; what is published is as it was", FAILED)
    except BrokenPipeError:
        # `juesuan status | head`: nobody reads any more. Keep the interpreter from complaining about it on exit.
        sys.stdout = None
        return DONE
    except OSError as error:
        # A full disk, a folder that may not be written: nothing that a traceback would explain better.
        return _complain(arguments, str(error), FAILED)


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """Let a termination by the system end child processes and locks as Ctrl-C does, instead of leaving them behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="juesuan",
        description="Reads disclosures of Chinese government departments (部门决算公开) into a warehouse that can be queried.",
    )
    common = VerbParser(add_help=False)
    # SUPPRESS: an option left out after the verb must not undo the same option given before it.
    for target, default in ((parser, None), (common, argparse.SUPPRESS)):
        target.add_argument(
            "--home",
            type=Path,
            metavar="DIR",
            default=default,
            help=f"folder of the warehouse (default: ${HOME_VARIABLE}, else {DEFAULT_HOME}/)",
        )
    common.add_argument("--json", action="store_true", help="print the outcome as JSON, for programs")
    verbs = parser.add_subparsers(title="commands", required=True, metavar="COMMAND", parser_class=VerbParser)

    def add(verb: str, text: str, command: Callable[[argparse.Namespace, Home], int]) -> argparse.ArgumentParser:
        added = verbs.add_parser(verb, help=text, description=f"{text}.", epilog=EXIT_STATUS.get(verb), parents=[common])
        added.set_defaults(command=command, verb=verb)
        return added

    _add_paths(add("ingest", "read files or folders into staging", run_ingest))
    build = add("build", "build the warehouse from staging, check it and publish it", run_build)
    _add_build_options(build)
    build.add_argument(
        "--reports", action="store_true", help="make the report site and dbt's documentation, too, as nightly does"
    )
    nightly = add("nightly", "ingest what is new, build and publish if that changes anything; safe to run from cron", run_nightly)
    _add_paths(nightly)
    _add_build_options(nightly)
    _add_nightly_options(nightly)
    _add_explain_options(add("explain", "show where a figure comes from: file, page, row, column, text", run_explain))
    _add_findings_options(add("findings", "list what does not agree: page, printed text, expected figure, reason", run_findings))
    _add_sql_options(add("sql", "ask the warehouse a question in SQL; nothing but the answer can be written", run_sql))
    _add_export_options(add("export", "write what is known of a department, or of all, to files for others", run_export))
    _add_diff_options(add("diff", "show what differs between two builds: figures and findings", run_diff))
    _add_rollback_options(add("rollback", "publish an earlier build again", run_rollback))
    _add_site_options(add("site", "write the report site of the published build: pages that open from a folder", run_site))
    status = add("status", "show what is loaded, what was rejected and what became of the last builds", run_status)
    status.add_argument(
        "--paste", action="store_true", help="print only the entries that rejected files propose for the form catalogue, as YAML"
    )
    return parser


def _add_paths(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a disclosure, or a folder or .zip of them")
    parser.add_argument("--workers", type=_positive, metavar="N", help="parser processes (default: one a core)")
    parser.add_argument(
        "--starter",
        type=Path,
        metavar="FILE",
        help="write the entries that rejected files propose for the form catalogue to a file, as YAML",
    )
    parser.add_argument(
        "--time-limit",
        type=_positive,
        metavar="SECONDS",
        default=DEFAULT_LIMITS.seconds,
        help=f"what reading one file may take (default: {DEFAULT_LIMITS.seconds})",
    )
    parser.add_argument(
        "--memory-limit",
        type=_memory,
        metavar="SIZE",
        default=DEFAULT_LIMITS.memory,
        help=f"what reading one file may take, such as 512M or 4G (default: {shown_size(DEFAULT_LIMITS.memory)})",
    )


def _add_build_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--allow-shrinking",
        action="append",
        default=[],
        metavar="TABLE",
        help="publish even if this mart has fewer rows than before and nothing explains it (repeat it, or say all)",
    )
    parser.add_argument("--keep", type=_positive, metavar="N", help="builds to keep, beside one a month (default: 7)")
    parser.add_argument("--keep-months", type=_positive, metavar="N", help="months of which one build is kept (default: 12)")


def _add_nightly_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="build and publish even if nothing is new")
    parser.add_argument(
        "--no-reports", dest="reports", action="store_false", help="publish without the report site and dbt's documentation"
    )
    parser.add_argument("--metrics", type=Path, metavar="FILE", help="metrics for Prometheus (default: juesuan.prom in the home)")
    parser.add_argument("--on-failure", metavar="COMMAND", help="command for the shell to run when nothing could be published")


def _add_diff_options(parser: argparse.ArgumentParser) -> None:
    told = "a build: its id or the beginning of it, current, previous, or a folder"
    parser.add_argument("before", nargs="?", default="previous", metavar="A", help=f"{told} (default: previous)")
    parser.add_argument("after", nargs="?", default="current", metavar="B", help="the build after it (default: current)")
    parser.add_argument("--format", choices=DIFF_FORMATS, default="table", help="how to print")


def _add_rollback_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("build", nargs="?", default="previous", metavar="BUILD", help="id of the build (default: the one before)")
    parser.add_argument("--reason", metavar="TEXT", help="why, for the list of publications")


def _add_explain_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--department", required=True, metavar="NAME", help="name or key of the department")
    parser.add_argument("--year", required=True, type=int, metavar="YEAR", help="fiscal year")
    parser.add_argument("--kind", choices=("final_account", "budget"), help="final account or budget (default: both)")
    parser.add_argument("--form", metavar="CODE", help="form code, such as income_expenditure_summary")
    parser.add_argument("--code", metavar="ROWCODE", help="classification code of the row, such as 2010301")
    parser.add_argument("--label", metavar="TEXT", help="text in the label of the row")
    parser.add_argument("--column", metavar="CODE", help="column code, such as basic")
    parser.add_argument("--amount", metavar="N", help="the amount in yuan")
    parser.add_argument("--mart", metavar="TABLE", help="the mart that shows the figure, such as fct_expenditure_by_function")


def _add_findings_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--department", metavar="NAME", help="name or key of the department (default: all)")
    parser.add_argument("--year", type=int, metavar="YEAR", help="fiscal year (default: all)")
    parser.add_argument("--kind", choices=("final_account", "budget"), help="final account or budget (default: both)")
    parser.add_argument(
        "--severity", choices=FINDING_SEVERITIES, help="only what is off by more than a last digit, by one, or words"
    )
    parser.add_argument("--family", choices=FINDING_FAMILIES, help="only what checks of this family tell")
    parser.add_argument("--new", action="store_true", help="only what seeds/known_discrepancy.csv does not list")
    parser.add_argument("--superseded", action="store_true", help="also what only superseded documents print")
    parser.add_argument(
        "--format", choices=FINDING_FORMATS, default="table", help="how to print (seed: lines for seeds/known_discrepancy.csv)"
    )


def _add_sql_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sql", nargs="?", metavar="SQL", help="what to ask, or - to read it from standard input")
    parser.add_argument("--analysis", metavar="NAME", help="ask a question of analyses/, by the name of its file")
    parser.add_argument(
        "--var", action="append", default=[], metavar="NAME=VALUE", help="a variable of that analysis (repeat it)"
    )
    parser.add_argument("--analyses", action="store_true", help="list the questions of analyses/")
    parser.add_argument("--file", type=Path, metavar="FILE", help="read what to ask from a file; statements are run in order")
    parser.add_argument("--tables", action="store_true", help="list the tables with what they hold")
    parser.add_argument("--describe", metavar="TABLE", help="list the columns of a table with what they mean")
    parser.add_argument("--format", choices=SQL_FORMATS, help="how to write (default: by the name of the file, else a table)")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write to a file")
    parser.add_argument("--force", action="store_true", help="replace the file if it is there")
    parser.add_argument("--limit", type=_not_negative, metavar="N", help="rows that a table shows, 0 for all (default: 100)")
    parser.add_argument("--timeout", type=_seconds, metavar="SECONDS", help="how long the answer may take (default: any time)")


def _add_export_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--department", metavar="NAME", help="name or key of the department (default: all; a workbook needs one)")
    parser.add_argument(
        "--format", choices=EXPORT_FORMATS, default="excel", help="a workbook, tables, or a Fiscal Data Package (default: excel)"
    )
    parser.add_argument("--output", type=Path, metavar="PATH", help="file of the workbook (default: its name here), or folder")
    parser.add_argument("--language", choices=("zh", "en"), default="zh", help="of the workbook (default: zh)")
    parser.add_argument("--force", action="store_true", help="replace files that are there")


def _not_negative(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("must be 0 or more")
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("must be more than 0")
    return number


def _add_site_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--output", type=Path, metavar="DIR", help="folder to write; an earlier site is replaced (default: site in the home)"
    )
    parser.add_argument("--language", choices=("zh", "en", "both"), default="both", help="languages of the pages (default: both)")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _memory(text: str) -> int:
    try:
        size = parse_size(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if size < LEAST_MEMORY:
        raise argparse.ArgumentTypeError(f"must be {shown_size(LEAST_MEMORY)} or more")
    return size


def run_ingest(arguments: argparse.Namespace, home: Home) -> int:
    from ingest.files import NoSuchPath
    from ingest.pool import WorkersCannotStart
    from ingest.staging.load import StagingError

    try:
        with home.exclusive("ingest", create=True):
            summary = _ingest(arguments, home)
    except NoSuchPath as error:
        raise Misuse(str(error)) from None
    except (StagingError, WorkersCannotStart) as error:
        raise CannotRun(str(error)) from None
    if arguments.json:
        _print_json(asdict(summary))
    return SOME_REJECTED if summary.rejected else DONE


def run_build(arguments: argparse.Namespace, home: Home) -> int:
    with home.exclusive("build", create=False):
        record = _build(arguments, home)
    if record is None:
        return FAILED
    if arguments.json:
        _print_json({"published": True, "build": asdict(record)})
    return DONE


def run_nightly(arguments: argparse.Namespace, home: Home) -> int:
    from ingest.nightly import Plan, as_json, run_night
    from ingest.publish.hook import HOOK_VARIABLE
    from ingest.publish.metrics import METRICS_VARIABLE
    from ingest.status import render_build

    named = os.environ.get(METRICS_VARIABLE)
    plan = Plan(
        build=_build_options(arguments),
        force=arguments.force,
        metrics=arguments.metrics or (Path(named) if named else None),
        on_failure=arguments.on_failure or os.environ.get(HOOK_VARIABLE),
    )
    night = run_night(home, plan, lambda: _ingest(arguments, home))
    if night.traceback:
        print(night.traceback, file=sys.stderr)
    if night.exit_status not in (DONE, SOME_REJECTED):
        print(f"juesuan nightly: {night.message}", file=sys.stderr)
    elif not arguments.json:
        print(render_build(night.record, home) if night.outcome == "published" and night.record else night.message)
    if arguments.json:
        _print_json(as_json(night))
    return night.exit_status


def run_diff(arguments: argparse.Namespace, home: Home) -> int:
    from ingest.home import WAREHOUSE_FILE
    from ingest.publish.diff import compare
    from ingest.publish.diff_text import as_json, as_markdown, as_text
    from ingest.publish.shelf import NoSuchBuild, find_build

    try:
        before, after = find_build(home, arguments.before), find_build(home, arguments.after)
    except NoSuchBuild as error:
        raise CannotRun(str(error)) from None
    difference = compare(before / WAREHOUSE_FILE, after / WAREHOUSE_FILE, (before.name, after.name))
    if arguments.json or arguments.format == "json":
        _print_json(as_json(difference))
    else:
        print(as_markdown(difference) if arguments.format == "markdown" else as_text(difference))
    return DONE


def run_rollback(arguments: argparse.Namespace, home: Home) -> int:
    from ingest.publish.shelf import NoSuchBuild, roll_back

    with home.exclusive("rollback", create=False):
        try:
            done = roll_back(home, arguments.build, arguments.reason)
        except NoSuchBuild as error:
            raise CannotRun(str(error)) from None
    if arguments.json:
        _print_json(asdict(done))
    else:
        print(f"Published {home.warehouse} (build {done.build_id}) in the place of {done.before}")
        print(f"  a night publishes again when documents or code have changed; to undo this: juesuan rollback {done.before}")
    return DONE


def run_explain(arguments: argparse.Namespace, home: Home) -> int:
    from ingest.explain import explain_command

    return explain_command(arguments, home)


def run_findings(arguments: argparse.Namespace, home: Home) -> int:
    from ingest.findings import findings_command

    return findings_command(arguments, home)


def run_sql(arguments: argparse.Namespace, home: Home) -> int:
    from ingest.departments import NothingFound
    from reporting.files import FileThere
    from reporting.query import QueryFailed
    from reporting.sql_command import Misunderstood, sql_command

    try:
        sql_command(arguments, home)
    except Misunderstood as error:
        raise Misuse(str(error)) from None
    except (QueryFailed, FileThere, NothingFound) as error:
        raise CannotRun(str(error)) from None
    return DONE


def run_export(arguments: argparse.Namespace, home: Home) -> int:
    from ingest.departments import NothingFound
    from reporting.exports.command import CannotExport, Misunderstood, export_command
    from reporting.files import FileThere

    try:
        export_command(arguments, home)
    except Misunderstood as error:
        raise Misuse(str(error)) from None
    except (CannotExport, NothingFound, FileThere) as error:
        raise CannotRun(str(error)) from None
    return DONE


def run_site(arguments: argparse.Namespace, home: Home) -> int:
    from ingest.home import WAREHOUSE_FILE
    from ingest.progress import show_progress
    from ingest.publish.record import RecordUnreadable, read_record
    from reporting.site import NotASite, build_site
    from reporting.site.words import LANGUAGES
    from reporting.warehouse import NoWarehouse

    # One build from first to last, whatever is published meanwhile.
    folder = home.current.resolve()
    languages = tuple(language for language in LANGUAGES if arguments.language in (language, "both"))
    try:
        record = read_record(folder)
        with show_progress("site") as show:
            summary = build_site(
                folder / WAREHOUSE_FILE,
                arguments.output or home.path / "site",
                built_at=record.finished_at if record else "—",
                build_id=folder.name,
                progress=show,
                languages=languages,
            )
    except (NotASite, NoWarehouse, RecordUnreadable) as error:
        raise CannotRun(str(error)) from None
    if arguments.json:
        _print_json(asdict(summary))
    else:
        print(f"{summary.departments:,} departments, {summary.disclosures:,} disclosures: {Path(summary.folder) / 'index.html'}")
    return DONE


def run_status(arguments: argparse.Namespace, home: Home) -> int:
    from ingest.starter import Proposal, starter
    from ingest.status import read_status, render_status

    status = read_status(home)
    if arguments.paste:
        proposed = starter(Proposal(r.file_path, r.source_page, r.paste) for r in status.rejections if r.paste)
        print(proposed or status.staging_problem or "# nothing is proposed", end="" if proposed else "\n")
    elif arguments.json:
        _print_json(asdict(status))
    else:
        print(render_status(status))
    return DONE


def _ingest(arguments: argparse.Namespace, home: Home) -> IngestSummary:
    from ingest.run import run_ingest as ingest_paths

    limits = Limits(arguments.time_limit, arguments.memory_limit)
    summary = ingest_paths(arguments.paths, home.staging, workers=arguments.workers, limits=limits)
    if not arguments.json:
        print(f"{summary.loaded} loaded, {summary.unchanged} unchanged, {len(summary.rejected)} rejected: {home.staging}")
        for rejection in summary.rejected:
            pasted = (rejection.paste or "").splitlines()
            print(lines_of([f"  {rejection}", *(f"    | {line}" for line in pasted)]))
    if arguments.starter is not None:
        _write_starter(arguments, summary)
    return summary


def _write_starter(arguments: argparse.Namespace, summary: IngestSummary) -> None:
    from ingest.starter import Proposal, starter

    proposed = starter(Proposal(r.file_path, r.page, r.paste) for r in summary.rejected if r.paste)
    if not proposed:
        print(
            f"juesuan {arguments.verb}: no rejected file proposes an entry; {arguments.starter} is not written", file=sys.stderr
        )
        return
    try:
        arguments.starter.write_text(proposed, encoding="utf-8")
    except OSError as error:
        raise OSError(f"{arguments.starter}: cannot be written ({error.strerror})") from None
    print(f"juesuan {arguments.verb}: entries for the form catalogue are in {arguments.starter}", file=sys.stderr)


def _build(arguments: argparse.Namespace, home: Home) -> BuildRecord | None:
    """Build and publish; where that fails, say why and return nothing."""
    from ingest.build import BuildFailed, build
    from ingest.progress import show_progress
    from ingest.publish.inputs import NothingToBuild, ProjectMissing, find_project
    from ingest.status import render_build

    try:
        with show_progress("build") as show:
            record = build(home, find_project(), show, _build_options(arguments))
    except (NothingToBuild, ProjectMissing) as error:
        _complain(arguments, str(error), FAILED)
        return None
    except BuildFailed as failure:
        details = {"published": False, "build": asdict(failure.record)}
        kept = f"still published: {failure.published}" if failure.published else "nothing is published yet"
        _complain(arguments, f"build failed: {failure}; {kept}; log: {failure.folder / 'logs' / 'dbt.log'}", FAILED, details)
        return None
    if not arguments.json:
        print(render_build(record, home))
    return record


def _build_options(arguments: argparse.Namespace) -> Options:
    from ingest.build import Options
    from ingest.publish.shelf import KEEP_BUILDS, KEEP_MONTHS

    return Options(
        frozenset(arguments.allow_shrinking),
        arguments.keep or KEEP_BUILDS,
        arguments.keep_months or KEEP_MONTHS,
        reports=arguments.reports,
    )


def _complain(arguments: argparse.Namespace, message: str, status: int, details: dict[str, Any] | None = None) -> int:
    print(f"juesuan {arguments.verb}: {printable(message)}", file=sys.stderr)
    if arguments.json:
        _print_json({"error": message, **(details or {})})
    return status


def _print_json(value: object) -> None:
    print(as_json(value))
