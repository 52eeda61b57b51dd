"""Steps of current into compartments: NEURON's own IClamp."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import SidecarError
from .nodes import Node
from .objects import Hoc, HocObject


def current_clamps(h: Hoc, sites: list[Node], wanted: Sequence[Mapping[str, Any]]) -> list[HocObject]:
    """Make the clamps of a trial. They inject as long as the list holds them.

    NEURON adds up those of one compartment beginning with the one made last; made backwards, the sum runs in the order
    in which they were asked for.
    """
    clamps: list[HocObject] = []
    for clamp in reversed(wanted):
        site = int(clamp["site"])
        if site >= len(sites):
            raise SidecarError(
                "clamps-invalid",
                f"a current clamp names compartment {site}; the cell has compartments 0 to {len(sites) - 1}",
            )
        point = h.IClamp(sites[site].place)
        point.delay = float(clamp["delay"])
        point.dur = float(clamp["duration"])
        point.amp = float(clamp["amplitude"])
        clamps.append(point)
    return clamps
