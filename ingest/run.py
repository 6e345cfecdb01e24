"""An ingest run: files and folders in, staging brought up to date, every file accounted for."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import TypeVar
from uuid import uuid4

import duckdb

from ingest import progress
from ingest.files import SourceFile, absolute, find_files
from ingest.parsed import ParsedDocument, Rejected
from ingest.seen import Identifier, remember, seen_files
from ingest.staging.expectations import Failure, described, failures_of, prepare
from ingest.staging.frames import Frames, frames_of
from ingest.staging.load import (
    Loaded,
    Rejection,
    finish_run,
    load_document,
    loaded_documents,
    mark_gone,
    open_staging,
    reject,
    relocate,
    settle_all_unchanged,
    settle_unchanged,
    standing_rejections,
    start_run,
    utc_now,
)
from ingest.version import parser_version
from ingest.worker import OUR_FAULT, Outcome, Parse, parse_files, unreadable

T = TypeVar("T")

# So many documents are judged together; each is loaded in its own transaction all the same.
DOCUMENTS_PER_JUDGEMENT = 16
# Reasons that may be gone at the next try, even for the same bytes and the same parser.
PASSING = frozenset({"worker_died", "internal_error", "too_slow", "too_large", "unreadable", "changed_while_reading"})


@dataclass(frozen=True, slots=True)
class RejectedFile:
    """A file that was not loaded, for the reader of the command's output."""

    file_path: str  # from the current folder, where it lies below it
    code: str
    message: str
    advice: str
    page: int | None
    expectation: str | None
    paste: str | None

    def __str__(self) -> str:
        return f"{self.file_path}: {self.message}; {self.advice}"


@dataclass(frozen=True, slots=True)
class IngestSummary:
    """What an ingest run did: ``seen`` files are loaded, unchanged or rejected."""

    run_id: str
    parser_version: str
    seen: int
    loaded: int
    unchanged: int
    rejected: list[RejectedFile]
    seconds: float


