"""What can be known of a file before it is read: what it is, its content decides; its name only helps."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ingest.document import Document
from ingest.parsed import Rejected
from ingest.readers.container import SIGNATURE as ZIP
from ingest.readers.container import open_container

HEAD = 1024  # bytes: a PDF header may stand a little way into the file
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MIMETYPE = "mimetype"  # the entry by which OpenDocument says what it is
MAX_BYTES_OLE = 256 * 1024**2  # to look into one, it is read whole


class Probe:
    """A file's first bytes and suffix, and the names of what it contains if it is a zip or an OLE container.

    Raises :class:`Rejected` when such a container turns out broken, encrypted or harmful on being asked for its names.
    """

    def __init__(self, path: Path, head: bytes | None = None) -> None:
        self.path = path
        self.suffix = path.suffix.lower()
        if head is None:
            with path.open("rb") as handle:
                head = handle.read(HEAD)
        self.head = head

    @property
    def is_zip(self) -> bool:
        return self.head.startswith(ZIP)

    @property
    def is_ole(self) -> bool:
        return self.head.startswith(OLE)

    @cached_property
    def entries(self) -> frozenset[str]:
        """Names of the entries of a zip; nothing for any other file."""
        if not self.is_zip:
            return frozenset()
        with open_container(self.path) as container:
            return container.names

    @cached_property
    def mimetype(self) -> str:
        """What an OpenDocument file says it is; empty for any other file."""
        if MIMETYPE not in self.entries:
            return ""
        with open_container(self.path) as container:
            return container.read(MIMETYPE).decode("ascii", "replace").strip()

    @cached_property
    def streams(self) -> frozenset[str]:
        """Names of the streams at the top of an OLE container, in small letters; nothing for any other file.

        What is embedded in a document, as a workbook in a Word text, has its streams further down.
        """
        if not self.is_ole:
            return frozenset()
        if self.path.stat().st_size > MAX_BYTES_OLE:
            raise Rejected("too_large", f"more than {MAX_BYTES_OLE // 1024**2} MiB", "save it without pictures")
        from xlrd.compdoc import CompDoc

        try:
            container = CompDoc(self.path.read_bytes(), logfile=io.StringIO())
            return frozenset(container.dirlist[child].name.lower() for child in container.dirlist[0].children)
        except MemoryError:
            raise
        except Exception as error:  # it raises whatever its bytes lead it to
            raise Rejected("damaged", f"its directory of streams cannot be read ({error})", "download it again") from error


@dataclass(frozen=True, slots=True)
class Reader:
    """A format: how to recognise it, and how to read it. ``read`` imports its libraries itself: they take a while."""

    name: str
    matches: Callable[[Probe], bool]
    read: Callable[[Path], Document]
