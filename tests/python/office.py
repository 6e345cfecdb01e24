"""LibreOffice as a writer of test files: the formats that only an office program writes."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from ingest.readers.converter import find_program


def office_file(source: Path, suffix: str) -> Path:
    """A copy of ``source``, beside it, in the format of a suffix (``doc``, ``rtf``, …)."""
    program = find_program()
    assert program is not None
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                program,
                f"-env:UserInstallation={Path(profile).as_uri()}",
                "--headless",
                "--convert-to",
                suffix,
                "--outdir",
                str(source.parent),
                str(source),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
    return source.with_suffix(f".{suffix}")
