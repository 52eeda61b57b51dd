"""Trials read from a data set's shards, as a network needs them: events by millisecond in, targets out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..errors import SidecarError

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

SOMA_CLIP = -55.0
"""The soma voltage is clipped here, so that a spike's height is nothing to learn (mV)."""
SOMA_OFFSET = -67.7
"""What the network predicts is the clipped soma voltage minus this (mV)."""
DENDRITE_CLIP = 2.0
"""Dendritic voltages are clipped here before their principal components are taken (mV)."""
COMPONENT_CLIP = 3.0
"""Whitened components are clipped to plus and minus this (standard deviations)."""


@dataclass(frozen=True)
class Trial:
    """One trial: its events sorted by millisecond, and its targets."""

    index: int
    duration: int
    """Length (ms)."""
    first: Integers
    """Row k: the first event of millisecond k; duration + 1 rows."""
    channels: Integers
    """Channel of each event."""
    spikes: Flags
    """True where an output spike falls into that millisecond."""
    soma: Floats
    """Clipped soma voltage minus its offset (mV), at k ms."""
    components: Floats | None = None
    """Whitened dendritic components, components × ms."""


@dataclass(frozen=True)
class Components:
    """Principal components of the dendritic voltages: `(voltage - mean) @ directions.T / scale`."""

    mean: Doubles
    """One value a dendritic segment (mV)."""
    directions: Doubles
    """Components × segments, orthonormal rows."""
    scale: Doubles
    """Standard deviation of each component on the training trials (mV)."""


def _unreadable(path: Path, reason: str) -> SidecarError:
    """The error for a shard that is not a trial of this data set."""
    remedy = "Run `twincell dataset verify` on the folder, then simulate again what is missing."
    return SidecarError("dataset-unreadable", f"{path}: {reason}", remedy=remedy, path=str(path))


def shard_path(dataset: str, shard: str) -> Path:
    """Where a shard lies, refusing names that leave the data set's folder."""
    folder = Path(dataset).resolve()
    path = (folder / shard).resolve()
    if not path.is_relative_to(folder):
        raise _unreadable(path, f"a shard must lie inside {folder}")
    return path


def read_table(path: Path) -> pa.Table:
    """The one table of a shard, mapped into memory."""
    try:
        with pa.memory_map(str(path), "r") as source, pa.ipc.open_file(source) as reader:
            table = reader.read_all()
            table.validate(full=True)  # lists that point outside their values would be read as other memory
    except (OSError, pa.ArrowException) as error:
        raise _unreadable(path, f"cannot be read as an Arrow file: {error}") from error
    if table.num_rows != 1:
        raise _unreadable(path, f"expected 1 row, found {table.num_rows}")
    return table


def _list(table: pa.Table, name: str, path: Path) -> npt.NDArray[np.generic]:
    """The list column `name` of the single row."""
    if name not in table.column_names:
        raise _unreadable(path, f"column {name} is missing, found {', '.join(table.column_names)}")
    if not pa.types.is_list(table.schema.field(name).type):
        raise _unreadable(path, f"column {name}: expected a list, found {table.schema.field(name).type}")
    column = table.column(name).combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = column.chunk(0)
    values: npt.NDArray[np.generic] = column.flatten().to_numpy(zero_copy_only=False)
    return values


def spike_bins(times: Doubles, duration: int) -> Flags:
    """Millisecond bins with an output spike: floor(time - 0.5 ms), never below 0."""
    bins = np.maximum(np.floor(times - 0.5).astype(np.int64), 0)
    flags = np.zeros(duration, dtype=np.bool_)
    flags[bins[bins < duration]] = True
    return flags


def read_trial(dataset: str, shard: str, duration: int, channels: int) -> tuple[Trial, Floats | None]:
    """One trial without components, and its dendritic voltages (segments × ms) where they were recorded."""
    path = shard_path(dataset, shard)
    table = read_table(path)
    channel = _list(table, "eventChannel", path).astype(np.int64)
    time = _list(table, "eventTime", path).astype(np.float64)
    soma = _list(table, "soma", path).astype(np.float32)
    if soma.size != duration:
        raise _unreadable(path, f"expected {duration} ms of soma voltage, found {soma.size}")
    if channel.size != time.size:
        raise _unreadable(path, f"{channel.size} event channels and {time.size} event times")
    if channel.size and (channel.min() < 0 or channel.max() >= channels):
        raise _unreadable(path, f"an event's channel is outside 0 to {channels - 1}")
    if not np.isfinite(soma).all() or not np.isfinite(time).all():
        raise _unreadable(path, "the soma voltage or an event's time is not finite")
    if "trial" not in table.column_names:
        raise _unreadable(path, "column trial is missing")
    bins = np.floor(time).astype(np.int64)
    kept = (bins >= 0) & (bins < duration)
    bins, channel = bins[kept], channel[kept]
    order = np.argsort(bins, kind="stable")
    trial = Trial(
        index=int(table.column("trial")[0].as_py()),
        duration=duration,
        first=np.searchsorted(bins[order], np.arange(duration + 1)).astype(np.int64),
        channels=channel[order],
        spikes=spike_bins(_list(table, "spikes", path).astype(np.float64), duration),
        soma=np.minimum(soma, np.float32(SOMA_CLIP)) - np.float32(SOMA_OFFSET),
    )
    if "dendrites" not in table.column_names:
        return trial, None
    flat = _list(table, "dendrites", path).astype(np.float32)
    if flat.size % duration != 0 or not np.isfinite(flat).all():
        raise _unreadable(path, f"expected finite dendritic voltages of {duration} ms each, found {flat.size} values")
    return trial, flat.reshape(-1, duration) if flat.size else None


