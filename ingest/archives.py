"""Archives of disclosures (.zip): what they hold, and one file out of one, without believing what they say of themselves.

An archive is no document; its members are, each by the bytes that come out. Nothing is unpacked but into the folder of a worker,
and there under a name that we give. All of this runs in workers.
"""

from __future__ import annotations

import hashlib
import lzma
import stat
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from ingest.desk import Desk
from ingest.files import INSIDE, SourceFile, changed_while_reading, is_passed_over
from ingest.limits import shown_size
from ingest.parsed import Rejected
from ingest.zips import (
    ENCRYPTED,
    MAX_RATIO,
    PART_OF_SEVERAL,
    SIGNATURES,
    grows_too_much,
    leads_out,
    names_of,
    overlapping,
)

SUFFIX = ".zip"
# A zip with one of these suffixes, or with one of these entries, is a document of some program and no archive.
PACKAGE_SUFFIXES = frozenset(
    [
        ".docx",
        ".docm",
        ".dotx",
        ".xlsx",
        ".xlsm",
        ".xltx",
        ".pptx",
        ".pptm",
        ".odt",
        ".ods",
        ".odp",
        ".ofd",
        ".wps",
        ".et",
        ".dps",
        ".epub",
        ".jar",
        ".apk",
        ".vsdx",
        ".xps",
    ]
)
PACKAGE_ENTRIES = frozenset({"[Content_Types].xml", "mimetype", "OFD.xml", "META-INF/MANIFEST.MF"})


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an archive may hold, with the archives inside it: counted as it comes out, not as it is announced."""

    members: int = 10_000
    depth: int = 3  # an archive in an archive in an archive
    member_bytes: int = 512 * 1024**2
    total_bytes: int = 8 * 1024**3
    name_length: int = 1000


BOUNDS = Bounds()

CHUNK = 1024**2
UNPACK = "unpack it and ingest the folder, if you know where it comes from"
DOWNLOAD = "download it again"
# Ways of packing that zipfile does not undo, and that are met with.
METHODS = {6: "Implode", 9: "Deflate64", 93: "Zstandard", 95: "XZ", 98: "PPMd", 99: "AES encryption"}
# What zipfile raises for bytes that are no archive, besides BadZipFile.
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, OSError)


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside an archive: its path there (archives inside it joined by ``!/``), and the way to it."""

    name: str
    entries: tuple[int, ...]
    document_id: str
    byte_size: int


@dataclass(frozen=True, slots=True)
class RefusedMember:
    """A file inside an archive that cannot be taken out, and why."""

    name: str
    reason: Rejected


@dataclass(frozen=True, slots=True)
class Survey:
    """What an archive holds."""

    members: tuple[Member, ...]
    refused: tuple[RefusedMember, ...]


class _NoArchive(Exception):
    """A zip that is a document, or no zip at all."""


class _TooMuchInAll(Exception):
    """The whole archive is refused."""

    def __init__(self, reason: Rejected) -> None:
        super().__init__(reason.message)
        self.reason = reason


def may_be_archive(head: bytes, suffix: str) -> bool:
    """Whether a file that begins so is worth asking: only :class:`Surveying` can tell."""
    return head.startswith((*SIGNATURES, PART_OF_SEVERAL)) and suffix.lower() not in PACKAGE_SUFFIXES


@dataclass(frozen=True, slots=True)
class Surveying:
    """The task to list and hash what an archive holds. Yields ``None`` for a file that is no archive but a document."""

    path: Path
    bounds: Bounds = BOUNDS

    def __call__(self, desk: Desk) -> Survey | None:
        survey = _Survey(self.bounds, desk.scratch)
        try:
            with self.path.open("rb") as file:
                survey.enter(file, self.path.suffix, "", ())
        except _NoArchive:
            return None
        except _TooMuchInAll as error:
            raise error.reason from None
        if not survey.members and not survey.refused:
            raise Rejected("empty_file", "the archive holds no file", DOWNLOAD)
        return _without_doubles(survey.members, survey.refused)


def _without_doubles(members: Sequence[Member], refused: Sequence[RefusedMember]) -> Survey:
    """Files of one name cannot be told apart by what they are called: all of them are refused, in one line."""
    often = Counter([*(member.name for member in members), *(item.name for item in refused)])
    doubled = (
        RefusedMember(name, Rejected("damaged", f"the archive holds {count} files of this name", UNPACK))
        for name, count in often.items()
        if count > 1
    )
    return Survey(
        tuple(member for member in members if often[member.name] == 1),
        (*(item for item in refused if often[item.name] == 1), *doubled),
    )


