"""What the features kind answers to."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

from ..server import Registration, Registry
from .extract import extract


def register(arguments: Sequence[str]) -> Registry:
    """Handlers of this kind. It takes no arguments of its own."""
    if arguments:
        raise SystemExit(f"the features sidecar takes no arguments, found {' '.join(arguments)}")
    return Registry(
        registrations=(Registration("extract", "FeatureParams", "FeatureResult", extract),),
        versions={"efel": version("efel")},
    )
