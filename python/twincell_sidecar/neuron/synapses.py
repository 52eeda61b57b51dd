"""The experiment's synapses on every dendritic segment, and the players that bring them one trial's events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..errors import SidecarError
from .cell import Cell
from .objects import Hoc, HocObject, Segment

_AMPA_NMDA = (("ampa", "ampa"), ("nmda", "nmda"))
_FIELDS = (("tauRise", "Rise"), ("tauDecay", "Decay"), ("conductance", "Conductance"), ("reversal", "Reversal"))


class Synapses:
    """One excitatory and one GABA-A synapse on every dendritic segment, each with its player.

    Channel c < D is the excitatory synapse of dendrite c, channel D + c the inhibitory one. A player hands its events
    to the synapse through a NetCon of delay 0.
    """

    def __init__(self, h: Hoc, cell: Cell, parameters: Mapping[str, Any]) -> None:
        for name in ("TwincellExcitatory", "TwincellGaba", "TwincellPlayer"):
            if not hasattr(h, name):
                raise SidecarError(
                    "mechanism-missing",
                    f"the compiled library has no {name}; it must be made from the model's files and twincell's own",
                    mechanism=name,
                )
        self._h = h
        self.count = len(cell.dendrites)
        points = [excitatory(h, segment, parameters) for segment in cell.dendrites]
        points += [inhibitory(h, segment, parameters) for segment in cell.dendrites]
        self._points = points
        self._players = [h.TwincellPlayer() for _ in points]
        self._connections = [
            h.NetCon(player, point, 0, 0, 1) for player, point in zip(self._players, points, strict=True)
        ]
        for player, connection in zip(self._players, self._connections, strict=True):
            h.setpointer(connection._ref_weight[0], "weight", player)
        self._playing: list[Any] = []

    def play(self, events: pa.Table) -> None:
        """Give every player its events of the next trial. Columns: channel, time (ms) and, where they vary, weight."""
        channel = np.asarray(events["channel"].to_numpy(), dtype=np.int64)
        time = np.asarray(events["time"].to_numpy(), dtype=np.float64)
        weight = np.asarray(events["weight"].to_numpy(), dtype=np.float64) if "weight" in events.column_names else None
        self._check(channel, time, weight)
        order = np.argsort(channel, kind="stable")
        bounds = np.searchsorted(channel[order], np.arange(len(self._players) + 1))
        time = time[order]
        weight = None if weight is None else weight[order]
        playing: list[Any] = []
        for index, (player, connection) in enumerate(zip(self._players, self._connections, strict=True)):
            span = slice(int(bounds[index]), int(bounds[index + 1]))
            connection.weight[0] = 1
            vectors = [self._h.Vector(time[span])]
            if weight is not None:
                vectors.append(self._h.Vector(weight[span]))
            player.play(*vectors)
            playing.append(vectors)
        self._playing = playing  # the players read these Vectors in place

    def silence(self) -> None:
        """Leave the players nothing to play."""
        self._playing = [self._h.Vector()]
        for player in self._players:
            player.play(*self._playing)

    def _check(
        self, channel: npt.NDArray[np.int64], time: npt.NDArray[np.float64], weight: npt.NDArray[np.float64] | None
    ) -> None:
        if not len(channel):
            return
        if channel.min() < 0 or channel.max() >= len(self._players):
            raise SidecarError(
                "events-invalid",
                f"an event names channel {channel.max() if channel.min() >= 0 else channel.min()}; "
                f"the cell has channels 0 to {len(self._players) - 1}",
            )
        if not np.isfinite(time).all() or time.min() < 0 or (np.diff(time) < 0).any():
            raise SidecarError("events-invalid", "event times must be finite, not negative, and sorted")
        if weight is not None and not np.isfinite(weight).all():
            raise SidecarError("events-invalid", "event weights must be finite")


def excitatory(h: Hoc, segment: Segment, parameters: Mapping[str, Any]) -> HocObject:
    """Make the excitatory synapse of a segment."""
    point = h.TwincellExcitatory(segment)
    for part, prefix in _AMPA_NMDA:
        values = parameters[part]
        if values is None:
            setattr(point, f"{prefix}Conductance", 0)
            continue
        for field, suffix in _FIELDS:
            setattr(point, prefix + suffix, values[field])
    point.magnesium = parameters["magnesium"]
    return point


def inhibitory(h: Hoc, segment: Segment, parameters: Mapping[str, Any]) -> HocObject:
    """Make the inhibitory synapse of a segment."""
    point = h.TwincellGaba(segment)
    for field, suffix in _FIELDS:
        setattr(point, suffix.lower(), parameters["gabaA"][field])
    return point
