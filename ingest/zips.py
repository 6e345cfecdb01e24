"""What is asked of every zip before anything in it is believed: of archives and of the files of office programs, which are zips.

Only facts of the table of contents; what to do about them is decided by who asks.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Sequence
from contextlib import suppress

SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")  # an entry; the end of an archive without one
PART_OF_SEVERAL = b"PK\x07\x08"
LOCAL_HEADER = 30  # bytes before the name of an entry
ENCRYPTED = 0x1  # bits of the flags of an entry
UTF8 = 0x800
UNICODE_NAME = 0x7075  # extra field with the name in UTF-8
MIN_RATIO_BYTES = 16 * 1024**2  # an entry smaller than this harms nobody, however much it shrank
MAX_RATIO = 300  # of what comes out to what is stored

_ESCAPES = re.compile(r"^(?:[/\\]|[A-Za-z]:)|(?:^|[/\\])\.\.(?:[/\\]|$)|\x00")


def leads_out(name: str) -> bool:
    """Whether unpacking under this name would write elsewhere: ``/etc/x``, ``C:x``, ``../x``; or the name ends early."""
    return _ESCAPES.search(name) is not None


def overlapping(entries: Sequence[zipfile.ZipInfo], end: int) -> zipfile.ZipInfo | None:
    """An entry that goes on into the next one, or into the table of contents, which begins at ``end``; ``None`` if all is well.

    One stretch of bytes that is listed as many entries is how a small zip holds petabytes without a second layer of packing.
    """
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    borders = [*(entry.header_offset for entry in ordered[1:]), end]
    for entry, border in zip(ordered, borders, strict=True) if ordered else ():
        if entry.header_offset + LOCAL_HEADER + entry.compress_size > border:
            return entry
    return None


def grows_too_much(unpacked: int, packed: int) -> bool:
    """Whether so many bytes out of so few are what no document needs."""
    return unpacked > MIN_RATIO_BYTES and unpacked > MAX_RATIO * max(packed, 1)


def names_of(entries: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The names of entries, as the program that wrote them meant them.

    Names that are not marked as UTF-8 are in the code page of the writer: on Chinese systems GBK, on some UTF-8 all the same. The
    two look alike in short names (目录 in GBK is valid UTF-8), so they are told apart by all names of the archive together.
    """
    raw = {
        number: entry.orig_filename.encode("cp437", "replace") for number, entry in enumerate(entries) if not _is_marked(entry)
    }
    is_utf8 = _is_chinese_utf8(b"\n".join(raw.values()))
    return [
        _unicode_name(entry, raw[number]) or _decoded(raw[number], is_utf8) if number in raw else entry.orig_filename
        for number, entry in enumerate(entries)
    ]


def _is_marked(entry: zipfile.ZipInfo) -> bool:
    return bool(entry.flag_bits & UTF8) or entry.orig_filename.isascii()


def _is_chinese_utf8(names: bytes) -> bool:
    try:
        text = names.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return any(char >= "\u2e80" for char in text)


def _decoded(name: bytes, is_utf8: bool) -> str:
    for encoding in ("utf-8",) if is_utf8 else ("gb18030",):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name.decode("cp437")


def _unicode_name(entry: zipfile.ZipInfo, raw: bytes) -> str | None:
    """The name in UTF-8 that some programs write beside the one in their code page."""
    extra = entry.extra
    while len(extra) >= 4:
        kind, size = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        field = extra[4 : 4 + size]
        # It holds for the name that it was written for, and not for a later one.
        if kind == UNICODE_NAME and field[:1] == b"\x01" and int.from_bytes(field[1:5], "little") == zlib.crc32(raw):
            with suppress(UnicodeDecodeError):
                return field[5:].decode("utf-8")
        extra = extra[4 + size :]
    return None
