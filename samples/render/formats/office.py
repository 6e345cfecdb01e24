"""What only an office suite writes: .doc, and the same under the name that WPS gives it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from samples.render.document import Rendering
from samples.render.formats.word import TYPED, write_docx

SOFFICE = "soffice"
SECONDS = 180


def has_office() -> bool:
    return shutil.which(SOFFICE) is not None


def write_doc(rendering: Rendering, path: Path) -> None:
    """Word 97 to 2003, converted from .docx. Raises ``RuntimeError`` if the suite does not write the file."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "disclosure.docx"
        write_docx(rendering, TYPED, source)
        command = [
            SOFFICE,
            f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "doc:MS Word 97",
            "--outdir",
            folder,
            str(source),
        ]
        said = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
        made = source.with_suffix(".doc")
        if not made.exists():
            raise RuntimeError(f"{SOFFICE} wrote no file: {said.stderr.strip() or said.stdout.strip()}")
        shutil.copyfile(made, path)
