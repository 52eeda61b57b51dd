"""Messages in Python: what TypeScript writes is read, what is wrong is refused, nothing is taken on trust."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping
from typing import Any

import msgpack
import numpy as np
import pyarrow as pa
import pytest

from twincell_sidecar.errors import ProtocolError
from twincell_sidecar.protocol import Codec, require_plain
from twincell_sidecar.schemas import Schemas

codec = Codec(Schemas())


def call(**changes: object) -> dict[str, object]:
    return {"type": "call", "id": 1, "method": "m", "params": {}, "credit": 1, "tables": [], **changes}


def as_bytes(frames: list[Any]) -> list[bytes]:
    return [bytes(memoryview(frame)) for frame in frames]


def test_a_message_with_tables_comes_back_as_it_went() -> None:
    # Every kind of float64: payloads of NaN, both zeros, infinities, subnormals.
    bits = np.random.default_rng(1).integers(0, 2**64, 1000, dtype=np.uint64)
    bits[:4] = [0x7FF8000000000123, 1 << 63, 0x7FF0000000000000, 1]
    table = pa.table({"v": bits.view(np.float64), "n": np.arange(1000, dtype=np.int32), "s": ["é"] * 1000})
    fields = {"id": 3, "sequence": 0, "value": {"a": [1, 2.5, None, True, "ü"]}}
    message = codec.decode(as_bytes(codec.encode("result", fields, {"t": table})))
    assert message.fields["value"] == fields["value"]
    assert message.tables["t"].column("v").to_numpy().view(np.uint64).tolist() == bits.tolist()
    assert message.tables["t"].drop_columns("v").equals(table.drop_columns("v"))


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ([1, 2], "unknown type"),
        ({"type": "nonsense"}, "unknown type 'nonsense'"),
        ({"type": ["call"]}, "unknown type"),
        ({"type": "cancel", "id": 1, "why": "so"}, "cancel message is malformed"),
        ({"type": "cancel"}, "cancel message is malformed"),
        (call(id=0), "malformed at /id"),
        (call(id="one"), "malformed at /id"),
        (call(credit=0), "malformed at /credit"),
        (call(tables=[{"name": "a", "rows": 1, "bytes": 1, "crc32": 1}]), "announces 1 tables and carries 0"),
        (call(tables=[{"name": "a", "rows": -1, "bytes": 1, "crc32": 1}]), "malformed at /tables/0/rows"),
    ],
)
def test_malformed_messages_are_refused_by_name(raw: object, reason: str) -> None:
    with pytest.raises(ProtocolError, match=reason):
        codec.decode([msgpack.packb(raw)])


def test_bytes_that_are_no_message_are_refused() -> None:
    generator = np.random.default_rng(2)
    for _ in range(500):
        frames = [generator.bytes(int(generator.integers(0, 60))) for _ in range(int(generator.integers(0, 3)))]
        with pytest.raises(ProtocolError):
            codec.decode(frames)


def test_a_message_damaged_in_one_byte_is_read_or_refused() -> None:
    head, table = as_bytes(codec.encode("result", {"id": 1, "sequence": 0, "value": {}}, {"t": pa.table({"v": [1.0]})}))
    for at in range(len(head)):
        damaged = head[:at] + bytes([head[at] ^ 0x5A]) + head[at + 1 :]
        with contextlib.suppress(ProtocolError):
            assert codec.decode([damaged, table]).type == "result"
    for at in range(len(table)):
        damaged = table[:at] + bytes([table[at] ^ 0x5A]) + table[at + 1 :]
        with pytest.raises(ProtocolError, match="not those that were sent"):
            codec.decode([head, damaged])


def test_a_table_cut_at_a_batch_boundary_is_noticed() -> None:
    batch = pa.record_batch({"v": [1.0, 2.0]})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
        boundary = sink.tell()
        writer.write_batch(batch)
    cut = sink.getvalue().to_pybytes()[:boundary]
    note = {"name": "t", "rows": 4, "bytes": len(cut), "crc32": pa_crc(cut)}
    with pytest.raises(ProtocolError, match="announced with 4 rows and arrived with 2"):
        codec.decode([msgpack.packb(call(tables=[note])), cut])


def pa_crc(data: bytes) -> int:
    """Compute a CRC-32 (ISO-HDLC) bit by bit, from its definition, to check zlib's against."""
    register = 0xFFFFFFFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = (register >> 1) ^ (0xEDB88320 if register & 1 else 0)
    return register ^ 0xFFFFFFFF


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (math.nan, "not finite"),
        ({"a": [1, math.inf]}, "/a/1: inf is not finite"),
        (2**53, "JavaScript"),
        (np.int64(1), "int64 is not plain"),
        (np.float32(1), "float32 is not plain"),
        ({1: "one"}, "not a string"),
        (b"bytes", "bytes is not plain"),
        ("caf\udce9", "UTF-8"),
        (object(), "object is not plain"),
    ],
)
def test_values_that_would_not_arrive_as_meant_are_refused(value: object, reason: str) -> None:
    with pytest.raises(ProtocolError, match=reason):
        require_plain(value)


def test_values_nested_without_end_are_refused() -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(ProtocolError, match="nested deeper"):
        require_plain(endless)


@pytest.mark.parametrize("value", [None, True, 0, -(2**53) + 1, 1.5, np.float64(2), "ü🧠", [], {"a": [{}]}])
def test_plain_values_pass(value: object) -> None:
    require_plain(value)


def test_a_message_that_is_malformed_is_not_sent() -> None:
    fields: Mapping[str, object] = {"id": 0, "parts": 1, "cancelled": False}
    with pytest.raises(ProtocolError, match="malformed at /id"):
        codec.encode("end", fields)
