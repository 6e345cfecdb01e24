"""Ends what a run leaves behind when it is killed: its workers with all that they started, and its temporary folder.

A process that is killed cannot tidy up, and a worker that hangs in a library written in C cannot notice. So a run starts this
small program first, tells it the process groups of its workers, and goes on. When the run ends, however it ends, the pipe between
them closes. It is run as a script, without the package and its libraries: it must start at once and stay small.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

BEGUN, ENDED = "+", "-"


class Keeper:
    """The run's end of the pipe."""

    def __init__(self, folder: Path) -> None:
        """Start a keeper that removes ``folder`` when this process ends."""
        command = [sys.executable, "-I", "-S", str(Path(__file__)), str(folder)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )

    def begun(self, group: int) -> None:
        """A process was started, whose number is that of its group."""
        self._tell(BEGUN, group)

    def ended(self, group: int) -> None:
        """All processes of the group were ended."""
        self._tell(ENDED, group)

    def close(self) -> None:
        """The run has tidied up itself."""
        pipe = self._process.stdin
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
        self._process.wait()

    def _tell(self, sign: str, group: int) -> None:
        pipe = self._process.stdin
        if pipe is not None:
            # A keeper that somebody killed is no reason to stop reading.
            with contextlib.suppress(OSError):
                pipe.write(f"{sign}{group}\n".encode("ascii"))
                pipe.flush()


def end_group(group: int) -> None:
    """End a process that leads a group and all that it started, if they are still there; on Windows the process alone."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(group, signal.SIGKILL)
        else:
            os.kill(group, signal.SIGTERM)


def keep(folder: Path) -> None:
    """Follow what the run tells until it ends, then end what is left and remove its folder."""
    groups: set[int] = set()
    for line in sys.stdin:
        number = int(line[1:])
        if line[0] == BEGUN:
            groups.add(number)
        else:
            groups.discard(number)
    for group in groups:
        end_group(group)
    for _ in range(20):
        # What was just ended may still be closing its files.
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            break
        time.sleep(0.1)


if __name__ == "__main__":
    for _name in ("SIGINT", "SIGTERM", "SIGHUP"):
        # The end of the pipe is the only sign to go by.
        if hasattr(signal, _name):
            signal.signal(getattr(signal, _name), signal.SIG_IGN)
    keep(Path(sys.argv[1]))