@dataclass(slots=True)
class _Survey:
    bounds: Bounds
    scratch: Path
    members: list[Member] = field(default_factory=list)
    refused: list[RefusedMember] = field(default_factory=list)
    seen: int = 0
    total: int = 0

    def enter(self, file: BinaryIO, suffix: str, prefix: str, way: tuple[int, ...]) -> None:
        """Go through an archive. Raises :class:`_NoArchive`, or :class:`Rejected` for an archive that cannot be gone through."""
        with _opened(file, suffix) as archive:
            infos: list[zipfile.ZipInfo] = archive.infolist()
            if len(way) >= self.bounds.depth:
                raise Rejected("unsafe_container", f"archives in archives, more than {self.bounds.depth} deep", UNPACK)
            within = overlapping(infos, archive.start_dir)
            if within is not None:
                raise Rejected("unsafe_container", "its entries overlap: the same bytes would come out many times", UNPACK)
            self.seen += len(infos)
            if self.seen > self.bounds.members:
                raise _TooMuchInAll(
                    Rejected("too_large", f"it holds more than {self.bounds.members} files", "split it by department")
                )
            for number, (name, info) in enumerate(zip(names_of(infos), infos, strict=True)):
                label = _label(name)
                if info.is_dir() or name.endswith("\\") or _is_litter(label):
                    continue
                known = _shortened(prefix + label, self.bounds.name_length)
                try:
                    _require_plain_file(info, name, label)
                    self._take(archive, info, label, known, (*way, number))
                except Rejected as reason:
                    self.refused.append(RefusedMember(known, reason))

    def _take(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, known: str, way: tuple[int, ...]) -> None:
        suffix = PurePosixPath(name).suffix
        spooled = self.scratch / f"inner-{len(way)}"
        digest = hashlib.sha256()
        size = 0
        spool: BinaryIO | None = None
        try:
            for chunk in _chunks(archive, info, self.bounds):
                if size == 0 and may_be_archive(chunk[:4], suffix):
                    spool = spooled.open("wb")
                digest.update(chunk)
                size += len(chunk)
                self._count(len(chunk))
                if spool is not None:
                    spool.write(chunk)
        finally:
            if spool is not None:
                spool.close()
        if spool is not None:
            try:
                found = len(self.members) + len(self.refused)
                with spooled.open("rb") as file:
                    self.enter(file, suffix, known + INSIDE, way)
                if found == len(self.members) + len(self.refused):
                    raise Rejected("empty_file", "the archive holds no file", DOWNLOAD)
                return
            except _NoArchive:
                pass
            finally:
                spooled.unlink()
        self.members.append(Member(known, way, digest.hexdigest(), size))

    def _count(self, size: int) -> None:
        self.total += size
        if self.total > self.bounds.total_bytes:
            limit = shown_size(self.bounds.total_bytes)
            raise _TooMuchInAll(Rejected("too_large", f"more than {limit} come out of it", "split it by department"))


@contextmanager
def _opened(file: BinaryIO, suffix: str) -> Iterator[zipfile.ZipFile]:
    """A zip that is an archive, no document. Raises :class:`_NoArchive`; or :class:`Rejected`, if it is named as an archive."""
    if file.read(4) == PART_OF_SEVERAL:
        advice = "join its parts with the program that made them, and pack the files anew as one .zip"
        raise Rejected("unsupported_format", "it is one part of an archive that was split", advice)
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except (*BROKEN, NotImplementedError) as error:
        if suffix.lower() != SUFFIX:
            raise _NoArchive from None
        if "not a zip file" in str(error):
            raise Rejected("truncated", "it breaks off: a zip ends with its table of contents", DOWNLOAD) from error
        raise Rejected("damaged", f"its table of contents cannot be read ({error})", DOWNLOAD) from error
    with archive:
        if not PACKAGE_ENTRIES.isdisjoint(archive.namelist()):
            raise _NoArchive
        yield archive


def _label(name: str) -> str:
    """What a member is called by us: one kind of separator, and no parts that say nothing."""
    parts = name.replace("\x00", "\N{REPLACEMENT CHARACTER}").replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", "."))


def _is_litter(name: str) -> bool:
    return any(is_passed_over(part) and part != ".." for part in name.split("/"))


def _shortened(name: str, length: int) -> str:
    """A name that a line can hold, and that is still another one than all others."""
    if len(name) <= length:
        return name
    return f"{name[: length - 9]}…{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}"


def _require_plain_file(info: zipfile.ZipInfo, name: str, label: str) -> None:
    if leads_out(name) or not label:
        raise Rejected("unsafe_container", "its name leads out of the archive", UNPACK)
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        what = "a symbolic link" if kind == stat.S_IFLNK else "no regular file"
        raise Rejected("unsafe_container", f"it is {what} inside an archive", "ingest the file that it means")
    if info.flag_bits & ENCRYPTED:
        raise Rejected("encrypted", "it asks for a password", "unpack it with the password and ingest the folder")


