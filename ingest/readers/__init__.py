"""Readers: one module a format, all of them ending in the same neutral document.

To add a format, write ``read_…(path) -> Document`` in a module of its own, and a module beside it whose ``READERS`` say how the
format is recognised; it is asked in the order of the list below. What a file is, its content decides; its name only helps where
content cannot tell (text has no signature).
"""

from __future__ import annotations

from pathlib import Path

from ingest.document import Document
from ingest.parsed import Rejected
from ingest.readers import spreadsheets, texts
from ingest.readers.bounds import require_lengths
from ingest.readers.image import signature
from ingest.readers.packed import refuse_packed
from ingest.readers.probe import Probe, Reader

SUPPORTED_FORMATS = (
    "PDF",
    "Excel (xlsx, xls), OpenDocument sheet (ods), CSV",
    "Word (docx; doc, wps and rtf where LibreOffice is installed)",
    "web pages (html, mht)",
    "plain text or Markdown (UTF-8, GB18030)",
    "pictures (PNG, JPEG, TIFF, BMP, WebP, GIF)",
)
SUPPORTED = "; ".join(SUPPORTED_FORMATS)
ENCRYPTED_PACKAGE = "encryptedpackage"  # the stream in which Office keeps a workbook or a text that has a password


def _is_pdf(probe: Probe) -> bool:
    return b"%PDF-" in probe.head


def _is_text(probe: Probe) -> bool:
    return probe.suffix in {".txt", ".md", ".markdown", ".text", ""} and b"\x00" not in probe.head


def _is_image(probe: Probe) -> bool:
    return signature(probe.head) is not None


def _read_pdf(path: Path) -> Document:
    from ingest.readers.pdf import read_pdf  # its libraries take a while to import

    return read_pdf(path)


def _read_text(path: Path) -> Document:
    from ingest.readers.plain_text import read_text

    return read_text(path)


def _read_image(path: Path) -> Document:
    from ingest.readers.image import read_image

    return read_image(path)


# Signatures before guesses: text comes last, since almost anything may be text.
READERS: tuple[Reader, ...] = (
    Reader("PDF", _is_pdf, _read_pdf),
    Reader("image", _is_image, _read_image),
    *texts.READERS,
    *spreadsheets.READERS,
    *texts.LAST_READERS,
    Reader("text", _is_text, _read_text),
)


def read_document(path: Path) -> Document:
    """Read a file of any supported format. Raises :class:`Rejected` with the reason when it cannot be read."""
    probe = Probe(path)
    if not probe.head:
        raise Rejected("empty_file", "the file is empty (0 bytes)", "download it again")
    refuse_packed(probe.head)
    if ENCRYPTED_PACKAGE in probe.streams:
        raise Rejected("encrypted", "it asks for a password", "save a copy without a password")
    for reader in READERS:
        if reader.matches(probe):
            document = reader.read(path)
            require_lengths(document)
            return document
    if probe.suffix == ".pdf":
        raise Rejected(
            "not_a_pdf",
            f"named .pdf, but its content is not PDF (it begins with {probe.head[:8]!r})",
            "check how it was downloaded: an error page is often saved under the name of the file",
        )
    raise Rejected(
        "unsupported_format",
        f"no reader for this format ({probe.suffix or 'no suffix'})",
        f"convert it to one of: {SUPPORTED}",
    )
