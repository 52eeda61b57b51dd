"""Runs handlers for one client: a single thread that polls the socket between the steps of a handler.

A handler is a generator. It yields `Progress` and `Result` often, at least every 50 ms of work; between two yields the
server looks for cancellation and shutdown. Calls run one after the other, in the order they came. A handler that is
cancelled gets a GeneratorExit at its yield, so that its `finally` blocks run.

Whole numbers of the parameters arrive as int, whatever they mean: JavaScript, which writes them, has no 1.0 beside 1.
Values of results are plain data with finite numbers; everything else belongs in a table.
"""

from __future__ import annotations

import math
import os
import platform
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import zmq

from .errors import ProtocolError, SidecarError
from .protocol import PROTOCOL_VERSION, Codec, Frame, Message, Tables, require_plain
from .schemas import Json, Schemas, schema_hash

PROGRESS_INTERVAL_S = 0.05
MAX_QUEUED_CALLS = 256
MAX_TRACEBACK = 16_384

Params = Mapping[str, Any]


@dataclass(frozen=True)
class Progress:
    """How far a call is: `done` of `total`, in the handler's own unit. Sent at most 20 times a second."""

    done: float
    total: float
    message: str = ""


@dataclass(frozen=True)
class Result:
    """One part of the answer: a value of the method's result schema, and tables by name."""

    value: Mapping[str, Any]
    tables: Tables = field(default_factory=dict)


Handler = Callable[[Params, Tables], Iterator[Progress | Result]]


@dataclass(frozen=True)
class Registration:
    """A method: its name, the $id of the schemas of its parameters and results, and what computes it."""

    method: str
    params_schema_id: str
    result_schema_id: str
    handler: Handler


@dataclass(frozen=True)
class Registry:
    """What a kind of sidecar offers. `schemas` holds documents beside the files of schemas/, for tests."""

    registrations: tuple[Registration, ...]
    versions: Mapping[str, str] = field(default_factory=dict)
    schemas: Mapping[str, Json] = field(default_factory=dict)


class _Shutdown(Exception):  # noqa: N818 - an instruction, not an error
    """The client asked for the end."""


class _ClientBrokeProtocol(Exception):  # noqa: N818
    """The client sent what no client may send; there is no going on."""


class Throttle:
    """Lets one progress through per interval and keeps the latest of the others."""

    def __init__(self, interval: float = PROGRESS_INTERVAL_S) -> None:
        self._interval = interval
        self._last = -math.inf
        self._held: Progress | None = None

    def pass_through(self, step: Progress, now: float) -> Progress | None:
        """Give back what to send at this time (s), if anything."""
        if now - self._last < self._interval:
            self._held = step
            return None
        self._last = now
        self._held = None
        return step

    def take_held(self) -> Progress | None:
        """Give the latest progress that was not sent: a call must not end at 97 %."""
        held, self._held = self._held, None
        return held


@dataclass
class _Call:
    message: Message
    credit: int
    cancelled: bool = False
    parts: int = 0

    @property
    def id(self) -> int:
        return int(self.message.fields["id"])


