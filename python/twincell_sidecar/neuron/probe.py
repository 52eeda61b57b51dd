"""Probes: tiny experiments on mechanisms, each in a process of its own.

Their shapes are in `src/crosscheck/mechanism/protocol.ts`. The mechanisms are anybody's. They may crash, hang, end the
process, or change what is global: so each probe runs in a fork of this process, with a limit on its time, and only its
numbers come back.
"""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from ..server import Progress, Result
from .isolated import Outcome, isolated
from .library import load, start
from .objects import Hoc
from .probe_run import ProbeRun, run_probe

_LENGTH = struct.Struct("<q")


class ProbeHandlers:
    """Answers `probe` with the mechanisms of one library, and a second one of what drives them."""

    def __init__(self, mechanisms: str | None, drives: str | None) -> None:
        self._mechanisms = mechanisms
        self._drives = drives

    def probe(self, params: Mapping[str, Any], tables: Mapping[str, pa.Table]) -> Iterator[Progress | Result]:
        """Run one probe in a child process and answer with what it recorded, or with how it ended."""
        yield Progress(0, 1, "")
        h = start(self._mechanisms)
        if self._drives is not None:
            load(h, self._drives)
            self._drives = None
        outcome = yield from isolated(lambda: _work(h, params), float(params["timeoutSeconds"]))
        yield _answer(outcome)


def _work(h: Hoc, params: Mapping[str, Any]) -> bytes:
    """Run the probe; what is wrong with it is an answer too."""
    try:
        return _bytes(run_probe(h, params))
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent is to know
        sys.stderr.flush()
        return _packed({"error": f"{type(error).__name__}: {error}"})


def _bytes(run: ProbeRun) -> bytes:
    pieces = [_packed(run.header)]
    for array in (*run.nodes.values(), run.samples, run.event_sources, run.event_times):
        flat = np.ascontiguousarray(array, dtype=np.float64)
        pieces += [_LENGTH.pack(flat.size), flat.tobytes()]
    return b"".join(pieces)


def _packed(header: Mapping[str, Any]) -> bytes:
    text = json.dumps(header).encode()
    return _LENGTH.pack(len(text)) + text


def _answer(outcome: Outcome) -> Result:
    reader = _Reader(outcome.data)
    header = reader.header()
    if header is not None and "error" not in header:
        try:
            return _ran(header, reader)
        except ValueError:
            header = None
    if header is not None:
        return _failed("failed", f"{header['error']}\n{outcome.said}".strip())
    ended = outcome.ended or "it ended with exit status 0 and no answer"
    return _failed("timeout" if outcome.late else "crashed", f"{ended}\n{outcome.said}".strip())


def _ran(header: dict[str, Any], reader: _Reader) -> Result:
    names = header.pop("nodeColumns")
    nodes = {name: reader.array() for name in names}
    samples, sources, times = reader.array(), reader.array(), reader.array()
    nodes_table = {
        name: pa.array(values.astype(np.int32)) if name in ("parent", "section", "segment") else pa.array(values)
        for name, values in nodes.items()
    }
    return Result(
        {"status": "ran", "message": "", **header},
        tables={
            "nodes": pa.table(nodes_table),
            "samples": pa.table({"value": samples}),
            "events": pa.table({"source": sources.astype(np.int32), "time": times}),
        },
    )


def _failed(status: str, message: str) -> Result:
    return Result(
        {
            "status": status,
            "message": message,
            "mechanismOrder": [],
            "instances": {},
            "valences": {},
            "columns": [],
            "sources": [],
        }
    )


class _Reader:
    """What the child wrote, piece by piece; a piece cut short is a ValueError."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def header(self) -> dict[str, Any] | None:
        try:
            value: dict[str, Any] = json.loads(self._take(self._length()))
        except ValueError:
            return None
        return value

    def array(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.frombuffer(self._take(8 * self._length()), dtype=np.float64)

    def _length(self) -> int:
        return int(_LENGTH.unpack(self._take(_LENGTH.size))[0])

    def _take(self, count: int) -> bytes:
        piece = self._data[self._at : self._at + count]
        if len(piece) < count:
            raise ValueError("cut short")
        self._at += count
        return piece
