"""Runs a program for a process that may be killed at any moment, and ends it with that process. A script: nothing imports it.

``office_keeper.py SECONDS FOLDER PROGRAM ARGUMENT…`` runs the program in a process group of its own. When standard input ends,
which happens however the process that started this one dies, the group is killed and the folder removed. Exit status: that of
the program, 124 when it took longer than so many seconds, 125 when it could not be started.
"""

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
import time

OUT_OF_TIME, NOT_STARTED = 124, 125
INTERVAL = 0.1  # seconds between looks at the program


def main() -> int:
    seconds, folder, *command = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one decides
    end = time.monotonic() + float(seconds)
    try:
        program = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    except OSError as error:
        print(error, file=sys.stderr)
        return NOT_STARTED
    try:
        while program.poll() is None:
            if select.select([sys.stdin], [], [], INTERVAL)[0]:  # nothing is ever written there: it ends
                _kill(program)
                shutil.rmtree(folder, ignore_errors=True)
                return OUT_OF_TIME
            if time.monotonic() > end:
                return OUT_OF_TIME
        return program.returncode
    finally:
        _kill(program)


def _kill(program: "subprocess.Popen[bytes]") -> None:
    """End the program and whatever it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)
    program.wait()


if __name__ == "__main__":
    sys.exit(main())
