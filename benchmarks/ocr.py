"""Measure what recognition reads: documents with a transcription, made into scans, ingested, and compared with it.

Each variant is the same pages as pictures: drawn at some dpi, perhaps turned, noisy, or compressed. A figure counts as right when
the transcription has it in the same form, row and column. Of the wrong ones it is told how many are suspect, by
``marts.rpt_suspect_reading``: through their confidence, or through an identity that does not hold. A document that is refused is
compared cell by cell with its text layer, so that it can be told how sure its misreadings were.

    python benchmarks/ocr.py [VARIANT…] [--only TEXT] [--all-pages] [--build]
"""

from __future__ import annotations

import argparse
import csv
import io
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import duckdb
import numpy as np
import pypdfium2
from PIL import Image

from ingest.document import Document
from ingest.files import identify
from ingest.home import Home
from ingest.numbers import parse_number
from ingest.parse import parse_file
from ingest.parsed import Amount, Rejected
from ingest.readers import read_document
from ingest.staging.expectations import failures_of
from ingest.staging.frames import frames_of
from ingest.staging.load import load_document, open_staging, utc_now
from ingest.text import squash

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"
UNITS = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
Key = tuple[tuple[str, str, str], Decimal]
Place = tuple[int, int, int, int]  # page, table, row, column


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
    "worst": Variant(dpi=100, noise=25.0, quality=30),
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


def scan(source: Path, target: Path, variant: Variant, pages: Collection[int] | None = None) -> int:
    """Write a PDF whose pages are pictures of the pages of another, all or those named (from 0). Returns their number."""
    with closing(pypdfium2.PdfDocument(source)) as document, closing(pypdfium2.PdfDocument.new()) as scanned:
        numbers = range(len(document)) if pages is None else sorted(pages)
        for number in numbers:
            picture = picture_of(document[number], variant, number)
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
        return len(numbers)


def with_tables(path: Path) -> list[int]:
    """The pages (from 0) that show a disclosure without its prose: the cover, and all pages with tables."""
    return [page.number - 1 for page in read_document(path).pages if page.tables or page.number == 1]


def transcriptions() -> Iterator[tuple[list[Path], Path]]:
    """The PDF documents of the corpus that are transcribed, each with the folder of its transcription."""
    with (CORPUS / "gold" / "index.csv").open(encoding="utf8", newline="") as handle:
        for entry in csv.DictReader(handle):
            paths = [path for name in entry["file_name"].split("|") for path in CORPUS.rglob(name)]
            if all(path.suffix == ".pdf" for path in paths):
                yield paths, CORPUS / "gold" / entry["gold"]


def transcribed(folder: Path) -> Counter[Key]:
    """The transcribed amounts, by form, code or label, and column, in 元."""
    with (folder / "cells.csv").open(encoding="utf8", newline="") as handle:
        return Counter(
            (
                (row["form_code"], row["row_code"] or squash(row["row_label"]), row["column_code"]),
                (Decimal(row["amount"]) * UNITS.get(row["unit"], 1)).normalize(),
            )
            for row in csv.DictReader(handle)
            if row["amount"].replace(".", "").replace("-", "").isdecimal()
        )


def read_amounts(amounts: Iterable[Amount]) -> Counter[Key]:
    """The same of what was read."""
    return Counter(
        (
            (a.form_code, a.row_code or squash(a.row_label), a.column_code),
            (a.printed_value * UNITS.get(a.unit, 1)).normalize(),
        )
        for a in amounts
    )


@dataclass(slots=True)
class Tally:
    """What one variant came to. ``wrong`` are the amounts that were read otherwise than the text layer has them."""

    loaded: int = 0
    rejected: int = 0
    pages: int = 0
    seconds: float = 0.0  # of one core
    transcribed: int = 0
    lost: int = 0
    amounts: int = 0
    missing: int = 0
    unread: int = 0  # cells of refused documents that are not exactly one number: leftovers
    confidences: list[float] = field(default_factory=list)
    wrong: list[tuple[str, Place, str, str | None, float]] = field(default_factory=list)


def measure(name: str, variant: Variant, folder: Path, *, all_pages: bool, only: str, build: bool) -> None:
    """Scan, read and compare the documents of one variant; tell what came of it."""
    tally = Tally()
    home = Home(folder / "home")
    home.path.mkdir(parents=True, exist_ok=True)
    with open_staging(home.staging) as staging:
        for paths, transcription in transcriptions():
            if only not in transcription.name:
                continue
            read: list[Amount] = []
            for path in paths:
                pages = None if all_pages else with_tables(path)
                original = parse_file(path)
                if not all_pages and not original.amounts:
                    continue  # the prose of a disclosure whose tables are in another file
                target = folder / path.name
                tally.pages += scan(path, target, variant, pages)
                began = time.process_time()
                try:
                    parsed = parse_file(target)
                except Rejected as refused:
                    tally.rejected += 1
                    print(f"{name}: {path.name}: rejected: {refused.message}", flush=True)
                    compare_cells(original.amounts, read_document(target), pages, tally)
                    continue
                finally:
                    tally.seconds += time.process_time() - began
                tally.loaded += 1
                read.extend(parsed.amounts)
                source = identify(target)
                frames = frames_of(parsed, source, "benchmark", utc_now())
                for failure in failures_of([frames]):
                    print(f"{name}: {path.name}: {failure.rule.says}", flush=True)
                load_document(staging, source.document_id, target, frames)
                compare(original.amounts, parsed.amounts, pages, source.document_id, tally)
            want, got = transcribed(transcription), read_amounts(read)
            tally.transcribed += sum(want.values())
            tally.lost += sum((want - got).values())
    report(name, tally, None)
    if build:
        subprocess.run([sys.executable, "-m", "ingest", "--home", str(home.path), "build"], cwd=ROOT, check=False)
        report(name, tally, home)


