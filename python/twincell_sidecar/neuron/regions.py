"""Which sections of a cell are soma, axon, basal and apical, each list in the order NEURON made them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from .objects import HocObject, Section

SECTION_TYPES = ("soma", "axon", "basal", "apical", "other")

_LISTS = {"soma": "somatic", "axon": "axonal", "basal": "basal", "apical": "apical"}
_NAMES = {"soma": "soma", "axon": "axon", "dend": "basal", "basal": "basal", "apic": "apical", "apical": "apical"}


@dataclass
class Regions:
    """The sections of one cell by region. `other` are those no list and no name gives a region."""

    soma: list[Section] = field(default_factory=list)
    axon: list[Section] = field(default_factory=list)
    basal: list[Section] = field(default_factory=list)
    apical: list[Section] = field(default_factory=list)
    other: list[Section] = field(default_factory=list)

    def of(self, region: str) -> list[Section]:
        """Sections of a region by its name."""
        sections: list[Section] = getattr(self, region)
        return sections

    def everything(self) -> list[Section]:
        """All sections: soma, axon, basal, apical, other."""
        return [section for region in SECTION_TYPES for section in self.of(region)]


def bare_name(section: Section) -> str:
    """Name of a section without the object it belongs to: `apic[50]`."""
    return str(section.name()).rsplit(".", 1)[-1]


def find_regions(cell: HocObject, sections: Iterable[Section]) -> Regions:
    """Sort the sections of a built cell: by the cell's own SectionLists where it has them, else by section name."""
    regions = Regions()
    placed: set[Section] = set()
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


def _listed(cell: HocObject, attribute: str) -> list[Section]:
    try:
        listed = getattr(cell, attribute, None)
        return [] if listed is None else list(listed)
    except (TypeError, LookupError, RuntimeError):
        return []
