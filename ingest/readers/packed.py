"""Files that hold other files and are not read: what each is, and what to do about it."""

from __future__ import annotations

from ingest.parsed import Rejected

# First bytes, and what they begin. A tar has its mark further on.
SIGNATURES = {
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"\x1f\x8b": "compressed by gzip",
    b"BZh": "compressed by bzip2",
    b"\xfd7zXZ\x00": "compressed by xz",
}
TAR, TAR_MARK = b"ustar", 257


def refuse_packed(head: bytes) -> None:
    """Raises :class:`Rejected` for an archive of a kind that is not read, by its first 512 bytes."""
    what = next((name for signature, name in SIGNATURES.items() if head.startswith(signature)), None)
    if what is None and head[TAR_MARK : TAR_MARK + len(TAR)] == TAR:
        what = "a tar archive"
    if what is not None:
        raise Rejected("unsupported_format", f"it is {what}", "unpack it and ingest the folder, or pack the files anew as .zip")
