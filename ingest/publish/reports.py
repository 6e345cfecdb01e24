"""What a build has for people to look at: the report site, and dbt's documentation of the models.

A build whose reports cannot be made is not published: what readers would find under ``current`` would be less than they had.
"""

from __future__ import annotations

from pathlib import Path

from ingest.home import SITE_FOLDER, WAREHOUSE_FILE
from ingest.progress import Progress
from ingest.publish.dbt import generate_docs
from ingest.publish.inputs import installed_versions
from ingest.publish.sql import first_line
from ingest.version import hash_files

DOCS_PAGE = Path("docs", "index.html")
SOURCES = Path(__file__).resolve().parents[2] / "reporting"
SUFFIXES = frozenset({".py", ".sql", ".html", ".css", ".js", ".json", ".svg", ".yaml"})
DRAWN_WITH = ("altair", "vl-convert-python", "jinja2")


def reports_digest() -> str:
    """A digest over what decides how reports look: their sources, and the libraries that draw them."""
    digest = hash_files(SOURCES, sorted(path for path in SOURCES.rglob("*") if path.suffix in SUFFIXES))
    digest.update(repr(sorted(installed_versions(DRAWN_WITH).items())).encode())
    return digest.hexdigest()[:12]


def make_reports(project: Path, folder: Path, staging: Path, built_at: str, progress: Progress) -> tuple[str, ...]:
    """Write ``site/`` and ``docs/`` of the build in ``folder``. Returns one line for each that could not be made."""
    from reporting.site import build_site  # charts take seconds to import

    problems = [f"dbt docs: {first_line(problem)}" for problem in generate_docs(project, folder, staging, folder / DOCS_PAGE)]
    try:
        build_site(folder / WAREHOUSE_FILE, folder / SITE_FOLDER, built_at=built_at, build_id=folder.name, progress=progress)
    except OSError:
        raise  # a full disk is not a fault of the site
    except Exception as error:
        problems.append(f"report site: {type(error).__name__}: {first_line(str(error))}")
    return tuple(problems)