def _chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo, bounds: Bounds) -> Iterator[bytes]:
    """The bytes of an entry, counted. Raises :class:`Rejected` where they are too many, or not what was packed."""
    size = 0
    try:
        with archive.open(info) as entry:
            while chunk := entry.read(CHUNK):
                size += len(chunk)
                if size > bounds.member_bytes:
                    limit = shown_size(bounds.member_bytes)
                    raise Rejected("too_large", f"more than the {limit} that a file in an archive may have", UNPACK)
                if grows_too_much(size, info.compress_size):
                    raise Rejected("unsafe_container", f"it grows more than {MAX_RATIO}-fold when it is unpacked", UNPACK)
                yield chunk
    except NotImplementedError as error:
        advice = "unpack it and ingest the folder, or pack the files anew with the usual method (Deflate)"
        method = METHODS.get(info.compress_type, f"method {info.compress_type}")
        raise Rejected("unsupported_format", f"it is packed in a way that is not read ({method})", advice) from error
    except MemoryError as error:
        raise Rejected("too_large", "unpacking it takes more memory than a file may take", UNPACK) from error
    except (*BROKEN, RuntimeError) as error:
        raise Rejected("damaged", f"it cannot be unpacked ({error})", DOWNLOAD) from error
    if size != info.file_size:
        raise Rejected("damaged", f"{size} bytes come out of it, where {info.file_size} are announced", DOWNLOAD)


# --- One file out of an archive ---


def take_out(source: SourceFile, desk: Desk, bounds: Bounds = BOUNDS) -> Path:
    """A copy of a member in the scratch folder. Raises :class:`Rejected` if it is not what was identified.

    An archive inside the archive is left on the ``shelf``, since its other members come next.
    """
    archive = source.location
    for depth in range(1, len(source.entries)):
        archive = _inner_archive(source, source.entries[:depth], archive, desk.shelf, bounds)
    folder = desk.scratch / "member"
    folder.mkdir()
    copy = folder / safe_name(source.path.name)
    if _extract(archive, source.entries[-1], copy, bounds) != source.document_id:
        raise changed_while_reading()
    return copy


def _inner_archive(source: SourceFile, way: tuple[int, ...], outer: Path, shelf: Path, bounds: Bounds) -> Path:
    status = source.location.stat()
    key = f"{source.location}\0{status.st_mtime_ns}\0{status.st_size}\0{way}"
    kept = shelf / f"{len(way)}-{hashlib.sha256(key.encode('utf-8', 'surrogateescape')).hexdigest()}"
    if not kept.exists():
        for old in shelf.glob(f"{len(way)}-*"):
            old.unlink()
        part = shelf / "part"
        _extract(outer, way[-1], part, bounds)
        part.rename(kept)
    return kept


def _extract(archive: Path, number: int, target: Path, bounds: Bounds) -> str:
    """Write an entry to a file of ours, and return its SHA-256."""
    digest = hashlib.sha256()
    try:
        with zipfile.ZipFile(archive) as opened, target.open("wb") as file:
            for chunk in _chunks(opened, opened.infolist()[number], bounds):
                digest.update(chunk)
                file.write(chunk)
    except (zipfile.BadZipFile, IndexError) as error:
        raise changed_while_reading() from error
    return digest.hexdigest()


RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
MAX_NAME_BYTES = 200


def safe_name(name: str) -> str:
    """A name that any system takes for a plain file in a folder, with as much of ``name`` as that allows, and its suffix."""
    plain = "".join("_" if char in '/\\<>:"|?*' or unicodedata.category(char)[0] == "C" else char for char in name).strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    if not dot or len(suffix) > 10:
        stem, suffix = plain, ""
    stem = stem.encode("utf-8")[:MAX_NAME_BYTES].decode("utf-8", "ignore").rstrip(" .")
    if not stem or stem.split(".")[0].strip().lower() in RESERVED:
        stem = f"_{stem}"
    return f"{stem}.{suffix}" if suffix else stem


def member_files(archive: SourceFile, members: Sequence[Member]) -> Iterator[SourceFile]:
    """The members of an archive as files to read."""
    for member in members:
        path = inside(archive.path, member.name)
        yield SourceFile(path, member.document_id, member.byte_size, archive.location, member.entries)


def inside(archive: Path, name: str) -> Path:
    """The path that a member is known by: ``外层.zip!/子目录/表.pdf``."""
    return Path(f"{archive}{INSIDE}{name}")
