"""Where each place of a cell lies in space, for drawing. No number of a simulation depends on this."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .cell import Cell
from .objects import Section
from .regions import bare_name

Point = npt.NDArray[np.float64]


class Positions:
    """Points along sections: from their 3-d points, else straight down from where the section is attached."""

    def __init__(self, cell: Cell) -> None:
        self._paths: dict[str, tuple[Point, Point]] = {}
        self._sections = cell.regions.everything()

    def of(self, section: Section, x: float) -> Point:
        """Find the point at relative position `x` of a section (µm)."""
        arc, points = self._path(section)
        along = x * arc[-1]
        return np.array([np.interp(along, arc, points[:, axis]) for axis in range(3)])

    def _path(self, section: Section) -> tuple[Point, Point]:
        name = bare_name(section)
        if name not in self._paths:
            self._paths[name] = self._trace(section)
        return self._paths[name]

    def _trace(self, section: Section) -> tuple[Point, Point]:
        count = int(section.n3d())
        if count >= 2:
            arc = np.array([section.arc3d(index) for index in range(count)], dtype=np.float64)
            points = np.array(
                [(section.x3d(index), section.y3d(index), section.z3d(index)) for index in range(count)],
                dtype=np.float64,
            )
            return arc, points
        attached = section.parentseg()
        start = np.zeros(3) if attached is None else self.of(attached.sec, float(attached.x))
        length = float(section.L)
        return np.array([0.0, length]), np.array([start, start - np.array([0.0, length, 0.0])])
