"""What stands on a page that is a picture: its ruling lines, and each line of text with the place where it stands.

Inside the frame of a table the ruling lines say where the cells are, and each cell is read by itself: nothing that is printed in
a cell can be missed or be read into its neighbour. Outside of tables a network finds the lines of text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import cv2
import numpy as np

from ingest.numbers import has_digit
from ingest.readers.geometry import Glyph, Grid, PageContent, Rule, find_grids
from ingest.recognition import ruling
from ingest.recognition.models import Models, Reading, models
from ingest.recognition.picture import STRONG, Mask, Picture, Sheet, ink, straightened, turned
from ingest.text import squash

SPECK = 1.8  # points: dust is smaller than any character, but for points and commas
CHARACTER = 9.0  # points: the height of a character where a page has none to measure
PAD = 0.18  # share of the height of a line that is left around it
MARGIN = 0.5  # heights of characters that are added to each side for the second reading
DOUBT = 0.9  # confidence below which words are read again
BLUR = 1.0  # pixels: so much smoothing takes the grain of a scan away and leaves the strokes
UNKNOWN = "\ufffd"
SEARCH = 1280  # pixels: the longer side of the picture in which lines of text are looked for
SAMPLE = 12  # lines that are read to tell which way up a page is
LINE = 20.0  # times as wide as high: longer lines take longer to read and tell no more
UPRIGHT, WORDS = 0.9, 3.0  # mean confidence, and characters a line: a sample that has both is the right way up
BETTER = 1.1  # times as many sure characters a line as another way up has
PAPER = 6.0  # points: wider than any line, narrower than a cell
EDGE = 2.5  # points: so near to a ruling line a thin mark is a part of it
DUST = 0.4  # share of the height of characters: what stands alone in a cell and is smaller both ways is dust, or a point
LOW = 0.6  # share of the height of characters: a lower line is a part of one, as the strokes of 二 are, or a dash
WHOLE = 1.3  # heights of characters: parts that are higher together are two lines


@dataclass(frozen=True, slots=True)
class _Mark:
    """A box around ink, in pixels."""

    x0: int
    top: int
    x1: int
    bottom: int

    @property
    def x(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2

    def joined(self, other: _Mark) -> _Mark:
        """The box around both."""
        return _Mark(min(self.x0, other.x0), min(self.top, other.top), max(self.x1, other.x1), max(self.bottom, other.bottom))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A place where a line of text stands, in pixels, and a picture of that line alone."""

    x0: int
    top: int
    x1: int
    bottom: int
    picture: Picture
    wider: Picture | None = None  # of a line in a cell: the same with more around it
    is_high: bool = False  # as high as a character


@dataclass(frozen=True, slots=True)
class _Layout:
    sheet: Sheet
    rules: Sequence[Rule]
    pieces: Sequence[_Piece]


def content_of(sheet: Sheet) -> PageContent:
    """Read a page, whichever way up it lies."""
    networks = models()
    straight = straightened(sheet)
    best: tuple[float, _Layout, Mapping[int, Reading]] | None = None
    for quarters in (0, 1, 3, 2):
        layout = _layout(turned(straight, quarters) if quarters else straight, networks)
        sample: Mapping[int, Reading] = _sample(layout, networks)
        sure = fmean(r.mean * len(r.text) for r in sample.values()) if sample else 0.0
        # Upside down, a page of numbers reads about as well: it must be clearly better to be the right way up.
        if best is None or sure > BETTER * best[0]:
            best = sure, layout, sample
        if not sample or (sure >= WORDS and fmean(r.mean for r in sample.values()) >= UPRIGHT):
            break
    if best is None:
        raise AssertionError("a page has a way up")
    _, layout, sample = best
    rest = [number for number in range(len(layout.pieces)) if number not in sample]
    readings = {**sample, **dict(zip(rest, networks.read([layout.pieces[n].picture for n in rest]), strict=True))}
    readings.update(_read_again(layout.pieces, readings, networks))
    glyphs = [g for number, piece in enumerate(layout.pieces) for g in _glyphs(piece, readings[number], sheet.scale)]
    return PageContent(layout.sheet.width, layout.sheet.height, glyphs, layout.rules, has_image=True)


