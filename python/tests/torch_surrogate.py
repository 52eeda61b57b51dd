"""A small made-up cell, so that twins can be tested without simulating: a leaky integrator of weighted events."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

DENDRITES = 6
CHANNELS = 2 * DENDRITES


def write_shard(
    path: Path, trial: int, duration: int, seed: int, *, rate: float = 0.03, dendrites: bool = True
) -> None:
    """One trial in the data set's layout: excitation raises, inhibition lowers a voltage that decays within 10 ms."""
    draw = np.random.default_rng([seed, trial])
    bins, channel = np.nonzero(draw.random((duration, CHANNELS)) < rate)
    weights = np.where(channel < DENDRITES, 4.0, -4.0) * (1 + (channel % DENDRITES) / DENDRITES)
    drive = np.bincount(bins, weights=weights, minlength=duration)
    voltage, value = np.empty(duration), 0.0
    for ms in range(duration):
        value = value * math.exp(-1 / 10) + drive[ms]
        voltage[ms] = -70 + value
    over = voltage > -55
    crossings = np.flatnonzero(over[1:] & ~over[:-1]) + 1
    tree = voltage[None, :] + draw.normal(0, 1, (DENDRITES, duration))
    columns: dict[str, pa.Array] = {
        "trial": pa.array([trial], pa.int32()),
        "eventChannel": pa.array([channel.tolist()], pa.list_(pa.int32())),
        "eventTime": pa.array([bins.astype(float).tolist()], pa.list_(pa.float64())),
        "somaHigh": pa.array([np.repeat(voltage, 8).tolist()], pa.list_(pa.float32())),
        "nexusHigh": pa.array([np.repeat(voltage, 8).tolist()], pa.list_(pa.float32())),
        "soma": pa.array([voltage.tolist()], pa.list_(pa.float32())),
        "nexus": pa.array([voltage.tolist()], pa.list_(pa.float32())),
        "spikes": pa.array([(crossings + 0.75).tolist()], pa.list_(pa.float64())),
    }
    if dendrites:
        columns["dendrites"] = pa.array([tree.ravel().tolist()], pa.list_(pa.float32()))
    table = pa.table(columns)
    path.parent.mkdir(parents=True, exist_ok=True)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def write_dataset(folder: Path, trials: int, duration: int, seed: int = 1, **options: Any) -> list[str]:
    """Shards of several trials; gives their names."""
    shards = [f"trials/{trial:06d}.arrow" for trial in range(trials)]
    for trial, shard in enumerate(shards):
        write_shard(folder / shard, trial, duration, seed, **options)
    return shards


def train_params(folder: Path, shards: list[str], duration: int, checkpoint: Path, **training: Any) -> dict[str, Any]:
    """Parameters of a small twin on such a data set."""
    return {
        "dataset": str(folder),
        "data": "0" * 64,
        "shards": shards,
        "channels": CHANNELS,
        "trialMs": duration,
        "network": {
            "layers": [{"taps": 20, "width": 4}, {"taps": 3, "width": 4}],
            "dendriticComponents": 3,
        },
        "training": {
            "epochs": 2,
            "stepsPerEpoch": 4,
            "batchSize": 4,
            "windowMs": 60,
            "skipMs": 50,
            "l2": 1e-8,
            "schedule": [{"epoch": 0, "spike": 1, "soma": 0.2, "dendrites": 0.01, "learningRate": 0.01}],
            "device": "cpu",
            "threads": 1,
            **training,
        },
        "split": {"validation": 1, "test": 1},
        "seed": 3,
        "identity": "0" * 64,
        "checkpoint": str(checkpoint),
    }


def evaluate_params(params: dict[str, Any], trials: list[int]) -> dict[str, Any]:
    """Parameters that evaluate the checkpoint which `params` trained."""
    kept = {name: params[name] for name in ("dataset", "shards", "channels", "trialMs", "checkpoint")}
    return {**kept, "trials": trials, "device": "cpu", "threads": 1}