class Server:
    """Answers one client over one socket until it says shutdown."""

    def __init__(self, kind: str, registry: Registry, socket: zmq.Socket[bytes], token: str) -> None:
        self._kind = kind
        self._registry = registry
        self._schemas = Schemas(registry.schemas)
        self._codec = Codec(self._schemas)
        self._methods = {entry.method: entry for entry in registry.registrations}
        for entry in registry.registrations:
            self._schemas.validator(entry.params_schema_id)
            self._schemas.validator(entry.result_schema_id)
        self._socket = socket
        self._token = token
        self._queue: deque[_Call] = deque()
        self._running: _Call | None = None

    def run(self) -> None:
        """Say hello, then work until shutdown."""
        try:
            self._shake_hands()
            while True:
                while not self._queue:
                    self._receive()
                call = self._queue.popleft()
                self._running = call
                self._work(call)
                self._running = None
        except _Shutdown:
            return
        except _ClientBrokeProtocol as error:
            self._send(self._codec.encode("fatal", {"message": str(error)}))
            raise

    def _shake_hands(self) -> None:
        ours = schema_hash()
        versions = {"python": platform.python_version(), **self._registry.versions}
        hello = {
            "protocol": PROTOCOL_VERSION,
            "schemaHash": ours,
            "token": self._token,
            "kind": self._kind,
            "pid": os.getpid(),
            "versions": versions,
        }
        self._send(self._codec.encode("hello", hello))
        message = self._next_message()
        if message.type != "welcome":
            raise _ClientBrokeProtocol(f"expected welcome, received {message.type}")
        for name, mine in (("protocol", PROTOCOL_VERSION), ("schemaHash", ours)):
            if message.fields[name] != mine:
                raise _ClientBrokeProtocol(f"{name} is {message.fields[name]} on the other side, {mine} here")

    # Messages that arrive

    def _next_message(self) -> Message:
        try:
            return self._codec.decode(self._socket.recv_multipart())
        except ProtocolError as error:
            raise _ClientBrokeProtocol(str(error)) from error

    def _receive(self) -> None:
        """Wait for one message and act on it."""
        message = self._next_message()
        kind = message.type
        if kind == "shutdown":
            raise _Shutdown
        if kind == "call":
            self._enqueue(_Call(message, credit=int(message.fields["credit"])))
            return
        if kind not in ("credit", "cancel"):
            raise _ClientBrokeProtocol(f"a client may not send {kind} now")
        # A credit or cancel may cross the end of its call on the way: then it has nothing to act on.
        for call in (self._running, *self._queue):
            if call is not None and call.id == message.fields["id"]:
                if kind == "credit":
                    call.credit += int(message.fields["parts"])
                else:
                    call.cancelled = True

    def _enqueue(self, call: _Call) -> None:
        if len(self._queue) < MAX_QUEUED_CALLS:
            self._queue.append(call)
        else:
            error = SidecarError("busy", f"{MAX_QUEUED_CALLS} calls are waiting already")
            self._send(self._failure(call, error))

    def _poll(self) -> None:
        while self._socket.poll(0):
            self._receive()

    # Calls

    def _work(self, call: _Call) -> None:
        try:
            steps = self._start(call)
            try:
                self._step(call, steps)
            finally:
                close = getattr(steps, "close", None)
                if close is not None:
                    close()
            self._send(self._codec.encode("end", {"id": call.id, "parts": call.parts, "cancelled": call.cancelled}))
        except (_Shutdown, _ClientBrokeProtocol):
            raise
        except Exception as error:  # noqa: BLE001 - whatever a handler raises is the caller's to know
            self._send(self._failure(call, error))

    def _start(self, call: _Call) -> Iterator[Progress | Result]:
        method = str(call.message.fields["method"])
        entry = self._methods.get(method)
        if entry is None:
            raise SidecarError("unknown-method", f"this {self._kind} sidecar has no method {method}", method=method)
        params = call.message.fields["params"]
        problem = self._schemas.validator(entry.params_schema_id).problem(params)
        if problem is not None:
            raise SidecarError("invalid-params", f"parameters of {method} at {problem}", method=method)
        return entry.handler(params, call.message.tables)

    def _step(self, call: _Call, steps: Iterator[Progress | Result]) -> None:
        method = str(call.message.fields["method"])
        result_schema = self._schemas.validator(self._methods[method].result_schema_id)
        throttle = Throttle()
        self._poll()
        while not call.cancelled:
            step = next(steps, None)
            self._poll()
            if isinstance(step, Progress):
                self._progress(call, throttle.pass_through(step, time.monotonic()))
                continue
            if step is None:
                self._progress(call, throttle.take_held())
                return
            problem = result_schema.problem(step.value)
            if problem is not None:
                raise ProtocolError(f"result of {method} at {problem}")
            fields = {"id": call.id, "sequence": call.parts, "value": step.value}
            frames = self._codec.encode("result", fields, step.tables)
            if not self._take_credit(call):
                return
            self._send(frames)
            call.parts += 1

    def _take_credit(self, call: _Call) -> bool:
        """Wait until the client takes another part; False where it wants none any more."""
        while call.credit == 0:
            if call.cancelled:
                return False
            self._receive()
        call.credit -= 1
        return not call.cancelled

    def _progress(self, call: _Call, step: Progress | None) -> None:
        if step is None:
            return
        fields = {"id": call.id, "done": step.done, "total": step.total, "message": step.message}
        self._send(self._codec.encode("progress", fields))

    def _failure(self, call: _Call, error: Exception) -> list[Frame]:
        trace = "".join(traceback.format_exception(error))[-MAX_TRACEBACK:]
        coded = error if isinstance(error, SidecarError) else None
        fields = {
            "id": call.id,
            "code": "internal" if coded is None else coded.code,
            "message": _text(f"{type(error).__name__}: {error}" if coded is None else coded.message),
            "remedy": None if coded is None or coded.remedy is None else _text(coded.remedy),
            "details": {} if coded is None else _plain_details(coded.details),
            "traceback": _text(trace),
        }
        return self._codec.encode("error", fields)

    def _send(self, frames: list[Frame]) -> None:
        # Large frames leave without a copy; nobody changes them afterwards.
        self._socket.send_multipart(frames, copy=False)


def _plain_details(details: Mapping[str, object]) -> dict[str, object]:
    """Keep what can travel as it is and turn the rest into text: an error must arrive."""
    plain: dict[str, object] = {}
    for name, value in details.items():
        try:
            require_plain(value)
            plain[name] = value
        except ProtocolError:
            plain[name] = _text(str(value))
    return plain


def _text(value: str) -> str:
    """Give the text in a form that UTF-8 can hold: names of files need not be."""
    return value.encode("utf-8", "backslashreplace").decode()


def serve(kind: str, registry: Registry, endpoint: str, token: str) -> None:
    """Connect to the endpoint and answer calls until the client says shutdown."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    socket = context.socket(zmq.DEALER)
    # Give the last message (an error, a `fatal`) a moment to leave, then do not wait for anybody.
    socket.setsockopt(zmq.LINGER, 1000)
    # Credit bounds what is under way; a full queue must not block the only thread.
    socket.setsockopt(zmq.SNDHWM, 0)
    socket.connect(endpoint)
    try:
        Server(kind, registry, socket, token).run()
    finally:
        socket.close()
        context.term()
