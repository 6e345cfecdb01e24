"""``python -m tests.fuzz``: mutants of every format through the real ingest. Exit status 1 if a promise is broken."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from itertools import chain, islice
from pathlib import Path

from tests.fuzz.attacks import attacks
from tests.fuzz.campaign import Report, campaign
from tests.fuzz.mutants import mutants
from tests.fuzz.seeds import FORMATS, QUICK_FORMATS

MIB = 1024**2


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="mutants, beside the crafted files (default 2000)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same mutants (default 1)")
    parser.add_argument("--formats", default=",".join(QUICK_FORMATS), help="default: %(default)s; also: rtf, doc")
    parser.add_argument("--time-limit", type=int, default=20, help="seconds for one file (default 20)")
    parser.add_argument("--batch", type=int, default=100, help="files in one run of ingest (default 100)")
    parser.add_argument("--minutes", type=float, default=60, help="begin no batch after so many minutes (default 60)")
    parser.add_argument("--growth", type=int, default=100, help="MiB by which the memory of the parent may grow (default 100)")
    parser.add_argument("--no-attacks", action="store_true", help="leave out the crafted files")
    parser.add_argument("--keep", type=Path, help="work in this folder and keep the files that break something")
    asked = parser.parse_args()
    kinds = tuple(asked.formats.split(","))
    unknown = [kind for kind in kinds if kind not in FORMATS]
    if unknown or asked.count < 0:
        parser.error(f"no such format: {', '.join(unknown)}" if unknown else "--count is at least 0")
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="juesuan-fuzz-"))
    folder.mkdir(parents=True, exist_ok=True)
    files = chain(() if asked.no_attacks else attacks(kinds), mutants(kinds, asked.count, asked.seed))
    report = Report()
    for report in campaign(files, folder, time_limit=asked.time_limit, batch=asked.batch):
        print(f"{report.files} files, {report.seconds:.0f} s, {report.memory[-1] / MIB:.0f} MiB", file=sys.stderr, flush=True)
        if report.seconds > 60 * asked.minutes:
            print(f"stopped after {asked.minutes:g} minutes", file=sys.stderr)
            break
    tell(report)
    if report.growth > asked.growth * MIB:
        report.violations.append(f"the parent grew by {report.growth / MIB:.0f} MiB, more than {asked.growth}")
    for title, lines in (("broken promises", report.violations), ("faults of ours", report.faults), ("deaths", report.deaths)):
        print(f"{title}: {len(lines)}")
        for line in lines:
            print(f"  {line}")
    is_sound = not (report.violations or report.faults)
    if asked.keep is None and is_sound and not report.deaths:
        shutil.rmtree(folder)
    else:
        print(f"kept: {folder}")
    return 0 if is_sound else 1


def tell(report: Report) -> None:
    """The tables: by format, and by mutation."""
    print(f"{report.files} files in {report.seconds:.0f} s; the parent grew by {report.growth / MIB:.0f} MiB")
    for part, name in enumerate(("format", "mutation")):
        print(f"\nby {name}")
        for key, outcomes in sorted(report.by(part).items()):
            print(f"  {key:28} {outcomes.total():5}  {_listed(outcomes)}")
    print(f"\nall  {_listed(sum(report.by(0).values(), Counter()))}\n")


def _listed(outcomes: Counter[str]) -> str:
    return ", ".join(f"{code} {count}" for code, count in islice(outcomes.most_common(), 12))


if __name__ == "__main__":
    sys.exit(main())
