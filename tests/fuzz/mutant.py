"""What the harness passes around: seeds, mutants, and the mutations that make one of the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Seed:
    """A sound file. ``format`` is its suffix without the dot: what the tally is kept by."""

    format: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mutant:
    """A file to ingest. Its name tells how it was made, so that one that goes wrong can be made again."""

    file_name: str
    format: str
    mutation: str
    content: bytes


# Changed content, from the content of a seed and a source of chance. ``None`` where there is nothing to change.
Mutation = Callable[[bytes, Random], bytes | None]
