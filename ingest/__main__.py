"""``python -m ingest`` is ``juesuan``."""

import sys

from ingest.cli import main

if __name__ == "__main__":
    # Worker processes import this module anew; only the first one is the command.
    sys.exit(main())
