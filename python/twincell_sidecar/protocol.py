"""Messages to frames and back, checked against schemas/Envelope.json in both directions.

The version and the limits come from there, too: src/bridge/envelope.ts writes them once for both sides.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import msgpack
import pyarrow as pa

from .arrow import decode_table, encode_table
from .errors import ProtocolError
from .schemas import Schemas, Validator

_CONSTANTS = Schemas().document("Envelope")["x-protocol"]
PROTOCOL_VERSION = int(_CONSTANTS["version"])
MAX_HEAD_BYTES = int(_CONSTANTS["maxHeadBytes"])
MAX_TABLE_BYTES = int(_CONSTANTS["maxTableBytes"])
MAX_TABLES = int(_CONSTANTS["maxTables"])
MAX_DEPTH = 64
MAX_INTEGER = 2**53 - 1

Tables = Mapping[str, pa.Table]
Frame: TypeAlias = "bytes | pa.Buffer"


@dataclass(frozen=True)
class Message:
    """One message: its type, its fields, and the tables it carries."""

    type: str
    fields: Mapping[str, Any]
    tables: Tables = field(default_factory=dict)


class Codec:
    """Turns messages into frames and back."""

    def __init__(self, schemas: Schemas) -> None:
        members = schemas.document("Envelope")["anyOf"]
        # One validator a type: a refusal then names the field, not eleven shapes the message is not.
        self._validators = {member["properties"]["type"]["const"]: Validator(member) for member in members}

    def encode(self, kind: str, fields: Mapping[str, object], tables: Tables | None = None) -> list[Frame]:
        """Write a message; raises ProtocolError where it does not have the agreed shape or is too large."""
        envelope: dict[str, object] = {"type": kind, **fields}
        frames: list[Frame] = []
        if tables is not None:
            notes, frames = _encode_tables(tables)
            envelope["tables"] = notes
        require_plain(envelope)
        self._check(envelope)
        head: bytes = msgpack.packb(envelope)
        _require_at_most(len(head), MAX_HEAD_BYTES, f"a {kind} message")
        return [head, *frames]

    def decode(self, frames: Sequence[bytes]) -> Message:
        """Read a message; whatever is wrong with it is a ProtocolError."""
        if not frames:
            raise ProtocolError("a message without frames")
        head, *bodies = frames
        _require_at_most(len(head), MAX_HEAD_BYTES, "a message head")
        try:
            envelope = msgpack.unpackb(head, strict_map_key=True, raw=False)
        except (ValueError, msgpack.UnpackException, TypeError) as error:
            raise ProtocolError(f"a message head that is not MessagePack: {error}") from error
        kind = self._check(envelope)
        notes = envelope.get("tables", [])
        if len(notes) != len(bodies):
            raise ProtocolError(f"a {kind} message announces {len(notes)} tables and carries {len(bodies)}")
        tables: dict[str, pa.Table] = {}
        for note, body in zip(notes, bodies, strict=True):
            name = note["name"]
            if name in tables:
                raise ProtocolError(f"two tables are named {name}")
            if len(body) != note["bytes"]:
                raise ProtocolError(f"table {name}: {note['bytes']} bytes announced, {len(body)} arrived")
            if zlib.crc32(body) != note["crc32"]:
                raise ProtocolError(f"table {name}: its bytes are not those that were sent")
            tables[name] = decode_table(body, name, note["rows"])
        return Message(kind, envelope, tables)

    def _check(self, envelope: object) -> str:
        kind = envelope.get("type") if isinstance(envelope, dict) else None
        validator = self._validators.get(kind) if isinstance(kind, str) else None
        if validator is None:
            raise ProtocolError(f"a message of unknown type {str(kind)[:100]!r}")
        problem = validator.problem(envelope)
        if problem is not None:
            raise ProtocolError(f"a {kind} message is malformed at {problem}")
        return str(kind)


def _encode_tables(tables: Tables) -> tuple[list[dict[str, object]], list[Frame]]:
    notes: list[dict[str, object]] = []
    frames: list[Frame] = []
    for name, table in tables.items():
        data = encode_table(table)
        _require_at_most(len(data), MAX_TABLE_BYTES, f"table {name}")
        notes.append({"name": name, "rows": table.num_rows, "bytes": len(data), "crc32": zlib.crc32(data)})
        frames.append(data)
    _require_at_most(len(notes), MAX_TABLES, "the list of tables")
    return notes, frames


def require_plain(value: object, path: str = "", depth: int = 0) -> None:
    """Refuse what the other side could not read as it was meant: NaN, huge integers, numpy integers, objects."""
    if depth > MAX_DEPTH:
        raise ProtocolError(f"{path}: nested deeper than {MAX_DEPTH}")
    if isinstance(value, dict):
        for key, item in value.items():
            if type(key) is not str:
                raise ProtocolError(f"{path}: the key {key!r} is not a string")
            require_plain(item, f"{path}/{key}", depth + 1)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            require_plain(item, f"{path}/{index}", depth + 1)
    else:
        reason = _why_not_plain(value)
        if reason is not None:
            raise ProtocolError(f"{path}: {reason}")


def _why_not_plain(value: object) -> str | None:
    if value is None or type(value) is bool:
        return None
    if isinstance(value, str):
        whole = value.isascii() or not any("\ud800" <= character <= "\udfff" for character in value)
        return None if whole else "a text with half a surrogate pair has no UTF-8 form"
    if type(value) is int:
        return None if abs(value) <= MAX_INTEGER else f"{value} is beyond what a JavaScript number holds"
    if isinstance(value, float):
        return None if math.isfinite(value) else f"{value} is not finite; send None, or a table"
    return f"{type(value).__name__} is not plain data"


def _require_at_most(size: int, limit: int, what: str) -> None:
    if size > limit:
        raise ProtocolError(f"{what} has the size {size}, more than the {limit} a message may carry")
