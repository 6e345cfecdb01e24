"""What a night leaves to look at: the report site and dbt's documentation, whole and published with the build, or not at all."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.home import Home
from ingest.publish import reports
from ingest.publish.inputs import Inputs, Staged, fingerprint
from tests.night.nights import environment, write_first
from tests.python.conftest import ROOT
from tests.python.small_project import make_project


def run_night(home: Path, folder: Path, project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    asked = [sys.executable, "-m", "ingest", "--home", str(home), "nightly", str(folder), "--workers", "1", *options]
    return subprocess.run(asked, env=environment(project), capture_output=True, text=True, check=False, timeout=900)


def test_a_night_publishes_its_reports_with_the_build(tmp_path: Path) -> None:
    home, folder = Home(tmp_path / "home"), write_first(tmp_path / "documents")
    done = run_night(home.path, folder, ROOT)
    assert done.returncode == 0, done.stderr
    build = home.current.resolve()
    overview = (build / "site" / "zh" / "index.html").read_text(encoding="utf-8")
    assert "体育局" in overview and build.name in overview
    documentation = (build / "docs" / "index.html").read_text(encoding="utf-8")
    assert "fct_reported_amount" in documentation and "report_site" in documentation
    assert str(ROOT) not in documentation
    # What dbt left of the build is of the build, not of its documentation.
    assert len(json.loads((build / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]) > 500
    assert not (build / "docs-target").exists()
    again = run_night(home.path, folder, ROOT)
    assert f"nothing new: build {build.name} stands" in again.stdout


def test_a_build_whose_reports_cannot_be_made_is_not_published(tmp_path: Path) -> None:
    """A project of a few models has nothing that the site could show."""
    home, folder, project = Home(tmp_path / "home"), write_first(tmp_path / "documents"), make_project(tmp_path / "project")
    done = run_night(home.path, folder, project)
    assert (done.returncode, home.published_build()) == (1, None)
    assert "build failed: report site: " in done.stderr
    assert run_night(home.path, folder, project, "--no-reports").returncode == 0
    assert home.published_build() is not None


def test_another_chart_is_a_reason_to_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = tmp_path / "reporting"
    sources.mkdir()
    (sources / "charts.py").write_text("BLUE = 1\n", encoding="utf-8")
    monkeypatch.setattr(reports, "SOURCES", sources)
    staged = Staged(Inputs(0, 0, 0, 0), (), (), ())
    before = fingerprint(staged, ROOT, reports.reports_digest())
    (sources / "charts.py").write_text("BLUE = 2\n", encoding="utf-8")
    after = fingerprint(staged, ROOT, reports.reports_digest())
    assert len({before, after, fingerprint(staged, ROOT)}) == 3
