"""Errors that travel to the caller as typed errors, and the one for broken messages."""

from __future__ import annotations


class SidecarError(Exception):
    """A failure with a stable code; arrives in TypeScript as a RemoteError with this code, remedy and details.

    Details must be plain data: str, int, float, bool, None, lists and dicts of these.
    """

    def __init__(self, code: str, message: str, *, remedy: str | None = None, **details: object) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy
        self.details: dict[str, object] = details


class ProtocolError(Exception):
    """A message that does not have the agreed shape or comes at the wrong moment."""
