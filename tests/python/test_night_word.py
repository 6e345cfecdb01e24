"""What a night leaves behind for those who watch it: logs, metrics, the failure hook."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

import ingest.publish.log
from ingest.home import Home
from ingest.publish.hook import run_hook
from ingest.publish.log import NightLog
from ingest.publish.metrics import NightFigures, write_metrics

FIGURES = NightFigures(
    now=1_800_000_100.0,
    exit_status=3,
    seconds=12.5,
    last_good_run=1_800_000_100.0,
    last_good_build=1_800_000_000.0,
    documents=75,
    rejections={"no_text_layer": 2, 'odd"code': 1},
    findings={"material": 4},
    new_findings=0,
    builds=7,
)


def test_metrics_are_in_the_text_format(tmp_path: Path) -> None:
    path = tmp_path / "juesuan.prom"
    write_metrics(path, FIGURES)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert "# TYPE juesuan_last_good_build_age_seconds gauge" in lines
    for line in (
        "juesuan_last_run_exit_status 3",
        "juesuan_last_good_build_timestamp_seconds 1800000000",
        "juesuan_last_good_build_age_seconds 100",
        "juesuan_documents 75",
        "juesuan_rejections 3",
        'juesuan_rejections_by_code{code="no_text_layer"} 2',
        'juesuan_rejections_by_code{code="odd\\"code"} 1',
        'juesuan_findings_by_severity{severity="material"} 4',
        "juesuan_new_findings 0",
    ):
        assert line in lines
    assert [p.name for p in tmp_path.iterdir()] == ["juesuan.prom"]
    assert path.stat().st_mode & 0o444 == 0o444  # the collector is another user


def test_what_is_not_known_is_left_out_and_no_age_is_negative(tmp_path: Path) -> None:
    path = tmp_path / "juesuan.prom"
    write_metrics(path, NightFigures(100.0, 1, 1.0, None, 200.0, None, None, None, None, 0))
    text = path.read_text(encoding="utf-8")
    assert "juesuan_documents" not in text and "juesuan_last_good_run" not in text
    assert "juesuan_last_good_build_age_seconds 0" in text.splitlines()


def test_both_logs_have_one_line_an_event(tmp_path: Path) -> None:
    log = NightLog(Home(tmp_path), now=lambda: datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    log("rejected", "一行\n两行", level="warning", code="no_text_layer")
    (line,) = (tmp_path / "logs" / "nightly.jsonl").read_text(encoding="utf-8").splitlines()
    told = json.loads(line)
    assert (told["event"], told["code"], told["at"]) == ("rejected", "no_text_layer", "2026-01-02T03:04:05.000+00:00")
    assert (tmp_path / "logs" / "nightly.log").read_text(encoding="utf-8") == (
        f"2026-01-02T03:04:05Z {log.night} WARNING 一行 两行\n"
    )


def test_logs_are_rotated_and_the_oldest_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.publish.log, "ROTATE_AT", 10)
    log = NightLog(Home(tmp_path))
    for number in range(8):
        log("event", f"night {number}")
        log.rotate()
    kept = sorted(path.name for path in (tmp_path / "logs").glob("nightly.log*"))
    assert kept == [f"nightly.log.{number}" for number in range(1, 6)]
    assert "night 7" in (tmp_path / "logs" / "nightly.log.1").read_text(encoding="utf-8")


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("in the way", encoding="utf-8")
    NightLog(Home(tmp_path))("started", "night begins")


def test_the_hook_is_told_what_happened(tmp_path: Path) -> None:
    command = f'printf "%s|%s|%s" "$JUESUAN_EXIT_STATUS" "$JUESUAN_MESSAGE" "$JUESUAN_HOME" > {tmp_path}/told'
    assert run_hook(command, tmp_path, 1, "a full disk; $(rm -rf /)") is None
    assert (tmp_path / "told").read_text(encoding="utf-8") == f"1|a full disk; $(rm -rf /)|{tmp_path}"


def test_a_hook_that_fails_or_hangs_is_told(tmp_path: Path) -> None:
    assert run_hook("echo no mail >&2; exit 7", tmp_path, 1, "") == "the failure hook ended with exit status 7: no mail"
    assert run_hook("sleep 30", tmp_path, 1, "", time_limit=0.2) == "the failure hook was stopped after 0 s"
