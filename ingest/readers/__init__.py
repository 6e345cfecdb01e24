"""Readers: one module a format, all of them ending in the same neutral document.

To add a format, write ``read_…(path) -> Document`` in a module of its own and add one entry to ``READERS``. What a
file is, its content decides; its name only helps where content cannot tell (text has no signature).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ingest.document import Document
from ingest.parsed import Rejected
from ingest.readers.image import signature

HEAD = 1024  # bytes: a PDF header may stand a little way into the file

SUPPORTED = "PDF, plain text or Markdown (UTF-8, GB18030), a picture (PNG, JPEG, TIFF, BMP, WebP, GIF)"


@dataclass(frozen=True, slots=True)
class Reader:
    """A format: how to recognise it by the first bytes and the suffix, and how to read it."""

    name: str
    matches: Callable[[bytes, str], bool]
    read: Callable[[Path], Document]


def _is_pdf(head: bytes, suffix: str) -> bool:
    return b"%PDF-" in head


def _is_text(head: bytes, suffix: str) -> bool:
    return suffix in {".txt", ".md", ".markdown", ".text", ""} and b"\x00" not in head


def _is_image(head: bytes, suffix: str) -> bool:
    return signature(head) is not None


def _read_pdf(path: Path) -> Document:
    from ingest.readers.pdf import read_pdf  # its libraries take a while to import

    return read_pdf(path)


def _read_text(path: Path) -> Document:
    from ingest.readers.plain_text import read_text

    return read_text(path)


def _read_image(path: Path) -> Document:
    from ingest.readers.image import read_image

    return read_image(path)


READERS: tuple[Reader, ...] = (
    Reader("PDF", _is_pdf, _read_pdf),
    Reader("image", _is_image, _read_image),
    Reader("text", _is_text, _read_text),
)


def read_document(path: Path) -> Document:
    """Read a file of any supported format. Raises :class:`Rejected` with the reason when it cannot be read."""
    with path.open("rb") as handle:
        head = handle.read(HEAD)
    if not head:
        raise Rejected("empty_file", "the file is empty (0 bytes)", "download it again")
    suffix = path.suffix.lower()
    for reader in READERS:
        if reader.matches(head, suffix):
            return reader.read(path)
    if suffix == ".pdf":
        raise Rejected(
            "not_a_pdf",
            f"named .pdf, but its content is not PDF (it begins with {head[:8]!r})",
            "check how it was downloaded: an error page is often saved under the name of the file",
        )
    raise Rejected(
        "unsupported_format",
        f"no reader for this format ({suffix or 'no suffix'})",
        f"convert it to one of: {SUPPORTED}",
    )
