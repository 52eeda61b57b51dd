"""Probes: tiny experiments on mechanisms, each in a process of its own.

Their shapes are in `src/crosscheck/mechanism/protocol.ts`. The mechanisms are anybody's. They may crash, hang, end the
process, or change what is global: so each probe runs in a fork of this process, with a limit on its time, and only its
numbers come back.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import select
import signal
import struct
import sys
import tempfile
import time
from collections.abc import Generator, Iterator, Mapping
from typing import IO, Any

import numpy as np
import pyarrow as pa

from ..server import Progress, Result
from .library import load, start
from .objects import Hoc
from .probe_run import ProbeRun, run_probe

# How often (s) the server may look for a cancellation.
_POLL = 0.04
# As much of what was printed travels with a failure.
_TAIL = 4000
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
        with tempfile.TemporaryFile() as said:
            reading, writing = os.pipe()
            child = os.fork()
            if child == 0:
                os.close(reading)
                _work(h, params, writing, said)
            os.close(writing)
            try:
                data = bytearray()
                late = yield from _collect(reading, data, float(params["timeoutSeconds"]))
            finally:
                os.close(reading)
                _kill(child)
            _, status = os.waitpid(child, 0)
            said.seek(0)
            text = said.read().decode(errors="replace")[-_TAIL:]
        yield _answer(bytes(data), status, late, text)


def _work(h: Hoc, params: Mapping[str, Any], writing: int, said: IO[bytes]) -> None:
    """Run in the child; never returns. Nothing of the parent's sockets or buffers may be touched."""
    try:
        _die_with_parent()
        limit = int(float(params["timeoutSeconds"])) + 2
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
        try:
            _send(writing, run_probe(h, params))
        except Exception as error:  # noqa: BLE001 - whatever it is, the parent is to know
            sys.stderr.flush()
            _send(writing, {"error": f"{type(error).__name__}: {error}"})
    finally:
        # No handler of the parent's exit may run twice.
        os._exit(0)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)


def _send(writing: int, outcome: ProbeRun | dict[str, str]) -> None:
    with os.fdopen(writing, "wb") as stream:
        if isinstance(outcome, dict):
            stream.write(_packed(outcome))
            return
        stream.write(_packed(outcome.header))
        for array in (*outcome.nodes.values(), outcome.samples, outcome.event_sources, outcome.event_times):
            flat = np.ascontiguousarray(array, dtype=np.float64)
            stream.write(_LENGTH.pack(flat.size))
            stream.write(flat.tobytes())


def _packed(header: Mapping[str, Any]) -> bytes:
    text = json.dumps(header).encode()
    return _LENGTH.pack(len(text)) + text


def _collect(reading: int, data: bytearray, timeout: float) -> Generator[Progress, None, bool]:
    """Gather the child's bytes until it closes its end; return whether its time ran out."""
    deadline = time.monotonic() + timeout
    while True:
        ready, _, _ = select.select([reading], [], [], _POLL)
        if ready:
            piece = os.read(reading, 1 << 20)
            if not piece:
                return False
            data += piece
        elif time.monotonic() > deadline:
            return True
        yield Progress(0, 1, "")


def _kill(child: int) -> None:
    try:
        os.kill(child, signal.SIGKILL)
    except ProcessLookupError:
        return


def _answer(data: bytes, status: int, late: bool, said: str) -> Result:
    reader = _Reader(data)
    header = reader.header()
    if header is not None and "error" not in header:
        try:
            return _ran(header, reader)
        except ValueError:
            header = None
    if header is not None:
        return _failed("failed", f"{header['error']}\n{said}".strip())
    if late or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU):
        return _failed("timeout", f"still running when its time was over\n{said}".strip())
    if os.WIFSIGNALED(status):
        return _failed("crashed", f"signal {signal.Signals(os.WTERMSIG(status)).name}\n{said}".strip())
    return _failed("crashed", f"the process ended with exit status {os.waitstatus_to_exitcode(status)}\n{said}".strip())


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
