"""NEURON on the sidecar's own cell: fixed step of both orders, and the variable step; no Python runs in its loop."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from twincell_sidecar.neuron.cell import build_cell
from twincell_sidecar.neuron.library import captured_output, start
from twincell_sidecar.neuron.nodes import compartments, nodes_of
from twincell_sidecar.neuron.run import prepare
from twincell_sidecar.neuron.synapses import Synapses, excitatory, inhibitory

from .lane import Clock, Request, Run


class NeuronLane:
    """The cell with its synapses and the players of their events."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self._h = h = start(spec["library"])
        with captured_output():
            self._cell = build_cell(h, spec["cell"], spec["models"])
        parameters = spec["cell"]["synapses"]
        pairs = spec["pairs"]
        self._synapses = Synapses(h, self._cell, parameters) if pairs > 0 else None
        # More synapses than get events: NEURON computes those all the same.
        self._silent = [
            make(h, segment, parameters)
            for _ in range(1, pairs)
            for segment in self._cell.dendrites
            for make in (excitatory, inhibitory)
        ]
        self._events = [
            pa.table({"channel": pa.array(one["channel"], pa.int32()), "time": pa.array(one["time"], pa.float64())})
            for one in spec["trials"]
        ]
        h.finitialize(self._cell.v_init)
        self.compartments = len(compartments(nodes_of(self._cell)))
        self._context = h.ParallelContext()
        self._context.set_maxstep(10)

    def run(self, request: Request) -> Run:
        """Run one trial with the fixed step, or with the variable one where a tolerance is asked for."""
        h = self._h
        if self._synapses is not None:
            self._synapses.play(self._events[request.trial])
        times, voltages = h.Vector(), h.Vector()
        if request.sample_every is None:
            times.record(h._ref_t)
            voltages.record(self._cell.soma._ref_v)
        else:
            times.record(h._ref_t, request.sample_every)
            voltages.record(self._cell.soma._ref_v, request.sample_every)
        self._initialize(request)
        clock = Clock.start()
        self._context.psolve(request.duration)
        cpu, wall = clock.stop()
        return Run(cpu, wall, len(times) - 1, np.array(times), np.array(voltages))

    def _initialize(self, request: Request) -> None:
        prepare(self._h, self._cell, request.dt, request.order)
        if request.tolerance is None:
            return
        solver = self._h.CVode()
        solver.active(True)
        solver.atol(request.tolerance)
        self._h.finitialize(self._cell.v_init)


def create(spec: dict[str, Any]) -> NeuronLane:
    """Build the lane that a spec describes."""
    return NeuronLane(spec)
