"""What runs in a worker process: one task after the other, bounded in memory, and whatever goes wrong comes back as a rejection.

Only this module and the parser are imported in a worker; nothing here needs the database. The time is kept by the parent
(``ingest/pool.py``): a process that hangs cannot be trusted to notice.
"""

from __future__ import annotations

import contextlib
import errno
import io
import logging
import multiprocessing
import multiprocessing.connection
import os
import pickle
import shutil
import signal
import tempfile
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from ingest.archives import take_out
from ingest.desk import Desk
from ingest.files import SourceFile, changed_while_reading, identify
from ingest.keeper import end_group
from ingest.limits import Limits, shown_size
from ingest.parsed import ParsedDocument, Rejected

Parse = Callable[[Path], ParsedDocument]


Task = Callable[[Desk], object]
"""What a worker does; it returns records or raises :class:`Rejected`."""

READY = b"ready"
DONE = b"done"

# Of what a task yields, as sent to the parent. A disclosure of 100 pages takes less than 2 MiB.
MAX_RESULT = 128 * 1024**2

OUR_FAULT = "this is a fault of juesuan, not of the file: report it together with the file"
SPLIT = "split the file by department, or save it anew without pictures"


@dataclass(frozen=True, slots=True)
class Reading:
    """Parse one file, and make sure that it is the file that was identified."""

    source: SourceFile
    parse: Parse

    def __call__(self, desk: Desk) -> ParsedDocument:
        source = self.source
        if source.entries:
            # What is parsed is a copy that nobody else can change.
            return self.parse(take_out(source, desk))
        parsed = self.parse(source.location)
        if identify(source.location).document_id != source.document_id:
            raise changed_while_reading()
        return parsed


def serve(connection: Connection, limits: Limits, folder: Path, warm_up: Callable[[], None] | None) -> None:
    """Work off tasks until the parent has no more: ``(task, file for the result)`` in, :data:`DONE` out.

    ``warm_up`` is called before the first one, so that its time is not taken from that of a file.
    """
    desk = Desk(folder / "scratch", folder / "shelf")
    _detach()
    _settle_in(desk)
    if warm_up is not None:
        warm_up()
    _bound_memory(limits.memory)
    connection.send_bytes(READY)
    while True:
        try:
            task, target = connection.recv()
        except (EOFError, OSError):
            return
        _keep(attempt(task, limits, desk), target, limits)
        _empty(desk.scratch)
        connection.send_bytes(DONE)


def _detach() -> None:
    """Leave the terminal, its input and output, and the process group of the parent."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # Ctrl-C is the parent's to judge.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "setsid"):
        # A group of its own: the parent ends it with all that it started, such as an office program.
        os.setsid()
    # What libraries log about odd fonts would run through the progress bar; what matters comes back as a rejection.
    logging.disable(logging.WARNING)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.close(nothing)


def _settle_in(desk: Desk) -> None:
    """Temporary files go to a folder that is removed with the worker, whatever becomes of it."""
    for folder in (desk.scratch, desk.shelf):
        folder.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = str(desk.scratch)
    for name in ("TMPDIR", "TEMP", "TMP"):
        os.environ[name] = str(desk.scratch)


def _bound_memory(memory: int) -> None:
    try:
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
        # A crash is told to the user; the memory of a worker is nothing to leave on his disk.
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    except (ImportError, ValueError, OSError):
        return  # a platform without such limits


def _end_with_parent() -> None:
    """A parent that is killed cannot end its workers, and what they started would go on."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        end_group(os.getpid())
        os._exit(1)


def _empty(folder: Path) -> None:
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                Path(entry).unlink()


def attempt(task: Task, limits: Limits, desk: Desk) -> object:
    """What a task yields; whatever goes wrong comes back as a rejection."""
    try:
        return task(desk)
    except Rejected as rejected:
        return rejected
    except OSError as error:
        return too_much_memory(limits) if error.errno == errno.ENOMEM else unreadable(error)
    except MemoryError:
        return too_much_memory(limits)
    except ImportError as error:
        # What a format needs is loaded when the first such file comes, and has to fit, too.
        return too_much_memory(limits) if "failed to map" in str(error) else internal_error(error)
    except BaseException as error:  # SystemExit, too: a library that gives up has not read the file
        return internal_error(error)


def too_much_memory(limits: Limits) -> Rejected:
    limit = f"reading it takes more than the {shown_size(limits.memory)} of memory that one file may take"
    return Rejected("too_large", limit, f"{SPLIT}, or allow more with --memory-limit")


def too_much_time(limits: Limits) -> Rejected:
    limit = f"reading it takes more than the {limits.seconds} s that one file may take"
    return Rejected("too_slow", limit, f"{SPLIT}, or allow more with --time-limit; if that fails, report it")


def unreadable(error: OSError) -> Rejected:
    """The rejection of a file that the system does not let us read."""
    reason = error.strerror or str(error)
    return Rejected("unreadable", f"cannot be read: {reason}", "check that the file exists and may be read by you")


def internal_error(error: BaseException) -> Rejected:
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    return Rejected("internal_error", f"{type(error).__name__}: {error}{place}", OUR_FAULT)


# --- Results on their way to the parent ---


class _TooMuch(Exception):
    """A result is larger than a parent should hold."""


class _BoundedFile(io.RawIOBase):
    def __init__(self, file: io.BufferedWriter) -> None:
        super().__init__()
        self._file = file
        self._left = MAX_RESULT

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        view = memoryview(data)  # type: ignore[arg-type]
        self._left -= view.nbytes
        if self._left < 0:
            raise _TooMuch
        return self._file.write(view)


def _keep(result: object, target: Path, limits: Limits) -> None:
    """Write a result where the parent finds it, or the reason why that cannot be done."""
    try:
        _write(result, target)
    except _TooMuch:
        limit = f"what is read of it takes more than the {shown_size(MAX_RESULT)} that one file may take"
        _write(Rejected("too_large", limit, SPLIT), target)
    except MemoryError:
        _write(too_much_memory(limits), target)
    except Exception as error:  # pickling calls code of whatever it meets
        _write(internal_error(error), target)


def _write(result: object, target: Path) -> None:
    with target.open("wb") as file:
        pickle.Pickler(_BoundedFile(file), protocol=pickle.HIGHEST_PROTOCOL).dump(result)


class _Records(pickle.Unpickler):
    """Reads records, and nothing that could run code: a worker reads what strangers wrote, the parent need not believe it."""

    def find_class(self, module_name: str, global_name: str) -> object:
        if (module_name, global_name) == ("decimal", "Decimal"):
            return super().find_class(module_name, global_name)
        if module_name in RECORD_MODULES and "." not in global_name:
            found = super().find_class(module_name, global_name)
            if isinstance(found, type) and found.__module__ == module_name:
                return found
        raise pickle.UnpicklingError(f"a worker sent {module_name}.{global_name}, which is no record")


RECORD_MODULES = frozenset({"ingest.parsed", "ingest.document", "ingest.archives"})


def read_result(target: Path) -> object:
    """What a worker left, as the parent reads it; the file is removed."""
    try:
        with target.open("rb") as file:
            return _Records(file).load()
    except Exception as error:  # a worker that was ended while it wrote, a full disk
        return internal_error(error)
    finally:
        target.unlink(missing_ok=True)
