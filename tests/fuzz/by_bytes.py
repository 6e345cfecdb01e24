"""Mutations that know nothing of the format: what a bad disk, a cut download or a wrong upload does to a file."""

from __future__ import annotations

from random import Random

from tests.fuzz.mutant import Mutation

# Values at which counts, lengths and offsets overflow.
EXTREMES = (
    b"\x00\x00\x00\x00",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\x80\x00\x00\x00",
    b"\x01\x00\x00\x00",
)


def flip_bits(content: bytes, chance: Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 4, 32, 256))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def truncate(content: bytes, chance: Random) -> bytes:
    return content[: chance.randrange(1, len(content))]


def cut_tail(content: bytes, chance: Random) -> bytes:
    return content[: -chance.randrange(1, min(len(content), 300))]


def cut_head(content: bytes, chance: Random) -> bytes:
    return content[chance.randrange(1, min(len(content), 2000)) :]


def insert_bytes(content: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + chance.randbytes(chance.choice((1, 7, 600))) + content[at:]


def delete_bytes(content: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + content[at + chance.choice((1, 7, 600)) :]


def repeat_bytes(content: bytes, chance: Random) -> bytes:
    at, length = chance.randrange(len(content)), chance.choice((1, 100, 4000))
    return content[:at] + content[at : at + length] * chance.choice((2, 30)) + content[at:]


def swap_blocks(content: bytes, chance: Random) -> bytes:
    a, b, c = sorted(chance.randrange(len(content)) for _ in range(3))
    return content[:a] + content[b:c] + content[a:b] + content[c:]


def zero_block(content: bytes, chance: Random) -> bytes:
    at, length = chance.randrange(len(content)), chance.choice((1, 16, 512, 8192))
    return content[:at] + bytes(len(content[at : at + length])) + content[at + length :]


def extreme_words(content: bytes, chance: Random) -> bytes:
    """Aligned words set to values at which offsets and counts overflow: headers, sector tables, record lengths."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 4, 16))):
        at = 4 * chance.randrange(max(1, min(len(content), chance.choice((512, 4096, len(content)))) // 4))
        changed[at : at + 4] = chance.choice(EXTREMES)
    return bytes(changed[: len(content)])


def twice(content: bytes, chance: Random) -> bytes:
    return content + content


def rubbish_behind(content: bytes, chance: Random) -> bytes:
    return content + chance.randbytes(chance.choice((3, 5000)))


MUTATIONS: dict[str, Mutation] = {
    f.__name__: f
    for f in (
        flip_bits, truncate, cut_tail, cut_head, insert_bytes, delete_bytes, repeat_bytes, swap_blocks, zero_block,
        extreme_words, twice, rubbish_behind,
    )
}  # fmt: skip
