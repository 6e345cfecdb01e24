"""The one place where a file that is a zip is opened, by every reader whose format is one (xlsx, ods, docx and the like).

Its table of contents is judged before anything is decompressed: how many entries, how large they claim to be, how much they
shrank, what they are called, whether they ask for a password. Python's ``zipfile`` gives no more of an entry than it claims,
so that these claims bound what can come out. Nothing is ever written to disk.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from lxml import etree

from ingest.parsed import Rejected
from ingest.zips import ENCRYPTED, MAX_RATIO, MIN_RATIO_BYTES, leads_out, overlapping


@dataclass(frozen=True, slots=True)
class Limits:
    """What a container may hold: ``total`` and ``small`` in bytes when unpacked, ``ratio`` unpacked to packed.

    The ratio counts only for entries larger than ``small``: an empty sheet shrinks a hundredfold and harms nobody.
    """

    entries: int = 10_000
    total: int = 512 * 1024**2
    ratio: int = MAX_RATIO
    small: int = MIN_RATIO_BYTES


LIMITS = Limits()

SAVE_ANEW = "open it in an office program and save it anew"
SUSPECT = f"do not trust where it came from; if that is known to you, {SAVE_ANEW}"
SIGNATURE = b"PK\x03\x04"
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})  # what office programs write
PROLOG = 64 * 1024  # bytes: a document type stands before the first element
_DOCTYPE = re.compile(rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E|E\x00?N\x00?T\x00?I\x00?T\x00?Y)", re.IGNORECASE)
_XML = re.compile(r"\.(?:xml|rels|vml)$", re.IGNORECASE)


class Container:
    """An opened zip whose table of contents was found harmless. Use it in a ``with`` statement."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path = path
        self.names = frozenset(archive.namelist())
        self._archive = archive

    def __enter__(self) -> Container:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._archive.close()

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def read(self, name: str) -> bytes:
        """The bytes of an entry. Raises :class:`Rejected` when it is missing or damaged."""
        return self._read(name, None)

    def xml(self, name: str) -> etree._Element:
        """The root element of an entry that is XML. Raises :class:`Rejected` when it is none."""
        return parse_xml(self.read(name), name)

    def refuse_document_types(self) -> None:
        """Raises :class:`Rejected` if an XML entry declares a document type or an entity.

        Office programs write none; they are the way to entities that grow without end or name other files. For readers whose
        library opens the entries itself.
        """
        for name in sorted(self.names):
            if _XML.search(name):
                _refuse_document_type(self._read(name, PROLOG), name)

    def _read(self, name: str, size: int | None) -> bytes:
        try:
            with self._archive.open(name) as entry:
                return entry.read() if size is None else entry.read(size)
        except KeyError:
            raise Rejected("damaged", f"the container holds no {name}", SAVE_ANEW) from None
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise Rejected("damaged", f"{name} cannot be unpacked ({error})", "download it again") from error


def open_container(path: Path, limits: Limits = LIMITS) -> Container:
    """Open a file that is a zip, after judging its table of contents.

    Raises :class:`Rejected`: ``truncated`` without a table of contents at its end, ``damaged``, ``encrypted``,
    ``too_large`` over the limits, or ``unsafe_container`` for names that lead out of it.
    """
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        if not zipfile.is_zipfile(path):
            raise Rejected(
                "truncated", "its end is missing: a zip ends with its table of contents", "download it again"
            ) from error
        raise Rejected("damaged", f"its table of contents cannot be read ({error})", "download it again") from error
    except (NotImplementedError, ValueError, EOFError) as error:
        raise Rejected("damaged", f"its table of contents cannot be read ({error})", "download it again") from error
    try:
        _judge(archive.infolist(), limits)
        if overlapping(archive.infolist(), archive.start_dir) is not None:
            raise Rejected("unsafe_container", "its entries overlap: the same bytes would come out many times", SUSPECT)
    except BaseException:
        archive.close()
        raise
    return Container(path, archive)


def _judge(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.entries:
        raise Rejected("too_large", f"it holds {len(entries)} entries, more than {limits.entries}", "split the file")
    total = sum(entry.file_size for entry in entries)
    if total > limits.total:
        raise Rejected(
            "too_large",
            f"it would be {total // 1024**2} MiB when unpacked, more than {limits.total // 1024**2}",
            "split the file by department, or save it without pictures",
        )
    seen = set()
    for entry in entries:
        name = entry.filename
        if leads_out(name):
            raise Rejected("unsafe_container", f"the name of an entry leads out of it ({name!r})", SUSPECT)
        if name in seen:
            raise Rejected("damaged", f"two entries are called {name!r}", SAVE_ANEW)
        seen.add(name)
        if entry.flag_bits & ENCRYPTED:
            raise Rejected("encrypted", "it asks for a password", "save a copy without a password")
        if entry.compress_type not in METHODS:
            raise Rejected("damaged", f"{name} is packed in a way that no office program uses", SAVE_ANEW)
        if entry.file_size > limits.small and entry.file_size > limits.ratio * max(entry.compress_size, 1):
            raise Rejected(
                "unsafe_container",
                f"{name} would grow more than {limits.ratio}-fold, from {entry.compress_size} to {entry.file_size} bytes",
                SUSPECT,
            )


def parse_xml(data: bytes, place: str) -> etree._Element:
    """The root element of XML, read without a document type, entities or the network. Raises :class:`Rejected`."""
    _refuse_document_type(data[:PROLOG], place)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Rejected("damaged", f"{place} is not XML ({error})", "download it again") from error
    if root.getroottree().docinfo.internalDTD is not None:
        _refuse_document_type(b"<!DOCTYPE", place)
    return root


def _refuse_document_type(prolog: bytes, place: str) -> None:
    if _DOCTYPE.search(prolog):
        raise Rejected(
            "unsafe_container",
            f"{place} declares a document type, which no office program writes",
            SUSPECT,
        )
