"""What the torch kind answers to."""

from __future__ import annotations

from collections.abc import Sequence

from ..server import Registration, Registry
from .checkpoint import versions
from .evaluate import evaluate
from .train import train


def register(arguments: Sequence[str]) -> Registry:
    """Handlers of this kind. It takes no arguments of its own."""
    if arguments:
        raise SystemExit(f"the torch sidecar takes no arguments, found {' '.join(arguments)}")
    return Registry(
        registrations=(
            Registration("train", "TwinTrainParams", "TwinTrainReport", train),
            Registration("evaluate", "TwinEvaluateParams", "TwinPredictionResult", evaluate),
        ),
        versions=versions(),
    )
