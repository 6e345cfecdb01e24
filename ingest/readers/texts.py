"""Office texts and web pages: how each kind is recognised. Each is read by a module of its own."""

from __future__ import annotations

from pathlib import Path

from ingest.document import Document
from ingest.readers.probe import Probe, Reader

TEXT_SUFFIXES = frozenset({".txt", ".md", ".markdown", ".text"})  # HTML in them is read as text: engines mix the two
_MARKUP = (b"<html", b"<!doctype html", b"<head", b"<body", b"<table", b"<frameset", b"<meta")
HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".shtml", ".shtm"})
_WORD_XML = (b"word.document", b"w:worddocument")
_EXCEL_XML = (b"excel.sheet", b"urn:schemas-microsoft-com:office:spreadsheet")
_OPEN_DOCUMENT_TEXT = "application/vnd.oasis.opendocument.text"


def _start(probe: Probe) -> bytes:
    """The first bytes in small letters, without the zeros of UTF-16."""
    head = probe.head
    return (head.replace(b"\x00", b"") if head.startswith((b"\xff\xfe", b"\xfe\xff")) else head).lower()


def _is_office_xml(start: bytes, marks: tuple[bytes, ...]) -> bool:
    """Whether a file is a text or a workbook as one piece of XML, as Office 2003 wrote them."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml") and b"<html" not in start and any(m in start for m in marks)


def _is_docx(probe: Probe) -> bool:
    return any(name.lower() == "word/document.xml" for name in probe.entries) or (
        "[Content_Types].xml" in probe.entries and any(name.startswith("word/") for name in probe.entries)
    )


def _is_archived_page(probe: Probe) -> bool:
    return b"mime-version:" in _start(probe) and b"\x00" not in probe.head and probe.suffix not in TEXT_SUFFIXES


def _is_page(probe: Probe) -> bool:
    if probe.suffix in TEXT_SUFFIXES or probe.suffix == ".pdf" or probe.is_zip or probe.is_ole:
        return False
    start = _start(probe)
    if b"\x00" in start or _is_office_xml(start, (*_WORD_XML, *_EXCEL_XML)):
        return False
    return any(mark in start for mark in _MARKUP) or probe.suffix in HTML_SUFFIXES


def _is_old_word(probe: Probe) -> bool:
    return "worddocument" in probe.streams


def _is_other_text(probe: Probe) -> bool:
    return (
        probe.head.lstrip().startswith(b"{\\rtf")
        or probe.mimetype.startswith(_OPEN_DOCUMENT_TEXT)
        or _is_office_xml(_start(probe), _WORD_XML)
        or (probe.is_ole and probe.suffix in {".doc", ".dot", ".wps", ".wpt"})
    )


def _is_old_sheet(probe: Probe) -> bool:
    return _is_office_xml(_start(probe), _EXCEL_XML) or (probe.is_ole and probe.suffix in {".et", ".ett", ".xls"})


def _read_docx(path: Path) -> Document:
    from ingest.readers.docx import read_docx

    return read_docx(path)


def _read_page(path: Path) -> Document:
    from ingest.readers.html import read_html

    return read_html(path)


def _read_archived_page(path: Path) -> Document:
    from ingest.readers.html import read_mht

    return read_mht(path)


def _read_old_text(path: Path) -> Document:
    from ingest.readers.converter import read_converted

    return read_converted(path, "docx")


def _read_old_sheet(path: Path) -> Document:
    from ingest.readers.converter import read_converted

    return read_converted(path, "xlsx")


READERS: tuple[Reader, ...] = (
    Reader("docx", _is_docx, _read_docx),
    Reader("Word 97", _is_old_word, _read_old_text),
    Reader("archived web page", _is_archived_page, _read_archived_page),
    Reader("office text", _is_other_text, _read_old_text),
    Reader("web page", _is_page, _read_page),
)

# After the readers of sheets: what they cannot read themselves.
LAST_READERS: tuple[Reader, ...] = (Reader("office sheet", _is_old_sheet, _read_old_sheet),)
