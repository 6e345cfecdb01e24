"""A page as a picture: ink, straightening, turning. Nothing here knows what is on it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]  # grey, rows first, 255 is white
Mask = npt.NDArray[np.uint8]  # 255 where something is, else 0

INCH = 72.0  # points
STRONG, FAINT = 18, 9  # how much darker than its surroundings ink is, of 255: that of text, that of a ruling line
SURROUNDINGS = 12.0  # points: the side of the square whose mean is the paper
STEEPEST = 4.0  # degrees: a page is laid on the glass about straight
FINEST = 0.02  # degrees: over the width of a page that is less than a pixel


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as a picture, and how many pixels make a point of it."""

    picture: Picture
    scale: float

    @property
    def width(self) -> float:
        """Points."""
        return float(self.picture.shape[1]) / self.scale

    @property
    def height(self) -> float:
        """Points."""
        return float(self.picture.shape[0]) / self.scale

    def pixels(self, points: float) -> int:
        """A length in whole pixels, at least one."""
        return max(1, round(points * self.scale))


def ink(sheet: Sheet, contrast: int) -> Mask:
    """Where the page is darker than its surroundings; shades and uneven light are no ink."""
    side = sheet.pixels(SURROUNDINGS) | 1
    return np.asarray(
        cv2.adaptiveThreshold(sheet.picture, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, side, contrast), np.uint8
    )


def turned(sheet: Sheet, quarters: int) -> Sheet:
    """The page turned clockwise by so many quarters."""
    return Sheet(np.ascontiguousarray(np.rot90(sheet.picture, -quarters)), sheet.scale)


def straightened(sheet: Sheet) -> Sheet:
    """The page turned by the few degrees that it was laid askew."""
    angle = skew(sheet)
    if abs(angle) < 2 * FINEST:
        return sheet
    height, width = sheet.picture.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return Sheet(
        np.asarray(
            cv2.warpAffine(sheet.picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8
        ),
        sheet.scale,
    )


def skew(sheet: Sheet) -> float:
    """By how many degrees, clockwise, the lines of a page fall: the angle at which its rows are most unlike each other.

    Lines of text and ruling lines fill some rows of pixels and leave others empty; askew they smear over all of them.
    """
    shrink = min(1.0, 1000 / max(sheet.picture.shape))
    small = cv2.resize(ink(sheet, STRONG), None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA).astype(np.float32)
    if not small.any():
        return 0.0
    best, step = 0.0, 0.5
    candidates = np.arange(-STEEPEST, STEEPEST + step / 2, step)
    while step >= FINEST:
        best = float(max(candidates, key=lambda angle: _unevenness(small, float(angle))))
        step /= 4
        candidates = best + step * np.arange(-3, 4)
    return best if _unevenness(small, best) > 1.01 * _unevenness(small, 0.0) else 0.0


def _unevenness(picture: npt.NDArray[np.float32], angle: float) -> float:
    """How unlike each other the rows are, both ways, when the page is turned back by an angle."""
    height, width = picture.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    level = cv2.warpAffine(picture, turn, (width, height), flags=cv2.INTER_LINEAR)
    return float(np.square(np.diff(level.sum(axis=1))).sum() + np.square(np.diff(level.sum(axis=0))).sum())
