"""One trial: NEURON's fixed-step loop, recorded block by block, never silent for long."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from ..errors import SidecarError
from ..server import Progress, Result
from .cell import Cell
from .clamps import current_clamps
from .nodes import Node, compartments, nodes_of
from .objects import Hoc
from .record import Recorder
from .regions import bare_name

# At least this often (s of wall time) the loop lets the server look for a cancellation.
_POLL = 0.04
# And this often (s) it says how far it is.
_REPORT = 0.2


def run_trial(h: Hoc, cell: Cell, params: Mapping[str, Any]) -> Iterator[Progress | Result]:
    """Run the trial whose events are already with the players; yield progress and one result a block."""
    # NEURON numbers its nodes as it initializes; a cell just built has none yet.
    h.finitialize(cell.v_init)
    sites = compartments(nodes_of(cell))
    # The clamps are this trial's alone: they go, however it ends, and the cell is as it was.
    clamps = current_clamps(h, sites, params["clamps"])
    try:
        yield from _run(h, cell, sites, params)
    finally:
        clamps.clear()


def _run(h: Hoc, cell: Cell, sites: list[Node], params: Mapping[str, Any]) -> Iterator[Progress | Result]:
    steps = int(params["steps"])
    block_steps = int(params["blockSteps"])
    dt = float(params["dt"])
    prepare(h, cell, dt, int(params["order"]))
    recorders = [Recorder(h, sites, recording, block_steps) for recording in params["recordings"]]
    soma = cell.soma._ref_v
    total = steps * dt
    advance = h.fadvance
    clock = time.monotonic
    polled = clock()

    for recorder in recorders:
        if recorder.due(0):
            recorder.take()
    step = 0
    while step < steps:
        end = min(steps, step - step % block_steps + block_steps)
        while step < end:
            advance()
            step += 1
            for recorder in recorders:
                if recorder.due(step):
                    recorder.take()
            if not math.isfinite(soma[0]):
                raise _not_finite(cell, step, dt)
            if step % 8 == 0:
                now = clock()
                if now - polled > _POLL:
                    polled = now
                    yield Progress(step * dt, total, "")
        yield from _blocks(recorders, step == steps)
        polled = clock()


def prepare(h: Hoc, cell: Cell, dt: float, order: int) -> None:
    """Everything a run starts from, so that it does not depend on what ran before in this process."""
    h.CVode().active(False)
    h.secondorder = 0 if order == 1 else 2
    h.celsius = cell.celsius
    h.dt = dt
    h.finitialize(cell.v_init)


def _blocks(recorders: list[Recorder], end: bool) -> Iterator[Result]:
    """Hand over the filled blocks; at the end of the trial exactly the last of them says so."""
    ready = [recorder for recorder in recorders if recorder.filled]
    if end and not ready:
        ready = recorders[:1]
    for index, recorder in enumerate(ready):
        header, table = recorder.flush()
        last = end and index == len(ready) - 1
        tables: dict[str, pa.Table] = {"voltage": table}
        yield Result({**header, "last": last}, tables=tables)


def _not_finite(cell: Cell, step: int, dt: float) -> SidecarError:
    """Say that the voltage is not a number any more; one solve of the tree carries that everywhere."""
    place = cell.soma
    for node in compartments(nodes_of(cell)):
        if not math.isfinite(node.place.v):
            place = node.place
            break
    where = f"{bare_name(place.sec)}({place.x:g})"
    return SidecarError(
        "voltage-not-finite",
        f"the voltage stopped being a number at {step * dt:g} ms, seen first in {where}",
        remedy="Check the mechanisms for divisions by zero and the parameters for wrong units, or take a smaller step.",
        timeMs=step * dt,
        compartment=where,
    )
