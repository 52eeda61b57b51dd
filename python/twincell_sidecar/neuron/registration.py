"""Arguments of the kind, and its methods with the schemas of what they take and give."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib.metadata import version

from ..server import Registration, Registry
from .handlers import NeuronHandlers
from .morphology_probe import MorphologyProbeHandlers
from .probe import ProbeHandlers


def register(arguments: Sequence[str]) -> Registry:
    """Register what `--kind neuron` offers. NEURON itself is loaded by the first call."""
    parser = argparse.ArgumentParser(prog="twincell_sidecar --kind neuron", allow_abbrev=False)
    parser.add_argument("--mechanisms", help="the compiled mechanism library; absent: NEURON's own mechanisms only")
    parser.add_argument("--models", help="the folder that holds models' builders; absent: builders are refused")
    parser.add_argument("--drives", help="a second library, of probes' drives; it repeats no mechanism of the first")
    options = parser.parse_args(arguments)
    handlers = NeuronHandlers(options.mechanisms, options.models)
    probes = ProbeHandlers(options.mechanisms, options.drives)
    return Registry(
        registrations=(
            Registration("describe", "NeuronDescribeParams", "NeuronDescribeResult", handlers.describe),
            Registration("run", "NeuronRunParams", "NeuronBlockResult", handlers.run),
            Registration("record", "NeuronRecordParams", "NeuronRecordResult", handlers.record),
            Registration(
                "describe-morphology",
                "NeuronMorphologyParams",
                "NeuronMorphologyResult",
                MorphologyProbeHandlers().describe,
            ),
            Registration("probe", "NeuronProbe", "NeuronProbeResult", probes.probe),
        ),
        versions={"neuron": version("neuron")},
    )
