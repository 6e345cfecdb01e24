"""Tasks that do to their process what a file may do. They run in workers, so this module imports no more than they need."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.desk import Desk
from ingest.parsed import ParsedDocument
from tests.python.staging_samples import document

MIB = 1024**2


@dataclass(frozen=True)
class Do:
    """A task: something to do, and a file to say on what came of it."""

    what: Callable[[Desk, Path], object]
    note: Path

    def __call__(self, desk: Desk) -> object:
        return self.what(desk, self.note)


def read(desk: Desk, note: Path) -> ParsedDocument:
    return document()


def tell_process(desk: Desk, note: Path) -> ParsedDocument:
    return replace(document(), media_type=str(os.getpid()))


def tell_streams(desk: Desk, note: Path) -> ParsedDocument:
    os.write(1, b"a library says something")
    os.write(2, b"a library complains")
    return replace(document(), media_type=repr(sys.stdin.read()) + repr(os.read(0, 9)))


def hang_in_c(desk: Desk, note: Path) -> None:
    """A library that never returns, never lets another thread run and hears no signal but the one that cannot be blocked."""
    _leave_traces(desk, note)
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, signal.NSIG))
    ctypes.PyDLL(None).sleep(300)


def wait_for_a_child(desk: Desk, note: Path) -> None:
    _leave_traces(desk, note)
    time.sleep(300)


def _leave_traces(desk: Desk, note: Path) -> None:
    _, name = tempfile.mkstemp()
    child = subprocess.Popen(["sleep", "300"])
    note.with_suffix(".part").write_text(f"{os.getpid()} {child.pid} {name}", encoding="utf-8")
    note.with_suffix(".part").rename(note)


def leave_a_temporary_file(desk: Desk, note: Path) -> ParsedDocument:
    found = sum(1 for _ in desk.scratch.iterdir())
    tempfile.mkstemp()
    tempfile.mkdtemp()
    return replace(document(), media_type=str(found))


def allocate(desk: Desk, note: Path) -> None:
    bytearray(1024 * MIB)


def let_children_allocate(desk: Desk, note: Path) -> None:
    """Each child stays within the bound of a process; together they do not."""
    code = f"import time; held = b'x' * ({200 * MIB}); time.sleep(20)"
    for number in range(3):
        subprocess.Popen([sys.executable, "-c", code], start_new_session=bool(number))
    time.sleep(300)


def crash(desk: Desk, note: Path) -> None:
    os.abort()


def leave(desk: Desk, note: Path) -> None:
    sys.exit("I give up")


def vanish(desk: Desk, note: Path) -> None:
    os._exit(0)


def be_killed(desk: Desk, note: Path) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def be_killed_once(desk: Desk, note: Path) -> ParsedDocument:
    if not note.exists():
        note.touch()
        be_killed(desk, note)
    return document()


def return_what_cannot_be_sent(desk: Desk, note: Path) -> object:
    return replace(document(), media_type=lambda: "no record")  # type: ignore[arg-type]


class _Command:
    def __reduce__(self) -> tuple[object, ...]:
        return (os.system, ("false",))


def return_what_must_not_be_believed(desk: Desk, note: Path) -> object:
    return _Command()


def return_too_much(desk: Desk, note: Path) -> object:
    return replace(document(), media_type="x" * (130 * MIB))


def never_ready() -> None:
    raise ImportError("a library is missing")
