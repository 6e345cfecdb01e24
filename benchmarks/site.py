"""How long the report site of many departments takes, how large it is, and how soon its search can be used.

The rows of the marts are copied under new keys and names, not the files: every department of HOME again and again, with all its
disclosures, until there are as many as asked for.

    python benchmarks/site.py HOME [--departments 1000] [--folder FOLDER] [--processes N]

HOME is a warehouse with a published build, such as warehouse. Prints seconds for the whole and for each department, sizes, and
in headless Chromium over file:// the time until the overview can be searched and what a search takes. With --folder the
warehouse and the site are kept there.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from ingest.progress import show_progress  # noqa: E402
from reporting.site import SiteSummary, build_site  # noqa: E402
from reporting.warehouse import find_warehouse  # noqa: E402

CHROMIUM = Path("/usr/bin/chromium")
KEYS_OF_DOCUMENTS = ("finding_key", "check_key", "project_key")  # begin with the SHA-256 of a document


def copy_warehouse(source: Path, target: Path, departments: int) -> None:
    """The marts of ``source`` with as many departments; what is about no department is copied once."""
    with closing(duckdb.connect(str(target))) as connection:
        connection.execute(f"attach '{source}' as original (read_only)")
        connection.execute("create schema marts")
        connection.execute("create schema seeds")
        connection.execute("create table seeds.accounting_identity as from original.seeds.accounting_identity")
        connection.execute(
            """
            create temp table copies as
            with numbered as (
                select department_key, row_number() over (order by department_key) - 1 as place, count(*) over () as every
                from original.marts.dim_department
            )
            select department_key as original_key, copy::integer as copy
            from numbered, range(0, $1) as copies(copy)
            where copy * every + place < $1
            """,
            [departments],
        )
        tables = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'original' and schema_name = 'marts' order by all"
        ).fetchall()
        for (table,) in tables:
            connection.execute(_copy(connection, table))


def _copy(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    columns = [
        name
        for (name,) in connection.execute(
            "select column_name from duckdb_columns() where database_name = 'original' and schema_name = 'marts' "
            "and table_name = $1 order by column_index",
            [table],
        ).fetchall()
    ]
    relation = f"original.marts.{table} as facts"
    if "department_key" in columns:
        joined = "inner join copies on facts.department_key = copies.original_key"
    elif "disclosure_key" in columns:
        joined = "inner join copies on split_part(facts.disclosure_key, '/', 1) = copies.original_key"
    elif "document_id" in columns:
        joined = (
            "inner join original.marts.dim_document as documents on facts.document_id = documents.document_id "
            "inner join copies on split_part(documents.disclosure_key, '/', 1) = copies.original_key"
        )
    else:
        return f"create table marts.{table} as select * from {relation}"
    return f"create table marts.{table} as select {', '.join(_renamed(column) for column in columns)} from {relation} {joined}"


def _renamed(column: str) -> str:
    fact = f"facts.{column}"
    if column == "disclosure_key":
        copied = f"regexp_replace({fact}, '^[^/]+', '\\0（' || copies.copy || '）')"
    elif column.endswith(("department_key", "department_name")):
        copied = f"{fact} || '（' || copies.copy || '）'"
    elif column.endswith("document_id"):
        copied = f"sha256({fact} || copies.copy)"
    elif column in KEYS_OF_DOCUMENTS:
        copied = f"sha256({fact}[:64] || copies.copy) || {fact}[65:]"
    else:
        return fact
    return f"case when copies.copy = 0 or {fact} is null then {fact} else {copied} end as {column}"


def measure_search(site: Path) -> dict[str, float]:
    """Milliseconds, the median of five: from opening the overview until a search has answered, and what one search takes."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        usable, answers = [], []
        for _ in range(5):
            page = browser.new_page()
            begun = time.perf_counter()
            page.goto((site / "zh" / "index.html").as_uri(), wait_until="commit")
            page.fill("#q", "文化")
            page.wait_for_selector("#results li")
            usable.append((time.perf_counter() - begun) * 1000)
            answers.append(
                page.evaluate(
                    """() => { const q = document.getElementById('q'); const times = [];
                    for (const text of ['财', '财政', '2080505', '云岭省', '不存在', '0']) {
                        const begun = performance.now(); q.value = text; q.dispatchEvent(new Event('input'));
                        document.body.offsetHeight; times.push(performance.now() - begun); }
                    return Math.max(...times); }"""
                )
            )
            page.close()
        browser.close()
    return {"usable": statistics.median(usable), "slowest_answer": statistics.median(answers)}


def cpu_seconds() -> float:
    """What this process and those that it started and that have ended took of cores."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def report(summary: SiteSummary, site: Path, seconds: float, cpu: float) -> None:
    def sizes(pattern: str) -> str:
        found = sorted(path.stat().st_size for path in site.glob(pattern))
        return f"{len(found):6,} files, median {statistics.median(found) / 1000:8,.0f} kB, largest {found[-1] / 1000:8,.0f} kB"

    print(f"{summary.departments:,} departments, {summary.disclosures:,} disclosures, {summary.findings:,} findings")
    print(f"{seconds:.1f} s in all, {seconds / max(1, summary.departments):.3f} s a department (with its disclosures and CSV)")
    print(f"{cpu:.0f} s of cores, which tell it on a busy machine, too")
    print(f"{summary.files:,} files, {summary.bytes / 1e6:,.0f} MB")
    for name, pattern in (
        ("overview", "zh/index.html"),
        ("search.js", "assets/search.js"),
        ("departments", "zh/departments*.html"),
        ("findings", "zh/findings*.html"),
        ("department", "zh/department/*.html"),
        ("disclosure", "zh/disclosure/*.html"),
        ("code", "zh/code/*.html"),
        ("CSV", "data/*.csv"),
    ):
        print(f"  {name:12} {sizes(pattern)}")
    if CHROMIUM.exists():
        search = measure_search(site)
        print(f"search: usable after {search['usable']:.0f} ms, slowest answer {search['slowest_answer']:.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path, metavar="HOME")
    parser.add_argument("--departments", type=int, default=1000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        warehouse = folder / "warehouse.duckdb"
        warehouse.unlink(missing_ok=True)
        copy_warehouse(find_warehouse(arguments.home), warehouse, arguments.departments)
        begun, cpu = time.perf_counter(), cpu_seconds()
        with show_progress("site") as show:
            summary = build_site(
                warehouse, folder / "site", built_at="-", build_id="benchmark", progress=show, processes=arguments.processes
            )
        report(summary, folder / "site", time.perf_counter() - begun, cpu_seconds() - cpu)


if __name__ == "__main__":
    main()
