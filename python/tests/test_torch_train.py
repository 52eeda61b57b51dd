"""Training and evaluating a twin of a made-up cell, from shards to predictions."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from safetensors.numpy import save_file
from torch_surrogate import evaluate_params, train_params, write_dataset

from twincell_sidecar.errors import SidecarError
from twincell_sidecar.server import Progress, Result
from twincell_sidecar.torch.checkpoint import read_checkpoint
from twincell_sidecar.torch.data import SOMA_OFFSET, dense_input, read_trial
from twincell_sidecar.torch.device import choose_device
from twincell_sidecar.torch.evaluate import auc, evaluate, explained_variance, sigmoid
from twincell_sidecar.torch.train import split_trials, train

DURATION = 400


def run(params: dict[str, Any]) -> list[dict[str, Any]]:
    """Trains; gives the reports."""
    return [dict(part.value) for part in train(params, {}) if isinstance(part, Result)]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Eight trials of the surrogate."""
    folder = tmp_path_factory.mktemp("surrogate")
    return folder, write_dataset(folder, 8, DURATION)


@pytest.mark.parametrize("first", [None, {"bumps": 4, "pool": 2}])
def test_equal_runs_write_equal_bytes(
    tmp_path: Path, dataset: tuple[Path, list[str]], first: dict[str, int] | None
) -> None:
    """Same parameters, data, machine and threads: the same file; another seed: another file."""
    digests = []
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        params = {**train_params(*dataset, DURATION, tmp_path / f"{name}.safetensors"), "seed": seed}
        if first is not None:
            params["network"] = {**params["network"], "firstLayer": first}
        report = run(params)[-1]
        content = (tmp_path / f"{name}.safetensors").read_bytes()
        assert report["checkpointSha256"] == hashlib.sha256(content).hexdigest()
        digests.append(report["checkpointSha256"])
    assert digests[0] == digests[1] != digests[2]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.safetensors", "b.safetensors", "c.safetensors"]


def test_a_simple_cell_is_learnt(tmp_path: Path, dataset: tuple[Path, list[str]]) -> None:
    """On a trial it never saw: nearly all of the voltage, and spikes far above chance."""
    params = train_params(*dataset, DURATION, tmp_path / "twin.safetensors", epochs=12, stepsPerEpoch=30)
    reports = run(params)
    assert [report["done"] for report in reports] == [False] * 11 + [True]
    assert reports[-1]["trainLoss"] < reports[0]["trainLoss"]
    (result,) = (part for part in evaluate(evaluate_params(params, [7]), {}) if isinstance(part, Result))
    trial, _ = read_trial(params["dataset"], params["shards"][7], DURATION, params["channels"])
    prediction = result.tables["prediction"]
    assert prediction.num_rows == DURATION
    assert explained_variance(trial.soma[50:], prediction["soma"].to_numpy()[50:]) > 0.8
    score = auc(trial.spikes[50:], prediction["spike"].to_numpy()[50:])
    assert score is not None and score > 0.85


def test_only_training_trials_shape_the_components(tmp_path: Path, dataset: tuple[Path, list[str]]) -> None:
    """Validation and test trials may hold anything: the components stay; and test trials are never opened."""
    folder, shards = dataset
    params = train_params(folder, shards, DURATION, tmp_path / "whole.safetensors")
    run(params)
    swapped = [*shards[:6], shards[0], "trials/absent.arrow"]
    other = {**params, "shards": swapped, "checkpoint": str(tmp_path / "swapped.safetensors")}
    run(other)
    first, second = (read_checkpoint(Path(item["checkpoint"])).components for item in (params, other))
    assert first is not None and second is not None
    np.testing.assert_array_equal(first.directions, second.directions)
    np.testing.assert_array_equal(first.mean, second.mean)


def test_the_best_weights_by_validation_are_kept(tmp_path: Path, dataset: tuple[Path, list[str]]) -> None:
    """A learning rate that ruins the network in the last epoch does not reach the file."""
    schedule = [
        {"epoch": 0, "spike": 1, "soma": 0.2, "dendrites": 0, "learningRate": 0.01},
        {"epoch": 4, "spike": 1, "soma": 0.2, "dendrites": 0, "learningRate": 3.0},
    ]
    params = train_params(*dataset, DURATION, tmp_path / "t.safetensors", epochs=5, stepsPerEpoch=20, schedule=schedule)
    reports = run(params)
    lowest = min(range(5), key=lambda number: float(reports[number]["validationLoss"]))
    assert lowest < 4
    checkpoint = read_checkpoint(Path(params["checkpoint"]))
    assert checkpoint.information["epoch"] == lowest
    trial, _ = read_trial(params["dataset"], params["shards"][6], DURATION, params["channels"])
    (result,) = (part for part in evaluate(evaluate_params(params, [6]), {}) if isinstance(part, Result))
    found = explained_variance(trial.soma[50:], result.tables["prediction"]["soma"].to_numpy()[50:])
    assert found == pytest.approx(reports[lowest]["validationSomaExplainedVariance"], abs=1e-4)


