"""An ingest run: files and folders in, staging brought up to date, every file accounted for."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import TypeVar
from uuid import uuid4

import duckdb

from ingest import progress
from ingest.archives import Survey, Surveying, inside, may_be_archive, member_files
from ingest.files import INSIDE, SourceFile, absolute, find_files, known_as
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.parsed import ParsedDocument, Rejected
from ingest.pool import Pool
from ingest.seen import Identifier, remember, remember_archives, seen_archives, seen_files
from ingest.staging.expectations import Failure, described, failures_of, prepare
from ingest.staging.frames import Frames, frames_of
from ingest.staging.load import (
    Loaded,
    Rejection,
    after_last_run,
    announce,
    finish_run,
    forget_rejections,
    load_document,
    loaded_documents,
    mark_gone,
    open_staging,
    reject,
    relocate,
    settle_all_unchanged,
    settle_archive,
    settle_unchanged,
    standing_rejections,
    start_run,
    utc_now,
)
from ingest.terminal import printable
from ingest.version import parser_version
from ingest.worker import OUR_FAULT, Parse, Reading, Task, internal_error, unreadable

T = TypeVar("T")

# So many documents are judged together; each is loaded in its own transaction all the same.
DOCUMENTS_PER_JUDGEMENT = 16
# Longer than any of our own; what is quoted from a file in it may be of any length.
LONGEST_MESSAGE = 1000
LONGEST_PASTE = 20_000
# Reasons that may be gone at the next try, even for the same bytes and the same parser.
PASSING = frozenset(
    {
        "worker_died",
        "internal_error",
        "too_slow",
        "too_large",
        "unreadable",
        "changed_while_reading",
        "no_converter",
        "conversion_failed",
    }
)


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
        place = "" if self.page is None or f"page {self.page}" in self.message else f"page {self.page}: "
        return f"{self.file_path}: {place}{self.message}; {self.advice}"


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
class _Staged:
    """What staging held before the run, and the version of the parser that reads now."""

    loaded: Mapping[str, Loaded]  # by document
    rejections: Mapping[str, Rejection]  # by path
    version: str
    archives: Mapping[tuple[str, str], Survey] = field(default_factory=dict)  # looked into before, by path and document

    def is_rejected(self, source: SourceFile) -> bool:
        """Whether these bytes at this path were rejected by this parser for a reason that stays."""
        rejection = self.rejections.get(str(source.path))
        if rejection is None or rejection.code in PASSING:
            return False
        return rejection.document_id == source.document_id and rejection.parser_version == self.version


@dataclass(slots=True)
class _Found:
    """The files of a run: those on disk, and those in archives in the place of the archive."""

    sources: list[SourceFile] = field(default_factory=list)
    refused: list[tuple[Path, str | None, Rejected]] = field(default_factory=list)  # with the bytes, where they could be read
    archives: list[SourceFile] = field(default_factory=list)  # that could be looked into
    surveyed: list[tuple[SourceFile, Survey]] = field(default_factory=list)  # those of them that need not be looked into again

    def __len__(self) -> int:
        return len(self.sources) + len(self.refused)

    def look_into(self, archive: SourceFile, survey: Survey) -> None:
        """What an archive holds takes its place."""
        self.archives.append(archive)
        self.sources += member_files(archive, survey.members)
        self.refused += [(inside(archive.path, item.name), None, item.reason) for item in survey.refused]

    def looked_into(self) -> frozenset[str]:
        """The paths of which it is known that they hold no document, and that inside them is what was found and nothing else."""
        return frozenset(str(path) for path in (*(a.path for a in self.archives), *(path for path, _, _ in self.refused)))


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be done with each file, decided before anything is read or changed."""

    refused: Sequence[tuple[Path, str | None, Rejected]]
    archives: Sequence[SourceFile]
    unchanged: Sequence[SourceFile]
    moved: Sequence[SourceFile]  # those of the unchanged whose old place is gone or holds something else
    rejected_before: Sequence[tuple[SourceFile, Rejection]]
    to_read: Sequence[SourceFile]
    copies: Mapping[str, Sequence[SourceFile]]  # further files with the bytes of one to read
    gone: Sequence[str]  # paths of standing rejections with nothing there any more


