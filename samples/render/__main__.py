"""``python -m samples.render`` rewrites the sample disclosures; ``--check`` compares them with what is committed."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from samples.render.build import write_all

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


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m samples.render", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the committed files differ")
    options = parser.parse_args(arguments)
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
