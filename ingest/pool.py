"""Workers and what they are given: tasks in parallel, outcomes in order, whatever a file does to the process that reads it.

The parent keeps the time. A worker that is late, or takes too much memory together with what it started, is ended as a group of
processes, and its file is rejected. A worker that dies may have been ended by somebody who needed its memory: its file is tried
once more, while nothing else is read. Results wait on disk until it is their turn, so that the parent holds one at a time.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from queue import SimpleQueue
from time import monotonic
from types import TracebackType
from typing import Self

from ingest.keeper import Keeper, end_group
from ingest.limits import Limits, shown_size
from ingest.parsed import Rejected
from ingest.worker import READY, Task, read_result, serve, too_much_memory, too_much_time

# A worker is replaced after so many files, which returns what the libraries leak.
FILES_PER_WORKER = 32
# Files that may be ahead of the first one that is not finished, for each worker.
FILES_AHEAD = 32
# Seconds that a worker may take before it is ready: it only imports.
SECONDS_TO_START = 120.0
STARTS = 3  # workers in a row that may fail to start before the run gives up
# Seconds between two looks at the memory of a worker and of what it started.
SECONDS_BETWEEN_LOOKS = 1.0


class WorkersCannotStart(Exception):
    """No process can be started that reads files; the message says why, in one line."""


Finished = Path | Rejected  # where the result is, or why there is none


@dataclass(slots=True)
class _Worker:
    process: SpawnProcess
    connection: Connection
    folder: Path
    deadline: float
    is_ready: bool = False
    task: int | None = None
    target: Path | None = None
    tasks_done: int = 0

    @property
    def group(self) -> int:
        assert self.process.pid is not None  # it was started
        return self.process.pid


class Pool:
    """Worker processes of one run. Within ``with``: workers are started when they are needed, and ended with the block."""

    def __init__(self, workers: int, limits: Limits, warm_up: Callable[[], None] | None = None) -> None:
        self.limits = limits
        self._size = workers
        self._warm_up = warm_up
        # Spawned, not forked: the parent holds a database connection and threads.
        self._context = multiprocessing.get_context("spawn")
        self._crew: list[_Worker] = []
        self._failed_starts = 0
        self._started = 0
        self._results = 0
        self._following = 0
        self._is_stopping = False
        self._is_woken = False  # a call is on its way to the manager: one is enough
        self._folder: Path | None = None
        self._keeper: Keeper | None = None
        self._wake_up, self._woken = self._context.Pipe()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for worker in tuple(self._crew):
            self._end(worker)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        if self._keeper is not None:
            self._keeper.close()
        self._wake_up.close()
        self._woken.close()

    def outcomes(self, tasks: Sequence[Task]) -> Generator[object, None, None]:
        """What becomes of each task, in order: what it returns, or a :class:`Rejected`. Close it to abandon the rest."""
        finished: SimpleQueue[tuple[int, Finished] | BaseException] = SimpleQueue()
        self._following, self._is_stopping = 0, False
        # In a thread, so that workers have work while the caller is busy with what they found.
        manager = threading.Thread(target=self._manage, args=(tasks, finished), daemon=True)
        manager.start()
        early: dict[int, Finished] = {}
        try:
            for number in range(len(tasks)):
                while number not in early:
                    item = finished.get()
                    if isinstance(item, BaseException):
                        raise item
                    early[item[0]] = item[1]
                result = early.pop(number)
                yield result if isinstance(result, Rejected) else read_result(result)
                self._following = number + 1
                self._wake()
        finally:
            self._is_stopping = True
            self._wake()
            manager.join()

    def _wake(self) -> None:
        if not self._is_woken:
            self._is_woken = True
            self._wake_up.send_bytes(b".")

    # --- In the manager's thread ---

    def _manage(self, tasks: Sequence[Task], finished: SimpleQueue[tuple[int, Finished] | BaseException]) -> None:
        try:
            _Round(self, tasks, lambda number, result: finished.put((number, result))).carry_out()
        except BaseException as error:
            finished.put(error)
        finally:
            for worker in tuple(self._crew):
                if worker.task is not None:
                    self._end(worker)

    def _start(self) -> None:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="juesuan-"))
            self._keeper = Keeper(self._folder)
        self._started += 1
        ours, theirs = self._context.Pipe()
        folder = self._folder / f"worker-{self._started}"
        process = self._context.Process(target=serve, args=(theirs, self.limits, folder, self._warm_up), daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, ours, folder, monotonic() + SECONDS_TO_START)
        if self._keeper is not None:
            self._keeper.begun(worker.group)
        self._crew.append(worker)

    def _end(self, worker: _Worker) -> None:
        """End a worker and all that it started."""
        if worker not in self._crew:
            return
        self._crew.remove(worker)
        # First the group: its number is nobody else's as long as somebody is in it.
        end_group(worker.group)
        worker.process.kill()
        worker.process.join()
        worker.connection.close()
        if self._keeper is not None:
            self._keeper.ended(worker.group)
        shutil.rmtree(worker.folder, ignore_errors=True)

    def _hand(self, worker: _Worker, number: int, task: Task) -> None:
        assert self._folder is not None  # a worker was started
        self._results += 1
        worker.task, worker.target = number, self._folder / f"result-{self._results}"
        worker.deadline = monotonic() + self.limits.seconds
        with suppress(OSError):  # it has just died, which will be noticed
            worker.connection.send((task, worker.target))


class _Round:
    """One sequence of tasks on its way through the workers of a pool."""

    def __init__(self, pool: Pool, tasks: Sequence[Task], finish: Callable[[int, Finished], None]) -> None:
        self.pool = pool
        self.tasks = tasks
        self.finish = finish
        self.fresh = deque(range(len(tasks)))
        self.suspects: deque[int] = deque()  # those whose worker died
        self.tried: set[int] = set()  # those that have been suspects
        self.open = len(tasks)
        self.next_look = 0.0

    def carry_out(self) -> None:
        while self.open and not self.pool._is_stopping:
            self._hand_out()
            self._wait()
            for worker in tuple(self.pool._crew):
                self._attend(worker)
            self._look_at_memory()

    def _hand_out(self) -> None:
        pool = self.pool
        if self.suspects:
            # Alone: whoever ends processes because memory is short ends the wrong one as easily as the right one.
            if not any(worker.task is not None for worker in pool._crew):
                self._give(self.suspects)
            return
        while self.fresh and self.fresh[0] < pool._following + FILES_AHEAD * pool._size:
            if not self._give(self.fresh):
                break

    def _give(self, numbers: deque[int]) -> bool:
        """Give the first of some tasks to a worker that is free; where there is none, have one started."""
        pool = self.pool
        free = next((worker for worker in pool._crew if worker.is_ready and worker.task is None), None)
        if free is None:
            starting = sum(not worker.is_ready for worker in pool._crew)
            while len(pool._crew) < pool._size and starting < len(numbers):
                pool._start()
                starting += 1
            return False
        number = numbers.popleft()
        pool._hand(free, number, self.tasks[number])
        return True

    def _wait(self) -> None:
        pool = self.pool
        now = monotonic()
        busy = [worker for worker in pool._crew if worker.task is not None or not worker.is_ready]
        times = [worker.deadline for worker in busy]
        if _CAN_LOOK and any(worker.task is not None for worker in busy):
            times.append(max(self.next_look, now + SECONDS_BETWEEN_LOOKS / 4))
        watched: list[Connection | int] = [pool._woken]
        for worker in pool._crew:
            watched += [worker.connection, worker.process.sentinel]
        ready = wait(watched, max(0.0, min(times) - now) if times else None)
        if pool._woken in ready:
            pool._woken.recv_bytes()
            pool._is_woken = False

    def _attend(self, worker: _Worker) -> None:
        """See what became of a worker: it has finished, died, run late, or is still at it."""
        try:
            while worker.connection.poll():
                self._hear(worker, worker.connection.recv_bytes())
        except (EOFError, OSError):
            self._died(worker)
            return
        if not worker.process.is_alive():
            self._died(worker)
        elif worker.task is not None and monotonic() >= worker.deadline:
            self._settle(worker, too_much_time(self.pool.limits))
        elif not worker.is_ready and monotonic() >= worker.deadline:
            self._did_not_start(worker, f"it was not ready after {SECONDS_TO_START:g} s")
        elif worker.task is None and worker.tasks_done >= FILES_PER_WORKER:
            self.pool._end(worker)

    def _hear(self, worker: _Worker, message: bytes) -> None:
        if message == READY:
            worker.is_ready = True
            self.pool._failed_starts = 0
        elif worker.task is not None and worker.target is not None:
            number, target = worker.task, worker.target
            worker.task, worker.target = None, None
            worker.tasks_done += 1
            self.open -= 1
            self.finish(number, target)

    def _settle(self, worker: _Worker, rejected: Rejected) -> None:
        """Reject the file that a worker is at, and end the worker."""
        number = worker.task
        worker.task = None
        self.pool._end(worker)
        if number is not None:
            self.open -= 1
            self.finish(number, rejected)

    def _died(self, worker: _Worker) -> None:
        number = worker.task
        worker.task = None
        self.pool._end(worker)
        end = _how_it_ended(worker.process.exitcode)
        if not worker.is_ready:
            self._did_not_start(worker, end)
        elif number is None:
            return  # somebody ended a worker that had nothing to do
        elif number in self.tried:
            self.open -= 1
            self.finish(number, _worker_died(end, self.pool.limits))
        else:
            self.tried.add(number)
            self.suspects.append(number)

    def _did_not_start(self, worker: _Worker, reason: str) -> None:
        self.pool._end(worker)
        self.pool._failed_starts += 1
        if self.pool._failed_starts >= STARTS:
            raise WorkersCannotStart(f"the processes that read files do not start: {reason}; see the messages above")

    def _look_at_memory(self) -> None:
        """End the workers that take more than the limit together with what they started; each process is bounded by itself."""
        busy = [worker for worker in self.pool._crew if worker.task is not None]
        if not _CAN_LOOK or not busy or monotonic() < self.next_look:
            return
        self.next_look = monotonic() + SECONDS_BETWEEN_LOOKS
        # Most files are read before a look is worth its cost.
        late = monotonic() + self.pool.limits.seconds - SECONDS_BETWEEN_LOOKS
        watched = [worker for worker in busy if worker.deadline <= late]
        if watched:
            taken = _resident([worker.group for worker in watched])
            for worker in watched:
                if taken[worker.group] > self.pool.limits.memory:
                    self._settle(worker, too_much_memory(self.pool.limits))


_CAN_LOOK = sys.platform == "linux"


def _resident(leaders: Sequence[int]) -> dict[int, int]:
    """Bytes of resident memory of some processes with those of their groups and their descendants, as Linux tells them."""
    page = os.sysconf("SC_PAGE_SIZE")
    processes: dict[int, tuple[int, int, int]] = {}  # parent, group, resident pages
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                # After the name in brackets, which may hold anything: state, parent, group, …
                fields = Path(entry.path, "stat").read_bytes().rpartition(b")")[2].split()
                processes[int(entry.name)] = (int(fields[1]), int(fields[2]), int(fields[21]))
    taken = dict.fromkeys(leaders, 0)
    for process, (_, group, pages) in processes.items():
        leader = group if group in taken else _ancestor(process, taken.keys(), processes)
        if leader is not None:
            taken[leader] += pages * page
    return taken


def _ancestor(process: int, leaders: Collection[int], processes: Mapping[int, tuple[int, int, int]]) -> int | None:
    seen: set[int] = set()  # numbers are given anew while we look
    while process in processes and process not in seen:
        if process in leaders:
            return process
        seen.add(process)
        process = processes[process][0]
    return None


def _how_it_ended(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit status {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _worker_died(end: str, limits: Limits) -> Rejected:
    reason = f"out of memory, of which it may take {shown_size(limits.memory)}, or a crash inside a library"
    return Rejected(
        "worker_died",
        f"the process that read it died twice ({end}: {reason})",
        "open the file and save it anew with another program; if that does not help, report it",
    )
