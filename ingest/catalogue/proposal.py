"""Proposals for the catalogue: text from a document as an entry that can be pasted, whatever the text is."""

from __future__ import annotations

import json
import re

# Printed text that YAML reads as itself: letters, digits and the signs that titles and headers have after folding.
_PLAIN = re.compile(r"[^\W\d_][\w（）、/ %．·《》“”-]*")
_WORDS_OF_YAML = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_SPECIAL = re.compile(r"[\\.^$*+?{}\[\]|()]")
LONGEST = 200


def pattern(text: str) -> str:
    """A regular expression that matches ``text`` alone, as a scalar of YAML."""
    escaped = _SPECIAL.sub(r"\\\g<0>", " ".join(text[:LONGEST].split()))
    if _PLAIN.fullmatch(escaped) and not escaped.endswith(" ") and escaped.lower() not in _WORDS_OF_YAML:
        return escaped
    return json.dumps(escaped, ensure_ascii=not escaped.isprintable())


def comment(text: str) -> str:
    """Text that stays within its comment."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in " ".join(text[:LONGEST].split()))