def compare(want: Iterable[Amount], got: Iterable[Amount], pages: list[int] | None, document: str, tally: Tally) -> None:
    """Compare the amounts of a document place by place with those of its text layer."""
    known = placed(want, pages)
    tally.amounts += len(known)
    for amount in got:
        place = (amount.source_page, amount.source_table, amount.source_row, amount.source_column)
        printed = known.pop(place, None)
        text = squash(amount.amount_text)
        tally.confidences.append(amount.confidence or 0.0)
        if printed is None or parse_number(printed) != parse_number(text):
            tally.wrong.append((document, place, text, printed, amount.confidence or 0.0))
    tally.missing += len(known)


def placed(amounts: Iterable[Amount], pages: list[int] | None) -> dict[Place, str]:
    """The printed amounts by the place that they have in a scan of these pages (from 0)."""
    numbers = {page + 1: order for order, page in enumerate(pages, start=1)} if pages is not None else None
    return {
        (
            amount.source_page if numbers is None else numbers[amount.source_page],
            amount.source_table,
            amount.source_row,
            amount.source_column,
        ): squash(amount.amount_text)
        for amount in amounts
    }


def compare_cells(want: Iterable[Amount], refused: Document, pages: list[int] | None, tally: Tally) -> None:
    """Compare a document that was refused, by its cells; those of tables that were not found in the scan are missing."""
    known = placed(want, pages)
    tally.amounts += len(known)
    cells = {
        (page.number, table.number, table.row_numbers[cell.row - 1], cell.column): cell
        for page in refused.pages
        for table in page.tables
        for cell in table.cells
    }
    for place, printed in known.items():
        cell = cells.get(place)
        number = None if cell is None else parse_number(squash(cell.text))
        if cell is None:
            tally.missing += 1
        elif number is None:
            tally.unread += 1
        else:
            tally.confidences.append(cell.confidence or 0.0)
            if number != parse_number(printed):
                tally.wrong.append(("refused", place, squash(cell.text), printed, cell.confidence or 0.0))


def report(name: str, tally: Tally, home: Home | None) -> None:
    """Print what one variant came to; with a home, what its warehouse takes for suspect."""
    flagged: set[tuple[str, Place]] = set()
    if home is not None and home.warehouse.is_file():
        with closing(duckdb.connect(home.warehouse, read_only=True)) as connection:
            rows = connection.execute(
                "select document_id, source_page, source_table, source_row, source_column from marts.rpt_suspect_reading"
            ).fetchall()
        flagged = {(row[0], row[1:]) for row in rows}
        caught = sum((document, place) in flagged for document, place, *_ in tally.wrong)
        print(f"{name}: suspect in the warehouse: {len(flagged)}, {caught} of the {len(tally.wrong)} wrong", flush=True)
    else:
        right = len(tally.confidences) - len(tally.wrong)
        print(
            f"{name}: {tally.loaded} documents loaded, {tally.rejected} rejected; {tally.pages} pages,"
            f" {tally.seconds / max(tally.pages, 1):.1f} s of a core a page; transcribed amounts found"
            f" {tally.transcribed - tally.lost} of {tally.transcribed}; of {tally.amounts} in the text layer {right} right,"
            f" {len(tally.wrong)} wrong, {tally.missing} missing, {tally.unread} unread (no number, which refuses a document)"
        )
        for threshold in (0.5, 0.8, 0.9, 0.95, 0.98):
            below = sum(confidence < threshold for confidence in tally.confidences)
            caught = sum(confidence < threshold for *_, confidence in tally.wrong)
            print(f"{name}: below {threshold}: {below} of {len(tally.confidences)}, {caught} of the {len(tally.wrong)} wrong")
    for document, place, text, printed, confidence in tally.wrong[:20]:
        told = " suspect" if (document, place) in flagged else ""
        print(f"{name}:   {document[:8]} {place}: {printed!r} read as {text!r}, confidence {confidence:.3f}{told}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("variants", nargs="*", metavar="VARIANT", help=f"of {', '.join(VARIANTS)}; default all")
    parser.add_argument("--only", default="", metavar="TEXT", help="only the transcriptions with this in their name")
    parser.add_argument("--all-pages", action="store_true", help="the prose, too; otherwise cover and tables")
    parser.add_argument("--build", action="store_true", help="build a warehouse of each variant, and ask it for suspect readings")
    options = parser.parse_args()
    unknown = set(options.variants) - set(VARIANTS)
    if unknown:
        parser.error(f"no such variant: {', '.join(sorted(unknown))}")
    if not CORPUS.is_dir():
        print(f"no corpus at {CORPUS}", file=sys.stderr)
        return 2
    for name in options.variants or VARIANTS:
        with tempfile.TemporaryDirectory(prefix="juesuan-ocr-") as folder:
            measure(name, VARIANTS[name], Path(folder), all_pages=options.all_pages, only=options.only, build=options.build)
    print(f"largest memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
