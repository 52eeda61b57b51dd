"""The paper's family of networks: causal convolutions, ReLU and batch norm, and three heads of one tap.

A network sees `receptive - 1` ms before every millisecond it answers for and nothing after it. Its convolutions pad
nothing, so an input of L ms gives L - receptive + 1 answers; before a trial begins there is silence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from ..errors import SidecarError

WEIGHT_DEVIATION = 0.002
HEAD_DEVIATIONS = {"spike": 0.001, "soma": 0.03, "components": 0.05}
SPIKE_BIAS = -2.0


@dataclass(frozen=True)
class Layer:
    """A temporal layer: taps of 1 ms, filters."""

    taps: int
    width: int


@dataclass(frozen=True)
class Architecture:
    """A member of the family."""

    channels: int
    layers: tuple[Layer, ...]
    components: int
    """Dendritic components it predicts; 0: no such head."""
    bumps: int = 0
    """Bumps that the first layer's filters are made of; 0: every tap is free, as in the paper."""
    pool: int = 1
    """Neighbouring channels of one sign that share a filter; 1: every channel has its own, as in the paper."""

    @property
    def groups(self) -> npt.NDArray[np.int64]:
        """The group each channel belongs to: runs of `pool` neighbours, excitatory and inhibitory apart."""
        half = self.channels // 2
        channel = np.arange(self.channels)
        if self.pool == 1 or self.channels != 2 * half:
            return channel
        return (channel % half) // self.pool + (channel // half) * -(-half // self.pool)

    @property
    def inputs(self) -> int:
        """Rows of input that the first layer sees: groups of channels."""
        return int(self.groups.max()) + 1

    @property
    def receptive(self) -> int:
        """Milliseconds of input that one answer depends on."""
        return 1 + sum(layer.taps - 1 for layer in self.layers)


def read_architecture(network: Mapping[str, Any], channels: int, components: int) -> Architecture:
    """The network of the parameters, with the number of components that the data allow."""
    layers = tuple(Layer(taps=int(item["taps"]), width=int(item["width"])) for item in network["layers"])
    first = network.get("firstLayer") or {"bumps": 0, "pool": 1}
    return Architecture(channels, layers, components, int(first["bumps"]), int(first["pool"]))


@dataclass(frozen=True)
class Outputs:
    """Spike logits and soma voltage (windows × ms; mV minus the offset), components (windows × components × ms)."""

    spike: torch.Tensor
    soma: torch.Tensor
    components: torch.Tensor | None


def truncated_normal(weight: torch.Tensor, deviation: float, generator: torch.Generator) -> None:
    """Fills with a normal distribution cut at two deviations."""
    nn.init.trunc_normal_(weight, 0.0, deviation, -2 * deviation, 2 * deviation, generator=generator)


def raised_cosines(count: int, taps: int) -> torch.Tensor:
    """`count` overlapping raised cosines over `taps` lags, evenly spaced on a logarithmic axis, each of sum 1.

    Their centres run from lag 0 to the last one, at least one lag apart: the axis is log(lag + offset) with the
    smallest offset of 2 or more that keeps them so. Rows: bumps; columns: taps in the order of a convolution's weight,
    the most recent lag last.
    """
    if count > taps:
        raise SidecarError(
            "network-invalid",
            f"{count} bumps cannot differ over {taps} taps",
            remedy="Lower twin.network.firstLayer.bumps, or lengthen the first layer's filters.",
        )
    offset = 2.0
    while count > 1 and offset < 1e6 and offset * (((taps - 1) / offset + 1) ** (1 / (count - 1)) - 1) < 1:
        offset *= 1.25
    axis = np.log(np.arange(taps) + offset)
    spacing = (axis[-1] - axis[0]) / max(count - 1, 1) or 1.0
    phase = (axis[None, :] - (axis[0] + spacing * np.arange(count)[:, None])) / spacing
    rows = 0.5 * (1 + np.cos(np.pi * np.clip(phase, -1, 1)))
    rows /= rows.sum(axis=1, keepdims=True)
    return torch.from_numpy(rows[:, ::-1].copy()).float()


