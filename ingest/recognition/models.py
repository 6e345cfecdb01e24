"""The two networks of recognition: one finds lines of text in a picture, the other reads one line.

Their weights lie in the package ``rapidocr``; the sessions are made from those files directly, so that nothing ever looks for
a model elsewhere. The third network of the package, which turns lines that it takes to be upside down, is not used: it turns
short numbers (99 becomes 66).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]  # grey, rows first

DETECTOR, READER = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
HEIGHT = 48  # pixels: the height to which the reader scales a line
NARROWEST = 160  # pixels: narrower lines are padded to this width
BATCH = 8  # lines read at once: more take more memory and are no faster on one core
BOX_THRESHOLD, PIXEL_THRESHOLD, GROWTH = 0.5, 0.3, 1.6  # as the models are published


@dataclass(frozen=True, slots=True)
class Reading:
    """One line as it was read: its text, the confidence of its least certain character, and the mean over all characters."""

    text: str
    confidence: float
    mean: float


class Models:
    """The networks, each on one thread: documents are read in parallel, not pages."""

    def __init__(self) -> None:
        import rapidocr
        from rapidocr.ch_ppocr_det.utils import DBPostProcess
        from rapidocr.ch_ppocr_rec.utils import CTCLabelDecode

        folder = files(rapidocr) / "models"
        self._detector = _session(str(folder / DETECTOR))
        self._reader = _session(str(folder / READER))
        self._boxes = DBPostProcess(
            thresh=PIXEL_THRESHOLD, box_thresh=BOX_THRESHOLD, unclip_ratio=GROWTH, use_dilation=True, score_mode="fast"
        )
        characters = self._reader.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._decode = CTCLabelDecode(character=characters)

    def find_lines(self, picture: Picture) -> list[tuple[int, int, int, int]]:
        """Upright boxes ``(x0, top, x1, bottom)`` in pixels around the lines of text, in no order."""
        import cv2

        height, width = picture.shape
        scaled = cv2.resize(picture, (max(32, round(width / 32) * 32), max(32, round(height / 32) * 32)))
        values = scaled.astype(np.float32) / 127.5 - 1
        found = self._run(self._detector, np.repeat(values[None, None], 3, axis=1))
        boxes, _ = self._boxes(found, (height, width))
        return [
            (int(box[:, 0].min()), int(box[:, 1].min()), int(box[:, 0].max()), int(box[:, 1].max())) for box in np.asarray(boxes)
        ]

    def read(self, lines: Sequence[Picture]) -> list[Reading]:
        """Read lines of text, each a picture of that line alone."""
        readings: list[Reading | None] = [None] * len(lines)
        # Lines of about the same width go together: all of a batch are padded to the widest.
        order = sorted(range(len(lines)), key=lambda i: lines[i].shape[1] / lines[i].shape[0])
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            scaled = [_scaled(lines[i]) for i in batch]
            width = max(NARROWEST, *(s.shape[1] for s in scaled))
            values = np.zeros((len(batch), 3, HEIGHT, width), np.float32)
            for row, line in enumerate(scaled):
                values[row, :, :, : line.shape[1]] = line
            found = self._run(self._reader, values)
            texts, words = self._decode(found, True, wh_ratio_list=[1.0] * len(batch), max_wh_ratio=1.0)
            for i, (text, mean), word in zip(batch, texts, words, strict=True):
                readings[i] = Reading(text, min(word.confs, default=0.0) if text else 0.0, mean if text else 0.0)
        return [reading for reading in readings if reading is not None]

    @staticmethod
    def _run(session: Any, values: npt.NDArray[np.float32]) -> Any:
        return session.run(None, {session.get_inputs()[0].name: values})[0]


def _scaled(line: Picture) -> npt.NDArray[np.float32]:
    import cv2

    height, width = line.shape
    scaled = cv2.resize(
        line,
        (max(1, round(width * HEIGHT / height)), HEIGHT),
        interpolation=cv2.INTER_AREA if height > HEIGHT else cv2.INTER_CUBIC,
    )
    return np.asarray(scaled.astype(np.float32) / 127.5 - 1, np.float32)


def _session(model: str) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # An arena keeps the memory of the largest picture for ever.
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


@cache
def models() -> Models:
    """The networks of this process, loaded when the first picture is read."""
    import cv2

    cv2.setNumThreads(1)
    return Models()
