"""Mutations of zip archives, which .xlsx, .docx and .ods are, too: members, what is in them, and what the directory says."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from random import Random

from tests.fuzz import by_bytes, by_text
from tests.fuzz.mutant import Mutation

Members = list[tuple[str, bytes]]
BOMB = 200 * 1024**2  # bytes that a member says it has: a small bomb, far more than any limit of a member needs
NAMES = (
    "../../../../tmp/escaped.txt",
    "/etc/escaped.txt",
    "C:\\escaped.txt",
    "a/" * 200 + "x.txt",
    "名" * 200,
    "\x1b[31m.txt",
    "con",
    "x\n.txt",
    "",
)


def members_of(content: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist() if not info.is_dir()]


def archived(members: Members, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The same members make the same bytes: dates are those of 1980."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name or "x")
            info.filename = name  # an empty name, or one with odd characters, as the directory would hold it
            info.compress_type = compression
            with warnings.catch_warnings(action="ignore", category=UserWarning):  # of two entries of one name: they are wanted
                archive.writestr(info, data)
    return stream.getvalue()


def lost_member(content: bytes, chance: Random) -> bytes | None:
    members = members_of(content)
    if len(members) < 2:
        return None
    members.pop(chance.randrange(len(members)))
    return archived(members)


def doubled_member(content: bytes, chance: Random) -> bytes:
    members = members_of(content)
    name, data = chance.choice(members)
    return archived([*members, (name, by_bytes.flip_bits(data, chance) if data and chance.randrange(2) else data)])


def swapped_members(content: bytes, chance: Random) -> bytes | None:
    members = members_of(content)
    if len(members) < 2:
        return None
    a, b = chance.sample(range(len(members)), 2)
    members[a], members[b] = (members[a][0], members[b][1]), (members[b][0], members[a][1])
    return archived(members)


def renamed_member(content: bytes, chance: Random) -> bytes:
    members = members_of(content)
    at = chance.randrange(len(members))
    members[at] = (chance.choice(NAMES), members[at][1])
    return archived(members)


def emptied_member(content: bytes, chance: Random) -> bytes:
    members = members_of(content)
    at = chance.randrange(len(members))
    members[at] = (members[at][0], b"")
    return archived(members)


def bomb_member(content: bytes, chance: Random) -> bytes:
    """One member of a few hundred kilobytes that unpacks to hundreds of megabytes."""
    members = members_of(content)
    at = chance.randrange(len(members))
    name, data = members[at]
    members[at] = (name, data + bytes([chance.choice(b"\x00 9<")]) * BOMB)
    return archived(members)


def many_members(content: bytes, chance: Random) -> bytes:
    members = members_of(content)
    name, data = members[chance.randrange(len(members))]
    return archived([*members, *((f"{number}-{name}", data[:1000]) for number in range(3000))])


def nested(content: bytes, chance: Random) -> bytes:
    """Archives in archives, ten deep."""
    for depth in range(10):
        content = archived([(f"{depth}.zip", content)])
    return content


def overlapping(content: bytes, chance: Random) -> bytes:
    """Every entry of the directory points to the same data, as the densest bombs are made."""
    data = bytes(20 * 1024**2)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush()
    crc = zlib.crc32(data)
    local = b"PK\x03\x04" + _fields(
        (20, 2), (0, 2), (8, 2), (0, 2), (33, 2), (crc, 4), (len(packed), 4), (len(data), 4), (5, 2), (0, 2)
    )
    start = local + b"0.txt" + packed
    entries = b"".join(
        b"PK\x01\x02"
        + _fields((20, 2), (20, 2), (0, 2), (8, 2), (0, 2), (33, 2), (crc, 4), (len(packed), 4), (len(data), 4), (5, 2), (0, 2))
        + _fields((0, 2), (0, 2), (0, 2), (0, 4), (0, 4))
        + b"%d.txt" % (number % 10)
        for number in range(200)
    )
    return (
        start + entries + b"PK\x05\x06" + _fields((0, 2), (0, 2), (200, 2), (200, 2), (len(entries), 4), (len(start), 4), (0, 2))
    )


def _fields(*values: tuple[int, int]) -> bytes:
    return b"".join(value.to_bytes(size, "little") for value, size in values)


def lying_sizes(content: bytes, chance: Random) -> bytes | None:
    """The directory says another size, offset, checksum or method of packing than the data has."""
    at = content.find(b"PK\x01\x02")
    entries = []
    while at >= 0:
        entries.append(at)
        at = content.find(b"PK\x01\x02", at + 4)
    if not entries:
        return None
    changed = bytearray(content)
    for entry in chance.sample(entries, min(len(entries), chance.choice((1, 3)))):
        field, size = chance.choice(((8, 2), (10, 2), (16, 4), (20, 4), (24, 4), (28, 2), (42, 4)))
        changed[entry + field : entry + field + size] = chance.choice(by_bytes.EXTREMES)[:size]
    return bytes(changed)


def stored(content: bytes, chance: Random) -> bytes:
    """The same members, packed by another method."""
    return archived(members_of(content), chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)))


def _within(mutation: Mutation) -> Mutation:
    """A mutation of what one member holds; the archive around it is sound."""

    def mutate(content: bytes, chance: Random) -> bytes | None:
        members = members_of(content)
        # Larger members hold the figures.
        order = sorted(range(len(members)), key=lambda i: -len(members[i][1]) * chance.random() ** 2)
        for at in order:
            changed = mutation(members[at][1], chance) if members[at][1] else None
            if changed is not None:
                members[at] = (members[at][0], changed)
                return archived(members)
        return None

    return mutate


MUTATIONS: dict[str, Mutation] = {
    f.__name__: f
    for f in (
        lost_member, doubled_member, swapped_members, renamed_member, emptied_member, bomb_member, many_members, nested,
        overlapping, lying_sizes, stored,
    )
} | {
    f"member_{name}": _within(mutation)
    for name, mutation in (*by_text.XML.items(), *((n, by_bytes.MUTATIONS[n]) for n in ("flip_bits", "truncate", "zero_block")))
}  # fmt: skip
