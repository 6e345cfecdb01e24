"""The ruling lines of a page that is a picture.

A ruling line is a run of ink longer than any stroke of a character in a table. Scans break lines and fade them, so pieces are
taken, and only what hangs together with lines across it is kept: a dash, an underline or the arc of a seal does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from ingest.document import Box
from ingest.readers.geometry import SNAP, Rule, find_grids, join_rules
from ingest.recognition.picture import FAINT, Mask, Sheet, ink

PIECE = 14.0  # points: longer than a stroke of a character in a table
LONG = 42.0  # points: longer than a dash of two characters; a shorter line must end at lines across it
OVERHANG = 10.0  # points: no column or row at the open end of a table is so small
NARROW = 100.0  # points: no table is narrower
THICK = 3.0  # points: anything thicker is a bar or a picture
REACH = 1.0  # points: how far beside a line its blurred edge may reach


def pieces(sheet: Sheet) -> tuple[Mask, Mask]:
    """Where the runs of ink are that may belong to ruling lines: horizontal ones, vertical ones."""
    dark = ink(sheet, FAINT)
    length = sheet.pixels(PIECE)
    # One pixel of play, since a line that was turned back goes up and down by one.
    level = cv2.morphologyEx(cv2.dilate(dark, np.ones((2, 1), np.uint8)), cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    upright = cv2.morphologyEx(cv2.dilate(dark, np.ones((1, 2), np.uint8)), cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    return np.asarray(level, np.uint8), np.asarray(upright, np.uint8)


def rules(sheet: Sheet, level: Mask, upright: Mask) -> list[Rule]:
    """The ruling lines of a page, in points."""
    found = [*_lines(sheet, level, True), *_lines(sheet, upright, False)]
    while True:
        kept = _supported(found)
        if len(kept) == len(found):
            break
        found = kept
    kept = _trimmed(kept)
    # The strokes of a title in large print hang together as well, and make a grid that is no wider than a few characters.
    frames = [grid.box for grid in find_grids(kept) if grid.box.x1 - grid.box.x0 >= NARROW]
    return [line for line in kept if any(_is_part(line, frame) for frame in frames)]


def _trimmed(lines: Sequence[Rule]) -> list[Rule]:
    """Lines without what reaches a little beyond the last line across them: grain of the scan, that would make a column of it."""
    trimmed: list[Rule] = []
    for line in lines:
        across = [
            r.at
            for r in lines
            if r.horizontal != line.horizontal and r.start - SNAP <= line.at <= r.end + SNAP and line.start <= r.at <= line.end
        ]
        start = min((at for at in across if at - line.start <= OVERHANG), default=line.start)
        end = max((at for at in across if line.end - at <= OVERHANG), default=line.end)
        trimmed.append(replace(line, start=start, end=end) if start < end else line)
    return trimmed


def _is_part(line: Rule, frame: Box) -> bool:
    """Whether a line lies within a frame or on its edge."""
    along, across = (
        ((frame.x0, frame.x1), (frame.top, frame.bottom))
        if line.horizontal
        else ((frame.top, frame.bottom), (frame.x0, frame.x1))
    )
    inside = along[0] - SNAP <= (line.start + line.end) / 2 <= along[1] + SNAP
    return inside and across[0] - SNAP <= line.at <= across[1] + SNAP


def _lines(sheet: Sheet, mask: Mask, horizontal: bool) -> list[Rule]:
    count, _, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    lines: list[Rule] = []
    for (left, top, width, height, area), (x, y) in zip(stats[1:count].tolist(), centres[1:count].tolist(), strict=True):
        start, length, at = (left, width, y) if horizontal else (top, height, x)
        # The mean thickness: a long line may fall by a pixel or two without being thick.
        if area / length <= THICK * sheet.scale:
            lines.append(Rule(horizontal, (at + 0.5) / sheet.scale, start / sheet.scale, (start + length) / sheet.scale))
    return lines


def _supported(lines: Sequence[Rule]) -> list[Rule]:
    """Lines that are long, or that end at lines across them."""
    joined = join_rules(lines)
    across = {flat: [r for r in joined if r.horizontal != flat] for flat in (True, False)}
    kept = []
    for line in joined:
        ends = sum(
            any(abs(r.at - end) <= 2 * SNAP and r.start - SNAP <= line.at <= r.end + SNAP for r in across[line.horizontal])
            for end in (line.start, line.end)
        )
        touched = any(
            line.start - SNAP <= r.at <= line.end + SNAP and r.start - SNAP <= line.at <= r.end + SNAP
            for r in across[line.horizontal]
        )
        if ends == 2 or (touched and line.end - line.start >= LONG):
            kept.append(line)
    return kept


def mask_of(sheet: Sheet, level: Mask, upright: Mask, lines: Sequence[Rule]) -> Mask:
    """The pixels of ruling lines, their blurred edges included."""
    reach, near = sheet.pixels(REACH), sheet.pixels(2 * SNAP)
    drawn = np.zeros_like(level)
    for horizontal, found in ((True, level), (False, upright)):
        where = np.zeros_like(level)
        for line in lines:
            if line.horizontal == horizontal:
                at, start, end = (round(v * sheet.scale) for v in (line.at, line.start, line.end))
                box = (slice(max(0, at - near), at + near + 1), slice(max(0, start - near), end + near))
                where[box if horizontal else box[::-1]] = 255
        drawn |= found & where
    return np.asarray(cv2.dilate(drawn, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)), np.uint8)
