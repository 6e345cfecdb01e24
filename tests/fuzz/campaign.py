"""A run of the real ingest over mutants, and what must hold afterwards whatever is in them."""

from __future__ import annotations

import gc
import hashlib
import io
import os
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from time import monotonic

import duckdb

from ingest.files import INSIDE
from ingest.limits import Limits
from ingest.run import IngestSummary, run_ingest
from tests.fuzz.mutant import Mutant

DOCS = Path(__file__).resolve().parents[2] / "docs" / "rejections.md"
WORKERS = 2
MEMORY = 2 * 1024**3  # bytes that a worker may take
SETUP = 60  # seconds that a batch may take beside its files: starting workers, importing Great Expectations
LONGEST_LINE = 2000  # characters of a message or an advice
# What is a fault of ours, and what came of a process that died: each is to be looked at.
FAULTS = ("internal_error", "expectation_failed")
DEATHS = ("worker_died", "too_slow")


@dataclass(slots=True)
class Report:
    """What became of all mutants. ``violations`` are broken promises; ``faults`` are rejections that say we erred."""

    outcomes: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # format, mutation, loaded or code
    violations: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    deaths: list[str] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)  # bytes that the parent holds after each batch
    seconds: float = 0

    def by(self, part: int) -> dict[str, Counter[str]]:
        """Outcomes by format (0) or mutation (1)."""
        table: dict[str, Counter[str]] = {}
        for key, count in self.outcomes.items():
            table.setdefault(key[part], Counter())[key[2]] += count
        return table

    @property
    def files(self) -> int:
        return self.outcomes.total()

    @property
    def growth(self) -> int:
        """Bytes by which the parent grew, its first two batches left out: libraries are imported and caches filled in them."""
        return max(self.memory[2:], default=0) - self.memory[1] if len(self.memory) > 2 else 0


def campaign(
    mutants: Iterable[Mutant], folder: Path, *, time_limit: int, batch: int = 100, keep: bool = False
) -> Iterator[Report]:
    """Ingest mutants batch after batch into one staging and yield the report so far after each.

    ``folder`` takes the files, those of one batch at a time; the ones that break something are kept in ``folder/bad``.
    """
    report = Report()
    iterator = iter(mutants)
    began = monotonic()
    while files := list(islice(iterator, batch)):
        made = folder / "batch"
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        for file in files:
            (made / file.file_name).write_bytes(file.content)
        _ingest(made, files, folder / "staging.duckdb", report, time_limit)
        gc.collect()
        report.memory.append(_memory())
        report.seconds = monotonic() - began
        yield report
    if not keep:
        shutil.rmtree(folder / "batch", ignore_errors=True)


def _ingest(folder: Path, files: Sequence[Mutant], staging: Path, report: Report, time_limit: int) -> None:
    began = monotonic()
    try:
        summary = run_ingest([folder], staging, workers=WORKERS, limits=Limits(time_limit, MEMORY), show_progress=False)
    except Exception as error:
        report.violations.append(f"the run ended with {type(error).__name__}: {error}")
        _keep(folder, files)
        return
    took = monotonic() - began
    # Half the files a worker; one that outlasts its time may be tried again.
    longest = SETUP + 2 * time_limit * len(files) / WORKERS
    if took > longest:
        report.violations.append(f"a batch of {len(files)} files took {took:.0f} s, more than {longest:.0f} s")
    with closing(duckdb.connect()) as connection:
        connection.execute(f"attach '{staging}' as held (read_only)")
        connection.execute("use held.staging")
        before = len(report.violations)
        _account(connection, folder, files, summary, report)
        for problem in broken_invariants(connection):
            report.violations.append(f"{problem}, after the batch that begins with {files[0].file_name}")
        if len(report.violations) > before:
            _keep(folder, (file for file in files if any(file.file_name in line for line in report.violations[before:])))


def _account(
    connection: duckdb.DuckDBPyConnection, folder: Path, files: Sequence[Mutant], summary: IngestSummary, report: Report
) -> None:
    """Each file is loaded or rejected, once, with a line that helps."""
    if summary.seen != summary.loaded + summary.unchanged + len(summary.rejected) or summary.seen < len(files):
        report.violations.append(
            f"{len(files)} files: {summary.seen} seen, {summary.loaded} loaded, {summary.unchanged} unchanged,"
            f" {len(summary.rejected)} rejected"
        )
    loaded = {document_id for (document_id,) in connection.execute("select document_id from document").fetchall()}
    rejected = {
        path: (code, message, advice)
        for path, code, message, advice in connection.execute("select file_path, code, message, advice from rejection").fetchall()
    }
    codes = set(re.findall(r"^\| `(\w+)`", DOCS.read_text(encoding="utf-8"), re.MULTILINE))
    for file in files:
        path = str(folder / file.file_name)
        refusal = rejected.get(path)
        inside = {name: reason for name, reason in rejected.items() if name.startswith(path + INSIDE)}
        is_loaded = _sha(file.content) in loaded
        # An archive is what is in it: each of its files is loaded, or rejected under its own name.
        is_opened = bool(inside) or (not is_loaded and any(_sha(data) in loaded for data in _members(file.content)))
        if (is_loaded or is_opened) == (refusal is not None):
            report.violations.append(f"{file.file_name}: {'both loaded and' if refusal else 'neither loaded nor'} rejected")
        outcome = "loaded" if is_loaded else "opened" if is_opened else ""
        report.outcomes[file.format, file.mutation, refusal[0] if refusal else outcome] += 1
        for code, message, advice in (*([refusal] if refusal else ()), *inside.values()):
            if (
                code not in codes
                and (unknown := f"the code {code} is not explained in docs/rejections.md") not in report.violations
            ):
                report.violations.append(unknown)
            _judge(report, folder, file, (code, message, advice))