def grouped(trial: Trial, groups: Integers) -> Trial:
    """The trial with every event moved to its channel's group."""
    return replace(trial, channels=groups[trial.channels])


def fit_components(voltages: Iterator[Floats], count: int) -> Components | None:
    """The leading principal components of clipped voltages (each segments × ms), or None where there are none.

    The covariance is summed trial by trial, so that memory does not grow with the number of trials.
    """
    total, samples = None, 0
    mean: Doubles | None = None
    for voltage in voltages:
        clipped = np.minimum(voltage.astype(np.float64), DENDRITE_CLIP)
        if mean is None or total is None:
            mean, total = np.zeros(clipped.shape[0]), np.zeros((clipped.shape[0], clipped.shape[0]))
        mean += clipped.sum(axis=1)
        total += clipped @ clipped.T
        samples += clipped.shape[1]
    if mean is None or total is None or samples < 2:
        return None
    mean = mean / samples
    covariance = total / samples - np.outer(mean, mean)
    directions, variances, _ = np.linalg.svd(covariance, hermitian=True)
    kept = min(count, directions.shape[1], int((variances > 1e-9 * max(variances[0], 1e-30)).sum()))
    if kept == 0:
        return None
    rows = directions[:, :kept].T.copy()
    largest = np.abs(rows).argmax(axis=1)
    rows *= np.sign(rows[np.arange(kept), largest])[:, None]
    return Components(mean=mean, directions=rows, scale=np.sqrt(variances[:kept]))


def project(components: Components, voltage: Floats) -> Floats:
    """Whitened, clipped components (components × ms) of voltages (segments × ms)."""
    centred = np.minimum(voltage.astype(np.float64), DENDRITE_CLIP) - components.mean[:, None]
    whitened = (components.directions @ centred) / components.scale[:, None]
    return np.clip(whitened, -COMPONENT_CLIP, COMPONENT_CLIP).astype(np.float32)


def dense_input(trial: Trial, start: int, stop: int, out: Floats) -> None:
    """Adds the events of [start, stop) ms to `out` (channels × ms); milliseconds before the trial are silent."""
    begin = max(start, 0)
    low, high = trial.first[begin], trial.first[stop]
    times = np.repeat(np.arange(begin, stop), np.diff(trial.first[begin : stop + 1])) - start
    np.add.at(out, (trial.channels[low:high], times), np.float32(1))


@dataclass(frozen=True)
class Window:
    """A stretch of a trial that is scored: [start, start + length) ms."""

    trial: int
    start: int


def sample_windows(
    generator: np.random.Generator, trials: Sequence[Trial], count: int, length: int, skip: int
) -> list[Window]:
    """Windows drawn evenly over all allowed starts of all trials: none starts before `skip` or ends past the trial."""
    starts = np.array([max(0, trial.duration - length - skip + 1) for trial in trials], dtype=np.int64)
    ends = np.cumsum(starts)
    if ends.size == 0 or ends[-1] == 0:
        raise SidecarError(
            "training-window",
            f"no training trial has {length} ms after its first {skip} ms",
            remedy="Use longer trials (--seconds), a shorter twin.training.windowMs or a smaller skipMs.",
        )
    drawn = generator.integers(0, int(ends[-1]), size=count)
    which = np.searchsorted(ends, drawn, side="right")
    return [
        Window(trial=int(k), start=int(skip + value - (ends[k] - starts[k])))
        for k, value in zip(which, drawn, strict=True)
    ]


@dataclass(frozen=True)
class Batch:
    """Inputs (windows × channels × (context + length)) and targets of some windows."""

    inputs: Floats
    spikes: Floats
    soma: Floats
    components: Floats | None


def make_batch(trials: Sequence[Trial], windows: Sequence[Window], length: int, context: int, channels: int) -> Batch:
    """The windows' events with `context` ms before them, and their targets."""
    inputs = np.zeros((len(windows), channels, context + length), dtype=np.float32)
    chosen = [trials[window.trial] for window in windows]
    for row, (trial, window) in enumerate(zip(chosen, windows, strict=True)):
        dense_input(trial, window.start - context, window.start + length, inputs[row])
    spans = [slice(window.start, window.start + length) for window in windows]
    components = [
        trial.components[:, span] for trial, span in zip(chosen, spans, strict=True) if trial.components is not None
    ]
    return Batch(
        inputs=inputs,
        spikes=np.stack([trial.spikes[span] for trial, span in zip(chosen, spans, strict=True)]).astype(np.float32),
        soma=np.stack([trial.soma[span] for trial, span in zip(chosen, spans, strict=True)]),
        components=np.stack(components) if len(components) == len(windows) else None,
    )
