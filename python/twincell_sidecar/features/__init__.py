"""The features kind of sidecar: electrophysiological features of voltage traces, as eFEL extracts them."""

from __future__ import annotations

from .registration import register

__all__ = ["register"]