@dataclass(slots=True)
class _Tally:
    loaded: int = 0
    unchanged: int = 0
    rejected: list[Rejection] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be done with each file, decided before anything is read or changed."""

    unreadable: Sequence[tuple[Path, Rejected]]
    unchanged: Sequence[SourceFile]
    moved: Sequence[SourceFile]  # those of the unchanged whose old place is gone or holds something else
    rejected_before: Sequence[tuple[SourceFile, Rejection]]
    to_read: Sequence[SourceFile]
    copies: Mapping[str, Sequence[SourceFile]]  # further files with the bytes of one to read


def run_ingest(
    paths: Iterable[Path],
    staging: Path,
    *,
    workers: int | None = None,
    show_progress: bool = True,
    parse: Parse | None = None,
) -> IngestSummary:
    """Bring staging up to date with files and folders.

    Raises :class:`ingest.files.NoSuchPath` for a path that does not exist and :class:`ingest.staging.load.StagingError`
    when staging cannot be opened. No file makes it raise: a file is loaded, is unchanged, or is rejected with its reason.
    """
    if parse is None:
        from ingest.parse import parse_file

        parse = parse_file
    began = monotonic()
    started_at, version = utc_now(), parser_version()
    run_id = f"{started_at:%Y%m%dT%H%M%S}-{uuid4().hex[:6]}"
    looked_at = [absolute(path) for path in paths]
    files = find_files(looked_at)
    with open_staging(staging) as connection:
        start_run(connection, run_id, started_at, version)
        identify = Identifier(seen_files(connection))
        plan = _plan(files, identify, loaded_documents(connection), standing_rejections(connection), version)
        remember(connection, identify.hashed)
        tally = _Run(connection, version, started_at).carry_out(plan, parse, workers or _cores(), show_progress)
        mark_gone(connection, looked_at, started_at)
        finish_run(
            connection,
            run_id,
            seen=len(files),
            loaded=tally.loaded,
            unchanged=tally.unchanged,
            rejected=len(tally.rejected),
        )
    rejected = sorted(tally.rejected, key=lambda rejection: rejection.file_path)
    return IngestSummary(
        run_id=run_id,
        parser_version=version,
        seen=len(files),
        loaded=tally.loaded,
        unchanged=tally.unchanged,
        rejected=[_for_reader(rejection) for rejection in rejected],
        seconds=round(monotonic() - began, 3),
    )


def _plan(
    files: Sequence[Path],
    identify: Identifier,
    loaded: Mapping[str, Loaded],
    rejections: Mapping[str, Rejection],
    version: str,
) -> _Plan:
    sources: list[SourceFile] = []
    unreadable_files: list[tuple[Path, Rejected]] = []
    for path in files:
        try:
            sources.append(identify(path))
        except OSError as error:
            unreadable_files.append((path, unreadable(error)))
    held = {str(source.path): source.document_id for source in sources}
    unchanged: list[SourceFile] = []
    moved: dict[str, SourceFile] = {}
    rejected_before: list[tuple[SourceFile, Rejection]] = []
    to_read: dict[str, SourceFile] = {}
    copies: dict[str, list[SourceFile]] = {}
    for source in sources:
        known = loaded.get(source.document_id)
        standing = rejections.get(str(source.path))
        if known is not None and known.parser_version == version:
            unchanged.append(source)
            if not _still_holds(known.file_path, source.document_id, held):
                moved.setdefault(source.document_id, source)
        elif standing is not None and _stands(standing, source, version):
            rejected_before.append((source, standing))
        elif source.document_id in to_read:
            copies.setdefault(source.document_id, []).append(source)
        else:
            to_read[source.document_id] = source
    return _Plan(unreadable_files, unchanged, list(moved.values()), rejected_before, list(to_read.values()), copies)


def _still_holds(path: str, document_id: str, held: Mapping[str, str]) -> bool:
    # A path outside this run is taken at its word as long as something is there.
    return held[path] == document_id if path in held else Path(path).is_file()


def _stands(rejection: Rejection, source: SourceFile, version: str) -> bool:
    same = rejection.document_id == source.document_id and rejection.parser_version == version
    return same and rejection.code not in PASSING


@dataclass(frozen=True, slots=True)
class _Run:
    connection: duckdb.DuckDBPyConnection
    version: str
    started_at: datetime
    tally: _Tally = field(default_factory=_Tally)

    def carry_out(self, plan: _Plan, parse: Parse, workers: int, show_progress: bool) -> _Tally:
        # First all documents go to where they lie now; only then may a path give up what it held.
        for source in plan.moved:
            relocate(self.connection, source.document_id, source.path)
        settle_all_unchanged(self.connection, ((s.document_id, s.path) for s in plan.unchanged), self.started_at)
        self.tally.unchanged += len(plan.unchanged)
        for path, refusal in plan.unreadable:
            self._reject(path, None, refusal)
        self.tally.rejected.extend(standing for _, standing in plan.rejected_before)
        if not plan.to_read:
            return self.tally
        # Great Expectations takes seconds to import: time enough for the workers to read the first files.
        with ThreadPoolExecutor(1) as background:
            ready = background.submit(prepare)
            for batch in self._read(plan, parse, workers, show_progress):
                ready.result()
                self._settle(batch, plan.copies)
        return self.tally

    def _read(self, plan: _Plan, parse: Parse, workers: int, show_progress: bool) -> Iterator[list[tuple[SourceFile, Outcome]]]:
        outcomes = parse_files(plan.to_read, parse, workers)
        return _batches(_with_progress(outcomes, len(plan.to_read), show_progress), DOCUMENTS_PER_JUDGEMENT)

    def _settle(self, batch: Sequence[tuple[SourceFile, Outcome]], copies: Mapping[str, Sequence[SourceFile]]) -> None:
        """Load or reject each document of a batch, in order."""
        settled = [(source, self._framed(source, outcome)) for source, outcome in batch]
        judged = _judged([frames for _, frames in settled if not isinstance(frames, Rejected)])
        for source, frames in settled:
            same_bytes = copies.get(source.document_id, ())
            problem = frames if isinstance(frames, Rejected) else judged.get(source.document_id)
            if problem is None and not isinstance(frames, Rejected):
                problem = self._loaded(source, frames)
            if problem is None:
                self.tally.loaded += 1
                for copy in same_bytes:
                    self._unchanged(copy)
            else:
                for rejected in (source, *same_bytes):
                    self._reject(rejected.path, rejected.document_id, problem)

    def _framed(self, source: SourceFile, outcome: Outcome) -> Frames | Rejected:
        if isinstance(outcome, ParsedDocument):
            try:
                return frames_of(outcome, source, self.version, utc_now())
            except Rejected as rejected:
                return rejected
            except Exception as error:  # records that are no rows of ours
                return _our_fault(error)
        return outcome

    def _loaded(self, source: SourceFile, frames: Frames) -> Rejected | None:
        try:
            load_document(self.connection, source.document_id, source.path, frames, self.started_at)
        except duckdb.ConstraintException as error:
            return _our_fault(error)
        return None

    def _unchanged(self, source: SourceFile) -> None:
        settle_unchanged(self.connection, source.document_id, source.path, self.started_at)
        self.tally.unchanged += 1

    def _reject(self, path: Path, document_id: str | None, problem: Rejected | Sequence[Failure]) -> None:
        rejection = _rejection(path, document_id, problem, self.version)
        reject(self.connection, rejection)
        self.tally.rejected.append(rejection)


def _judged(documents: Sequence[Frames]) -> Mapping[str, Rejected | Sequence[Failure]]:
    """What is wrong with documents, by their id."""
    try:
        failures = failures_of(documents)
    except Exception as error:  # judging itself failed: find out for which document
        if len(documents) == 1:
            return {str(documents[0]["document"]["document_id"].iloc[0]): _our_fault(error)}
        return {key: value for frames in documents for key, value in _judged([frames]).items()}
    by_document: dict[str, list[Failure]] = {}
    for failure in failures:
        by_document.setdefault(failure.document_id, []).append(failure)
    return by_document


def _rejection(path: Path, document_id: str | None, problem: Rejected | Sequence[Failure], version: str) -> Rejection:
    if isinstance(problem, Rejected):
        code, message, advice = problem.code, problem.message, problem.advice
        page, paste, expectation, rows = problem.page, problem.paste, None, None
    else:
        code, advice, page, paste = "expectation_failed", OUR_FAULT, _page(problem), None
        message, expectation, rows = described(problem)
    return Rejection(
        file_path=str(path),
        file_name=path.name,
        document_id=document_id,
        code=code,
        message=_one_line(message),
        advice=_one_line(advice),
        source_page=page,
        paste=paste,
        expectation=expectation,
        failing_rows=rows,
        parser_version=version,
        rejected_at=utc_now(),
    )


def _page(failures: Sequence[Failure]) -> int | None:
    pages = [row["source_page"] for failure in failures for row in failure.rows if "source_page" in row]
    return pages[0] if pages else None


def _our_fault(error: Exception) -> Rejected:
    return Rejected("internal_error", f"{type(error).__name__}: {error}", OUR_FAULT)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _for_reader(rejection: Rejection) -> RejectedFile:
    path = Path(rejection.file_path)
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return RejectedFile(
        file_path=str(shown),
        code=rejection.code,
        message=rejection.message,
        advice=rejection.advice,
        page=rejection.source_page,
        expectation=rejection.expectation,
        paste=rejection.paste,
    )


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every platform
        return os.cpu_count() or 1


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _with_progress(
    outcomes: Iterable[tuple[SourceFile, Outcome]], total: int, show: bool
) -> Iterator[tuple[SourceFile, Outcome]]:
    """Pass outcomes on and tell on standard error how far we are."""
    if not show:
        yield from outcomes
        return
    with progress.show_progress("ingest") as tell:
        tell(0, total, "")
        for done, (source, outcome) in enumerate(outcomes, start=1):
            tell(done, total, source.path.name)
            yield source, outcome
