"""A built cell as one Arrow table, one row a node, in the columns of `src/model/snapshot.ts`.

`position` is flat here: positionX, positionY, positionZ. Parameters are columns `mechanism.parameter`, null where the
mechanism is not inserted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa

from .biophysics import set_origin
from .cell import Cell
from .library import execution_order, versions
from .nodes import Node, nodes_of
from .objects import Hoc, HocObject, Segment
from .position import Positions
from .regions import bare_name

# What NEURON gives a node without membrane (µm²).
_ENDS_AREA = 100.0
# `fmatrix` indices of the two off-diagonal terms.
_A, _B = 1, 3
# Mechanisms every section has; they carry no parameters of ours.
_STRUCTURAL = ("morphology", "capacitance")


def describe(h: Hoc, cell: Cell) -> tuple[dict[str, Any], pa.Table]:
    """Make the `DescribeResult` of a cell and its snapshot table."""
    h.celsius = cell.celsius
    h.secondorder = 0
    h.finitialize(cell.v_init)
    nodes = nodes_of(cell)
    names: dict[str, int] = {}
    for node in nodes:
        names.setdefault(bare_name(node.section), len(names))
    channels = {_key(segment): channel for channel, segment in enumerate(cell.dendrites)}
    columns: dict[str, pa.Array] = {
        "section": pa.array([names[bare_name(node.section)] for node in nodes], pa.int32()),
        "sectionType": pa.array([node.region for node in nodes], pa.string()),
        "segment": pa.array([node.segment for node in nodes], pa.int32()),
        "x": _float(float(node.place.x) for node in nodes),
        "parent": pa.array([node.parent for node in nodes], pa.int32()),
        "dendrite": pa.array([_channel(node, channels) for node in nodes], pa.int32()),
        **_geometry(h, cell, nodes),
    }
    columns.update(_parameters(h, nodes))
    somewhere = {node.row: node for node in nodes}
    result = {
        "celsius": cell.celsius,
        "vInit": cell.v_init,
        "mechanismOrder": mechanism_order(h, cell, nodes),
        "sectionNames": list(names),
        "somaNode": somewhere[int(cell.soma.node_index())].row,
        "nexusNode": somewhere[int(cell.nexus.node_index())].row,
        "versions": versions(),
    }
    return result, pa.table(columns)


def mechanism_order(h: Hoc, cell: Cell, nodes: list[Node]) -> list[str]:
    """Mechanisms and point processes that the cell has, in the order NEURON runs them."""
    present: set[str] = set()
    for node in nodes:
        if node.segment >= 0:
            present.update(mechanism.name() for mechanism in node.place)
            present.update(point.hname().split("[")[0] for point in node.place.point_processes())
    if cell.passive:
        present = {name for name in present if not name.endswith("_ion")}
    return [name for name in execution_order(h) if name in present and name not in _STRUCTURAL]


def _geometry(h: Hoc, cell: Cell, nodes: list[Node]) -> dict[str, pa.Array]:
    has_membrane = [node.segment >= 0 for node in nodes]
    set_origin(h, cell.regions, "soma")
    positions = Positions(cell)
    middle = np.array([positions.of(node.section, float(node.place.x)) for node in nodes], dtype=np.float64)
    return {
        "length": _float(
            float(node.section.L) / node.section.nseg if own else 0.0
            for node, own in zip(nodes, has_membrane, strict=True)
        ),
        "diameter": _float(
            float(node.place.diam) if own else 0.0 for node, own in zip(nodes, has_membrane, strict=True)
        ),
        "area": _float(
            float(node.place.area()) if own else _ENDS_AREA for node, own in zip(nodes, has_membrane, strict=True)
        ),
        "axialA": _float(_matrix(h, node, _A) for node in nodes),
        "axialB": _float(_matrix(h, node, _B) for node in nodes),
        "axialResistance": _float(float(node.place.ri()) if node.parent >= 0 else 0.0 for node in nodes),
        "cm": _float(float(node.place.cm) if own else 0.0 for node, own in zip(nodes, has_membrane, strict=True)),
        "pathDistance": _float(float(h.distance(node.place)) for node in nodes),
        "positionX": pa.array(middle[:, 0]),
        "positionY": pa.array(middle[:, 1]),
        "positionZ": pa.array(middle[:, 2]),
    }


def _matrix(h: Hoc, node: Node, term: int) -> float:
    """Read an off-diagonal term of NEURON's matrix as it stands there; the root has none."""
    if node.parent < 0:
        return 0.0
    return float(h.fmatrix(node.place.x, term, sec=node.section))


def _parameters(h: Hoc, nodes: list[Node]) -> dict[str, pa.Array]:
    """One column for each RANGE parameter of each inserted mechanism (`inserted` where it has none), and `ion.e`."""
    values: dict[str, list[float | None]] = {}
    names: dict[str, list[tuple[str, str]]] = {}
    for row, node in enumerate(nodes):
        if node.segment < 0:
            continue
        for mechanism in node.place:
            name = mechanism.name()
            if name in _STRUCTURAL:
                continue
            if name not in names:
                names[name] = _variables(h, name)
            if not names[name]:
                values.setdefault(f"{name}.inserted", [None] * len(nodes))[row] = 1.0
            for variable, column in names[name]:
                for element, number in _numbers(getattr(node.place, variable)):
                    values.setdefault(f"{column}{element}", [None] * len(nodes))[row] = number
    return {column: pa.array(values[column], pa.float64()) for column in sorted(values)}


def _numbers(value: HocObject) -> list[tuple[str, float]]:
    """Give a variable's number, or an array's, each with the end of its column's name (`[0]`, `[1]`)."""
    if isinstance(value, (int, float)):
        return [("", float(value))]
    return [(f"[{index}]", float(value[index])) for index in range(len(value))]


def _variables(h: Hoc, mechanism: str) -> list[tuple[str, str]]:
    """Pairs (variable of a segment, column) of a mechanism."""
    if mechanism.endswith("_ion"):
        ion = mechanism.removesuffix("_ion")
        return [(f"e{ion}", f"{mechanism}.e{ion}")]
    standard = h.MechanismStandard(mechanism, 1)
    name = h.ref("")
    pairs = []
    for index in range(int(standard.count())):
        standard.name(name, index)
        variable = name[0]
        pairs.append((variable, f"{mechanism}.{variable.removesuffix('_' + mechanism)}"))
    return pairs


def _key(segment: Segment) -> tuple[str, float]:
    return str(segment.sec.name()), float(segment.x)


def _channel(node: Node, channels: dict[tuple[str, float], int]) -> int:
    return channels.get(_key(node.place), -1) if node.segment >= 0 else -1


def _float(values: Iterable[float]) -> pa.Array:
    return pa.array(np.fromiter(values, dtype=np.float64))
