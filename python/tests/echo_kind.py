"""A kind of sidecar for tests of the bridge: it answers, counts, fails and hangs on request."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from twincell_sidecar import server
from twincell_sidecar.errors import SidecarError
from twincell_sidecar.protocol import Tables
from twincell_sidecar.server import Params, Progress, Registration, Registry, Result

ANY = {"$id": "Any", "type": "object"}
COUNT = {
    "$id": "Count",
    "type": "object",
    "properties": {
        "parts": {"type": "integer", "minimum": 0},
        "rows": {"type": "integer", "minimum": 0},
        "log": {"type": "string"},
    },
    "required": ["parts"],
    "additionalProperties": False,
}


def echo(params: Params, tables: Tables) -> Iterator[Progress | Result]:
    """Give back what came."""
    yield Result(params, tables)


def count(params: Params, tables: Tables) -> Iterator[Progress | Result]:
    """Give `parts` parts, each with a table of `rows` rows, and note each in the file `log` as it is made."""
    for index in range(params["parts"]):
        if "log" in params:
            with Path(params["log"]).open("a", encoding="utf-8") as log:
                log.write("made\n")
        yield Progress(index, params["parts"], "counting")
        yield Result({"index": index}, {"numbers": pa.table({"x": np.full(params.get("rows", 1), float(index))})})


def fail(params: Params, tables: Tables) -> Iterator[Progress | Result]:
    """Fail in the way asked for, after one part."""
    yield Result({"index": 0})
    if params["how"] == "coded":
        raise SidecarError("cell-broken", "the cell is broken", remedy="mend it", file="a.asc", odd={1})
    if params["how"] == "exit":
        print("last words", file=sys.stderr, flush=True)
        os._exit(7)
    if params["how"] == "surrogate":
        raise OSError(os.fsdecode(b"caf\xe9"))
    if params["how"] == "nan":
        yield Result({"value": float("nan")})
    if params["how"] == "numpy":
        yield Result({"value": np.float32(1)})
    if params["how"] == "result":
        yield Result({"wrong": True})
    raise ValueError("unforeseen")


def work(params: Params, tables: Tables) -> Iterator[Progress | Result]:
    """Work without end: in short steps; or `deaf`, in C with the interpreter held, as a long run of NEURON would."""
    if params.get("deaf", False):
        print("deaf", file=sys.stderr, flush=True)
        yield Result({"index": 0})
        ctypes.PyDLL(None).sleep(3600)
    try:
        yield Result({"index": 0})
        step = 0
        while True:
            step += 1
            time.sleep(0.005)
            yield Progress(step, 1e9, "working")
    finally:
        if "tidied" in params:
            Path(params["tidied"]).write_text("tidied up", encoding="utf-8")


def register(arguments: Sequence[str]) -> Registry:
    """Offer the methods above; `--fail-import` stands for a library that is not there."""
    if "--fail-import" in arguments:
        raise ImportError("No module named 'numpy'")
    if "--other-version" in arguments:
        vars(server)["PROTOCOL_VERSION"] = 99
    if "--other-schemas" in arguments:
        vars(server)["schema_hash"] = lambda: "cd" * 32
    index = {
        "$id": "Index",
        "type": "object",
        "properties": {"index": {"type": "integer"}, "value": {"type": "number"}},
        "additionalProperties": False,
    }
    return Registry(
        registrations=(
            Registration("echo", "Any", "Any", echo),
            Registration("count", "Count", "Index", count),
            Registration("fail", "Any", "Index", fail),
            Registration("work", "Any", "Index", work),
        ),
        versions={"echo": "1", "arguments": " ".join(arguments)},
        schemas={"Any": ANY, "Count": COUNT, "Index": index},
    )
