"""How much of what a publisher could get wrong is found: one printed figure changed in each of many copies of disclosures.

The rows of staging are copied under new names, not the files. In each copy one digit of one figure is another one: of an
amount in a form, or of a figure in a sentence, in all claims that repeat it. One build judges all copies. What breaks there
and not in the original is what the change was reported by. It is attributed if the list of findings blames the changed cell,
or the changed figure of the sentence, for something that broke; suspected, if the figure is at least among those that
nothing tells apart.

    python benchmarks/corruption.py HOME [--changes N] [--seed N] [--show] [--folder FOLDER]

HOME is a warehouse with staging, such as warehouse-corpus. Prints the shares reported, attributed and suspected, for cells by the
number of identities that touch them, and the checks that broke without the changed figure among their figures: there
should be none. With --folder the staging with the changes and the build are kept there.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from ingest.staging.frames import OF_DOCUMENTS

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Change:
    """One changed figure: in which copy, in a form (a place) or in a sentence (the number of a claim)."""

    copy: str
    kind: str  # cell | claim
    place: tuple[object, ...]
    before: str
    after: str
    slot: str = ""


def another_digit(text: str, source: random.Random) -> str:
    places = [i for i, c in enumerate(text) if c.isdigit()]
    place = source.choice(places)
    choices = [d for d in "0123456789" if d != text[place] and not (place == places[0] and d == "0" and len(places) > 1)]
    return text[:place] + source.choice(choices) + text[place + 1 :]


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("，", "").replace(" ", ""))


def copied(connection: duckdb.DuckDBPyConnection, originals: list[str], name: str, copy: str) -> dict[str, str]:
    """Copy the documents of a disclosure under another name; new ids by old ones."""
    ids = {old: hashlib.sha256(f"{copy}/{old}".encode()).hexdigest() for old in originals}
    for old, new in ids.items():
        for table in OF_DOCUMENTS:
            other = ", ? as file_path, ? as department_name" if table == "document" else ""
            parameters = [new, f"{copy}/{old}", name] if table == "document" else [new]
            columns = "* replace (? as document_id" + other + ")"
            connection.execute(
                f"insert into staging.{table} select {columns} from staging.{table} where document_id = ?", [*parameters, old]
            )
    return ids


def change_cell(connection: duckdb.DuckDBPyConnection, ids: dict[str, str], copy: str, source: random.Random) -> Change | None:
    rows = connection.execute(
        f"""
        select document_id, form_order, row_order, column_code, amount_text from staging.amount
        where document_id in ({", ".join("?" for _ in ids)}) and printed_value <> 0 order by all
        """,
        list(ids.values()),
    ).fetchall()
    if not rows:
        return None
    document, form, row, column, text = source.choice(rows)
    after = another_digit(text, source)
    connection.execute(
        """
        update staging.amount set amount_text = ?, printed_value = ?
        where document_id = ? and form_order = ? and row_order = ? and column_code = ?
        """,
        [after, number(after), document, form, row, column],
    )
    return Change(copy, "cell", (document, form, row, column), text, after)


def change_claim(connection: duckdb.DuckDBPyConnection, ids: dict[str, str], copy: str, source: random.Random) -> Change | None:
    rows = connection.execute(
        f"""
        select document_id, sentence_order, claim_order, slot, figure from (
            unpivot (
                select document_id, sentence_order, claim_order, value_text as value, delta_text as delta, percent_text as percent
                from staging.claim
                where document_id in ({", ".join("?" for _ in ids)}) and value_order is null and claim_kind <> 'count'
            ) on value, delta, percent into name slot value figure
        ) order by all
        """,
        list(ids.values()),
    ).fetchall()
    if not rows:
        return None
    document, sentence, claim, slot, text = source.choice(rows)
    after = another_digit(text, source)
    connection.execute(
        f"""
        update staging.claim set {slot}_text = ?, printed_{slot} = ?
        where document_id = ? and {slot}_text = ? and (sentence_order = ? or value_order = ?)
        """,
        [after, abs(number(after)), document, text, sentence, claim],
    )
    return Change(copy, "claim", (document, claim), text, after, slot)


def build(staging: Path, folder: Path) -> Path:
    warehouse = folder / "warehouse.duckdb"
    environment = {
        **os.environ,
        "JUESUAN_STAGING": str(staging),
        "JUESUAN_WAREHOUSE": str(warehouse),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    command = [str(Path(sys.executable).with_name("dbt")), "build", "--quiet", "--target-path", str(folder / "target")]
    command += ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return warehouse


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is None:
        with tempfile.TemporaryDirectory() as name:
            yield Path(name)
    else:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--changes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="show each change that was not attributed")
    parser.add_argument("--folder", type=Path, help="keep the build in this folder")
    options = parser.parse_args()
    source = random.Random(options.seed)
    with _folder(options.folder) as folder:
        staging = folder / "staging.duckdb"
        shutil.copy(options.home / "staging.duckdb", staging)
        with closing(duckdb.connect(str(options.home / "current" / "warehouse.duckdb"), read_only=True)) as published:
            disclosures = published.execute(
                "select disclosure_key, list(document_id) from marts.dim_document group by all order by all"
            ).fetchall()
        changes: list[Change] = []
        origin: dict[str, str] = {}
        with closing(duckdb.connect()) as connection:
            connection.execute(f"attach '{staging}' as copies")
            connection.execute("use copies")
            while len(changes) < options.changes:
                copy = f"{len(changes) + 1:04}"
                _key, documents = source.choice(disclosures)
                ids = copied(connection, documents, f"副本{copy}局", copy)
                make = change_cell if len(changes) % 2 == 0 else change_claim
                change = make(connection, ids, copy, source) or change_cell(connection, ids, copy, source)
                if change is None:
                    continue
                changes.append(change)
                origin.update({new: old for old, new in ids.items()})
        report(build(staging, folder), changes, origin, options.show)
    return 0


# A check is named after its document or its disclosure, which the copies replace.
BROKEN = """
select b.document_id, b.check_key, b.finding_key, f.printed_text
from marts.bridge_finding_check as b
inner join marts.rpt_finding as f on b.finding_key = f.finding_key
"""
SUSPECTED = "select check_key, place_key from intermediate.int_finding_suspect where suspicion = 1"
PLACES = """
select check_key, place_key
from intermediate.int_finding_place
where status = 'inconsistent'
"""
# A part within its whole (其中) is touched by it, but no equation: almost any figure would do.
TOUCHED = """
select p.place_key, count(distinct p.check_key), count(distinct p.check_key) filter (p.is_evidence)
from intermediate.int_finding_place as p
inner join marts.fct_identity_check as c on p.check_key = c.check_key
group by 1
"""
SENTENCES = "select document_id || '/claim/' || claim_number, sentence_number from marts.fct_narrative_claim"


def report(warehouse: Path, changes: list[Change], origin: dict[str, str], show: bool) -> None:
    with closing(duckdb.connect(str(warehouse), read_only=True)) as connection:
        rows = connection.execute(BROKEN).fetchall()
        places: dict[str, set[str]] = defaultdict(set)
        for key, place in connection.execute(PLACES).fetchall():
            places[key].add(place)
        suspects: dict[str, set[str]] = defaultdict(set)
        for key, place in connection.execute(SUSPECTED).fetchall():
            suspects[key].add(place)
        touching = {place: counts for place, *counts in connection.execute(TOUCHED).fetchall()}
        sentences = dict(connection.execute(SENTENCES).fetchall())
    broken_before = {document + _without_owner(key) for document, key, *_ in rows if document not in origin}
    broken: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for document, key, *finding in rows:
        if document in origin and origin[document] + _without_owner(key) not in broken_before:
            broken[document].append((key, *finding))
    siblings = _siblings(changes, origin)
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    stray_total = 0
    for change in changes:
        found = [row for document in siblings[str(change.place[0])] for row in broken[document]]
        if change.kind == "cell":
            document, form, row, column = change.place
            place = f"{document}/cell/{form}/{row}/{column}"
            attributed = any(finding == place for _, finding, _ in found)
            suspected = attributed or any(place in suspects[key] for key, *_ in found)
            stray = [key for key, *_ in found if place not in places[key]]
            identities, equations = touching.get(place, (0, 0))
            groups = [("cells of no identity", "cells of one identity", "cells of two and more identities")[min(identities, 2)]]
            if equations > 1:
                groups.append("cells of two and more equations")
        else:
            document, claim = change.place
            sentence = sentences[f"{document}/claim/{claim}"]

            def is_of_sentence(place: str, document: object = document, sentence: int = sentence) -> bool:
                owner, kind, number, *_ = place.split("/")
                return owner == document and kind == "claim" and sentences.get(f"{owner}/claim/{number}") == sentence

            attributed = any(is_of_sentence(finding) and text == change.after for _, finding, text in found)
            suspected = attributed or any(is_of_sentence(place) for key, *_ in found for place in suspects[key])
            stray = [
                key
                for key, finding, _ in found
                if "/prose/" not in finding and not any(is_of_sentence(place) for place in places[key])
            ]
            groups = [f"claims: {change.slot}"]
        for group in groups:
            tally[group].update(changes=1, reported=bool(found), attributed=attributed, suspected=suspected)
        stray_total += len(stray)
        if show:
            _show(change, groups[0], found, stray, attributed)
    print(f"{len(changes)} changes")
    for group, counts in sorted(tally.items()):
        n = counts["changes"]
        shares = (f"{counts[share] / n:.3f} {share}" for share in ("reported", "attributed", "suspected"))
        print(f"{group:34} {n:4} changed, {', '.join(shares)}")
    print(f"checks that broke without the changed figure among their figures: {stray_total}")


def _show(change: Change, group: str, found: list[tuple[str, str, str]], stray: list[str], attributed: bool) -> None:
    place = f"at {change.place} ({change.before} -> {change.after})"
    for key in stray:
        print(f"stray {place}: {key}")
    if not attributed:
        print(f"{group} {place}: {[key for key, *_ in found] or 'nothing broke'}")


def _without_owner(check_key: str) -> str:
    return check_key.partition("/")[2]


def _siblings(changes: list[Change], origin: dict[str, str]) -> dict[str, list[str]]:
    """The documents of the copy that a document belongs to."""
    copies = {str(change.place[0]): change.copy for change in changes}
    result: dict[str, list[str]] = {}
    for document, copy in copies.items():
        result[document] = [new for new, old in origin.items() if hashlib.sha256(f"{copy}/{old}".encode()).hexdigest() == new]
    return result


if __name__ == "__main__":
    sys.exit(main())
