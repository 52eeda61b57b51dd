"""The torch kind of sidecar: trains twins (`train`) and predicts whole trials with them (`evaluate`)."""

from __future__ import annotations

from .registration import register

__all__ = ["register"]