def run_ingest(
    paths: Iterable[Path],
    staging: Path,
    *,
    workers: int | None = None,
    limits: Limits = DEFAULT_LIMITS,
    show_progress: bool = True,
    parse: Parse | None = None,
) -> IngestSummary:
    """Bring staging up to date with files, folders and archives.

    Raises :class:`ingest.files.NoSuchPath` for a path that does not exist, :class:`ingest.staging.load.StagingError`
    when staging cannot be opened and :class:`ingest.pool.WorkersCannotStart` when nothing can be read at all. No file makes it
    raise: a file is loaded, is unchanged, or is rejected with its reason.
    """
    warm_up: Callable[[], None] | None = None
    if parse is None:
        from ingest import parse as parser

        parse, warm_up = parser.parse_file, parser.warm_up
    began = monotonic()
    version = parser_version()
    paths = list(paths)
    files = find_files(paths)
    with open_staging(staging) as connection, Pool(workers or _cores(), limits, warm_up) as pool:
        started_at = after_last_run(connection, utc_now())
        run_id = f"{started_at:%Y%m%dT%H%M%S}-{uuid4().hex[:6]}"
        start_run(connection, run_id, started_at, version)
        archives = seen_archives(connection, version)
        staged = _Staged(loaded_documents(connection), standing_rejections(connection), version, archives)
        identify = Identifier(seen_files(connection))
        found = _find(files, identify, staged, pool, show_progress)
        remember(connection, identify.hashed)
        remember_archives(connection, version, found.surveyed)
        roots = [known_as(absolute(path)) for path in paths]
        plan = _plan(found, staged, [str(root) for root in roots])
        tally = _Run(connection, version, started_at).carry_out(plan, parse, pool, show_progress)
        mark_gone(connection, roots, started_at)
        finish_run(
            connection,
            run_id,
            seen=len(found),
            loaded=tally.loaded,
            unchanged=tally.unchanged,
            rejected=len(tally.rejected),
        )
    rejected = sorted(tally.rejected, key=lambda rejection: rejection.file_path)
    return IngestSummary(
        run_id=run_id,
        parser_version=version,
        seen=len(found),
        loaded=tally.loaded,
        unchanged=tally.unchanged,
        rejected=[_for_reader(rejection) for rejection in rejected],
        seconds=round(monotonic() - began, 3),
    )


def _find(files: Sequence[Path], identify: Identifier, staged: _Staged, pool: Pool, show_progress: bool) -> _Found:
    """Identify files, and the files in archives by looking into them."""
    found = _Found()
    to_survey: list[SourceFile] = []
    for path in files:
        try:
            source = identify(path)
            # What was found to be no archive, or one that cannot be opened, need not be asked again.
            is_known = source.document_id in staged.loaded or staged.is_rejected(source)
            known_archive = None if is_known else staged.archives.get((str(source.path), source.document_id))
            if known_archive is not None:
                found.look_into(source, known_archive)
            elif not is_known and _may_be_archive(path):
                to_survey.append(source)
            else:
                found.sources.append(source)
        except OSError as error:
            found.refused.append((known_as(path), None, unreadable(error)))
    tasks = [Surveying(source.location) for source in to_survey]
    for archive, survey in _outcomes(pool, tasks, to_survey, "archives", show_progress):
        if survey is None:
            found.sources.append(archive)
        elif isinstance(survey, Survey):
            found.look_into(archive, survey)
            if not any(item.reason.code in PASSING for item in survey.refused):
                found.surveyed.append((archive, survey))
        else:
            reason = survey if isinstance(survey, Rejected) else internal_error(TypeError(type(survey)))
            found.refused.append((archive.path, archive.document_id, reason))
    found.sources.sort(key=lambda source: source.path)
    return found


def _may_be_archive(path: Path) -> bool:
    with path.open("rb") as file:
        return may_be_archive(file.read(4), path.suffix)


def _plan(found: _Found, staged: _Staged, roots: Sequence[str]) -> _Plan:
    held = {str(source.path): source.document_id for source in found.sources}
    looked_into = found.looked_into()
    unchanged: list[SourceFile] = []
    moved: dict[str, SourceFile] = {}
    rejected_before: list[tuple[SourceFile, Rejection]] = []
    to_read: dict[str, SourceFile] = {}
    copies: dict[str, list[SourceFile]] = {}
    for source in found.sources:
        known = staged.loaded.get(source.document_id)
        if known is not None and known.parser_version == staged.version:
            unchanged.append(source)
            if not _still_holds(known.file_path, source.document_id, held, looked_into):
                moved.setdefault(source.document_id, source)
        elif staged.is_rejected(source):
            rejected_before.append((source, staged.rejections[str(source.path)]))
        elif source.document_id in to_read:
            copies.setdefault(source.document_id, []).append(source)
        else:
            to_read[source.document_id] = source
    told = held.keys() | {str(path) for path, _, _ in found.refused}
    gone = [path for path in staged.rejections if path not in told and _is_below(path, roots) and not _holds(path, looked_into)]
    read, places = list(to_read.values()), list(moved.values())
    return _Plan(found.refused, found.archives, unchanged, places, rejected_before, read, copies, gone)


