"""One probe in NEURON: builds it, runs it, and records after every step all that hoc can see of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .library import execution_order
from .objects import Hoc, HocObject
from .probe_cell import Placed, build, variable_name, walk

# `fmatrix` indices of the two off-diagonal terms.
_A, _B = 1, 3
# What NEURON gives a node without membrane (µm²).
_ENDS_AREA = 100.0
# MechanismStandard's kinds of variables: parameters, assigned, states; and what is global.
_KINDS = (1, 2, 3)
_GLOBAL = -1
# Mechanisms every section has.
_STRUCTURAL = ("morphology", "capacitance")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ProbeRun:
    """A `ProbeResult` without status and message, and its numbers."""

    header: dict[str, Any]
    nodes: dict[str, Floats]
    samples: Floats
    event_sources: Floats
    event_times: Floats


def run_probe(h: Hoc, params: Mapping[str, Any]) -> ProbeRun:
    """Build the probe's cell and run it to its end."""
    placed = build(h, params)
    _settle(h, params)
    record = params["record"]
    columns, references = _columns(h, placed, record)
    sources, event_log = _event_log(h, placed)
    gather = h.PtrVector(max(1, len(references)))
    for index, reference in enumerate(references):
        gather.pset(index, reference)
    row = h.Vector(max(1, len(references)))
    view = row.as_numpy()

    steps = int(params["steps"])
    samples = np.empty((steps + 1, len(references)))
    for handler in placed.start_events:
        placed.keep.append(h.FInitializeHandler(1, handler))
    h.finitialize(float(params["vInit"]))
    nodes = _geometry(h, placed)
    gather.gather(row)
    samples[0] = view[: len(references)]
    advance = h.fadvance
    for step in range(1, steps + 1):
        advance()
        gather.gather(row)
        samples[step] = view[: len(references)]
    header = {
        "mechanismOrder": _order(h, placed),
        "instances": {name: [place for _, place in found] for name, found in placed.instances.items()},
        "valences": {ion: float(h.ion_charge(f"{ion}_ion")) for ion in placed.ions()},
        "columns": columns,
        "sources": sources,
        "nodeColumns": list(nodes),
    }
    times = [np.array(vector) for vector in event_log]
    numbers = [np.full(len(of), float(index)) for index, of in enumerate(times)]
    empty = np.empty(0)
    return ProbeRun(header, nodes, samples, np.concatenate([empty, *numbers]), np.concatenate([empty, *times]))


def _settle(h: Hoc, params: Mapping[str, Any]) -> None:
    h.CVode().active(False)
    h.secondorder = 0 if params["order"] == 1 else 2
    h.celsius = float(params["celsius"])
    h.dt = float(params["dt"])
    h.t = 0


def _order(h: Hoc, placed: Placed) -> list[str]:
    present = set(placed.instances) | {f"{ion}_ion" for ion in placed.ions()}
    for node in walk(placed.sections):
        if node.segment >= 0:
            present.update(mechanism.name() for mechanism in node.place)
    return [name for name in execution_order(h) if name in present and name not in _STRUCTURAL]


def _geometry(h: Hoc, placed: Placed) -> dict[str, Floats]:
    nodes = walk(placed.sections)
    own = [node.segment >= 0 for node in nodes]

    def matrix(term: int) -> Floats:
        return np.array(
            [0.0 if n.parent < 0 else float(h.fmatrix(n.place.x, term, sec=n.section)) for n in nodes], dtype=float
        )

    def membrane(values: Iterator[float], ends: float) -> Floats:
        return np.array([value if mine else ends for value, mine in zip(values, own, strict=True)], dtype=float)

    return {
        "parent": np.array([node.parent for node in nodes], dtype=float),
        "segment": np.array([node.segment for node in nodes], dtype=float),
        "area": membrane((float(node.place.area()) for node in nodes), _ENDS_AREA),
        "diameter": membrane((float(node.place.diam) for node in nodes), 0.0),
        "length": membrane((float(node.section.L) / node.section.nseg for node in nodes), 0.0),
        "section": np.array([placed.sections.index(node.section) for node in nodes], dtype=float),
        "cm": membrane((float(node.place.cm) for node in nodes), 0.0),
        "axialA": matrix(_A),
        "axialB": matrix(_B),
    }


def _columns(h: Hoc, placed: Placed, record: list[str]) -> tuple[list[dict[str, Any]], list[Any]]:
    """List what is recorded: all potentials, all ions, and every variable of the mechanisms of `record`."""
    columns: list[dict[str, Any]] = []
    references: list[Any] = []

    def add(reference: Any, kind: str, owner: str, variable: str, place: int, *, length: int = 1) -> None:  # noqa: ANN401
        for element in range(length):
            columns.append({"kind": kind, "owner": owner, "variable": variable, "place": place, "element": element})
            references.append(reference[element] if length > 1 else reference)

    nodes = walk(placed.sections)
    for node in nodes:
        add(node.place._ref_v, "v", "", "v", node.row)
    for node in nodes:
        if node.segment < 0:
            continue
        for ion in placed.ions_of(node.place):
            names = {
                "reversal": f"e{ion}",
                "inside": f"{ion}i",
                "outside": f"{ion}o",
                "current": f"i{ion}",
                "slope": f"di{ion}_dv_",
            }
            for variable, name in names.items():
                add(getattr(node.place, f"_ref_{name}"), "ion", ion, variable, node.row)
    for mechanism in record:
        for name, length in _variables(h, mechanism):
            variable = variable_name(name, mechanism)
            for instance, (handle, _) in enumerate(placed.instances.get(mechanism, [])):
                # A segment knows the variable by its full name, which no method of a mechanism can hide.
                owner = handle.segment() if mechanism in placed.density else handle
                add(getattr(owner, f"_ref_{name}"), "instance", mechanism, variable, instance, length=length)
        for name, length in _names(h, mechanism, _GLOBAL):
            add(getattr(h, f"_ref_{name}"), "global", mechanism, variable_name(name, mechanism), 0, length=length)
    return columns, references


def _variables(h: Hoc, mechanism: str) -> list[tuple[str, int]]:
    return [entry for kind in _KINDS for entry in _names(h, mechanism, kind)]


def _names(h: Hoc, mechanism: str, kind: int) -> list[tuple[str, int]]:
    """Names, as hoc knows them, and lengths of a mechanism's variables of one kind."""
    standard = h.MechanismStandard(mechanism, kind)
    name = h.ref("")
    return [(name[0], length) for index in range(int(standard.count())) if (length := int(standard.name(name, index)))]


def _event_log(h: Hoc, placed: Placed) -> tuple[list[dict[str, Any]], list[HocObject]]:
    """Listen to the events of every point process and artificial cell that can have any."""
    sources: list[dict[str, Any]] = []
    log: list[HocObject] = []
    for mechanism, found in placed.instances.items():
        for instance, (handle, _) in enumerate(found):
            if mechanism in placed.density:
                continue
            try:
                connection = h.NetCon(handle, None)
                times = h.Vector()
                connection.record(times)
            except RuntimeError:
                # It has no NET_RECEIVE, or watches a potential: not a source of events.
                continue
            placed.keep.append(connection)
            sources.append({"mechanism": mechanism, "instance": instance})
            log.append(times)
    return sources, log
