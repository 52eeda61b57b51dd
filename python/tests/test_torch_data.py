"""Reading trials: bins, targets, windows, principal components."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from torch_surrogate import CHANNELS, write_dataset

from twincell_sidecar.errors import SidecarError
from twincell_sidecar.torch.data import (
    Trial,
    dense_input,
    fit_components,
    grouped,
    make_batch,
    project,
    read_trial,
    sample_windows,
    spike_bins,
)
from twincell_sidecar.torch.networks import Architecture, Layer


def random_trial(seed: int, duration: int, channels: int = 8) -> Trial:
    """A trial of random events and targets."""
    draw = np.random.default_rng(seed)
    bins = np.sort(draw.integers(0, duration, size=duration))
    return Trial(
        index=seed,
        duration=duration,
        first=np.searchsorted(bins, np.arange(duration + 1)).astype(np.int64),
        channels=draw.integers(0, channels, size=duration),
        spikes=draw.random(duration) < 0.01,
        soma=draw.normal(size=duration).astype(np.float32),
    )


def test_spike_bins_follow_the_paper() -> None:
    """Bin = floor(time - 0.5 ms): 0.2 has no earlier bin, 10.4 is bin 9, 10.5 is bin 10."""
    flags = spike_bins(np.array([0.2, 10.4, 20.5, 99.9]), 100)
    assert np.flatnonzero(flags).tolist() == [0, 9, 20, 99]


def test_targets_and_events_of_a_shard(tmp_path: Path) -> None:
    """The soma target is the voltage clipped at -55 mV plus 67.7 mV; each event is one unit in its millisecond."""
    import pyarrow as pa

    shards = write_dataset(tmp_path, 1, 200)
    trial, dendrites = read_trial(str(tmp_path), shards[0], 200, CHANNELS)
    table = pa.ipc.open_file(str(tmp_path / shards[0])).read_all()
    voltage = np.array(table["soma"][0].as_py())
    assert (voltage > -55).any(), "the surrogate must reach the clip, or this test shows nothing"
    np.testing.assert_allclose(trial.soma, np.minimum(voltage, -55) + 67.7, atol=1e-4)
    expected = np.zeros((CHANNELS, 200), dtype=np.float32)
    for channel, time in zip(table["eventChannel"][0].as_py(), table["eventTime"][0].as_py(), strict=True):
        expected[channel, int(time)] += 1
    found = np.zeros_like(expected)
    dense_input(trial, 0, 200, found)
    np.testing.assert_array_equal(found, expected)
    assert dendrites is not None and dendrites.shape == (CHANNELS // 2, 200)


def test_without_dendrites_there_are_none(tmp_path: Path) -> None:
    """An absent column is no error."""
    shards = write_dataset(tmp_path, 1, 100, dendrites=False)
    assert read_trial(str(tmp_path), shards[0], 100, CHANNELS)[1] is None


@pytest.mark.parametrize("shard", ["../outside.arrow", "trials/absent.arrow"])
def test_a_shard_that_cannot_be_read_is_named(tmp_path: Path, shard: str) -> None:
    """Missing files and paths out of the folder give a coded error."""
    with pytest.raises(SidecarError) as caught:
        read_trial(str(tmp_path), shard, 100, CHANNELS)
    assert caught.value.code == "dataset-unreadable"


def test_a_torn_shard_is_refused(tmp_path: Path) -> None:
    """Half a file is not taken for a whole one."""
    (shard,) = write_dataset(tmp_path, 1, 100)
    content = (tmp_path / shard).read_bytes()
    (tmp_path / shard).write_bytes(content[: len(content) // 2])
    with pytest.raises(SidecarError, match="cannot be read"):
        read_trial(str(tmp_path), shard, 100, CHANNELS)


@pytest.mark.parametrize(
    ("column", "values", "reason"),
    [
        ("soma", pa.array([[-70.0] * 99], pa.list_(pa.float32())), "expected 100 ms of soma voltage, found 99"),
        ("soma", pa.array([[float("nan")] * 100], pa.list_(pa.float32())), "not finite"),
        ("soma", pa.array([-70.0], pa.float32()), "column soma: expected a list, found float"),
        ("eventTime", pa.array([[1.0]], pa.list_(pa.float64())), "event times"),
        ("dendrites", pa.array([[-70.0] * 150], pa.list_(pa.float32())), "found 150 values"),
        ("spikes", None, "column spikes is missing"),
        ("trial", None, "column trial is missing"),
    ],
)
def test_a_shard_of_the_wrong_content_is_named(
    tmp_path: Path, column: str, values: pa.Array | None, reason: str
) -> None:
    """Arrow files that are not a trial say which column is wrong, and what to do."""
    (shard,) = write_dataset(tmp_path, 1, 100)
    path = tmp_path / shard
    table = pa.ipc.open_file(pa.py_buffer(path.read_bytes())).read_all()
    place = table.column_names.index(column)
    changed = table.remove_column(place) if values is None else table.set_column(place, column, values)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, changed.schema) as writer:
        writer.write_table(changed)
    with pytest.raises(SidecarError, match=reason) as caught:
        read_trial(str(tmp_path), shard, 100, CHANNELS)
    assert shard in caught.value.message
    assert caught.value.remedy is not None


@pytest.mark.parametrize("seed", range(20))
def test_windows_stay_inside_their_trials(seed: int) -> None:
    """No window starts before the skipped part or ends after its trial, and every allowed start is possible."""
    draw = np.random.default_rng(seed)
    trials = [random_trial(k, int(draw.integers(20, 120))) for k in range(4)]
    length, skip = int(draw.integers(1, 15)), int(draw.integers(0, 10))
    windows = sample_windows(np.random.default_rng(seed), trials, 4000, length, skip)
    for window in windows:
        assert skip <= window.start <= trials[window.trial].duration - length
    starts = {(window.trial, window.start) for window in windows}
    allowed = sum(max(0, trial.duration - length - skip + 1) for trial in trials)
    assert len(starts) > 0.99 * allowed


def test_trials_too_short_for_a_window_are_an_error() -> None:
    """Rather than a shorter window in silence."""
    with pytest.raises(SidecarError) as caught:
        sample_windows(np.random.default_rng(0), [random_trial(0, 500)], 8, 400, 101)
    assert caught.value.code == "training-window"


def test_a_batch_holds_what_the_trial_holds() -> None:
    """Context before the trial is silent; the rest is the trial's own events, targets aligned with the scored part."""
    trial = random_trial(1, 50)
    windows = sample_windows(np.random.default_rng(2), [trial], 30, 10, 0)
    batch = make_batch([trial], windows, 10, 7, 8)
    whole = np.zeros((8, 57), dtype=np.float32)
    dense_input(trial, -7, 50, whole)
    assert whole[:, :7].sum() == 0 and whole.sum() == 50
    for row, window in enumerate(windows):
        np.testing.assert_array_equal(batch.inputs[row], whole[:, window.start : window.start + 17])
        np.testing.assert_array_equal(batch.spikes[row], trial.spikes[window.start : window.start + 10])
        np.testing.assert_array_equal(batch.soma[row], trial.soma[window.start : window.start + 10])


