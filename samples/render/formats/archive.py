"""Archives (.zip) as a department offers them for download: its disclosures of all years, each in some format."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

from samples.render.formats.settle import TIME


class _AsWindowsNames(zipfile.ZipInfo):
    """Names in the code page of Chinese Windows, without the mark that says so."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - the name is that of the standard library
        return self.filename.encode("gbk"), self.flag_bits


def write_archive(files: Sequence[Path], path: Path) -> None:
    """The files in a folder of the name of the archive."""
    with zipfile.ZipFile(path, "w") as archive:
        for file in files:
            info = _AsWindowsNames(f"{path.stem}/{file.name}", TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, file.read_bytes())
