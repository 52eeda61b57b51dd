"""Tables on the wire: uncompressed Arrow IPC streams."""

from __future__ import annotations

import pyarrow as pa

from .errors import ProtocolError


def encode_table(table: pa.Table) -> pa.Buffer:
    """Write a table as an Arrow IPC stream, in one batch where it can be: then columns arrive without a copy."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return sink.getvalue()


def decode_table(data: bytes, name: str, rows: int) -> pa.Table:
    """Read an Arrow IPC stream and hold it against the announced number of rows: a cut stream reads as fewer."""
    try:
        with pa.ipc.open_stream(pa.py_buffer(data)) as reader:
            table = reader.read_all()
        table.validate()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise ProtocolError(f"table {name} is not an Arrow stream: {error}") from error
    if table.num_rows != rows:
        raise ProtocolError(f"table {name} was announced with {rows} rows and arrived with {table.num_rows}")
    return table
