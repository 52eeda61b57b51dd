"""A morphology alone: what NEURON's Import3d and its frusta make of a file, for comparison with another import.

Its shapes are in `src/engine/protocol.ts`. Import3d ends the process on some files and leaves the interpreter in pieces
on others: each file is imported in a process of its own.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from ..errors import SidecarError
from ..server import Progress, Result
from .cell import clear
from .isolated import Outcome, isolated
from .library import captured_output, start
from .morphology import import_morphology
from .objects import Hoc, Section, Segment
from .regions import bare_name

# `fmatrix` indices of the two off-diagonal terms.
_A, _B = 1, 3
_TIMEOUT_S = 300.0
_COORDINATES = ("x", "y", "z", "diameter", "arc")
_INTEGERS = ("row", "parent", "section", "segment")
_NUMBERS = ("area", "diameter", "axialA", "axialB")


class MorphologyProbeHandlers:
    """Answers `describe-morphology`."""

    def describe(self, params: Mapping[str, Any], tables: Mapping[str, pa.Table]) -> Iterator[Progress | Result]:
        """Import one file in a child process and answer with its sections, points and nodes, or with why not."""
        yield Progress(0, 1, "")
        h = start(None)
        outcome = yield from isolated(lambda: _work(h, params), _TIMEOUT_S)
        yield _answer(outcome)


def _work(h: Hoc, params: Mapping[str, Any]) -> bytes:
    try:
        header, points, nodes = _describe(h, params)
    except SidecarError as error:
        refusal = {"message": error.details.get("reason", str(error)), "line": error.details.get("line")}
        return json.dumps({"status": "refused", **refusal, "sections": []}).encode() + b"\n"
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent is to know
        return json.dumps({"status": "refused", "message": str(error), "line": None, "sections": []}).encode() + b"\n"
    stream = io.BytesIO()
    stream.write(json.dumps(header).encode() + b"\n")
    for table in (points, nodes):
        with pa.ipc.new_stream(stream, table.schema) as writer:
            writer.write_table(table)
    return stream.getvalue()


def _describe(h: Hoc, params: Mapping[str, Any]) -> tuple[dict[str, Any], pa.Table, pa.Table]:
    with captured_output():
        clear(h)
    cell = import_morphology(h, params["file"], needs_soma=False)
    sections: list[Section] = list(cell.all)
    for section in sections:
        section.nseg = 1 + 2 * int(section.L / params["segmentLength"])
        section.Ra = params["Ra"]
    h.finitialize(-65)
    index = {bare_name(section): number for number, section in enumerate(sections)}
    described = []
    points: dict[str, list[float]] = {name: [] for name in _COORDINATES}
    nodes: dict[str, list[float]] = {name: [] for name in (*_INTEGERS, *_NUMBERS)}
    for number, section in enumerate(sections):
        attached = section.parentseg()
        described.append(
            {
                "name": bare_name(section),
                "parent": -1 if attached is None else index[bare_name(attached.sec)],
                "parentX": 0.0 if attached is None else _attached_at(h, section),
                "nseg": int(section.nseg),
                "points": int(section.n3d()),
            }
        )
        for k in range(int(section.n3d())):
            for name, value in zip(
                _COORDINATES,
                (section.x3d(k), section.y3d(k), section.z3d(k), section.diam3d(k), section.arc3d(k)),
                strict=True,
            ):
                points[name].append(float(value))
        _add_nodes(h, nodes, section, number, attached)
    header = {"status": "imported", "message": "", "line": None, "sections": described}
    return header, pa.table({name: pa.array(values, pa.float64()) for name, values in points.items()}), _table(nodes)


def _attached_at(h: Hoc, section: Section) -> float:
    """Read where on its parent a section is attached; `parentseg` would round it to a segment's middle."""
    return float(h.parent_connection(sec=section))


def _add_nodes(h: Hoc, nodes: dict[str, list[float]], section: Section, number: int, attached: Segment | None) -> None:
    parent = -1 if attached is None else int(attached.node_index())
    if attached is None:
        parent = int(section(0).node_index())
        _add(nodes, (parent, -1, number, -1), (100.0, 0.0, 0.0, 0.0))
    places = [(segment, segment_number) for segment_number, segment in enumerate(section)]
    for place, segment_number in [*places, (section(1), -1)]:
        row = int(place.node_index())
        own = segment_number >= 0
        numbers = (
            float(place.area()) if own else 100.0,
            float(place.diam) if own else 0.0,
            float(h.fmatrix(place.x, _A, sec=section)),
            float(h.fmatrix(place.x, _B, sec=section)),
        )
        _add(nodes, (row, parent, number, segment_number), numbers)
        parent = row


def _add(nodes: dict[str, list[float]], integers: tuple[int, ...], numbers: tuple[float, ...]) -> None:
    for name, value in zip((*_INTEGERS, *_NUMBERS), (*integers, *numbers), strict=True):
        nodes[name].append(value)


def _table(nodes: dict[str, list[float]]) -> pa.Table:
    order = np.argsort(np.array(nodes["row"]), kind="stable")
    columns = {name: np.array(values)[order] for name, values in nodes.items() if name != "row"}
    types = {name: np.int32 if name in _INTEGERS else np.float64 for name in columns}
    return pa.table({name: pa.array(values.astype(types[name])) for name, values in columns.items()})


def _answer(outcome: Outcome) -> Result:
    text, _, rest = outcome.data.partition(b"\n")
    if outcome.ended or not text:
        said = " ".join(outcome.said.split())[-300:]
        message = f"NEURON's Import3d broke down: {outcome.ended}{'; it said: ' + said if said else ''}"
        return Result({"status": "crashed", "message": message, "line": None, "sections": []})
    header: dict[str, Any] = json.loads(text)
    if header["status"] != "imported":
        return Result(header)
    stream = io.BytesIO(rest)
    points = pa.ipc.open_stream(stream).read_all()
    nodes = pa.ipc.open_stream(stream).read_all()
    return Result(header, tables={"points": points, "nodes": nodes})
