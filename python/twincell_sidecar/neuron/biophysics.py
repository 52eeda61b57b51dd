"""A card's numbers go onto sections: passive properties, mechanisms, reversal potentials, channel distributions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import SidecarError
from .distribution import evaluate
from .library import mechanism_types
from .regions import Regions


def apply_biophysics(h: Any, regions: Regions, card: Mapping[str, Any], passive: bool, sk_factor: float) -> None:
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
                _set(h, regions, card, (region, mechanism, parameter), distribution, sk_factor)
        for name, potential in biophysics["reversals"].items():
            for section in sections:
                if hasattr(section(0.5), name):
                    setattr(section, name, potential)


def _set(
    h: Any,
    regions: Regions,
    card: Mapping[str, Any],
    place: tuple[str, str, str],
    distribution: Any,
    sk_factor: float,
) -> None:
    region, mechanism, parameter = place
    factor = sk_factor if (mechanism, parameter) == ("SK_E2", "gSK_E2bar") else None
    sections = regions.of(region)
    variable = f"{parameter}_{mechanism}"
    if sections and not hasattr(sections[0](0.5), variable):
        raise SidecarError(
            "parameter-unknown",
            f"model {card['name']}, region {region}: mechanism {mechanism} has no RANGE parameter {parameter}",
            remedy=f"Correct regions.{region}.mechanisms.{mechanism}.{parameter} in the card, or declare it RANGE.",
            mechanism=mechanism,
            parameter=parameter,
            region=region,
            model=card["name"],
        )
    if isinstance(distribution, (int, float)):
        value = float(distribution) if factor is None else float(distribution) * factor
        for section in sections:
            for segment in section:
                setattr(segment, variable, value)
        return
    for segment, value in distributed(h, regions, region, distribution):
        setattr(segment, variable, value if factor is None else value * factor)


def distributed(
    h: Any, regions: Regions, region: str, distribution: Mapping[str, Any]
) -> Iterable[tuple[Any, float]]:
    """Every segment of a region with the value a distribution has there."""
    sections = regions.of(region)
    if not sections:
        return
    set_origin(h, regions, distribution["origin"])
    longest = max(float(h.distance(section(1))) for section in sections)
    values = [
        (segment, evaluate(distribution, float(h.distance(segment)), longest)) for section in sections for segment in section
    ]
    yield from values


def set_origin(h: Any, regions: Regions, origin: str) -> None:
    """Make NEURON's `distance` measure from soma[0](0.5) or from apic[0](0)."""
    if origin == "apical" and regions.apical:
        h.distance(0, regions.apical[0](0))
    else:
        h.distance(0, regions.soma[0](0.5))
