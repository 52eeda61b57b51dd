"""The NEURON kind of sidecar: builds a cell from a model card, describes it, and runs trials on it.

One process holds one mechanism library and one cell at a time. Everything here speaks plain data (dictionaries checked
against the JSON Schemas, and Arrow tables); nothing a message carries is executed.
"""

from __future__ import annotations

from .registration import register

__all__ = ["register"]
