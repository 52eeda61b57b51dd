"""CoreNEURON on the sidecar's own cell: built by NEURON, handed over in memory, its events played by PatternStim.

The players of the other runs are NEURON's alone, so that events come from a list of (time, source) pairs here: the
same events at the same synapses.
"""

from __future__ import annotations

import importlib
import os
from typing import Any

import numpy as np

from twincell_sidecar.neuron.cell import build_cell
from twincell_sidecar.neuron.library import captured_output, start
from twincell_sidecar.neuron.nodes import compartments, nodes_of
from twincell_sidecar.neuron.objects import HocObject
from twincell_sidecar.neuron.run import prepare
from twincell_sidecar.neuron.synapses import excitatory, inhibitory

from .lane import Clock, Request, Run

# The number of the cell itself; sources of events count from the next one on.
_CELL = 0
# Connections between processes take time (ms); what is played that much too early arrives when it should.
_DELAY = 1.0


class CoreNeuronLane:
    """The cell with its synapses, each connected to the source of its number."""

    def __init__(self, spec: dict[str, Any]) -> None:
        os.environ["CORENEURONLIB"] = spec["coreLibrary"]
        self._h = h = start(spec["library"])
        with captured_output():
            self._cell = cell = build_cell(h, spec["cell"], spec["models"])
        parameters = spec["cell"]["synapses"]
        self._points = [excitatory(h, segment, parameters) for segment in cell.dendrites]
        self._points += [inhibitory(h, segment, parameters) for segment in cell.dendrites]
        self._trials = spec["trials"]
        self._context = context = h.ParallelContext()
        context.set_gid2node(_CELL, context.id())
        self._spikes = h.NetCon(cell.soma._ref_v, None, sec=cell.soma.sec)
        self._spikes.threshold = -25
        context.cell(_CELL, self._spikes)
        self._connections = []
        for index, point in enumerate(self._points):
            connection = context.gid_connect(_CELL + 1 + index, point)
            connection.weight[0] = 1
            connection.delay = _DELAY
            self._connections.append(connection)
        context.set_maxstep(_DELAY)
        h.finitialize(cell.v_init)
        self.compartments = len(compartments(nodes_of(cell)))
        core: HocObject = importlib.import_module("neuron.coreneuron")
        core.enable = True
        core.verbose = 0

    def run(self, request: Request) -> Run:
        """Run one trial; what handing the model over takes is measured by an empty run and taken off."""
        if request.tolerance is not None:
            raise ValueError("CoreNEURON has a fixed step only")
        empty = self._run(request, request.dt)
        full = self._run(request, request.duration)
        return Run(full.cpu - empty.cpu, full.wall - empty.wall, full.steps - empty.steps, full.times, full.voltages)

    def _run(self, request: Request, duration: float) -> Run:
        h, events = self._h, self._trials[request.trial]
        pattern = h.PatternStim()
        early = h.Vector(np.maximum(0, np.asarray(events["time"], dtype=np.float64) - _DELAY))
        sources = h.Vector(np.asarray(events["channel"], dtype=np.float64) + _CELL + 1)
        pattern.play(early, sources)
        times, voltages = h.Vector(), h.Vector()
        times.record(h._ref_t)
        voltages.record(self._cell.soma._ref_v)
        h.CVode().cache_efficient(1)
        prepare(h, self._cell, request.dt, request.order)
        clock = Clock.start()
        self._context.psolve(duration)
        cpu, wall = clock.stop()
        return Run(cpu, wall, round(duration / request.dt), np.array(times), np.array(voltages))


def create(spec: dict[str, Any]) -> CoreNeuronLane:
    """Build the lane that a spec describes."""
    return CoreNeuronLane(spec)
