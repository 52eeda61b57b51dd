"""The server alone, against a client made of a bare socket: what it answers, and what it does not put up with."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgpack
import pytest
import zmq
from echo_kind import register

from twincell_sidecar.protocol import PROTOCOL_VERSION
from twincell_sidecar.schemas import schema_hash
from twincell_sidecar.server import Progress, Server, Throttle


class Client:
    """A ROUTER of its own, with a server in a thread at the other end."""

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], address: str) -> None:
        self.socket = context.socket(zmq.ROUTER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.RCVTIMEO, 60_000)
        self.socket.bind(address)
        self.peer = b""
        self.failure: BaseException | None = None
        self.thread = threading.Thread(target=self._serve, args=(context, address))
        self.thread.start()

    def _serve(self, context: zmq.Context[zmq.Socket[bytes]], address: str) -> None:
        dealer = context.socket(zmq.DEALER)
        dealer.connect(address)
        try:
            Server("echo", register([]), dealer, "secret").run()
        except Exception as error:  # noqa: BLE001 - handed to the test
            self.failure = error
        finally:
            dealer.close(linger=1000)

    def read(self) -> dict[str, Any]:
        self.peer, head, *_tables = self.socket.recv_multipart()
        message = msgpack.unpackb(head)
        assert isinstance(message, dict)
        return message

    def say(self, **message: object) -> None:
        self.socket.send_multipart([self.peer, msgpack.packb(message)])

    def call(self, identity: int, method: str, params: object, credit: int = 8) -> None:
        self.say(type="call", id=identity, method=method, params=params, credit=credit, tables=[])

    def read_until(self, kind: str) -> list[dict[str, Any]]:
        messages = [self.read()]
        while messages[-1]["type"] != kind:
            messages.append(self.read())
        return messages


@pytest.fixture
def client() -> Iterator[Client]:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    client = Client(context, "inproc://bridge")
    assert client.read()["type"] == "hello"
    yield client
    client.say(type="shutdown")
    client.thread.join()
    client.socket.close()
    context.term()


def welcome(client: Client) -> None:
    client.say(type="welcome", protocol=PROTOCOL_VERSION, schemaHash=schema_hash())


def test_parts_stop_where_the_credit_ends(client: Client) -> None:
    welcome(client)
    client.call(1, "count", {"parts": 5}, credit=2)
    client.call(2, "echo", {})
    parts = [message for message in client.read_until("result") + client.read_until("result")]
    assert [part["sequence"] for part in parts if part["type"] == "result"] == [0, 1]
    # Nothing but a held progress may come now. A part beyond the credit would come before the answer to the cancel.
    client.say(type="cancel", id=1)
    rest = client.read_until("end")
    assert [message["type"] for message in rest if message["type"] != "progress"] == ["end"]
    assert rest[-1] == {"type": "end", "id": 1, "parts": 2, "cancelled": True}
    assert client.read_until("end")[-1]["id"] == 2


def test_credit_lets_the_rest_through(client: Client) -> None:
    welcome(client)
    client.call(1, "count", {"parts": 5}, credit=1)
    client.read_until("result")
    client.say(type="credit", id=1, parts=4)
    sequences = [message["sequence"] for message in client.read_until("end") if message["type"] == "result"]
    assert sequences == [1, 2, 3, 4]


def test_credit_and_cancel_of_a_call_that_has_ended_are_nothing(client: Client) -> None:
    welcome(client)
    client.call(1, "echo", {})
    client.read_until("end")
    client.say(type="credit", id=1, parts=1)
    client.say(type="cancel", id=1)
    client.call(2, "echo", {"still": "here"})
    assert client.read()["value"] == {"still": "here"}


def test_more_waiting_calls_than_the_queue_holds_are_refused_one_by_one(client: Client) -> None:
    welcome(client)
    client.call(1, "work", {})
    client.read_until("result")
    for identity in range(2, 300):
        client.call(identity, "echo", {})
    refused = client.read_until("error")[-1]
    assert refused["code"] == "busy"
    assert refused["id"] == 2 + 256


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ({"type": "cancel"}, "malformed"),
        ({"type": "hello"}, "malformed"),
        ({"type": "end", "id": 1, "parts": 0, "cancelled": False}, "may not send end"),
        ({"type": "welcome", "protocol": 1, "schemaHash": "0" * 64}, "may not send welcome"),
    ],
)
@pytest.mark.parametrize("busy", [False, True])
def test_a_client_that_breaks_the_protocol_is_told_and_left(
    client: Client, message: dict[str, Any], reason: str, busy: bool
) -> None:
    welcome(client)
    if busy:
        client.call(1, "work", {})
        client.read_until("result")
    client.say(**message)
    fatal = client.read_until("fatal")[-1]
    assert reason in fatal["message"]
    client.thread.join()
    assert client.failure is not None


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"type": "welcome", "protocol": 99, "schemaHash": schema_hash()}, f"99 on the other side, {PROTOCOL_VERSION}"),
        ({"type": "welcome", "protocol": PROTOCOL_VERSION, "schemaHash": "0" * 64}, "schemaHash is 0000"),
        ({"type": "cancel", "id": 1}, "expected welcome"),
    ],
)
def test_a_client_that_does_not_fit_is_not_served(client: Client, answer: dict[str, Any], reason: str) -> None:
    client.say(**answer)
    assert reason in client.read()["message"]


def test_progress_is_let_through_once_an_interval_and_the_last_is_kept() -> None:
    throttle = Throttle(interval=0.05)
    times = [step * 0.001 for step in range(1000)]
    sent = [time for time in times if throttle.pass_through(Progress(time, 1), time) is not None]
    assert len(sent) <= 20
    assert all(later - earlier >= 0.05 for earlier, later in itertools.pairwise(sent))
    assert throttle.take_held() == Progress(times[-1], 1)
    assert throttle.take_held() is None


@pytest.mark.parametrize("work", ["pass", "while True: pass"])
def test_a_process_ends_when_its_input_does(work: str) -> None:
    script = (
        "from twincell_sidecar.parent import die_with_parent\n"
        "die_with_parent()\n"
        "print('watching', flush=True)\n"
        f"{'import time; time.sleep(3600)' if work == 'pass' else work}\n"
    )
    folder = Path(__file__).resolve().parents[1]
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(folder)},
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline().strip() == b"watching"
        child.stdin.close()
        assert child.wait(timeout=60) == 0
