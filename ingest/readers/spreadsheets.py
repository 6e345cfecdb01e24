"""Spreadsheets: how each kind is recognised. Each is read by a module of its own."""

from __future__ import annotations

from pathlib import Path

from ingest.document import Document
from ingest.readers.probe import Probe, Reader

# What is text under such a name was meant as a sheet: exports of cells are often saved as .xls.
SHEET_SUFFIXES = frozenset({".csv", ".tsv", ".tab", ".xls", ".xlsx", ".xlsm", ".et", ".ods"})
UTF16 = (b"\xff\xfe", b"\xfe\xff")


def _is_xlsx(probe: Probe) -> bool:
    return "[Content_Types].xml" in probe.entries and any(name.lower() == "xl/workbook.xml" for name in probe.entries)


def _is_xls(probe: Probe) -> bool:
    return bool({"workbook", "book"} & probe.streams)


def _is_ods(probe: Probe) -> bool:
    return probe.mimetype.startswith("application/vnd.oasis.opendocument.spreadsheet")


def _is_delimited(probe: Probe) -> bool:
    if (
        probe.suffix not in SHEET_SUFFIXES
        or probe.is_zip
        or probe.is_ole
        or probe.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    ):
        return False
    return probe.head.startswith(UTF16) or b"\x00" not in probe.head


def _read_xlsx(path: Path) -> Document:
    from ingest.readers.xlsx import read_xlsx

    return read_xlsx(path)


def _read_xls(path: Path) -> Document:
    from ingest.readers.xls import read_xls

    return read_xls(path)


def _read_ods(path: Path) -> Document:
    from ingest.readers.ods import read_ods

    return read_ods(path)


def _read_delimited(path: Path) -> Document:
    from ingest.readers.delimited import read_delimited

    return read_delimited(path)


READERS: tuple[Reader, ...] = (
    Reader("xlsx", _is_xlsx, _read_xlsx),
    Reader("xls", _is_xls, _read_xls),
    Reader("ods", _is_ods, _read_ods),
    Reader("CSV", _is_delimited, _read_delimited),
)
