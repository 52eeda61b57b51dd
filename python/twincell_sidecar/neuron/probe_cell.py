"""The cell of a probe: cylinders, mechanisms on them, connections between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import SidecarError
from .nodes import Node, nodes_of_sections
from .objects import Hoc, HocObject, Section, Segment

Instances = list[tuple[HocObject, int]]


@dataclass
class Placed:
    """What was built. `instances`: handle and node of each instance of a mechanism, in NEURON's order."""

    sections: list[Section]
    points: list[HocObject] = field(default_factory=list)
    cells: list[HocObject] = field(default_factory=list)
    instances: dict[str, Instances] = field(default_factory=dict)
    density: set[str] = field(default_factory=set)
    start_events: list[Callable[[], None]] = field(default_factory=list)
    keep: list[HocObject] = field(default_factory=list)

    def ions_of(self, segment: Segment) -> list[str]:
        """Names of the ions a segment has."""
        return [m.name().removesuffix("_ion") for m in segment if m.is_ion()]

    def ions(self) -> list[str]:
        """Names of the ions of the whole cell."""
        return sorted({ion for section in self.sections for segment in section for ion in self.ions_of(segment)})


def walk(sections: list[Section]) -> list[Node]:
    """All nodes by rising row."""
    return nodes_of_sections([("other", section) for section in sections])


def variable_name(name: str, mechanism: str) -> str:
    """Take NEURON's suffix off the name of a variable."""
    return name.removesuffix(f"_{mechanism}")


def build(h: Hoc, params: Mapping[str, Any]) -> Placed:
    """Build the probe's cell."""
    placed = Placed(_sections(h, params["sections"]))
    _insert(h, placed, params)
    for point in params["points"]:
        handle = _make(h, point["mechanism"], placed.sections[point["section"]](point["x"]))
        placed.points.append(handle)
        _set(handle, point["parameters"])
    for cell in params["cells"]:
        handle = _make(h, cell["mechanism"])
        placed.cells.append(handle)
        _set(handle, cell["parameters"])
    # Nodes get their numbers only now; no mechanism runs for it.
    h.topology()
    _number(placed, params)
    for entry in params["globals"]:
        _assign(h, f"{entry['name']}_{entry['mechanism']}", entry["value"])
    for pointer in params["pointers"]:
        segment = placed.sections[pointer["section"]](pointer["x"])
        of = pointer["of"]
        target = segment._ref_v if of is None else getattr(segment, f"_ref_{of['variable']}_{of['mechanism']}")
        for handle, _ in placed.instances.get(pointer["mechanism"], []):
            h.setpointer(target, pointer["name"], handle)
    for table in params["tables"]:
        _fill_table(h, placed, table)
    for index, random in enumerate(params["randoms"]):
        for instance, (handle, _) in enumerate(placed.instances.get(random["mechanism"], [])):
            stream = getattr(handle, random["name"])
            stream.set_ids(instance + 1, index + 1, 7)
            # Until then the next four numbers would still be those of the stream it had before.
            stream.set_seq(0)
    for connection in params["connections"]:
        _connect(h, placed, connection)
    return placed


def _sections(h: Hoc, wanted: list[Mapping[str, Any]]) -> list[Section]:
    sections: list[Section] = []
    for index, entry in enumerate(wanted):
        section = h.Section(name=f"probe{index}")
        section.nseg = int(entry["nseg"])
        section.L, section.diam = float(entry["L"]), float(entry["diam"])
        section.Ra, section.cm = float(entry["Ra"]), float(entry["cm"])
        if entry["parent"] is not None:
            section.connect(sections[entry["parent"]["section"]](entry["parent"]["x"]))
        sections.append(section)
    return sections


