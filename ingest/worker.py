"""Parsing files in processes of their own: bounded in memory and time, in order, whatever a file does to its process.

Only this module and the parser are imported in a worker; nothing here needs the database.
"""

from __future__ import annotations

import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
import traceback
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import FrameType
from typing import NoReturn

from ingest.files import SourceFile, identify
from ingest.parsed import ParsedDocument, Rejected

Parse = Callable[[Path], ParsedDocument]
Outcome = ParsedDocument | Rejected

MEMORY_LIMIT = 2 * 1024**3  # bytes of address space a worker may use
TIME_LIMIT = 600  # seconds for one file
# A pool is replaced after so many files a worker, which returns what the libraries leak. (max_tasks_per_child would do so
# worker by worker, but can leave a pool without workers and the run waiting for ever: CPython issue 115634.)
FILES_PER_WORKER = 32

OUR_FAULT = "this is a fault of juesuan, not of the file: report it together with the file"


class _OutOfTime(BaseException):
    """Not an Exception, so that no handler inside a parser keeps it."""


def parse_files(files: Sequence[SourceFile], parse: Parse, workers: int) -> Iterator[tuple[SourceFile, Outcome]]:
    """Parse files in parallel and yield what became of each, in their order. Never raises because of a file."""
    remaining = files
    while remaining:
        batch = remaining[: workers * FILES_PER_WORKER]
        done = yield from _parse_in_one_pool(batch, parse, workers)
        # A pool that died was reading the first files it did not finish; any of them may be the culprit.
        suspects = batch[done : done + 2 * workers]
        for file in suspects:
            yield file, _parse_alone(file, parse)
        remaining = remaining[done + len(suspects) :]


def _parse_in_one_pool(
    files: Sequence[SourceFile], parse: Parse, workers: int
) -> Generator[tuple[SourceFile, Outcome], None, int]:
    """Yield outcomes until all files are done or the pool dies; return how many are done."""
    pool = _pool(min(workers, len(files)))
    try:
        futures = [pool.submit(read_one, file, parse) for file in files]
        for done, (file, future) in enumerate(zip(files, futures, strict=True)):
            outcome = _outcome(future)
            if outcome is None:
                return done
            yield file, outcome
        return len(files)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _parse_alone(file: SourceFile, parse: Parse) -> Outcome:
    """A second try, in a process of its own, for a file whose pool died: if it was not the culprit, it is read now."""
    with _pool(1) as pool:
        return _outcome(pool.submit(read_one, file, parse)) or Rejected(
            "worker_died",
            "the process that read it died (out of memory, or a crash inside a PDF library)",
            "open the file and save it anew with another program; if that does not help, report it",
        )


def _outcome(future: Future[Outcome]) -> Outcome | None:
    try:
        return future.result()
    except BrokenProcessPool:
        return None
    except Exception as error:  # what a worker could not send back
        return _our_fault(error)


def _pool(workers: int) -> ProcessPoolExecutor:
    # Spawned, not forked: the parent holds a database connection and threads.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_bound, initargs=(MEMORY_LIMIT,))


def _bound(memory: int) -> None:
    """Prepare a worker process."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # Ctrl-C reaches all processes of a terminal; the parent decides what happens then.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What libraries log about odd fonts would run through the progress bar; what matters comes back as a rejection.
    logging.disable(logging.WARNING)
    try:
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    except (ImportError, ValueError, OSError):
        return  # a platform without such limits


def _end_with_parent() -> None:
    """A parent that is killed cannot end its workers, and they would wait for its next file for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def read_one(file: SourceFile, parse: Parse) -> Outcome:
    """Parse one file; whatever goes wrong comes back as a rejection."""
    try:
        with _TimeLimit(TIME_LIMIT):
            parsed = parse(file.path)
            if identify(file.path).document_id != file.document_id:
                return Rejected("changed_while_reading", "it changed while it was read", "ingest it again")
            return parsed
    except Rejected as rejected:
        return rejected
    except OSError as error:
        return unreadable(error)
    except MemoryError:
        limit = f"more than the {MEMORY_LIMIT / 1024**3:g} GiB that one file may take"
        return Rejected("too_large", f"reading it takes {limit}", "split the file, or save it anew without pictures")
    except _OutOfTime:
        limit = f"more than the {TIME_LIMIT} s that one file may take"
        return Rejected("too_slow", f"reading it takes {limit}", "split the file, or save it anew; if that fails, report it")
    except Exception as error:
        return _our_fault(error)


def unreadable(error: OSError) -> Rejected:
    """The rejection of a file that the system does not let us read."""
    reason = error.strerror or str(error)
    return Rejected("unreadable", f"cannot be read: {reason}", "check that the file exists and may be read by you")


def _our_fault(error: BaseException) -> Rejected:
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    return Rejected("internal_error", f"{type(error).__name__}: {error}{place}", OUR_FAULT)


class _TimeLimit:
    """Interrupts what runs inside it after some seconds, on systems with alarms."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds

    def __enter__(self) -> None:
        if hasattr(signal, "SIGALRM"):
            signal.signal(signal.SIGALRM, _out_of_time)
            signal.alarm(self.seconds)

    def __exit__(self, *_: object) -> None:
        if hasattr(signal, "SIGALRM"):
            signal.alarm(0)


def _out_of_time(number: int, frame: FrameType | None) -> NoReturn:
    raise _OutOfTime