def test_components_are_whitened_and_ordered() -> None:
    """On the data they were fitted on they have mean 0, variance 1 and no correlation; clipping is at 2 mV and ±3."""
    draw = np.random.default_rng(5)
    hidden = draw.normal(size=(3, 4000)) * np.array([[6.0], [3.0], [1.5]])
    voltage = (draw.normal(size=(12, 3)) @ hidden - 60 + draw.normal(0, 0.01, (12, 4000))).astype(np.float32)
    components = fit_components(iter([voltage[:, :1500], voltage[:, 1500:]]), 3)
    assert components is not None
    np.testing.assert_allclose(components.directions @ components.directions.T, np.eye(3), atol=1e-9)
    assert (np.diff(components.scale) < 0).all()
    scores = (components.directions @ (voltage - components.mean[:, None])) / components.scale[:, None]
    np.testing.assert_allclose(np.cov(scores, bias=True), np.eye(3), atol=1e-4)
    projected = project(components, voltage)
    np.testing.assert_allclose(projected, np.clip(scores, -3, 3), atol=1e-4)
    assert np.abs(projected).max() == 3
    singular = np.linalg.svd(voltage - voltage.mean(axis=1, keepdims=True), compute_uv=False)[:3] / np.sqrt(4000)
    np.testing.assert_allclose(components.scale, singular, rtol=1e-4)
    spiking = np.maximum(voltage, np.float32(40))
    np.testing.assert_allclose(project(components, spiking), project(components, np.full_like(voltage, 2)), atol=1e-6)


def test_groups_keep_signs_apart() -> None:
    """Neighbours of one sign share a group; excitation and inhibition never do."""
    groups = Architecture(10, (Layer(2, 3),), 0, bumps=2, pool=2).groups
    assert groups.tolist() == [0, 0, 1, 1, 2, 3, 3, 4, 4, 5]
    trial = random_trial(3, 40)
    pooled = grouped(trial, Architecture(8, (Layer(2, 3),), 0, bumps=2, pool=4).groups)
    dense, sums = np.zeros((8, 40), dtype=np.float32), np.zeros((2, 40), dtype=np.float32)
    dense_input(trial, 0, 40, dense)
    dense_input(pooled, 0, 40, sums)
    np.testing.assert_array_equal(sums, dense.reshape(2, 4, 40).sum(axis=1))
