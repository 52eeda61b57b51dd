"""One contestant of the bench in a process of its own: `python -m bench.lane neuron|coreneuron|arbor SPEC`.

SPEC is a JSON file: what the cell is and the events of every trial. Then every line of stdin is one request, a JSON
object (see `Request`), and every line of stdout its answer (see `Run`). What simulators print goes to stderr.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

ENGINES = {"neuron": "neuron_lane", "coreneuron": "coreneuron_lane", "arbor": "arbor_lane"}


@dataclass(frozen=True)
class Request:
    """A trial to run: which one, how long (ms), and how time is stepped."""

    trial: int
    duration: float
    dt: float = 0.025
    # 1: backward Euler; 2: staggered Crank-Nicolson.
    order: int = 1
    # Tolerance of the variable step, which is taken where this is given.
    tolerance: float | None = None
    # Distance of recorded samples (ms); every step of the integrator where absent.
    sample_every: float | None = None
    # Where the soma's trace is written as float64: all times (ms), then all voltages (mV).
    trace: str | None = None


@dataclass(frozen=True)
class Run:
    """What a trial took (s) and gave: the soma's voltage (mV) at its times (ms)."""

    cpu: float
    wall: float
    steps: int
    times: Floats
    voltages: Floats


class Lane(Protocol):
    """A contestant with its cell built."""

    # Compartments that it steps, which its cost is divided by.
    compartments: int

    def run(self, request: Request) -> Run:
        """Run one trial from its start."""


@dataclass(frozen=True)
class Clock:
    """Seconds since it was made: of this process's CPU and of the wall."""

    cpu: float
    wall: float

    @classmethod
    def start(cls) -> Clock:
        """Start one now."""
        return cls(time.process_time(), time.perf_counter())

    def stop(self) -> tuple[float, float]:
        """Seconds of CPU and of the wall since the start."""
        return time.process_time() - self.cpu, time.perf_counter() - self.wall


def main() -> None:
    """Serve requests until stdin ends."""
    parser = argparse.ArgumentParser(prog="bench.lane", allow_abbrev=False)
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("spec", type=Path)
    options = parser.parse_args()
    answers = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)
    spec = json.loads(options.spec.read_text(encoding="utf-8"))
    create: Callable[[Any], Lane] = importlib.import_module(f".{ENGINES[options.engine]}", __package__).create
    lane = create(spec)
    answers.write(json.dumps({"compartments": lane.compartments}) + "\n")
    for line in sys.stdin:
        request = Request(**json.loads(line))
        run = lane.run(request)
        if request.trace is not None:
            np.concatenate([run.times, run.voltages]).astype("<f8").tofile(request.trace)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        answer = {
            "cpu": run.cpu,
            "wall": run.wall,
            "steps": run.steps,
            "samples": len(run.times),
            "spikes": int(np.count_nonzero((run.voltages[1:] > -25) & (run.voltages[:-1] <= -25))),
            "peakMb": peak / (1e6 if sys.platform == "darwin" else 1e3),
        }
        answers.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