def _sample(layout: _Layout, networks: Models) -> dict[int, Reading]:
    """Readings of some of the longest lines, by their number: short ones may look right upside down, as 0.00 does."""
    shapes = [(piece.x1 - piece.x0) / (piece.bottom - piece.top) for piece in layout.pieces]
    longest = sorted(range(len(shapes)), key=lambda n: (shapes[n] <= LINE, shapes[n]), reverse=True)[:SAMPLE]
    return dict(zip(longest, networks.read([layout.pieces[n].picture for n in longest]), strict=True))


def _read_again(pieces: Sequence[_Piece], readings: Mapping[int, Reading], networks: Models) -> dict[int, Reading]:
    """What is worth reading a second time, from another cut of the page: figures in cells, and words that are in doubt.

    The network may drop a point between digits that touch, and be sure of it. Seldom does it do so twice, when the same
    figure comes to it in another size: where the two readings differ, neither is sure. Of words the surest reading stands.
    """
    settled: dict[int, Reading] = {}
    figures = {n: piece.wider for n, piece in enumerate(pieces) if piece.wider is not None and has_digit(readings[n].text)}
    for number, second in zip(figures, networks.read(list(figures.values())), strict=True):
        first = readings[number]
        better = max(first, second, key=lambda reading: reading.confidence)
        least = min(first.confidence, second.confidence)
        agree = squash(first.text) == squash(second.text)
        settled[number] = replace(better, confidence=least if agree else least / 2)
    doubtful = [n for n in range(len(pieces)) if n not in figures and readings[n].confidence < DOUBT]
    smooth = networks.read([np.asarray(cv2.GaussianBlur(pieces[n].picture, (0, 0), BLUR), np.uint8) for n in doubtful])
    wide = networks.read([pieces[n].picture if (wider := pieces[n].wider) is None else wider for n in doubtful])
    for number, *others in zip(doubtful, smooth, wide, strict=True):
        settled[number] = max(readings[number], *others, key=lambda reading: reading.confidence)
    return settled


def _glyphs(piece: _Piece, reading: Reading, scale: float) -> Iterator[Glyph]:
    text = reading.text.strip()
    if text:
        x0, top, x1, bottom = (v / scale for v in (piece.x0, piece.top, piece.x1, piece.bottom))
        # Cut to four decimals, not rounded: 0.99999 is no certainty, and every engine holds four decimals exactly.
        yield Glyph(text, x0, top, x1, bottom, bottom - top, int(reading.confidence * 10_000) / 10_000)
    elif piece.wider is not None and piece.is_high:
        # Something as high as a character stands in the cell, and nobody knows what.
        x0, top, x1, bottom = (v / scale for v in (piece.x0, piece.top, piece.x1, piece.bottom))
        yield Glyph(UNKNOWN, x0, top, x1, bottom, bottom - top, 0.0)


def _layout(sheet: Sheet, networks: Models) -> _Layout:
    level, upright = ruling.pieces(sheet)
    lines = ruling.rules(sheet, level, upright)
    grids = find_grids(lines)
    ruled = ruling.mask_of(sheet, level, upright, lines)
    clean = np.where(ruled > 0, _paper(sheet), sheet.picture)
    marks = _marks(ink(sheet, STRONG) & ~ruled, sheet)
    pieces = [piece for grid in grids for piece in _in_cells(grid, sheet, clean, marks)]
    pieces.extend(_outside(grids, sheet, clean, networks))
    return _Layout(sheet, lines, pieces)


def _paper(sheet: Sheet) -> Picture:
    """The page without what is printed on it: each place as bright as the brightest nearby."""
    side = sheet.pixels(PAPER)
    return np.asarray(cv2.morphologyEx(sheet.picture, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8)), np.uint8)


