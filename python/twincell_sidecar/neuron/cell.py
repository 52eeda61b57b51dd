"""A model card becomes a cell in NEURON."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import SidecarError
from .biophysics import apply_biophysics
from .builder import run_builder
from .library import captured_output
from .morphology import import_morphology
from .objects import Hoc, HocObject, Segment
from .regions import SECTION_TYPES, Regions, bare_name, find_regions

# The stub that stands for the axon (Hay et al. 2011): two cylinders, in µm, unless the card gives other diameters.
_STUB_LENGTH = 30
_STUB: Mapping[str, Any] = {"diameters": (1, 1), "at": 0.5}


@dataclass
class Cell:
    """A built cell. `handle` keeps its sections alive; `dendrites` are its channels, one segment each, in order."""

    handle: HocObject
    regions: Regions
    dendrites: list[Segment]
    soma: Segment
    nexus: Segment
    celsius: float
    v_init: float
    passive: bool


def build_cell(h: Hoc, params: Mapping[str, Any], models: str | None) -> Cell:
    """Build the cell that `CellParams` asks for."""
    card = params["card"]
    construction = card["construction"]
    passive = bool(params["passive"])
    if construction["kind"] == "morphology":
        if params["morphology"] is None:
            raise SidecarError("morphology-missing", f"model {card['name']}: no morphology file was given")
        handle = import_morphology(h, params["morphology"])
        _discretise(h, handle, card)
        if construction["axon"] != "keep":
            _replace_axon(h, handle, _STUB if construction["axon"] == "stub" else construction["axon"])
        regions = find_regions(handle, handle.all)
    else:
        handle = run_builder(h, construction, params["folder"], models)
        regions = find_regions(handle, h.allsec())
    if not regions.soma:
        raise SidecarError("builder-failed", f"model {card['name']}: the cell has no soma section", model=card["name"])

    apply_biophysics(h, regions, card, passive, float(params["skFactor"]))
    if passive:
        _strip(h, regions)
    soma = regions.soma[0](0.5)
    return Cell(
        handle=handle,
        regions=regions,
        dendrites=[segment for section in regions.basal + regions.apical for segment in section],
        soma=soma,
        nexus=_nexus(card, regions, soma),
        celsius=float(card["celsius"]),
        v_init=float(card["vInit"]),
        passive=passive,
    )


def clear(h: Hoc) -> None:
    """Delete whatever sections there still are: a traceback that somebody keeps can hold a whole cell."""
    gc.collect()
    for section in list(h.allsec()):
        h.delete_section(sec=section)


def _discretise(h: Hoc, handle: HocObject, card: Mapping[str, Any]) -> None:
    """Give every section its segments: by length, or by NEURON's d-lambda rule with the card's cable constants."""
    rule = card["construction"]["segmentLength"]
    regions = find_regions(handle, handle.all)
    for region in SECTION_TYPES:
        cable = card["regions"].get(region)
        for section in regions.of(region):
            if not isinstance(rule, Mapping):
                section.nseg = 1 + 2 * int(section.L / rule)
                continue
            if cable is not None:
                section.cm, section.Ra = cable["cm"], cable["Ra"]
            length_constant = float(h.lambda_f(rule["frequency"], sec=section))
            section.nseg = int((section.L / (rule["dLambda"] * length_constant) + 0.9) / 2) * 2 + 1


def _replace_axon(h: Hoc, handle: HocObject, stub: Mapping[str, Any]) -> None:
    """Delete the reconstructed axon; two short cylinders stand at the soma instead."""
    for section in list(handle.axonal):
        h.delete_section(sec=section)
    h.execute("create axon[2]", handle)
    for section, diameter in zip(handle.axon, stub["diameters"], strict=True):
        section.L = _STUB_LENGTH
        section.diam = diameter
        section.nseg = 1
        handle.axonal.append(sec=section)
        handle.all.append(sec=section)
    handle.axon[0].connect(handle.soma[0](stub["at"]), 0)
    handle.axon[1].connect(handle.axon[0](1), 0)


def _strip(h: Hoc, regions: Regions) -> None:
    """Take out whatever a builder inserted besides pas."""
    density = h.MechanismType(0)
    name = h.ref("")
    for index in range(int(density.count())):
        density.select(index)
        density.selected(name)
        mechanism = name[0]
        if mechanism in ("pas", "morphology", "capacitance") or mechanism.endswith("_ion"):
            continue
        for section in regions.everything():
            if section.has_membrane(mechanism):
                with captured_output():
                    section.uninsert(mechanism)


def _nexus(card: Mapping[str, Any], regions: Regions, soma: Segment) -> Segment:
    nexus = card["nexus"]
    if nexus is None:
        return soma
    for section in regions.everything():
        if bare_name(section) == nexus["section"]:
            return section(nexus["x"])
    raise SidecarError(
        "nexus-missing",
        f"model {card['name']}: its nexus names section {nexus['section']}, which the cell does not have",
        remedy="Correct nexus.section in the card.",
        model=card["name"],
        section=nexus["section"],
    )
