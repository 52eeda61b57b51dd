"""Arbor on a comparable cell: the same compartments and channel densities, from its own built-in catalogue.

Comparable, not the same: a compartment is a cylinder of NEURON's length and diameter, a synapse is Arbor's `exp2syn`
without NMDA. The excitatory one has the conductance of AMPA and NMDA together, so that the cell is about as active.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import arbor
import numpy as np
from arbor import units

from .lane import Clock, Request, Run

# Objects of Arbor's, which has no types.
ArborObject: TypeAlias = Any

_TAGS = {"soma": 1, "axon": 2, "basal": 3, "apical": 4}


class ArborLane:
    """The cell as Arbor takes it; every run makes a simulation of its own, whose making is not timed."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self._spec = spec
        self._cell = _cell(spec)
        self.compartments = int(arbor.cv_data(self._cell).num_cv)
        self._context = arbor.context(threads=1)

    def run(self, request: Request) -> Run:
        """Run one trial."""
        if request.tolerance is not None or request.order != 1:
            raise ValueError("Arbor has a fixed step of first order only")
        recipe = _Recipe(self._cell, self._spec["trials"][request.trial])
        simulation = arbor.simulation(recipe, self._context)
        handle = simulation.sample((0, "soma"), arbor.regular_schedule((request.sample_every or request.dt) * units.ms))
        clock = Clock.start()
        simulation.run(tfinal=request.duration * units.ms, dt=request.dt * units.ms)
        cpu, wall = clock.stop()
        data, _ = simulation.samples(handle)[0]
        samples = np.asarray(data, dtype=np.float64)
        return Run(cpu, wall, round(request.duration / request.dt), samples[:, 0].copy(), samples[:, 1].copy())


class _Recipe(arbor.recipe):  # type: ignore[misc]
    """One cell under one trial's events."""

    def __init__(self, cell: ArborObject, trial: dict[str, Any]) -> None:
        super().__init__()
        self._cell = cell
        self._generators = _generators(trial)
        self._properties = arbor.neuron_cable_properties()
        self._properties.catalogue = arbor.bbp_catalogue()
        self._properties.catalogue.extend(arbor.default_catalogue(), "")

    def num_cells(self) -> int:
        """One."""
        return 1

    def cell_kind(self, _gid: int) -> ArborObject:
        """A cable cell."""
        return arbor.cell_kind.cable

    def cell_description(self, _gid: int) -> ArborObject:
        """The cell that was built."""
        return self._cell

    def event_generators(self, _gid: int) -> list[ArborObject]:
        """Events of the synapses."""
        return self._generators

    def probes(self, _gid: int) -> list[ArborObject]:
        """Probe the soma's voltage."""
        return [arbor.cable_probe_membrane_voltage("(location 0 0)", "soma")]

    def global_properties(self, _kind: ArborObject) -> ArborObject:
        """Catalogues of mechanisms."""
        return self._properties


def _generators(trial: dict[str, Any]) -> list[ArborObject]:
    channel = np.asarray(trial["channel"], dtype=np.int64)
    time = np.asarray(trial["time"], dtype=np.float64)
    generators = []
    for index in np.unique(channel):
        schedule = arbor.explicit_schedule([float(one) * units.ms for one in time[channel == index]])
        generators.append(arbor.event_generator(f"synapse{index}", 1.0, schedule))
    return generators


def _cell(spec: dict[str, Any]) -> ArborObject:
    compartments = spec["compartments"]
    tree = arbor.segment_tree()
    ends: list[float] = []
    for one in compartments:
        parent = one["parent"]
        start = ends[parent] if parent >= 0 else 0.0
        end = start + one["length"]
        radius = one["diameter"] / 2
        tree.append(
            arbor.mnpos if parent < 0 else parent,
            arbor.mpoint(start, 0, 0, radius),
            arbor.mpoint(end, 0, 0, radius),
            tag=_TAGS[one["region"]],
        )
        ends.append(end)
    decor = arbor.decor()
    decor.set_property(
        Vm=spec["vInit"] * units.mV,
        tempK=(spec["celsius"] + 273.15) * units.Kelvin,
    )
    decor.set_ion("ca", int_con=5e-5 * units.mM, ext_con=2.0 * units.mM, method="nernst/x=ca")
    for index, one in enumerate(compartments):
        _paint(decor, f"(segment {index})", one)
    _place_synapses(decor, spec)
    policy = arbor.cv_policy_every_segment()
    return arbor.cable_cell(arbor.morphology(tree), decor, arbor.label_dict(), policy)


def _paint(decor: ArborObject, region: str, compartment: dict[str, Any]) -> None:
    decor.paint(
        region,
        cm=compartment["cm"] * units.uF / units.cm2,
        rL=compartment["resistivity"] * units.Ohm * units.cm,
    )
    for ion, reversal in compartment["reversals"].items():
        decor.paint(region, ion=ion, rev_pot=reversal * units.mV)
    for name, parameters in compartment["mechanisms"].items():
        decor.paint(region, arbor.density(name, parameters))


def _place_synapses(decor: ArborObject, spec: dict[str, Any]) -> None:
    """Channel c < D is the excitatory synapse of dendrite c, channel D + c the inhibitory one."""
    parameters = spec["cell"]["synapses"]
    dendrites = [(one["dendrite"], index) for index, one in enumerate(spec["compartments"]) if one["dendrite"] >= 0]
    parts = {"ampa": dict(parameters["ampa"]), "gabaA": dict(parameters["gabaA"])}
    if parameters["nmda"] is not None:
        parts["ampa"]["conductance"] += parameters["nmda"]["conductance"]
    for channel, index in dendrites:
        for offset, part in ((0, parts["ampa"]), (len(dendrites), parts["gabaA"])):
            synapse = arbor.synapse(
                "exp2syn", {"tau1": part["tauRise"], "tau2": part["tauDecay"], "e": part["reversal"]}
            )
            decor.place(f"(on-components 0.5 (segment {index}))", synapse, f"synapse{offset + channel}")


def create(spec: dict[str, Any]) -> ArborLane:
    """Build the lane that a spec describes."""
    return ArborLane(spec)
