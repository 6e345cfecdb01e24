"""Progress of long work, on stderr: a bar in a terminal, now and then a line in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from tqdm import tqdm

from ingest.terminal import printable

Progress = Callable[[int, int, str], None]
"""Told the number of finished steps, of all steps (0 when not yet known), and what is being done ('' for the same)."""

SECONDS_BETWEEN_LINES = 10.0


@contextmanager
def show_progress(title: str, stream: TextIO | None = None) -> Iterator[Progress]:
    """Show what a long piece of work is at."""
    out = stream or sys.stderr
    if out.isatty():
        with tqdm(desc=title, file=out, leave=False, bar_format="{desc}: {n_fmt}/{total_fmt} {bar:20} {postfix}") as bar:

            def draw(done: int, total: int, doing: str) -> None:
                bar.total = total
                bar.n = done
                if doing:
                    bar.set_postfix_str(printable(doing), refresh=False)
                bar.refresh()

            yield draw
    else:
        yield line_progress(title, out)


def line_progress(title: str, out: TextIO, clock: Callable[[], float] = time.monotonic) -> Progress:
    """Progress for a log: the first step, the last one, and one line in :data:`SECONDS_BETWEEN_LINES` between."""
    last_line = -SECONDS_BETWEEN_LINES

    def write(done: int, total: int, doing: str) -> None:
        nonlocal last_line
        if clock() - last_line < SECONDS_BETWEEN_LINES and not (total and done == total):
            return
        last_line = clock()
        extent = f" {done}/{total}" if total else ""
        print(f"{title}{extent}{': ' + printable(doing) if doing else ''}", file=out, flush=True)

    return write