class SmoothConvolution(nn.Module):
    """A convolution whose filters are combinations of a few bumps in time: far fewer numbers to learn."""

    def __init__(self, inputs: int, outputs: int, taps: int, count: int) -> None:
        super().__init__()
        self.coefficients = nn.Parameter(torch.empty(outputs * count, inputs, 1))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.outputs = outputs
        self.register_buffer("basis", raised_cosines(count, taps))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Channels are mixed first, one mixture a filter and bump; then each mixture runs through its bump."""
        mixed = functional.conv1d(x, self.coefficients)
        basis = cast(torch.Tensor, self.basis)
        kernel = basis.unsqueeze(0).expand(self.outputs, -1, -1)
        return functional.conv1d(mixed, kernel, self.bias, groups=self.outputs)

    def folded(self) -> torch.Tensor:
        """The same filters as an ordinary convolution's weight (outputs × inputs × taps)."""
        basis = cast(torch.Tensor, self.basis)
        return torch.einsum("fbc,bt->fct", self.coefficients.view(self.outputs, basis.shape[0], -1), basis)


class Twin(nn.Module):
    """A network of the family."""

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        self.architecture = architecture
        widths = [architecture.inputs, *(layer.width for layer in architecture.layers)]
        self.convolutions = nn.ModuleList()
        self.norms = nn.ModuleList()
        for position, layer in enumerate(architecture.layers):
            inputs = widths[position]
            if position == 0 and architecture.bumps > 0:
                self.convolutions.append(SmoothConvolution(inputs, layer.width, layer.taps, architecture.bumps))
            else:
                self.convolutions.append(nn.Conv1d(inputs, layer.width, layer.taps))
            self.norms.append(nn.BatchNorm1d(layer.width))
        self.spike = nn.Conv1d(widths[-1], 1, 1)
        self.soma = nn.Conv1d(widths[-1], 1, 1)
        self.components = nn.Conv1d(widths[-1], architecture.components, 1) if architecture.components else None

    def forward(self, x: torch.Tensor) -> Outputs:
        """Answers for every millisecond of `x` (windows × channels × ms) that has its whole receptive field in it."""
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            x = norm(functional.relu(convolution(x)))
        components = None if self.components is None else self.components(x)
        return Outputs(spike=self.spike(x).squeeze(1), soma=self.soma(x).squeeze(1), components=components)

    def first_weight(self) -> torch.Tensor:
        """The first layer's filters as an ordinary weight over all channels (filters × channels × taps)."""
        first = self.convolutions[0]
        weight = first.folded() if isinstance(first, SmoothConvolution) else cast(torch.Tensor, first.weight)
        return weight[:, torch.from_numpy(self.architecture.groups).to(weight.device)]

    def kernels(self) -> Sequence[nn.Parameter]:
        """The weights that L2 acts on: kernels, no biases, no norms."""
        return [parameter for name, parameter in self.named_parameters() if parameter.dim() == 3]

    def start_biases(self, soma: float, spike: float | None) -> None:
        """Biases of two heads: the mean voltage they have to predict (mV minus the offset), the log odds of a spike."""
        with torch.no_grad():
            cast(torch.Tensor, self.soma.bias).fill_(soma)
            if spike is not None:
                cast(torch.Tensor, self.spike.bias).fill_(spike)

    def start(self, generator: torch.Generator) -> None:
        """Draws the start weights of the paper."""
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                if parameter.dim() == 3:
                    deviation = HEAD_DEVIATIONS.get(name.split(".")[0], WEIGHT_DEVIATION)
                    truncated_normal(parameter, deviation, generator)
                elif name == "spike.bias":
                    parameter.fill_(SPIKE_BIAS)
                elif not name.startswith("norms"):
                    parameter.zero_()


def parameter_count(twin: Twin) -> int:
    """Numbers that are trained."""
    return sum(parameter.numel() for parameter in twin.parameters())
