"""Samples of compartments, gathered by NEURON itself into blocks of float64."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..errors import SidecarError
from .nodes import Node
from .objects import Hoc


class Recorder:
    """One recording of a run: sample k is the voltage of its sites at step k · everySteps, within its window.

    `values[sample, site]`, filled row by row; `flush` hands over what has been filled since the last time.
    """

    def __init__(self, h: Hoc, sites: list[Node], params: Mapping[str, Any], block_steps: int) -> None:
        wanted = params["sites"]
        if not wanted or max(wanted) >= len(sites):
            raise SidecarError(
                "sites-invalid",
                f"recording {params['name']} names compartment {max(wanted, default='none')}; "
                f"the cell has compartments 0 to {len(sites) - 1}",
            )
        self.name: str = params["name"]
        self.every = int(params["everySteps"])
        self.first = -(-int(params["firstStep"]) // self.every) * self.every
        self.last = int(params["lastStep"])
        self.sites = len(wanted)
        self._pointers = h.PtrVector(self.sites)
        for index, site in enumerate(wanted):
            self._pointers.pset(index, sites[site].place._ref_v)
        self._row = h.Vector(self.sites)
        self._view: npt.NDArray[np.float64] = self._row.as_numpy()
        self._block = np.empty((block_steps // self.every + 2, self.sites), dtype=np.float64)
        self._filled = 0
        self._next = self.first // self.every

    def due(self, step: int) -> bool:
        """Whether this step is one of its samples."""
        return step % self.every == 0 and self.first <= step <= self.last

    def take(self) -> None:
        """Copy the present voltages into the block."""
        self._pointers.gather(self._row)
        self._block[self._filled] = self._view
        self._filled += 1

    def flush(self) -> tuple[dict[str, Any], pa.Table]:
        """Hand over the block so far, as a `BlockResult` without `last`, and its table."""
        header = {
            "recording": self.name,
            "firstSample": self._next,
            "samples": self._filled,
            "sites": self.sites,
        }
        table = pa.table({"v": pa.array(self._block[: self._filled].reshape(-1).copy())})
        self._next += self._filled
        self._filled = 0
        return header, table

    @property
    def filled(self) -> int:
        """Samples waiting in the block."""
        return self._filled
