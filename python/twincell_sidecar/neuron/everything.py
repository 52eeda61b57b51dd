"""Everything hoc can see of a cell, step by step, in a window of a trial: what a first divergence is looked for in."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from ..server import Progress, Result
from .cell import Cell
from .clamps import current_clamps
from .nodes import Node, compartments, nodes_of
from .objects import Hoc, HocObject
from .probe_cell import variable_name
from .run import prepare

# MechanismStandard's kinds of variables: parameters, assigned, states; and what is global.
_KINDS = (1, 2, 3)
_GLOBAL = -1
_STRUCTURAL = ("morphology", "capacitance")
# A part carries at most this many numbers.
_PART = 4_000_000
# At least this often (s of wall time) the loop lets the server look for a cancellation.
_POLL = 0.04


@dataclass
class _Columns:
    """What is recorded, in groups of one variable at many places, and where each number stands."""

    groups: list[dict[str, Any]] = field(default_factory=list)
    references: list[Any] = field(default_factory=list)

    def add(self, kind: str, owner: str, variable: str, places: list[tuple[int, Any]], length: int = 1) -> None:
        """Add a variable at places (row or -1, reference)."""
        if not places:
            return
        rows = [row for row, _ in places]
        self.groups.append({"kind": kind, "owner": owner, "variable": variable, "length": length, "rows": rows})
        for _, reference in places:
            self.references += [reference[element] for element in range(length)] if length > 1 else [reference]


def record_window(h: Hoc, cell: Cell, params: Mapping[str, Any]) -> Iterator[Progress | Result]:
    """Run the trial whose events are already with the players up to the window's end; yield the window in parts."""
    # NEURON numbers its nodes as it initializes; a cell just built has none yet.
    h.finitialize(cell.v_init)
    clamps = current_clamps(h, compartments(nodes_of(cell)), params["clamps"])
    try:
        yield from _run(h, cell, params)
    finally:
        clamps.clear()


def _run(h: Hoc, cell: Cell, params: Mapping[str, Any]) -> Iterator[Progress | Result]:
    first, last, dt = int(params["firstStep"]), int(params["lastStep"]), float(params["dt"])
    prepare(h, cell, dt, int(params["order"]))
    columns = _columns(h, nodes_of(cell))
    count = len(columns.references)
    gather = h.PtrVector(count)
    for index, reference in enumerate(columns.references):
        gather.pset(index, reference)
    row = h.Vector(count)
    view = row.as_numpy()
    per_part = max(1, _PART // count)
    rows: list[Any] = []
    times: list[float] = []
    polled = time.monotonic()
    for step in range(last + 1):
        if step > 0:
            h.fadvance()
        if step >= first:
            gather.gather(row)
            rows.append(view.copy())
            times.append(float(h.t))
        if len(rows) == per_part or step == last:
            # The first part alone says what the columns are.
            groups = columns.groups if step - len(rows) < first else []
            yield _part(groups, times, rows)
            rows, times = [], []
        now = time.monotonic()
        if now - polled > _POLL:
            polled = now
            yield Progress(step * dt, last * dt, "")


def _part(groups: list[dict[str, Any]], times: list[float], rows: list[Any]) -> Result:
    samples = np.concatenate(rows) if rows else np.empty(0)
    return Result(
        {"groups": groups},
        tables={
            "times": pa.table({"t": pa.array(np.array(times, dtype=np.float64))}),
            "samples": pa.table({"value": pa.array(samples)}),
        },
    )


def _columns(h: Hoc, nodes: list[Node]) -> _Columns:
    columns = _Columns()
    columns.add("v", "", "v", [(node.row, node.place._ref_v) for node in nodes])
    membrane = [node for node in nodes if node.segment >= 0]
    present = {id(node): {mechanism.name() for mechanism in node.place} for node in membrane}
    names = sorted({name for some in present.values() for name in some} - set(_STRUCTURAL))
    for name in names:
        here = [node for node in membrane if name in present[id(node)]]
        if name.endswith("_ion"):
            _ion(columns, name.removesuffix("_ion"), here)
        else:
            _variables(h, columns, name, [(node.row, node.place) for node in here])
    _points(h, columns, membrane)
    return columns


def _ion(columns: _Columns, ion: str, nodes: list[Node]) -> None:
    names = {
        "reversal": f"e{ion}",
        "inside": f"{ion}i",
        "outside": f"{ion}o",
        "current": f"i{ion}",
        "slope": f"di{ion}_dv_",
    }
    for variable, name in names.items():
        columns.add("ion", ion, variable, [(node.row, getattr(node.place, f"_ref_{name}")) for node in nodes])


def _points(h: Hoc, columns: _Columns, nodes: list[Node]) -> None:
    """Point processes, by mechanism; at one node NEURON lists the latest first."""
    found: dict[str, list[tuple[int, HocObject]]] = {}
    for node in nodes:
        for point in reversed(list(node.place.point_processes())):
            found.setdefault(str(point.hname()).split("[")[0], []).append((node.row, point))
    for name in sorted(found):
        _variables(h, columns, name, found[name])


def _variables(h: Hoc, columns: _Columns, mechanism: str, owners: list[tuple[int, HocObject]]) -> None:
    standard = [entry for kind in _KINDS for entry in _names(h, mechanism, kind)]
    for name, length in standard:
        references = [(row, getattr(owner, f"_ref_{name}")) for row, owner in owners]
        columns.add("instance", mechanism, variable_name(name, mechanism), references, length)
    for name, length in _names(h, mechanism, _GLOBAL):
        columns.add("global", mechanism, variable_name(name, mechanism), [(-1, getattr(h, f"_ref_{name}"))], length)


def _names(h: Hoc, mechanism: str, kind: int) -> list[tuple[str, int]]:
    """Names, as hoc knows them, and lengths of a mechanism's variables of one kind."""
    standard = h.MechanismStandard(mechanism, kind)
    name = h.ref("")
    return [(name[0], length) for index in range(int(standard.count())) if (length := int(standard.name(name, index)))]
