"""The command that is run when a night published nothing: a mail, a message, whatever people look at."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

HOOK_VARIABLE = "JUESUAN_ON_FAILURE"
TIME_LIMIT = 60.0


def run_hook(command: str, home: Path, status: int, message: str, time_limit: float = TIME_LIMIT) -> str | None:
    """Run a command by the shell, with what happened in its environment; return what went wrong with it, if anything."""
    told = {"JUESUAN_HOME": str(home.absolute()), "JUESUAN_EXIT_STATUS": str(status), "JUESUAN_MESSAGE": message}
    try:
        done = subprocess.run(
            command,
            shell=True,
            env=os.environ | told,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=time_limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"the failure hook was stopped after {time_limit:.0f} s"
    except OSError as error:
        return f"the failure hook could not be run: {error}"
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        return f"the failure hook ended with exit status {done.returncode}{': ' + said[-1] if said else ''}"
    return None
