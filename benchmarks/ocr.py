"""Measure what recognition reads: documents with a transcription, made into scans, ingested, and compared with it.

Each variant is the same pages as pictures: drawn at some dpi, perhaps turned, noisy, or compressed. A figure counts as right when
the transcription has it in the same form, row and column. Of the wrong ones it is told how many are suspect, by
``marts.rpt_suspect_reading``: through their confidence, or through an identity that does not hold.

    python benchmarks/ocr.py [VARIANT…] [--documents N] [--parse-only] [--folder DIR]
"""

from __future__ import annotations

import argparse
import csv
import io
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb
import numpy as np
import pypdfium2
from PIL import Image

from ingest.text import squash

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"
UNITS = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
Key = tuple[str, str, str, str, str, Decimal]


@dataclass(frozen=True, slots=True)
class Variant:
    """How a page becomes a picture. ``noise`` is the deviation of grey values, of 255; ``quality`` that of JPEG."""

    dpi: int = 200
    turned: float = 0.0  # degrees
    noise: float = 0.0
    quality: int = 90
    quarters: int = 0


VARIANTS = {
    "clean": Variant(),
    "dpi150": Variant(dpi=150),
    "dpi300": Variant(dpi=300),
    "skew+1": Variant(turned=1.0),
    "skew-1": Variant(turned=-1.0),
    "noise": Variant(noise=20.0),
    "jpeg50": Variant(quality=50),
    "poor": Variant(dpi=150, turned=0.7, noise=15.0, quality=50),
    "sideways": Variant(quarters=1),
}


def picture_of(page: pypdfium2.PdfPage, variant: Variant, seed: int = 0) -> Image.Image:
    """A page as a scanner would give it."""
    image = page.render(scale=variant.dpi / 72, grayscale=True).to_pil()
    if variant.turned:
        image = image.rotate(variant.turned, Image.Resampling.BICUBIC, fillcolor=255)
    if variant.noise:
        grain = np.random.default_rng(seed).normal(0, variant.noise, (image.height, image.width))
        image = Image.fromarray(np.clip(np.asarray(image, np.float32) + grain, 0, 255).astype(np.uint8))
    if variant.quarters:
        image = image.rotate(90 * variant.quarters, expand=True)
    encoded = io.BytesIO()
    image.save(encoded, "JPEG", quality=variant.quality)
    return Image.open(encoded)


def scan(source: Path, target: Path, variant: Variant) -> int:
    """Write a PDF whose pages are pictures of the pages of another. Returns the number of pages."""
    document = pypdfium2.PdfDocument(source)
    scanned = pypdfium2.PdfDocument.new()
    for number, page in enumerate(document):
        picture = picture_of(page, variant, number)
        data = io.BytesIO()
        picture.save(data, "JPEG", quality=variant.quality)
        width, height = (side * 72 / variant.dpi for side in picture.size)
        image = pypdfium2.PdfImage.new(scanned)
        image.load_jpeg(data, inline=True)
        image.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
        sheet = scanned.new_page(width, height)
        sheet.insert_obj(image)
        sheet.gen_content()
    scanned.save(target)
    return len(document)


def transcriptions() -> Iterator[tuple[list[Path], Path]]:
    """The PDF documents of the corpus that are transcribed, each with the folder of its transcription."""
    with (CORPUS / "gold" / "index.csv").open(encoding="utf8", newline="") as handle:
        for entry in csv.DictReader(handle):
            paths = [path for name in entry["file_name"].split("|") for path in CORPUS.rglob(name)]
            if all(path.suffix == ".pdf" for path in paths):
                yield paths, CORPUS / "gold" / entry["gold"]


def key(form: str, side: str | None, code: str | None, label: str, column: str, amount: Decimal) -> Key:
    if form in ("income_expenditure_summary", "appropriation_summary"):
        return form, side or "", "", "", column, amount.normalize()
    return form, "", code or "", "" if code else squash(label), column, amount.normalize()


def transcribed(folder: Path) -> Counter[Key]:
    with (folder / "cells.csv").open(encoding="utf8", newline="") as handle:
        return Counter(
            key(
                row["form_code"],
                row["side"],
                row["row_code"],
                row["row_label"],
                row["column_code"],
                Decimal(row["amount"]) * UNITS.get(row["unit"], 1),
            )
            for row in csv.DictReader(handle)
            if row["amount"].replace(".", "").replace("-", "").isdecimal()
        )
