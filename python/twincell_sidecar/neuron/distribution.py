"""Channel distributions: the value of one parameter at each segment's middle.

Always `math.exp`, never numpy's, which rounds differently in about one argument of twenty.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any


def evaluate(distribution: Mapping[str, Any], distance: float, longest: float) -> float:
    """Value at path distance `distance` (µm); `longest` (µm) is the longest path of the region from the same origin.

    exponential: scale · (offset + amplitude · exp(slope · min(d, cap))), d = distance, or distance / longest.
    window: scale · (inside when from < distance < to, else outside).
    """
    scale = float(distribution["scale"])
    if distribution["kind"] == "exponential":
        d = distance / longest if distribution["normalised"] else distance
        if "cap" in distribution:
            d = min(d, float(distribution["cap"]))
        grown = float(distribution["amplitude"]) * math.exp(float(distribution["slope"]) * d)
        return scale * (float(distribution["offset"]) + grown)
    inside = float(distribution["from"]) < distance < float(distribution["to"])
    return scale * float(distribution["inside"] if inside else distribution["outside"])
