"""What a twin is trained to lower, and how its weights change with the epochs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional

from .networks import Outputs


@dataclass(frozen=True)
class Step:
    """One step of the schedule: the weights of the three losses and the learning rate, from `epoch` on."""

    epoch: int
    spike: float
    soma: float
    dendrites: float
    learning_rate: float


def read_schedule(items: Iterable[Mapping[str, Any]]) -> list[Step]:
    """The schedule as it stands in the parameters, by rising epoch."""
    steps = [
        Step(
            epoch=int(item["epoch"]),
            spike=float(item["spike"]),
            soma=float(item["soma"]),
            dendrites=float(item["dendrites"]),
            learning_rate=float(item["learningRate"]),
        )
        for item in items
    ]
    return sorted(steps, key=lambda step: step.epoch)


def step_at(schedule: Sequence[Step], epoch: int) -> Step:
    """The last step that has begun by `epoch`; the first one before any has."""
    begun = [step for step in schedule if step.epoch <= epoch]
    return begun[-1] if begun else schedule[0]


@dataclass(frozen=True)
class Losses:
    """The three losses, unweighted: cross entropy (nats), squared errors (mV², squared standard deviations)."""

    spike: torch.Tensor
    soma: torch.Tensor
    dendrites: torch.Tensor

    def total(self, step: Step) -> torch.Tensor:
        """Their sum with the weights of a step."""
        return step.spike * self.spike + step.soma * self.soma + step.dendrites * self.dendrites


def losses(outputs: Outputs, spikes: torch.Tensor, soma: torch.Tensor, components: torch.Tensor | None) -> Losses:
    """The losses of predictions against their targets, each a mean over windows and milliseconds."""
    dendrites = torch.zeros((), device=soma.device)
    if outputs.components is not None and components is not None:
        dendrites = functional.mse_loss(outputs.components.float(), components)
    return Losses(
        spike=functional.binary_cross_entropy_with_logits(outputs.spike.float(), spikes),
        soma=functional.mse_loss(outputs.soma.float(), soma),
        dendrites=dendrites,
    )
