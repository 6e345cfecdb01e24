"""Names of files and anchors: safe on any file system and in any link, and the same in every build."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import quote

# Letters and digits that no file system changes: ASCII, and the ideographs that have one form under every normalisation.
_UNSAFE = re.compile(r"[^0-9A-Za-z\u3400-\u4dbf\u4e00-\u9fff]+")
_READABLE = 24  # characters; three bytes each at most, far below what a name may have


def slug(key: str, readable: str | None = None) -> str:
    """The stem of a file about ``key``: ten digits of its hash, which tell keys apart, and what can be read of it."""
    text = _UNSAFE.sub("-", unicodedata.normalize("NFKC", key if readable is None else readable)).strip("-")
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{digest}-{text[:_READABLE].rstrip('-')}".rstrip("-")


def href(path: str, anchor: str | None = None) -> str:
    """A path below the site, percent-encoded, and an anchor on it."""
    return quote(path, safe="/.-_~") + (f"#{quote(anchor, safe='-_.')}" if anchor else "")


def cell_anchor(document_id: str, page: object, table: object, row: object, column: object) -> str:
    """The anchor of a printed cell: its document and its place there."""
    return f"c-{document_id[:8]}-p{page}t{table}r{row}c{column}"


def form_anchor(document_id: str, form_order: object) -> str:
    return f"form-{document_id[:8]}-{form_order}"


def claim_anchor(document_id: str, claim_number: object) -> str:
    return f"claim-{document_id[:8]}-{claim_number}"


def project_anchor(document_id: str, project: str) -> str:
    return f"project-{document_id[:8]}-{hashlib.sha256(project.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"


def finding_anchor(finding_key: str) -> str:
    return f"finding-{hashlib.sha256(finding_key.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