def _marks(dark: Mask, sheet: Sheet) -> list[_Mark]:
    """The connected pieces of ink that are no dust. Points and commas are dust to it: they stand between larger marks."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    least = SPECK * sheet.scale
    return [
        _Mark(left, top, left + width, top + height)
        for left, top, width, height, _ in stats[1:count].tolist()
        if max(width, height) >= least
    ]


def _in_cells(grid: Grid, sheet: Sheet, clean: Picture, marks: Sequence[_Mark]) -> Iterator[_Piece]:
    """The lines of text in each cell of a table."""
    inside: dict[int, list[_Mark]] = defaultdict(list)
    for mark in marks:
        region = grid.find(mark.x / sheet.scale, mark.y / sheet.scale)
        if region is not None and not _is_remnant(mark, grid, region, sheet):
            inside[region].append(mark)
    heights = [m.bottom - m.top for found in inside.values() for m in found if m.bottom - m.top >= 2 * SPECK * sheet.scale]
    height = float(np.percentile(heights, 80)) if heights else CHARACTER * sheet.scale
    for _, found in sorted(inside.items()):
        for line in _lines(found, height):
            if max(line.bottom - line.top, line.x1 - line.x0) >= DUST * height:
                yield _piece(line, clean, height)


def _is_remnant(mark: _Mark, grid: Grid, region: int, sheet: Sheet) -> bool:
    """Whether a thin mark along the edge of a cell is what is left of a ruling line, or of a text that reaches over it."""
    row, column, row_span, column_span = grid.regions[region]
    thin, near = SPECK * sheet.scale, EDGE * sheet.scale
    if mark.bottom - mark.top < thin:
        edges = (grid.ys[row], grid.ys[row + row_span])
        if any(abs(mark.y - edge * sheet.scale) <= near for edge in edges):
            return True
    if mark.x1 - mark.x0 < thin:
        edges = (grid.xs[column], grid.xs[column + column_span])
        return any(abs(mark.x - edge * sheet.scale) <= near for edge in edges)
    return False


def _lines(marks: Sequence[_Mark], height: float) -> list[_Mark]:
    """Marks of one cell as lines of text: those that stand at the same height, parts of one character with them."""
    spans: list[_Mark] = []
    for mark in sorted(marks, key=lambda m: m.top):
        if spans and mark.top < spans[-1].bottom:
            spans[-1] = spans[-1].joined(mark)
        else:
            spans.append(mark)
    lines: list[_Mark] = []
    for span in spans:
        low = min(span.bottom - span.top, lines[-1].bottom - lines[-1].top if lines else height) < LOW * height
        if lines and low and span.bottom - lines[-1].top <= WHOLE * height:
            lines[-1] = lines[-1].joined(span)
        else:
            lines.append(span)
    return lines


def _piece(line: _Mark, clean: Picture, height: float) -> _Piece:
    # A dash alone is no higher than a pixel or two; it is read in a line of the height of characters.
    missing = max(0.0, height - (line.bottom - line.top)) / 2
    pad = round(PAD * max(height, line.bottom - line.top))
    top, bottom = max(0, round(line.top - missing) - pad), round(line.bottom + missing) + pad
    picture = clean[top:bottom, max(0, line.x0 - pad) : line.x1 + pad]
    margin = round(MARGIN * height)
    wider = np.asarray(cv2.copyMakeBorder(picture, margin // 2, margin // 2, margin, margin, cv2.BORDER_REPLICATE), np.uint8)
    return _Piece(line.x0, line.top, line.x1, line.bottom, picture, wider, line.bottom - line.top >= LOW * height)


def _outside(grids: Sequence[Grid], sheet: Sheet, clean: Picture, networks: Models) -> Iterator[_Piece]:
    """The lines of text outside of tables."""
    rest = clean.copy()
    paper = int(np.percentile(clean, 90))
    for grid in grids:
        box = [round(v * sheet.scale) for v in (grid.xs[0], grid.xs[-1], grid.ys[0], grid.ys[-1])]
        rest[box[2] : box[3], box[0] : box[1]] = paper
    if not ink(Sheet(rest, sheet.scale), STRONG).any():
        return
    shrink = min(1.0, SEARCH / max(rest.shape))
    small = cv2.resize(rest, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    for found in networks.find_lines(np.asarray(small, np.uint8)):
        x0, top, x1, bottom = (round(v / shrink) for v in found)
        picture = rest[max(0, top) : bottom, max(0, x0) : x1]
        if picture.size:
            yield _Piece(x0, top, x1, bottom, picture)
