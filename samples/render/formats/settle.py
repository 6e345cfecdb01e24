"""Packages (.xlsx, .docx, .ods, .zip) with the same bytes for the same content: fixed times, a fixed order."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

TIME = (2024, 9, 2, 9, 30, 0)
STAMP = "2024-09-02T09:30:00Z"


def pack(path: Path, entries: Mapping[str, bytes], stored: frozenset[str] = frozenset()) -> None:
    """Write an archive of these entries in this order; ``stored`` names those that are not compressed."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name, TIME)
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)


def unpack(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
