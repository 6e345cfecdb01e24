"""``python -m samples.render`` rewrites the sample disclosures; ``--check`` compares them with what is committed.

``--format xlsx --to FOLDER`` writes them in another format into a folder of their own; ``--only NAME`` some of them.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from samples.render.build import write_all
from samples.render.formats import ARCHIVE, FORMATS, samples_of, write_format

SAMPLES = Path(__file__).resolve().parent.parent


def differences(made: Path, kept: Path) -> list[str]:
    """Paths under ``disclosures/`` and ``expected/`` that differ, are missing, or are left over."""
    found: list[str] = []
    for folder in ("disclosures", "expected"):
        new = {p.name for p in (made / folder).iterdir()}
        old = {p.name for p in (kept / folder).iterdir()} if (kept / folder).exists() else set()
        found += [f"{folder}/{name}: not made by any specification" for name in sorted(old - new)]
        found += [f"{folder}/{name}: missing" for name in sorted(new - old)]
        found += [
            f"{folder}/{name}: differs"
            for name in sorted(new & old)
            if (made / folder / name).read_bytes() != (kept / folder / name).read_bytes()
        ]
    return found


def write_in_format(name: str, folder: Path, only: str) -> int:
    samples = [sample for sample in samples_of(SAMPLES) if only in sample.file_name]
    if not samples:
        print(f"no sample has {only!r} in its file name", file=sys.stderr)
        return 1
    try:
        for path in write_format(samples, name, folder):
            print(path)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m samples.render", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the committed files differ")
    parser.add_argument(
        "--format", metavar="FORMAT", choices=[*FORMATS, ARCHIVE], help=f"one of {', '.join([*FORMATS, ARCHIVE])}"
    )
    parser.add_argument("--to", metavar="FOLDER", type=Path, help="where files of another format are written")
    parser.add_argument("--only", metavar="NAME", default="", help="only samples whose file name holds this text")
    options = parser.parse_args(arguments)
    if bool(options.format) != bool(options.to) or (options.only and not options.format):
        parser.error("--format and --to go together, --only goes with them")
    if options.format:
        return write_in_format(options.format, options.to, options.only)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        written = write_all(SAMPLES, made)
        if options.check:
            found = differences(made, SAMPLES)
            for line in found:
                print(line, file=sys.stderr)
            print(f"{len(written)} files checked, {len(found)} differ")
            return 1 if found else 0
        for name in ("disclosures", "expected"):
            shutil.rmtree(SAMPLES / name, ignore_errors=True)
            shutil.copytree(made / name, SAMPLES / name)
        print(f"{len(written)} files written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
