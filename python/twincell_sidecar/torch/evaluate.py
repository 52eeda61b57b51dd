"""Predictions of a twin over whole trials, and the two numbers reported while it trains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import torch

from ..errors import SidecarError
from ..server import Progress, Result
from .checkpoint import read_checkpoint
from .data import SOMA_OFFSET, Doubles, Flags, Floats, Trial, dense_input, read_trial
from .device import choose_device, prepare
from .networks import Twin

CHUNK_WORK = 4e8
"""About as many multiplications as fit between two looks at cancellation."""


@dataclass(frozen=True)
class Prediction:
    """Spike logits, soma voltage minus the offset (mV), components × ms, over a stretch of a trial."""

    logits: Floats
    soma: Floats
    components: Floats | None


def chunk_length(twin: Twin) -> int:
    """Milliseconds of one trial that are predicted at once."""
    first = twin.architecture.layers[0]
    per_ms = twin.architecture.inputs * first.taps * first.width
    return int(np.clip(CHUNK_WORK / per_ms, 100, 1000))


def predict(twin: Twin, trial: Trial, device: torch.device, start: int = 0) -> Iterator[Progress | Prediction]:
    """Predicts [start, end) of a trial in chunks; yields progress after each, and the prediction at the end."""
    context = twin.architecture.receptive - 1
    length = chunk_length(twin)
    pieces: list[Prediction] = []
    for begin in range(start, trial.duration, length):
        stop = min(begin + length, trial.duration)
        inputs = np.zeros((1, twin.architecture.inputs, context + stop - begin), dtype=np.float32)
        dense_input(trial, begin - context, stop, inputs[0])
        with torch.no_grad(), torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
            outputs = twin(torch.from_numpy(inputs).to(device))
        pieces.append(
            Prediction(
                logits=outputs.spike[0].float().cpu().numpy(),
                soma=outputs.soma[0].float().cpu().numpy(),
                components=None if outputs.components is None else outputs.components[0].float().cpu().numpy(),
            )
        )
        yield Progress(stop, trial.duration, f"trial {trial.index}")
    parts = [piece.components for piece in pieces if piece.components is not None]
    yield Prediction(
        logits=np.concatenate([piece.logits for piece in pieces]),
        soma=np.concatenate([piece.soma for piece in pieces]),
        components=np.concatenate(parts, axis=1) if parts else None,
    )


def auc(flags: Flags, scores: Doubles | Floats) -> float | None:
    """Probability that a positive scores above a negative, ties counting half; None where one of them is absent."""
    positives = int(flags.sum())
    negatives = flags.size - positives
    if positives == 0 or negatives == 0:
        return None
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts - 1) / 2
    ranks = float(middle[inverse][flags].sum())
    return (ranks - positives * (positives + 1) / 2) / (positives * negatives)


def explained_variance(target: Floats, predicted: Floats) -> float:
    """1 - var(target - predicted) / var(target); 0 where the target is constant."""
    variance = float(target.astype(np.float64).var())
    return 1 - float((target.astype(np.float64) - predicted).var()) / variance if variance > 0 else 0.0


def sigmoid(logits: Floats) -> Floats:
    """Probability of a logit, without overflow."""
    probability: Floats = np.exp(-np.logaddexp(0.0, -logits.astype(np.float64))).astype(np.float32)
    return probability


def evaluate(params: Mapping[str, Any], _tables: Mapping[str, pa.Table]) -> Iterator[Progress | Result]:
    """Handler: one result a trial with its prediction from 0 ms on."""
    device = choose_device(params["device"])
    prepare(int(params["threads"]))
    checkpoint = read_checkpoint(Path(params["checkpoint"]))
    twin = checkpoint.twin.to(device)
    if twin.architecture.channels != params["channels"]:
        raise SidecarError(
            "checkpoint-mismatch",
            f"the checkpoint has {twin.architecture.channels} input channels, the data set {params['channels']}",
            remedy="Evaluate a twin on the cell it was trained on.",
        )
    shards, trials, duration = params["shards"], params["trials"], int(params["trialMs"])
    for count, index in enumerate(trials):
        if index >= len(shards):
            raise SidecarError(
                "dataset-unreadable",
                f"trial {index} is not among the {len(shards)} shards",
                remedy=f"Choose trials from 0 to {len(shards) - 1}.",
            )
        trial, _ = read_trial(params["dataset"], shards[index], duration, twin.architecture.channels)
        for item in predict(twin, trial, device):
            if isinstance(item, Progress):
                yield Progress(count * duration + item.done, len(trials) * duration, item.message)
            else:
                columns = {"spike": sigmoid(item.logits), "soma": item.soma + np.float32(SOMA_OFFSET)}
                yield Result({"trial": int(index), "trialMs": duration}, tables={"prediction": pa.table(columns)})
