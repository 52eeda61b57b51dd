"""A card's numbers go onto sections: passive properties, mechanisms, reversal potentials, channel distributions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import SidecarError
from .distribution import evaluate
from .library import mechanism_types
from .objects import Hoc, Json, Segment
from .regions import Regions

# The paper's SKE2_mult_factor acts on this.
_SK_CONDUCTANCE = "gSK_E2bar"


def apply_biophysics(h: Hoc, regions: Regions, card: Mapping[str, Any], passive: bool, sk_factor: float) -> None:
    """Write the card's `regions` onto the sections. `passive` leaves every mechanism but pas out."""
    known = mechanism_types(h)
    for region, biophysics in card["regions"].items():
        sections = regions.of(region)
        for section in sections:
            section.cm = biophysics["cm"]
            section.Ra = biophysics["Ra"]
        for mechanism, parameters in biophysics["mechanisms"].items():
            if passive and mechanism != "pas":
                continue
            if mechanism not in known:
                raise SidecarError(
                    "mechanism-missing",
                    f"model {card['name']}, region {region}: there is no mechanism {mechanism} in the compiled library",
                    remedy=f"Add the .mod file that has SUFFIX {mechanism} to the card's mechanisms.",
                    mechanism=mechanism,
                    region=region,
                    model=card["name"],
                )
            for section in sections:
                section.insert(mechanism)
            for parameter, distribution in parameters.items():
                place = _Place(card["name"], region, mechanism, parameter)
                _set(h, regions, place, distribution, sk_factor if parameter == _SK_CONDUCTANCE else 1.0)
        for name, potential in biophysics["reversals"].items():
            for section in sections:
                if hasattr(section(0.5), name):
                    setattr(section, name, potential)


@dataclass(frozen=True)
class _Place:
    """Where in which card a parameter stands."""

    model: str
    region: str
    mechanism: str
    parameter: str


def _set(h: Hoc, regions: Regions, place: _Place, distribution: Json, factor: float) -> None:
    region, mechanism, parameter = place.region, place.mechanism, place.parameter
    sections = regions.of(region)
    variable = f"{parameter}_{mechanism}"
    if sections and not hasattr(sections[0](0.5), variable):
        raise SidecarError(
            "parameter-unknown",
            f"model {place.model}, region {region}: mechanism {mechanism} has no RANGE parameter {parameter}",
            remedy=f"Correct regions.{region}.mechanisms.{mechanism}.{parameter} in the card, or declare it RANGE.",
            mechanism=mechanism,
            parameter=parameter,
            region=region,
            model=place.model,
        )
    # A factor of 1 changes no bit.
    if isinstance(distribution, (int, float)):
        for section in sections:
            for segment in section:
                setattr(segment, variable, float(distribution) * factor)
        return
    for segment, value in distributed(h, regions, region, distribution):
        setattr(segment, variable, value * factor)


def distributed(
    h: Hoc, regions: Regions, region: str, distribution: Mapping[str, Any]
) -> Iterable[tuple[Segment, float]]:
    """Every segment of a region with the value a distribution has there."""
    sections = regions.of(region)
    if not sections:
        return
    set_origin(h, regions, distribution["origin"])
    longest = max(float(h.distance(section(1))) for section in sections)
    values = [
        (segment, evaluate(distribution, float(h.distance(segment)), longest))
        for section in sections
        for segment in section
    ]
    yield from values


def set_origin(h: Hoc, regions: Regions, origin: str) -> None:
    """Make NEURON's `distance` measure from soma[0](0.5) or from apic[0](0)."""
    if origin == "apical" and regions.apical:
        h.distance(0, regions.apical[0](0))
    else:
        h.distance(0, regions.soma[0](0.5))
