"""What one file may take: seconds, and bytes of memory. Options of the command set both."""

from __future__ import annotations

import re
from dataclasses import dataclass

UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?", re.IGNORECASE)

# Less than the libraries themselves take when they read one page.
LEAST_MEMORY = 512 * 1024**2


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one file; what exceeds them is rejected."""

    seconds: int = 600  # from the clock on the wall: a file that waits for something is as much in the way as one that computes
    memory: int = (
        2 * 1024**3
    )  # bytes of address space of each process, and of resident memory of all processes that read the file


DEFAULT_LIMITS = Limits()


def parse_size(text: str) -> int:
    """Bytes from ``2G``, ``512M``, ``1.5 GiB`` or a plain number; K, M, G and T are powers of 1024. Raises ValueError."""
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no size; say it as 512M or 2G")
    return int(float(match[1]) * UNITS[match[2].upper()])


def shown_size(size: int) -> str:
    """Bytes for a person: ``2 GiB``, ``1.5 GiB``, ``512 MiB``."""
    for unit in ("T", "G", "M", "K"):
        if size >= UNITS[unit]:
            return f"{size / UNITS[unit]:.4g} {unit}iB"
    return f"{size} bytes"
