"""The years from which figures are not what they were before: a classification, a name or a department that changed."""

from __future__ import annotations

from collections.abc import Sequence

from reporting.charts import Break
from reporting.notebook import Page


def of_departments(page: Page, keys: Sequence[str]) -> list[Break]:
    """Where a department was renamed, or made of others."""
    frame = page.ask("department_changes", departments=list(keys)).frame
    several = len(keys) > 1
    found = []
    for year, key, name, relation in frame.itertuples(index=False, name=None):
        told = page.say("原", "formerly ") if relation == "renamed" else page.say("并入：", "took over ")
        found.append((int(year), (f"{page.departments[key].name} " if several else "") + told + name))
    return found


def of_functional_classes(page: Page, codes: Sequence[str]) -> list[Break]:
    """Where classes of the functional classification changed their names."""
    frame = page.ask("functional_breaks", codes=list(codes)).frame
    changes: dict[int, list[str]] = {}
    for year, code, earlier, later in frame.itertuples(index=False, name=None):
        changes.setdefault(int(year), []).append(f"{code} {earlier} → {later}")
    return [(year, page.say("科目更名：", "renamed: ") + page.say("；", "; ").join(told)) for year, told in changes.items()]


def of_economic_classes(page: Page) -> list[Break]:
    """Where the economic classification was reformed."""
    frame = page.ask("economic_breaks").frame
    return [
        (
            int(year),
            page.say(
                f"支出经济分类改革：{renamed} 个科目更名，{added} 个新增，{gone} 个取消",
                f"reform of the economic classification: {renamed} codes renamed, {added} added, {gone} gone",
            ),
        )
        for year, renamed, added, gone in frame.itertuples(index=False, name=None)
    ]
