"""Training: windows drawn from the training trials, a schedule, and the best weights by validation kept."""

from __future__ import annotations

import copy
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import torch

from ..errors import SidecarError
from ..server import Progress, Result
from .checkpoint import information_of, write_checkpoint
from .data import (
    Batch,
    Components,
    Floats,
    Trial,
    fit_components,
    grouped,
    make_batch,
    project,
    read_trial,
    sample_windows,
)
from .device import choose_device, prepare
from .evaluate import Prediction, auc, explained_variance, predict
from .losses import Losses, Step, losses, read_schedule, step_at
from .networks import Outputs, Twin, parameter_count, read_architecture


@dataclass(frozen=True)
class Data:
    """Trials to train on and to validate with, and the principal components fitted on the former."""

    training: list[Trial]
    validation: list[Trial]
    components: Components | None


@dataclass(frozen=True)
class Validation:
    """How the weights do on the validation trials."""

    loss: float
    auc: float | None
    explained_variance: float


def split_trials(trials: int, validation: int, test: int) -> tuple[range, range]:
    """Training and validation trials by index: the first part trains, the next validates, the last is never read."""
    training = trials - validation - test
    if training < 1:
        raise SidecarError(
            "too-few-trials",
            f"{trials} trials leave none to train on after {validation} for validation and {test} for test",
            remedy="Simulate more trials (--trials), or lower twin.split.",
        )
    return range(training), range(training, training + validation)


def read_data(params: Mapping[str, Any]) -> Generator[Progress, None, Data]:
    """Reads training and validation trials, and fits the components on the training trials alone."""
    shards, split, skip = params["shards"], params["split"], int(params["training"]["skipMs"])
    training, validation = split_trials(len(shards), int(split["validation"]), int(split["test"]))
    wanted, count = [*training, *validation], int(params["network"]["dendriticComponents"])
    trials: list[Trial] = []
    voltages: list[Floats | None] = []
    for position, index in enumerate(wanted):
        trial, dendrites = read_trial(params["dataset"], shards[index], int(params["trialMs"]), int(params["channels"]))
        trials.append(trial)
        voltages.append(dendrites if count > 0 else None)
        yield Progress(position + 1, len(wanted), "reading trials")
    fitted = [voltage[:, skip:] for voltage in voltages[: len(training)] if voltage is not None]
    components = fit_components(iter(fitted), count) if len(fitted) == len(training) else None
    if components is not None and all(voltage is not None for voltage in voltages):
        for position, voltage in enumerate(voltages):
            if voltage is not None:
                trials[position] = replace(trials[position], components=project(components, voltage))
            yield Progress(position + 1, len(wanted), "dendritic components")
    else:
        components = None
    return Data(trials[: len(training)], trials[len(training) :], components)


def to_device(array: Floats, device: torch.device) -> torch.Tensor:
    """Moves an array; through pinned memory and without waiting where there is a GPU."""
    tensor = torch.from_numpy(array)
    return tensor.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else tensor


def batch_losses(twin: Twin, batch: Batch, device: torch.device) -> Losses:
    """The losses of one batch."""
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
        outputs = twin(to_device(batch.inputs, device))
    components = None if batch.components is None else to_device(batch.components, device)
    return losses(outputs, to_device(batch.spikes, device), to_device(batch.soma, device), components)


def validate(
    twin: Twin, trials: Sequence[Trial], device: torch.device, skip: int, step: Step
) -> Generator[Progress, None, Validation]:
    """Scores the validation trials from `skip` on, with the loss weights of `step`."""
    twin.eval()
    logits, soma, spikes, target, totals = [], [], [], [], []
    for trial in trials:
        for item in predict(twin, trial, device, skip):
            if isinstance(item, Prediction):
                truth = trial.spikes[skip:]
                outputs = Outputs(
                    spike=torch.from_numpy(item.logits),
                    soma=torch.from_numpy(item.soma),
                    components=None if item.components is None else torch.from_numpy(item.components),
                )
                wanted = None if trial.components is None else torch.from_numpy(trial.components[:, skip:])
                loss = losses(
                    outputs, torch.from_numpy(truth.astype(np.float32)), torch.from_numpy(trial.soma[skip:]), wanted
                )
                totals.append(float(loss.total(step)))
                logits.append(item.logits)
                soma.append(item.soma)
                spikes.append(truth)
                target.append(trial.soma[skip:])
            else:
                yield item
    twin.train()
    return Validation(
        loss=float(np.mean(totals)),
        auc=auc(np.concatenate(spikes), np.concatenate(logits)),
        explained_variance=explained_variance(np.concatenate(target), np.concatenate(soma)),
    )


def spike_log_odds(trials: Sequence[Trial], skip: int) -> float:
    """Log odds of a spike in a millisecond of these trials, half a spike added so that none is not minus infinity."""
    spikes = sum(int(trial.spikes[skip:].sum()) for trial in trials) + 0.5
    silent = sum(int((~trial.spikes[skip:]).sum()) for trial in trials) + 0.5
    return float(np.log(spikes / silent))


