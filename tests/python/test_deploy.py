"""What is deployed calls the command with options that it has."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from ingest.cli import make_parser


def arguments(line: str) -> list[str]:
    """The words after the command, as the shell would give them."""
    words = shlex.split(re.split(r"\|\||>>|2>&1", line)[0])
    return words[next(i for i, word in enumerate(words) if word.endswith("/juesuan")) + 1 :]


def test_the_service_runs_a_night_and_takes_rejections_for_success(root: Path) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(root / "deploy" / "systemd" / "juesuan-nightly.service", encoding="utf-8")
    asked = make_parser().parse_args(arguments(unit["Service"]["ExecStart"]))
    assert (asked.verb, asked.paths) == ("nightly", [Path("/var/lib/juesuan/disclosures")])
    assert unit["Service"]["SuccessExitStatus"] == "3"


def test_systemd_takes_the_units(root: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze on this machine")
    for name in ("juesuan-nightly.service", "juesuan-nightly.timer"):
        text = (root / "deploy" / "systemd" / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", text), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line for line in done.stderr.splitlines() if "juesuan" in line] == []


def test_cron_runs_a_night(root: Path) -> None:
    lines = (root / "deploy" / "cron" / "juesuan").read_text(encoding="utf-8").splitlines()
    (line,) = (line for line in lines if re.match(r"\d", line))
    assert make_parser().parse_args(arguments(line)).verb == "nightly"


def test_the_workflow_runs_a_night_and_names_no_registry(root: Path) -> None:
    text = (root / ".github" / "workflows" / "nightly.yml").read_text(encoding="utf-8")
    steps = yaml.safe_load(text)["jobs"]["nightly"]["steps"]
    (night,) = (step["run"] for step in steps if step.get("name") == "Night")
    (line,) = (line for line in night.splitlines() if "juesuan nightly" in line)
    assert make_parser().parse_args(arguments(line.replace("${ALLOW_SHRINKING:+", "").replace("}", ""))).verb == "nightly"
    assert "http" not in text


def test_the_alerts_watch_metrics_that_there_are(root: Path) -> None:
    rules = yaml.safe_load((root / "deploy" / "prometheus" / "juesuan.rules.yml").read_text(encoding="utf-8"))
    source = (root / "ingest" / "publish" / "metrics.py").read_text(encoding="utf-8")
    watched = {name for rule in rules["groups"][0]["rules"] for name in re.findall(r"juesuan_\w+", rule["expr"])}
    assert watched and all(f'"{name}"' in source for name in watched)