def test_a_checkpoint_says_what_it_is_and_predicts_as_before(tmp_path: Path, dataset: tuple[Path, list[str]]) -> None:
    """Identity and network are in the file; chunked evaluation equals one pass over the whole trial."""
    params = train_params(*dataset, DURATION, tmp_path / "t.safetensors")
    run(params)
    checkpoint = read_checkpoint(Path(params["checkpoint"]))
    information = checkpoint.information
    assert information["identity"] == params["identity"]
    assert information["layers"] == params["network"]["layers"]
    assert information["receptiveMs"] == 22
    assert information["versions"]["torch"] == torch.__version__
    trial, _ = read_trial(params["dataset"], params["shards"][7], DURATION, params["channels"])
    x = np.zeros((1, params["channels"], DURATION + 21), dtype=np.float32)
    dense_input(trial, -21, DURATION, x[0])
    with torch.no_grad():
        outputs = checkpoint.twin(torch.from_numpy(x))
    (result,) = (part for part in evaluate(evaluate_params(params, [7]), {}) if isinstance(part, Result))
    table = result.tables["prediction"]
    np.testing.assert_allclose(table["soma"].to_numpy(), outputs.soma[0].numpy() + SOMA_OFFSET, atol=1e-4)
    np.testing.assert_allclose(table["spike"].to_numpy(), torch.sigmoid(outputs.spike[0]).numpy(), atol=1e-5)


def test_the_file_is_plain(tmp_path: Path, dataset: tuple[Path, list[str]]) -> None:
    """Eight bytes of length, a JSON header, numbers: readable without this code."""
    params = train_params(*dataset, DURATION, tmp_path / "t.safetensors")
    run(params)
    content = Path(params["checkpoint"]).read_bytes()
    size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + size])
    assert json.loads(header["__metadata__"]["twincell"])["format"] == 1
    assert header["layers.0.weight"]["shape"] == [4, 12, 20]
    assert header["heads.components.weight"]["shape"] == [3, 4]


def test_no_dendrites_no_head(tmp_path: Path) -> None:
    """Data without dendritic voltages train a twin without that head."""
    shards = write_dataset(tmp_path / "data", 4, DURATION, dendrites=False)
    params = train_params(tmp_path / "data", shards, DURATION, tmp_path / "t.safetensors")
    assert run(params)[-1]["done"]
    checkpoint = read_checkpoint(Path(params["checkpoint"]))
    assert checkpoint.components is None and checkpoint.twin.components is None


def test_silent_validation_has_no_auc(tmp_path: Path) -> None:
    """No spike, no AUC: it is None, never a made-up 0.5."""
    shards = write_dataset(tmp_path / "data", 4, DURATION, rate=0.0)
    reports = run(train_params(tmp_path / "data", shards, DURATION, tmp_path / "t.safetensors"))
    assert [report["validationAuc"] for report in reports] == [None, None]


def test_training_can_be_left_at_every_batch(tmp_path: Path, dataset: tuple[Path, list[str]]) -> None:
    """It yields at least once a batch, and leaving it early writes no file."""
    params = train_params(*dataset, DURATION, tmp_path / "t.safetensors", epochs=2, stepsPerEpoch=7)
    messages = [part.message for part in train(params, {}) if isinstance(part, Progress)]
    assert messages.count("epoch 1 of 2") == messages.count("epoch 2 of 2") == 7
    (tmp_path / "t.safetensors").unlink()
    steps = train(params, {})
    assert isinstance(steps, Generator)
    next(steps)
    steps.close()
    assert list(tmp_path.iterdir()) == []


