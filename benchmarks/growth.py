"""How the cost of judging grows: the time of a build, without its tests, over more and more copies of real disclosures.

    python benchmarks/growth.py HOME [--copies 20 100 500]

HOME is a warehouse with staging, such as warehouse-corpus. Prints seconds for each number of copied disclosures, and the
seconds that each disclosure more costs: they should not grow.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.corruption import build, copied


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--copies", type=int, nargs="+", default=[20, 100, 500])
    options = parser.parse_args()
    with closing(duckdb.connect(str(options.home / "current" / "warehouse.duckdb"), read_only=True)) as published:
        disclosures = published.execute(
            "select disclosure_key, list(document_id) from marts.dim_document group by all order by all"
        ).fetchall()
    before: tuple[int, float] | None = None
    for count in sorted(options.copies):
        with tempfile.TemporaryDirectory() as name:
            staging = Path(name) / "staging.duckdb"
            shutil.copy(options.home / "staging.duckdb", staging)
            with closing(duckdb.connect()) as connection:
                connection.execute(f"attach '{staging}' as copies")
                connection.execute("use copies")
                for number in range(count):
                    _, documents = disclosures[number % len(disclosures)]
                    copied(connection, documents, f"副本{number:05}局", f"{number:05}")
            started = time.perf_counter()
            build(staging, Path(name))
            seconds = time.perf_counter() - started
        marginal = "" if before is None else f", {1000 * (seconds - before[1]) / (count - before[0]):.0f} ms for each one more"
        print(f"{count:6} copies beside {len(disclosures)} disclosures: {seconds:.1f} s{marginal}", flush=True)
        before = (count, seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