class Trainer:
    """The state of one training run."""

    def __init__(self, params: Mapping[str, Any], data: Data) -> None:
        training = params["training"]
        self.data, self.training = data, training
        self.device = choose_device(training["device"])
        self.schedule = read_schedule(training["schedule"])
        self.windows = np.random.Generator(np.random.Philox(key=int(params["seed"])))
        count = 0 if data.components is None else data.components.scale.size
        self.architecture = read_architecture(params["network"], int(params["channels"]), count)
        groups = self.architecture.groups
        self.trials = [grouped(trial, groups) for trial in data.training]
        self.held_out = [grouped(trial, groups) for trial in data.validation]
        self.twin = Twin(self.architecture)
        self.twin.start(torch.Generator().manual_seed(int(params["seed"])))
        skip = int(training["skipMs"])
        mean = float(np.mean([trial.soma[skip:].mean() for trial in data.training]))
        # With little data the head would spend the whole training on learning how rare spikes are.
        self.twin.start_biases(mean, spike_log_odds(data.training, skip) if self.architecture.bumps else None)
        self.twin.to(self.device)
        self.optimizer = torch.optim.NAdam(self.twin.parameters(), lr=self.schedule[0].learning_rate)

    def train_batch(self, step: Step) -> Losses:
        """One step of the optimizer."""
        length, skip = int(self.training["windowMs"]), int(self.training["skipMs"])
        windows = sample_windows(self.windows, self.data.training, int(self.training["batchSize"]), length, skip)
        context = self.architecture.receptive - 1
        batch = make_batch(self.trials, windows, length, context, self.architecture.inputs)
        self.optimizer.zero_grad(set_to_none=True)
        result = batch_losses(self.twin, batch, self.device)
        penalty = sum((kernel.square().sum() for kernel in self.twin.kernels()), torch.zeros((), device=self.device))
        torch.autograd.backward(result.total(step) + float(self.training["l2"]) * penalty)
        self.optimizer.step()
        return result

    def epoch(self, number: int) -> Generator[Progress, None, dict[str, float]]:
        """One epoch; yields progress after every batch, returns the mean losses."""
        step = step_at(self.schedule, number)
        steps, epochs = int(self.training["stepsPerEpoch"]), self.training["epochs"]
        for group in self.optimizer.param_groups:
            group["lr"] = step.learning_rate
        sums = np.zeros(3)
        for count in range(steps):
            result = self.train_batch(step)
            sums += [result.total(step).item(), result.spike.item(), result.soma.item()]
            yield Progress(number * steps + count + 1, epochs * steps, f"epoch {number + 1} of {epochs}")
        total, spike, soma = (sums / steps).tolist()
        if not np.isfinite(total):
            raise SidecarError(
                "training-diverged",
                f"the loss is no longer a finite number in epoch {number}",
                remedy="Lower the learning rate of twin.training.schedule.",
            )
        return {"learningRate": step.learning_rate, "trainLoss": total, "trainSpikeLoss": spike, "trainSomaLoss": soma}


def train(params: Mapping[str, Any], _tables: Mapping[str, pa.Table]) -> Iterator[Progress | Result]:
    """Handler: trains a twin and writes its checkpoint; one report an epoch, the last with `done`."""
    prepare(int(params["training"]["threads"]))
    data = yield from read_data(params)
    trainer = Trainer(params, data)
    epochs, skip = int(params["training"]["epochs"]), int(params["training"]["skipMs"])
    best: tuple[float, int, dict[str, torch.Tensor]] | None = None
    for number in range(epochs):
        report: dict[str, Any] = {"epoch": number, "epochs": epochs, "device": str(trainer.device)}
        report["parameters"] = parameter_count(trainer.twin)
        report.update((yield from trainer.epoch(number)))
        found = yield from validate(trainer.twin, trainer.held_out, trainer.device, skip, trainer.schedule[-1])
        report.update(validationLoss=found.loss, validationAuc=found.auc)
        report["validationSomaExplainedVariance"] = found.explained_variance
        if best is None or found.loss < best[0]:
            best = (found.loss, number, copy.deepcopy(trainer.twin.state_dict()))
        report["done"] = number == epochs - 1
        if report["done"] and best is not None:
            trainer.twin.load_state_dict(best[2])
            extra = {"epoch": best[1], "seed": int(params["seed"]), "training": params["training"]}
            # Which trials it has seen: a twin must not be judged by those.
            extra.update(data=params["data"], trials=len(params["shards"]), split=params["split"])
            information = information_of(trainer.architecture, params["identity"], extra)
            path = Path(params["checkpoint"])
            report["checkpointSha256"] = write_checkpoint(path, trainer.twin, data.components, information)
        yield Result(report)
