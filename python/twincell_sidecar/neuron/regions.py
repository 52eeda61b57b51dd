"""Which sections of a cell are soma, axon, basal and apical, each list in the order NEURON made them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

SECTION_TYPES = ("soma", "axon", "basal", "apical", "other")

_LISTS = {"soma": "somatic", "axon": "axonal", "basal": "basal", "apical": "apical"}
_NAMES = {"soma": "soma", "axon": "axon", "dend": "basal", "basal": "basal", "apic": "apical", "apical": "apical"}


@dataclass
class Regions:
    """The sections of one cell by region. `other` are those no list and no name gives a region."""

    soma: list[Any] = field(default_factory=list)
    axon: list[Any] = field(default_factory=list)
    basal: list[Any] = field(default_factory=list)
    apical: list[Any] = field(default_factory=list)
    other: list[Any] = field(default_factory=list)

    def of(self, region: str) -> list[Any]:
        """Sections of a region by its name."""
        sections: list[Any] = getattr(self, region)
        return sections

    def everything(self) -> list[Any]:
        """All sections: soma, axon, basal, apical, other."""
        return [section for region in SECTION_TYPES for section in self.of(region)]


def bare_name(section: Any) -> str:
    """Name of a section without the object it belongs to: `apic[50]`."""
    return str(section.name()).rsplit(".", 1)[-1]


def find_regions(cell: Any, sections: Iterable[Any]) -> Regions:
    """Sort the sections of a built cell: by the cell's own SectionLists where it has them, else by section name."""
    regions = Regions()
    placed: set[Any] = set()
    for region, attribute in _LISTS.items():
        for section in _listed(cell, attribute):
            if section not in placed:
                regions.of(region).append(section)
                placed.add(section)
    for section in sections:
        if section in placed:
            continue
        stem = re.sub(r"[\[_0-9].*$", "", bare_name(section))
        regions.of(_NAMES.get(stem, "other")).append(section)
    return regions


def _listed(cell: Any, attribute: str) -> list[Any]:
    try:
        listed = getattr(cell, attribute, None)
        return [] if listed is None else list(listed)
    except (TypeError, LookupError, RuntimeError):
        return []