def _insert(h: Hoc, placed: Placed, params: Mapping[str, Any]) -> None:
    for density in params["densities"]:
        mechanism = density["mechanism"]
        placed.density.add(mechanism)
        for index in density["sections"]:
            section = placed.sections[index]
            section.insert(mechanism)
            named = {f"{name}_{mechanism}": value for name, value in density["parameters"].items()}
            for segment in section:
                _set(segment, named)
    for entry in params["ions"]:
        ion = entry["ion"]
        # An ion that is only named is put everywhere, so that no point process adds a second copy.
        if len(entry) == 1:
            for section in placed.sections:
                section.insert(f"{ion}_ion")
        for place, name in (("inside0", f"{ion}i0_{ion}_ion"), ("outside0", f"{ion}o0_{ion}_ion")):
            if place in entry:
                setattr(h, name, float(entry[place]))
        if "reversal" in entry:
            for section in placed.sections:
                for segment in section:
                    if ion in placed.ions_of(segment):
                        setattr(segment, f"e{ion}", float(entry["reversal"]))


def _make(h: Hoc, mechanism: str, *where: Segment) -> HocObject:
    template = getattr(h, mechanism, None)
    if template is None:
        raise SidecarError("mechanism-missing", f"the library has no {mechanism}")
    return template(*where)


def _set(handle: HocObject, parameters: Mapping[str, float]) -> None:
    for name, value in parameters.items():
        _assign(handle, name, value)


def _assign(handle: HocObject, name: str, value: float) -> None:
    if not hasattr(handle, name):
        raise SidecarError("variable-missing", f"NEURON knows no variable {name}")
    present = getattr(handle, name)
    if isinstance(present, (int, float)):
        setattr(handle, name, float(value))
        return
    for element in range(len(present)):
        present[element] = float(value)


def _number(placed: Placed, params: Mapping[str, Any]) -> None:
    """List each mechanism's instances in NEURON's order: by node, and on a node the last made first."""
    found: dict[str, Instances] = {}
    for node in walk(placed.sections):
        if node.segment < 0:
            continue
        for mechanism in node.place:
            found.setdefault(mechanism.name(), []).append((mechanism, node.row))
    points: dict[str, Instances] = {}
    for handle, entry in zip(placed.points, params["points"], strict=True):
        row = int(handle.get_segment().node_index())
        points.setdefault(entry["mechanism"], []).append((handle, row))
    for name, instances in points.items():
        # NEURON puts a new point process before those that its node has already.
        found[name] = sorted(reversed(instances), key=lambda instance: instance[1])
    for handle, entry in zip(placed.cells, params["cells"], strict=True):
        found.setdefault(entry["mechanism"], []).append((handle, -1))
    wanted = {entry["mechanism"] for part in ("densities", "points", "cells") for entry in params[part]}
    placed.instances = {name: instances for name, instances in found.items() if name in wanted}


def _fill_table(h: Hoc, placed: Placed, table: Mapping[str, Any]) -> None:
    mechanism, name = table["mechanism"], table["name"]
    values, abscissae = h.Vector(table["values"]), h.Vector(table["abscissae"])
    placed.keep += [values, abscissae]
    arguments = (values, abscissae) if len(values) > 1 else (float(values[0]),)
    if mechanism in placed.density:
        getattr(h, f"table_{name}_{mechanism}")(*arguments)
        return
    for handle, _ in placed.instances.get(mechanism, []):
        getattr(handle, f"table_{name}")(*arguments)


def _connect(h: Hoc, placed: Placed, entry: Mapping[str, Any]) -> None:
    source, target = entry["source"], entry["target"]
    handle = placed.points[target["point"]] if "point" in target else placed.cells[target["cell"]]
    if "times" in source:
        connection = h.NetCon(None, handle)
        times = [float(time) for time in source["times"]]

        def begin() -> None:
            for time in times:
                connection.event(time)

        placed.start_events.append(begin)
    elif "threshold" in source:
        segment = placed.sections[source["section"]](source["x"])
        connection = h.NetCon(segment._ref_v, handle, sec=segment.sec)
        connection.threshold = float(source["threshold"])
    else:
        of = placed.points[source["point"]] if "point" in source else placed.cells[source["cell"]]
        connection = h.NetCon(of, handle)
    connection.delay = float(entry["delay"])
    for index, weight in enumerate(entry["weights"][: int(connection.wcnt())]):
        connection.weight[index] = float(weight)
    placed.keep.append(connection)