def _still_holds(path: str, document_id: str, held: Mapping[str, str], looked_into: Collection[str]) -> bool:
    # A path outside this run is taken at its word as long as something is there.
    return held[path] == document_id if path in held else _holds(path, looked_into)


def _holds(path: str, looked_into: Collection[str]) -> bool:
    """Whether there is something at a path that is none of the files of this run."""
    outer = [path[: match.start()] for match in re.finditer(re.escape(INSIDE), path)]
    if path in looked_into or any(archive in looked_into for archive in outer):
        return False  # else it would be one of the files
    return any(os.path.isfile(archive) for archive in outer) or os.path.lexists(path)  # noqa: PTH113 - any name may be asked for


def _is_below(path: str, roots: Sequence[str]) -> bool:
    return any(path == root or path.startswith((root.rstrip(os.sep) + os.sep, root + INSIDE)) for root in roots)


@dataclass(frozen=True, slots=True)
class _Run:
    connection: duckdb.DuckDBPyConnection
    version: str
    started_at: datetime
    tally: _Tally = field(default_factory=_Tally)

    def carry_out(self, plan: _Plan, parse: Parse, pool: Pool, show_progress: bool) -> _Tally:
        to_read = [*plan.to_read, *(copy for copies in plan.copies.values() for copy in copies)]
        announce(self.connection, ((s.document_id, s.path) for s in to_read), self.started_at)
        # First all documents go to where they lie now; only then may a path give up what it held.
        for source in plan.moved:
            relocate(self.connection, source.document_id, source.path)
        settle_all_unchanged(self.connection, ((s.document_id, s.path) for s in plan.unchanged), self.started_at)
        self.tally.unchanged += len(plan.unchanged)
        for archive in plan.archives:
            settle_archive(self.connection, archive.path, self.started_at)
        for path, document_id, refusal in plan.refused:
            self._reject(path, document_id, refusal)
        forget_rejections(self.connection, plan.gone)
        self.tally.rejected.extend(standing for _, standing in plan.rejected_before)
        if not plan.to_read:
            return self.tally
        # Great Expectations takes seconds to import: time enough for the workers to read the first files.
        tasks = [Reading(source, parse) for source in plan.to_read]
        outcomes = _outcomes(pool, tasks, plan.to_read, "ingest", show_progress)
        with ThreadPoolExecutor(1) as background, closing(outcomes):
            ready = background.submit(prepare)
            for batch in _batches(outcomes, DOCUMENTS_PER_JUDGEMENT):
                ready.result()
                self._settle(batch, plan.copies)
        return self.tally

    def _settle(self, batch: Sequence[tuple[SourceFile, object]], copies: Mapping[str, Sequence[SourceFile]]) -> None:
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

    def _framed(self, source: SourceFile, outcome: object) -> Frames | Rejected:
        if isinstance(outcome, ParsedDocument):
            try:
                return frames_of(outcome, source, self.version, utc_now())
            except Rejected as rejected:
                return rejected
            except Exception as error:  # records that are no rows of ours
                return _our_fault(error)
        return outcome if isinstance(outcome, Rejected) else _our_fault(TypeError(f"parsing gave {type(outcome).__name__}"))

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
        paste=None if paste is None else paste[:LONGEST_PASTE],
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
    """Text in one line that a person can still read, whatever a file put into it."""
    line = printable(" ".join(text[: 4 * LONGEST_MESSAGE].split()))
    return line if len(line) <= LONGEST_MESSAGE else f"{line[: LONGEST_MESSAGE - 1]}…"


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


def _outcomes(
    pool: Pool, tasks: Sequence[Task], sources: Sequence[SourceFile], title: str, show: bool
) -> Generator[tuple[SourceFile, object], None, None]:
    """What becomes of each file, in order; how far we are is told on standard error."""
    if not tasks:
        return
    with closing(pool.outcomes(tasks)) as outcomes:
        if not show:
            yield from zip(sources, outcomes, strict=True)
            return
        with progress.show_progress(title) as tell:
            tell(0, len(tasks), "")
            for done, (source, outcome) in enumerate(zip(sources, outcomes, strict=True), start=1):
                tell(done, len(tasks), source.path.name)
                yield source, outcome
