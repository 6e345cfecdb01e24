"""Recognition of pages that are pictures: the optional half of the readers, installed by the extra ``ocr``.

``models`` runs the networks, ``picture`` turns and straightens, ``ruling`` finds the ruling lines, ``page`` puts together what
stands on a page. The result is the same :class:`ingest.readers.geometry.PageContent` that a PDF with a text layer gives; only
its glyphs, each a recognised piece of text, carry a confidence.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version

# What the extra consists of: any of them may change a reading.
DISTRIBUTIONS = ("rapidocr", "onnxruntime", "opencv-python-headless")
INSTALL = "install what reads pictures: `make ocr` (or pip install 'juesuan[ocr]'), and ingest it again"


@cache
def installed() -> tuple[str, ...]:
    """The parts of the extra that are installed, as ``name==version``; empty where one of them is missing."""
    try:
        return tuple(f"{name}=={version(name)}" for name in DISTRIBUTIONS)
    except PackageNotFoundError:
        return ()


def is_installed() -> bool:
    """Whether pictures can be read here."""
    return bool(installed())
