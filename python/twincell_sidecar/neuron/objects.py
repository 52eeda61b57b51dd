"""Names for NEURON's own objects, which have no types: what is meant where one is passed on."""

from __future__ import annotations

from typing import Any, TypeAlias

# The interpreter `h`.
Hoc: TypeAlias = Any
# An object of a hoc template or class: a cell, a Vector, a NetCon, a point process.
HocObject: TypeAlias = Any
Section: TypeAlias = Any
Segment: TypeAlias = Any

# Data that came as JSON and was checked against its schema.
Json: TypeAlias = Any