def _judge(report: Report, folder: Path, file: Mutant, refusal: tuple[str, str, str]) -> None:
    """A rejection is one clear line, and blames the file."""
    code, message, advice = refusal
    for text in (message, advice):
        if not text or not text.isprintable() or len(text) > LONGEST_LINE:
            report.violations.append(f"{file.file_name}: [{code}] not one clear line: {text[:200]!r}")
    line = f"{file.file_name} [{code}]: {message}"
    if code in FAULTS:
        report.faults.append(line)
        _keep(folder, [file])
    elif code in DEATHS:
        report.deaths.append(line)
        _keep(folder, [file])


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _members(content: bytes) -> Iterator[bytes]:
    """What Python unpacks of an archive, where it is one, small files only."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist():
                if info.file_size < 1024**2:
                    with suppress(Exception):
                        yield archive.read(info)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):  # as Python finds fault with it
        return


# Each query finds rows that must not be there.
_NEVER = {
    "an amount without its row": "select count(*) from amount anti join form_row using (document_id, form_order, row_order)",
    "an amount that disagrees with its row": """
        select count(*) from amount join form_row using (document_id, form_order, row_order)
        where amount.row_label <> form_row.row_label or amount.row_code is distinct from form_row.row_code
            or amount.form_code <> form_row.form_code or amount.side is distinct from form_row.side""",
    "a row without its form": "select count(*) from form_row anti join form using (document_id, form_order)",
    "a form that says it has amounts and has none": """
        select count(*) from form anti join amount using (document_id, form_order) where status = 'present'""",
    "a form without amounts that has some": """
        select count(*) from form join amount using (document_id, form_order) where status <> 'present'""",
    "a claim without its sentence": "select count(*) from claim anti join sentence using (document_id, sentence_order)",
    "an indicator without its project": """
        select count(*) from performance_indicator anti join project using (document_id, project_order)""",
    "a source of money without its project": """
        select count(*) from project_execution anti join project using (document_id, project_order)""",
    "an amount on a page that is not there": """
        select count(*) from amount join document using (document_id) where source_page not between 1 and page_count""",
    "an amount whose value is not what is printed": """
        select count(*) from (
            select
                regexp_replace(translate(amount_text, '０１２３４５６７８９', '0123456789'), '[^0-9]', '', 'g') as printed,
                split_part(abs(printed_value)::varchar, '.', 1) as whole,
                split_part(abs(printed_value)::varchar, '.', 2) as fraction,
                decimals
            from amount)
        where ltrim(printed, '0') <> ltrim(whole || left(fraction, decimals), '0')
            or trim(substr(fraction, decimals + 1), '0') <> ''""",
    "two amounts of one column and row": """
        select count(*) from (
            select 1 from amount group by document_id, form_order, row_order, column_code having count(*) > 1)""",
    "a document without a department or with a year out of reach": """
        select count(*) from document where trim(department_name) = '' or fiscal_year not between 1990 and 2100""",
    "a path that is loaded and rejected": """
        select count(*) from document semi join rejection using (file_path)""",
    "a document that is loaded and rejected": """
        select count(*) from document semi join rejection using (document_id)""",
}
_CHILDREN = (
    "form", "form_row", "amount", "text_line", "witness", "notice", "sentence", "claim", "project", "project_execution",
    "performance_indicator",
)  # fmt: skip


def broken_invariants(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """What is wrong in a staging, whatever was ingested into it; ``staging`` is the current schema."""
    queries = {
        **_NEVER,
        **{
            f"a row of {t} without its document": f"select count(*) from {t} anti join document using (document_id)"
            for t in _CHILDREN
        },
    }
    for what, query in queries.items():
        [(count,)] = connection.execute(query).fetchall()
        if count:
            yield f"staging holds {what} ({count} times)"
    [(unfinished,)] = connection.execute("select count(*) from ingest_run where finished_at is null").fetchall()
    if unfinished:
        yield f"{unfinished} runs never ended"


def _keep(folder: Path, files: Iterable[Mutant]) -> None:
    kept = folder.parent / "bad"
    kept.mkdir(exist_ok=True)
    for file in files:
        shutil.copy(folder / file.file_name, kept / file.file_name)


def _memory() -> int:
    """Bytes of memory that this process holds; 0 where the system does not say."""
    statistics = Path("/proc/self/statm")
    return int(statistics.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if statistics.exists() else 0
