"""Files that are no mutation of anything: what somebody might upload in the place of a disclosure, by mistake or not."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from random import Random

from tests.fuzz.by_zip import archived
from tests.fuzz.mutant import Mutant
from tests.fuzz.seeds import FORMATS, seeds

MIB = 1024**2
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADS = {
    "pdf": b"%PDF-1.7\n",
    "xlsx": b"PK\x03\x04",
    "docx": b"PK\x03\x04",
    "ods": b"PK\x03\x04",
    "zip": b"PK\x05\x06" + bytes(18),
    "xls": _OLE,
    "doc": _OLE,
    "mht": b"MIME-Version: 1.0\r\n\r\n",
    "html": b"<html>",
    "md": b"<table>",
    "txt": b"\xef\xbb\xbf",
    "csv": b'"',
    "tsv": b"\t",
    "png": b"\x89PNG\r\n\x1a\n",
    "tif": b"II*\x00\x08\x00\x00\x00",
    "rtf": b"{\\rtf1",
}


def _plain(kind: str) -> Iterator[tuple[str, bytes]]:
    yield "empty", b""
    yield "one_byte", b"\x00"
    yield "head_only", HEADS[kind]
    yield "white_space", b" \r\n\t\x0c" * 500
    yield "nul", bytes(5000)
    yield "noise", HEADS[kind] + Random(kind).randbytes(5000)
    yield "end_marker_only", HEADS[kind] + b"\n%%EOF\n"


def _text(kind: str) -> Iterator[tuple[str, bytes]]:
    yield "one_line", ("收入" * 500_000).encode()
    yield "one_row", ("1\t" * 300_000).encode()
    yield "many_lines", b"1\n" * 200_000
    yield "wide_and_high", (b"|" + b"1|" * 2000 + b"\n") * 150 + b"x"
    yield "one_wide_row", b"a\tb\n" * 20_000 + b"1\t" * 20_000
    yield "digits", b"9" * 3_000_000
    yield "brackets", ("（" * 300_000).encode()
    yield "tags", b"<" * 300_000
    yield "comments", b"<!--" * 100_000
    yield "pipes", b"|" * 300_000
    yield "dollars", b"|$ 1 $" * 50_000
    yield "stars", b"| ** __ " * 50_000
    yield "dots", ("目录" + "." * 300_000).encode()
    yield "form_feeds", b"\x0c" * 100_000 + b"x"
    yield "nested_tables", b"<table><tr><td>" * 30_000 + b"</td></tr></table>" * 30_000
    yield "giant_spans", b"<table>" + b'<tr><td rowspan="65000" colspan="9999">1</td></tr>' * 3000 + b"</table>"
    yield "endless_span", b'<table><tr><td colspan="' + b"9" * 5000 + b'">1</td></tr></table>'
    yield "unclosed_cells", b"<table>" + b"<td>1" * 100_000 + b"</table>"
    yield "titles", ("收入支出决算总表\n" * 3000 + "单位：万元\n").encode()
    yield "contents", ("目录\n" + "收入支出决算总表………1\n" * 20_000).encode()
    yield "changes", ("2023年决算数较上年增加1万元，增长2%，主要是（一）" * 4000).encode()


def _archives(kind: str) -> Iterator[tuple[str, bytes]]:
    if kind == "ods":
        return
    path = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}.get(kind, "a.txt")
    types = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    yield "bomb", archived([("[Content_Types].xml", types), (path, b"<a>" + bytes(300 * MIB))])
    yield "empty_archive", archived([])
    yield "encrypted_members", _marked_encrypted(archived([("a.txt", b"1"), (path, b"<a/>")]))
    yield "folder_only", archived([("a/", b""), ("b/", b"")])
    layers = bytes(50 * MIB)
    for depth in range(6):
        layers = archived([(f"{depth}{number}.zip", layers) for number in range(4)])
    yield "layered_bomb", layers
    yield "same_name", archived([(path, b"<a/>"), (path, b"<b/>"), (path, b"<c/>")])


def _marked_encrypted(content: bytes) -> bytes:
    changed = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for info in archive.infolist():
            changed[info.header_offset + 6] |= 1
    at = changed.find(b"PK\x01\x02")
    while at >= 0:
        changed[at + 8] |= 1
        at = changed.find(b"PK\x01\x02", at + 4)
    return bytes(changed)


def _pictures(kind: str) -> Iterator[tuple[str, bytes]]:
    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    for name, width, height in (("giant", 100_000, 100_000), ("wide", 2**31 - 1, 1), ("nothing", 0, 0)):
        size = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
        packed = zlib.compress(bytes(10 * MIB), 9)
        yield name, HEADS["png"] + chunk(b"IHDR", size) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


_BY_FORMAT: dict[str, tuple[Callable[[str], Iterator[tuple[str, bytes]]], ...]] = {
    **dict.fromkeys(FORMATS, (_plain,)),
    **dict.fromkeys(("txt", "md", "html", "csv", "tsv", "mht"), (_plain, _text)),
    **dict.fromkeys(("xlsx", "docx", "zip"), (_plain, _archives)),
}


def attacks(kinds: tuple[str, ...]) -> Iterator[Mutant]:
    """The crafted files of some formats, and sound files of each under the suffix of each other."""
    for kind in kinds:
        for make in _BY_FORMAT[kind]:
            for name, content in make(kind):
                yield Mutant(f"attack-{kind}-{name}.{kind}", kind, f"attack:{name}", content)
        others = [other for other in (*FORMATS, "bin", "") if other != kind]
        for other in Random(kind).sample(others, 4) if seeds(kind) else ():
            if other != kind:
                # A space: identical bytes under several names are one document.
                content = seeds(kind)[0].content + b" " * (len(other) + FORMATS.index(kind))
                suffix = f".{other}" if other else ""
                yield Mutant(f"attack-{kind}-as_{other}{suffix}", kind, "wrong_suffix", content)
