"""The command that is run when a night published nothing: a mail, a message, whatever people look at."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

HOOK_VARIABLE = "JUESUAN_ON_FAILURE"
TIME_LIMIT = 60.0


def run_hook(command: str, home: Path, status: int, message: str, time_limit: float = TIME_LIMIT) -> str | None:
    """Run a command by the shell, with what happened in its environment; return what went wrong with it, if anything."""
    told = {"JUESUAN_HOME": str(home.absolute()), "JUESUAN_EXIT_STATUS": str(status), "JUESUAN_MESSAGE": message}
    try:
        with subprocess.Popen(
            command,
            shell=True,
            env=os.environ | told,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        ) as hook:
            try:
                said = hook.communicate(timeout=time_limit)[0].strip().splitlines()
            except subprocess.TimeoutExpired:
                os.killpg(hook.pid, signal.SIGKILL)  # the shell, and what it is waiting for
                return f"the failure hook was stopped after {time_limit:.0f} s"
    except OSError as error:
        return f"the failure hook could not be run: {error}"
    if hook.returncode:
        return f"the failure hook ended with exit status {hook.returncode}{': ' + said[-1] if said else ''}"
    return None
