"""A flow from left to right: where its nodes and bands lie, and the Vega spec that draws them. Vega has no such mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reporting.labels import wrap
from reporting.units import Language, Unit, format_amount

Link = tuple[str, str, Decimal | None]  # source, target, amount in 元

NODE_WIDTH = 14
LABEL_WIDTH = 200
LABEL_HEIGHT = 32  # two lines: name and amount
GAP = 8
BAND_HEIGHT = 320  # of all amounts of the largest column together


@dataclass(frozen=True, slots=True)
class Node:
    """A bar of the flow: its column from the left, the place of its top left corner, its height in pixels, its amount in 元."""

    name: str
    column: int
    x: float
    y: float
    height: float
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Band:
    """What flows between two nodes; ``path`` is its outline as SVG path data."""

    source: str
    target: str
    amount: Decimal
    path: str


def lay_out(links: Sequence[Link], *, width: float) -> tuple[list[Node], list[Band]]:
    """Places for the nodes and bands of ``links``, in their order, the first source topmost.

    All heights are in one proportion to the amounts. An amount that is missing or negative makes no band.
    """
    columns = _columns(links)
    amounts = {name: _amount(links, name) for name in columns}
    last = max(columns.values(), default=1)
    totals = [
        sum((max(amounts[n] or Decimal(0), Decimal(0)) for n, c in columns.items() if c == column), Decimal(0))
        for column in range(last + 1)
    ]
    scale = BAND_HEIGHT / float(max([*totals, Decimal(1)]))
    heights = {name: max(float(amount or 0), 0.0) * scale for name, amount in amounts.items()}
    slots = {name: max(height, LABEL_HEIGHT) + GAP for name, height in heights.items()}
    whole = max(sum(slots[n] for n, c in columns.items() if c == column) for column in range(last + 1)) if columns else 0
    nodes: dict[str, Node] = {}
    for column in range(last + 1):
        names = [name for name, its in columns.items() if its == column]
        top = (whole - sum(slots[name] for name in names)) / 2
        x = LABEL_WIDTH + (width - 2 * LABEL_WIDTH - NODE_WIDTH) * column / last
        for name in names:
            y = top + (slots[name] - heights[name]) / 2
            nodes[name] = Node(name, column, x, y, heights[name], amounts[name])
            top += slots[name]
    return list(nodes.values()), _bands(links, nodes, scale)


def _columns(links: Sequence[Link]) -> dict[str, int]:
    """The column of each node: one right of all its sources. Raises ``ValueError`` where links go round in a circle."""
    columns: dict[str, int] = {}
    for source, target, _ in links:
        columns.setdefault(source, 0)
        columns.setdefault(target, 1)
    for _ in range(len(columns) + 1):
        moved = False
        for source, target, _ in links:
            if columns[target] <= columns[source]:
                columns[target], moved = columns[source] + 1, True
        if not moved:
            return columns
    raise ValueError("links go round in a circle")


def _amount(links: Sequence[Link], name: str) -> Decimal | None:
    """What flows through a node: its larger side. ``None`` if no link of it has an amount."""
    sides = []
    for side in (0, 1):
        known = [amount for *ends, amount in links if ends[side] == name and amount is not None]
        if known:
            sides.append(sum(known, Decimal(0)))
    return max(sides) if sides else None


def _bands(links: Sequence[Link], nodes: Mapping[str, Node], scale: float) -> list[Band]:
    left = {name: node.y for name, node in nodes.items()}  # where the next band enters
    right = dict(left)  # where the next band leaves
    bands = []
    for source, target, amount in links:
        if amount is None or amount <= 0:
            continue
        size = float(amount) * scale
        x0, x1 = nodes[source].x + NODE_WIDTH, nodes[target].x
        y0, y1 = right[source], left[target]
        right[source] += size
        left[target] += size
        middle = (x0 + x1) / 2
        path = (
            f"M{x0:.1f},{y0:.2f}C{middle:.1f},{y0:.2f} {middle:.1f},{y1:.2f} {x1:.1f},{y1:.2f}"
            f"L{x1:.1f},{y1 + size:.2f}C{middle:.1f},{y1 + size:.2f} {middle:.1f},{y0 + size:.2f} {x0:.1f},{y0 + size:.2f}Z"
        )
        bands.append(Band(source, target, amount, path))
    return bands


def flow_spec(
    links: Sequence[Link], *, unit: Unit, language: Language, width: int, fonts: str, ink: str, colours: Sequence[str]
) -> dict[str, Any]:
    """The Vega spec of a flow. Names are wrapped and amounts written under them, so that nothing needs to be hovered over."""
    nodes, bands = lay_out(links, width=width)
    last = max((node.column for node in nodes), default=1)
    height = max((node.y + max(node.height, LABEL_HEIGHT) for node in nodes), default=40) + GAP
    node_values, label_values = [], []
    for node in nodes:
        colour = colours[0] if node.column == 0 else colours[1] if node.column == last else ink
        amount = format_amount(node.amount, unit, language)
        node_values.append({"x": node.x, "y": node.y, "height": max(node.height, 1) if node.amount else 0, "colour": colour})
        lines = [*wrap(node.name, 15), amount]
        label: dict[str, Any] = {"lines": lines, "y": node.y + node.height / 2, "up": (len(lines) - 1) / 2}
        if node.column == 0:
            label |= {"x": node.x - 8, "align": "right"}
        elif node.column == last:
            label |= {"x": node.x + NODE_WIDTH + 8, "align": "left"}
        else:  # above the node, where no band lies
            label |= {"x": node.x + NODE_WIDTH / 2, "align": "center", "y": node.y - 10, "up": len(lines) - 1}
        label_values.append(label)
    band_values = [
        {
            "path": band.path,
            "colour": colours[0] if nodes_column(nodes, band.source) == 0 else colours[1],
            "tip": f"{band.source} → {band.target}: {format_amount(band.amount, unit, language, with_unit=True)}",
        }
        for band in bands
    ]
    unit_note = f"单位：{unit.label(language)}" if language == "zh" else f"Unit: {unit.label(language)}"
    return {
        "$schema": "https://vega.github.io/schema/vega/v6.json",
        "width": width,
        "height": height,
        "padding": 8,
        "background": "white",
        "config": {"text": {"font": fonts, "fontSize": 12, "fill": ink}, "aria": False},
        "data": [
            {"name": "bands", "values": band_values},
            {"name": "nodes", "values": node_values},
            {"name": "labels", "values": label_values},
        ],
        "marks": [
            {
                "type": "path",
                "from": {"data": "bands"},
                "encode": {
                    "enter": {
                        "path": {"field": "path"},
                        "fill": {"field": "colour"},
                        "fillOpacity": {"value": 0.28},
                        # So that a band thinner than a pixel is seen at all.
                        "stroke": {"field": "colour"},
                        "strokeOpacity": {"value": 0.28},
                        "strokeWidth": {"value": 0.7},
                        "tooltip": {"field": "tip"},
                    }
                },
            },
            {
                "type": "rect",
                "from": {"data": "nodes"},
                "encode": {
                    "enter": {
                        "x": {"field": "x"},
                        "y": {"field": "y"},
                        "width": {"value": NODE_WIDTH},
                        "height": {"field": "height"},
                        "fill": {"field": "colour"},
                    }
                },
            },
            {
                "type": "text",
                "from": {"data": "labels"},
                "encode": {
                    "enter": {
                        "x": {"field": "x"},
                        "y": {"field": "y"},
                        "dy": {"signal": "-15 * datum.up"},
                        "align": {"field": "align"},
                        "baseline": {"value": "middle"},
                        "lineHeight": {"value": 15},
                        "text": {"field": "lines"},
                    }
                },
            },
            {
                "type": "text",
                "encode": {
                    "enter": {"x": {"value": 0}, "y": {"value": 0}, "baseline": {"value": "bottom"}, "text": {"value": unit_note}}
                },
            },
        ],
    }


def nodes_column(nodes: Sequence[Node], name: str) -> int:
    return next(node.column for node in nodes if node.name == name)
