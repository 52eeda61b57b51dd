"""The nodes of a cell in NEURON's own order: its compartments, the root, and each section's far end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .cell import Cell
from .objects import Section, Segment


@dataclass(frozen=True)
class Node:
    """One row of NEURON's matrix. `segment` is -1 for a node without membrane, `place` is where it is."""

    row: int
    parent: int
    section: Section
    region: str
    segment: int
    place: Segment


def nodes_of(cell: Cell) -> list[Node]:
    """All nodes, by rising row."""
    regions = ("soma", "axon", "basal", "apical", "other")
    return nodes_of_sections([(region, section) for region in regions for section in cell.regions.of(region)])


def nodes_of_sections(sections: Iterable[tuple[str, Section]]) -> list[Node]:
    """All nodes of these sections, each with its region, by rising row."""
    nodes = sorted(_walk(sections), key=lambda node: node.row)
    rows = [node.row for node in nodes]
    if rows != list(range(len(rows))):
        raise RuntimeError("NEURON's nodes are not those of one cell")
    return nodes


def _walk(sections: Iterable[tuple[str, Section]]) -> Iterator[Node]:
    for region, section in sections:
        # A section connected by its own end 1 has its nodes the other way round.
        reversed_ = section.orientation() == 1
        near, far = (1, 0) if reversed_ else (0, 1)
        attached = section.parentseg()
        if attached is None:
            parent = int(section(near).node_index())
            yield Node(parent, -1, section, region, -1, section(near))
        else:
            parent = int(attached.node_index())
        segments = list(enumerate(section))
        for index, segment in reversed(segments) if reversed_ else segments:
            row = int(segment.node_index())
            yield Node(row, parent, section, region, index, segment)
            parent = row
        yield Node(int(section(far).node_index()), parent, section, region, -1, section(far))


def compartments(nodes: list[Node]) -> list[Node]:
    """Keep the nodes that have membrane: these are what an engine records, numbered from 0."""
    return [node for node in nodes if node.segment >= 0]
