"""``python -m ingest.publish.run_dbt …``: dbt that ends with the process that started it.

A parent that is killed outright cannot end its children. Left alone, dbt would hold staging open, and the next run could not
write to it. Standard input is a pipe that the parent never writes to: the system closes it with the parent.
"""

from __future__ import annotations

import os
import sys
import threading


def _end_with_parent() -> None:
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from dbt.cli.main import cli

    cli()