def test_wrong_use_is_named(tmp_path: Path, dataset: tuple[Path, list[str]]) -> None:
    """Too few trials, another cell's checkpoint, a file that is none, a rate that diverges."""
    with pytest.raises(SidecarError) as few:
        split_trials(3, 1, 2)
    assert few.value.code == "too-few-trials"
    params = train_params(*dataset, DURATION, tmp_path / "t.safetensors")
    run(params)
    with pytest.raises(SidecarError) as mismatch:
        list(evaluate({**evaluate_params(params, [0]), "channels": 10}, {}))
    assert mismatch.value.code == "checkpoint-mismatch"
    (tmp_path / "t.safetensors").write_bytes(b"not a checkpoint at all")
    with pytest.raises(SidecarError) as unreadable:
        list(evaluate(evaluate_params(params, [0]), {}))
    assert unreadable.value.code == "checkpoint-unreadable"
    assert unreadable.value.remedy is not None


@pytest.mark.parametrize(
    ("tensors", "description"),
    [
        ({"x": np.zeros(1, np.float32)}, None),
        ({"x": np.zeros(1, np.float32)}, "{no JSON"),
        ({"x": np.zeros(1, np.float32)}, "[1]"),
        ({"x": np.zeros(1, np.float32)}, '{"format": 99}'),
        ({"x": np.zeros(1, np.float32)}, '{"format": 1}'),
        (
            {"x": np.zeros(1, np.float32)},
            '{"format": 1, "channels": 4, "layers": [{"taps": 2, "width": 3}], "components": 0}',
        ),
        (
            {
                "layers.0.weight": np.zeros((3, 5, 2), np.float32),
                **{f"layers.0.{name}": np.ones(3, np.float32) for name in ("bias", "norm.scale", "norm.shift")},
                **{f"layers.0.norm.{name}": np.ones(3, np.float32) for name in ("mean", "variance")},
            },
            '{"format": 1, "channels": 4, "layers": [{"taps": 2, "width": 3}], "components": 0}',
        ),
    ],
)
def test_other_peoples_weights_are_refused(
    tmp_path: Path, tensors: dict[str, npt.NDArray[np.float32]], description: str | None
) -> None:
    """A sound safetensors file that is no twin, or whose weights are not those it describes."""
    path = tmp_path / "other.safetensors"
    save_file(tensors, path, metadata=None if description is None else {"twincell": description})
    with pytest.raises(SidecarError, match=re.escape(str(path))) as caught:
        read_checkpoint(path)
    assert caught.value.code == "checkpoint-unreadable"
    assert caught.value.remedy is not None


def test_a_twin_that_cannot_be_written_is_named(tmp_path: Path, dataset: tuple[Path, list[str]]) -> None:
    """Also where the folder itself cannot be made; nothing half-written stays."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SidecarError) as caught:
        run(train_params(*dataset, DURATION, tmp_path / "file" / "t.safetensors"))
    assert caught.value.code == "checkpoint-unwritable"
    assert caught.value.remedy is not None
    assert [item.name for item in tmp_path.iterdir()] == ["file"]


def test_auc_against_counting_pairs() -> None:
    """Ties count half; every pair looked at."""
    draw = np.random.default_rng(8)
    for _ in range(20):
        flags, scores = draw.random(40) < 0.3, draw.integers(0, 8, 40).astype(float)
        if not flags.any() or flags.all():
            assert auc(flags, scores) is None
            continue
        gap = scores[flags][:, None] - scores[~flags][None, :]
        assert auc(flags, scores) == pytest.approx(float(((gap > 0) + 0.5 * (gap == 0)).mean()))


def test_sigmoid_does_not_overflow() -> None:
    """Extreme logits give 0 and 1."""
    with np.errstate(over="raise"):
        assert sigmoid(np.array([-1000, 0, 1000], dtype=np.float32)).tolist() == [0, 0.5, 1]


def test_cuda_is_never_replaced_in_silence() -> None:
    """`auto` falls back, `cuda` does not."""
    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    assert choose_device("auto").type == "cpu"
    with pytest.raises(SidecarError) as caught:
        choose_device("cuda")
    assert caught.value.code == "no-cuda"


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device on this machine")
def test_training_on_a_gpu_repeats_itself(tmp_path: Path, dataset: tuple[Path, list[str]]) -> None:
    """Same bytes twice, and the device is reported."""
    digests = []
    for name in ("a", "b"):
        report = run(train_params(*dataset, DURATION, tmp_path / f"{name}.safetensors", device="cuda"))[-1]
        assert report["device"].startswith("cuda")
        digests.append(report["checkpointSha256"])
    assert digests[0] == digests[1]
