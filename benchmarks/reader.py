"""Time the reader beside the bare library on the same PDFs in one run.

The bare library is pdfplumber with ``extract_text`` and ``extract_tables`` on every page. Ours reads the document, finds
and understands its forms, vouches for them and settles the identity. Both run in one process, document by document, turn
by turn, so that a busy machine slows both. What counts is the ratio.

    python benchmarks/reader.py [FOLDER] [--rounds N]
"""

from __future__ import annotations

import argparse
import logging
import statistics
import sys
import time
from pathlib import Path

import pdfplumber

from ingest.parse import parse_file
from ingest.parsed import Rejected

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus" / "documents"
SAMPLES = ROOT / "samples" / "disclosures"


def bare(path: Path) -> int:
    """What anybody would write first. Returns the number of pages."""
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_text()
            page.extract_tables()
            page.close()
        return len(pdf.pages)


def ours(path: Path) -> str:
    try:
        parse_file(path)
    except Rejected as refused:
        return refused.code
    return "loaded"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=CORPUS if CORPUS.is_dir() else SAMPLES)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    paths = sorted(options.folder.rglob("*.pdf"))
    if not paths:
        print(f"no PDF in {options.folder}", file=sys.stderr)
        return 2
    ours(paths[0])  # imports and the catalogue are not what is measured
    ratios: list[float] = []
    for number in range(1, options.rounds + 1):
        pages = 0
        times = {"bare": 0.0, "ours": 0.0}
        for path in paths:
            started = time.perf_counter()
            pages += bare(path)
            between = time.perf_counter()
            ours(path)
            times["bare"] += between - started
            times["ours"] += time.perf_counter() - between
        ratios.append(times["ours"] / times["bare"])
        speeds = {name: pages / seconds for name, seconds in times.items()}
        print(
            f"round {number}: {len(paths)} files, {pages} pages: bare {speeds['bare']:.1f} pages/s,"
            f" ours {speeds['ours']:.1f} pages/s, ours/bare time {ratios[-1]:.2f}"
        )
    print(f"ours/bare time, median of {options.rounds}: {statistics.median(ratios):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
