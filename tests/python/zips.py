"""Archives as other programs write them, and as nobody should: made byte by byte where ``zipfile`` would not."""

from __future__ import annotations

import copy
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

UTF8 = 0x800


class RawName(zipfile.ZipInfo):
    """An entry whose name is written in the bytes given, without saying in what code page they are."""

    raw: bytes

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - of zipfile
        return self.raw, self.flag_bits & ~UTF8


def raw_entry(raw: bytes, extra: bytes = b"") -> RawName:
    info = RawName("name")
    info.raw, info.extra, info.compress_type = raw, extra, zipfile.ZIP_DEFLATED
    return info


def unicode_name(raw: bytes, name: str) -> bytes:
    """The extra field that gives the name of an entry in UTF-8."""
    content = b"\x01" + zlib.crc32(raw).to_bytes(4, "little") + name.encode()
    return b"\x75\x70" + len(content).to_bytes(2, "little") + content


def make_zip(path: Path, contents: Mapping[str | RawName, str | bytes], **of_all: int) -> Path:
    """An archive; ``of_all`` sets fields of all entries in the table of contents, after the bytes were written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
        for info in archive.filelist:
            for field, value in of_all.items():
                setattr(info, field, value)
    return path


def listed_often(path: Path, times: int, size: int) -> Path:
    """One stretch of zeros that the table of contents lists under many names."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0.txt", bytes(size))
        for number in range(1, times):
            again = copy.copy(archive.filelist[0])
            again.filename = f"{number}.txt"
            archive.filelist.append(again)
    return path


def quoted(path: Path, contents: Mapping[str, bytes]) -> Path:
    """Entries each of which holds the bytes of all later ones as well: what is stored once comes out many times."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
        end = archive.fp.tell()  # type: ignore[union-attr]
        for info in archive.filelist:
            begin = info.header_offset + 30 + len(info.filename)
            info.compress_size = info.file_size = end - begin
    return path
