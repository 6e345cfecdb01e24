"""What dbt's ``adapter`` is to sqlfluff, which renders the models without dbt.

It checks how SQL is written, not what it computes: for a dispatched macro a call of the same name stands in.
"""

from __future__ import annotations

from collections.abc import Callable


def dispatch(macro: str, package: str | None = None) -> Callable[..., str]:
    def call(*arguments: object) -> str:
        return f"{macro}({arguments[0]})" if arguments else f"{macro}()"

    return call
