"""What the NEURON sidecar answers: `describe`, `run` and `record` (their shapes: `src/engine/protocol.ts`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from ..errors import SidecarError
from ..server import Progress, Result
from .cell import Cell, build_cell, clear
from .everything import record_window
from .library import captured_output, start
from .objects import Hoc
from .run import run_trial
from .snapshot import describe
from .synapses import Synapses

Params = Mapping[str, Any]
Tables = Mapping[str, pa.Table]


class NeuronHandlers:
    """One process's cell: built when first asked for, kept while the same `CellParams` are asked for again."""

    def __init__(self, mechanisms: str | None, models: str | None) -> None:
        self._mechanisms = mechanisms
        self._models = models
        self._params: Params | None = None
        self._cell: Cell | None = None
        self._synapses: Synapses | None = None

    def describe(self, params: Params, tables: Tables) -> Iterator[Progress | Result]:
        """Build the cell and answer with its snapshot."""
        yield Progress(0, 1, "building the cell")
        h, cell, _ = self._ready(params["cell"])
        value, table = describe(h, cell)
        yield Result(value, tables={"snapshot": table})

    def run(self, params: Params, tables: Tables) -> Iterator[Progress | Result]:
        """Run one trial and answer with its voltages, block by block."""
        yield Progress(0, params["steps"] * params["dt"], "")
        h, cell = self._playing(params, tables)
        yield from run_trial(h, cell, params)

    def record(self, params: Params, tables: Tables) -> Iterator[Progress | Result]:
        """Run one trial to the end of a window and answer with everything that happened in the window."""
        yield Progress(0, params["lastStep"] * params["dt"], "")
        h, cell = self._playing(params, tables)
        yield from record_window(h, cell, params)

    def _playing(self, params: Params, tables: Tables) -> tuple[Hoc, Cell]:
        """Make the cell ready, with the trial's events at its synapses."""
        h, cell, synapses = self._ready(params["cell"])
        if params["dendrites"] != synapses.count:
            raise SidecarError(
                "events-invalid",
                f"the events are for {params['dendrites']} dendritic segments; the cell has {synapses.count}",
            )
        if "events" not in tables:
            raise SidecarError("events-invalid", "the request carries no table of events")
        synapses.play(tables["events"])
        return h, cell

    def _ready(self, params: Params) -> tuple[Hoc, Cell, Synapses]:
        h = start(self._mechanisms)
        if self._params != params or self._cell is None or self._synapses is None:
            # Only one cell at a time: NEURON steps all there are.
            if self._synapses is not None:
                self._synapses.silence()
            self._params = self._synapses = self._cell = None
            with captured_output():
                clear(h)
                cell = build_cell(h, params, self._models)
                synapses = Synapses(h, cell, params["synapses"])
            self._cell, self._synapses, self._params = cell, synapses, params
        return h, self._cell, self._synapses
