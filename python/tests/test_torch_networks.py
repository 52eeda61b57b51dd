"""The network family: causality, start weights, smooth first layers, losses and their schedule."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from twincell_sidecar.torch.losses import losses, read_schedule, step_at
from twincell_sidecar.torch.networks import (
    Architecture,
    Layer,
    Outputs,
    Twin,
    parameter_count,
    raised_cosines,
    truncated_normal,
)

MEMBERS = [
    Architecture(6, (Layer(7, 5),), 0),
    Architecture(6, (Layer(5, 4), Layer(1, 3)), 2),
    Architecture(6, (Layer(4, 4), Layer(3, 4), Layer(3, 4)), 3),
    Architecture(6, (Layer(9, 4), Layer(2, 3)), 1, bumps=3, pool=1),
]


def started(architecture: Architecture) -> Twin:
    """A network with larger than usual weights, so that influence is visible."""
    twin = Twin(architecture).double()
    draw = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in twin.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=draw, dtype=torch.float64))
    return twin.eval()


@pytest.mark.parametrize("architecture", MEMBERS)
def test_answers_depend_on_their_receptive_field_and_nothing_else(architecture: Architecture) -> None:
    """The gradient of one answer reaches back exactly `receptive` ms and never forward."""
    twin = started(architecture)
    length, probed = 3 * architecture.receptive + 5, architecture.receptive + 2
    x = torch.randn(1, 6, length, dtype=torch.float64, generator=torch.Generator().manual_seed(2), requires_grad=True)
    outputs = twin(x)
    assert outputs.spike.shape == outputs.soma.shape == (1, length - architecture.receptive + 1)
    (outputs.spike[0, probed] + outputs.soma[0, probed]).backward()
    assert x.grad is not None
    reached = torch.nonzero(x.grad[0].abs().sum(dim=0) > 0).flatten()
    now = probed + architecture.receptive - 1
    assert int(reached.max()) <= now
    assert int(reached.min()) >= now - architecture.receptive + 1


@pytest.mark.parametrize("architecture", MEMBERS)
def test_the_future_changes_nothing(architecture: Architecture) -> None:
    """Whatever comes after a millisecond, the answers up to it stay bit for bit."""
    twin = started(architecture)
    draw = torch.Generator().manual_seed(3)
    x = torch.randn(2, 6, 60, dtype=torch.float64, generator=draw)
    changed = x.clone()
    changed[:, :, 40:] += 10 * torch.randn(2, 6, 20, dtype=torch.float64, generator=draw)
    before, after = twin(x), twin(changed)
    same = 40 - (architecture.receptive - 1)
    assert torch.equal(before.spike[:, :same], after.spike[:, :same])
    assert torch.equal(before.soma[:, :same], after.soma[:, :same])
    assert not torch.equal(before.soma[:, same:], after.soma[:, same:])


def test_a_whole_network_by_hand() -> None:
    """One layer and its heads against the sums written out."""
    twin = started(Architecture(2, (Layer(3, 2),), 0)).float()
    with torch.no_grad():
        twin.get_buffer("norms.0.running_mean").copy_(torch.tensor([0.3, -0.2]))
        twin.get_buffer("norms.0.running_var").copy_(torch.tensor([2.0, 0.5]))
    x = np.random.default_rng(4).normal(size=(2, 10)).astype(np.float32)
    weight, bias = (twin.get_parameter(f"convolutions.0.{name}").detach().numpy() for name in ("weight", "bias"))
    scale, shift = (twin.get_parameter(f"norms.0.{name}").detach().numpy() for name in ("weight", "bias"))
    head, start = (twin.get_parameter(f"soma.{name}").detach().numpy() for name in ("weight", "bias"))
    expected = []
    for ms in range(2, 10):
        hidden = [max(0.0, float((weight[f] * x[:, ms - 2 : ms + 1]).sum() + bias[f])) for f in range(2)]
        spread = np.sqrt(np.array([2.0, 0.5]) + 1e-5)
        normal = (np.array(hidden) - [0.3, -0.2]) / spread * scale + shift
        expected.append(float(head[0, :, 0] @ normal + start[0]))
    found = twin(torch.from_numpy(x)[None]).soma[0].detach().numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_start_weights_are_the_papers() -> None:
    """A normal distribution of σ 0.002 cut at 2σ (deviation 0.8796 σ), heads 0.001 / 0.03 / 0.05, spike bias -2."""
    twin = Twin(Architecture(200, (Layer(20, 16), Layer(5, 400)), 60))
    twin.start(torch.Generator().manual_seed(1))
    cut = math.sqrt(1 - 2 * 2 * math.exp(-2) / math.sqrt(2 * math.pi) / math.erf(math.sqrt(2)))
    for name, deviation in {
        "convolutions.0": 0.002,
        "convolutions.1": 0.002,
        "spike": 0.001,
        "soma": 0.03,
        "components": 0.05,
    }.items():
        weight = twin.get_parameter(f"{name}.weight").detach()
        assert float(weight.abs().max()) <= 2 * deviation
        error = 5 / math.sqrt(weight.numel())
        assert float(weight.std()) == pytest.approx(cut * deviation, rel=error)
        assert abs(float(weight.mean())) < error * deviation
    assert twin.get_parameter("spike.bias").item() == -2
    assert float(twin.get_parameter("norms.0.weight").detach().min()) == 1


def test_equal_seeds_start_equally() -> None:
    """And other seeds do not."""
    first, second, third = (torch.empty(50) for _ in range(3))
    for weight, seed in ((first, 1), (second, 1), (third, 2)):
        truncated_normal(weight, 1.0, torch.Generator().manual_seed(seed))
    assert torch.equal(first, second) and not torch.equal(first, third)


def test_smooth_filters_fold_into_an_ordinary_convolution() -> None:
    """The quick way and the folded weight answer alike."""
    architecture = Architecture(8, (Layer(30, 5),), 0, bumps=4, pool=2)
    twin = started(architecture)
    x = torch.randn(2, 8, 50, dtype=torch.float64, generator=torch.Generator().manual_seed(5))
    groups = torch.from_numpy(architecture.groups)
    pooled = torch.zeros(2, architecture.inputs, 50, dtype=torch.float64).index_add(1, groups, x)
    quick = twin.convolutions[0](pooled)
    folded = torch.nn.functional.conv1d(x, twin.first_weight(), twin.get_parameter("convolutions.0.bias"))
    torch.testing.assert_close(quick, folded)
    assert parameter_count(twin) < parameter_count(Twin(Architecture(8, (Layer(30, 5),), 0)))


@pytest.mark.parametrize(("count", "taps"), [(1, 10), (4, 30), (6, 100), (8, 8)])
def test_bumps_are_smooth_weights_of_sum_one(count: int, taps: int) -> None:
    """None is negative, each sums to 1, each next one looks further back."""
    basis = raised_cosines(count, taps)
    assert basis.shape == (count, taps)
    assert float(basis.min()) >= 0
    torch.testing.assert_close(basis.sum(dim=1), torch.ones(count))
    lag = (basis.flip(1) * torch.arange(taps)).sum(dim=1)
    assert (torch.diff(lag) > 0).all()


def test_the_schedule_changes_at_its_epochs() -> None:
    """Each step holds from its epoch to the next one's, in whatever order they are written."""
    items = [
        {"epoch": 40, "spike": 2, "soma": 0.01, "dendrites": 3e-6, "learningRate": 3e-5},
        {"epoch": 0, "spike": 1, "soma": 0.02, "dendrites": 5e-6, "learningRate": 1e-4},
    ]
    schedule = read_schedule(items)
    assert [step_at(schedule, epoch).spike for epoch in (0, 39, 40, 1000)] == [1, 1, 2, 2]
    assert step_at(schedule, 40).learning_rate == 3e-5


def test_losses_by_their_definitions() -> None:
    """Cross entropy in nats and mean squares, weighted by the step."""
    draw = torch.Generator().manual_seed(6)
    logits, soma, truth = (torch.randn(3, 20, generator=draw) for _ in range(3))
    components, wanted = (torch.randn(3, 4, 20, generator=draw) for _ in range(2))
    flags = (torch.rand(3, 20, generator=draw) < 0.3).float()
    found = losses(Outputs(logits, soma, components), flags, truth, wanted)
    p = 1 / (1 + np.exp(-logits.double().numpy()))
    y = flags.double().numpy()
    entropy = -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()
    assert float(found.spike) == pytest.approx(entropy, rel=1e-5)
    assert float(found.soma) == pytest.approx(float(((soma - truth) ** 2).mean()), rel=1e-5)
    assert float(found.dendrites) == pytest.approx(float(((components - wanted) ** 2).mean()), rel=1e-5)
    step = read_schedule([{"epoch": 0, "spike": 2, "soma": 0.5, "dendrites": 0.1, "learningRate": 1}])[0]
    total = 2 * entropy + 0.5 * float(found.soma) + 0.1 * float(found.dendrites)
    assert float(found.total(step)) == pytest.approx(total, rel=1e-5)


def test_fcn_members_have_the_parameters_of_their_shape() -> None:
    """The published 1 × 128 net with 110 taps on 1,278 channels, counted by hand: kernel, biases, norm, three heads."""
    twin = Twin(Architecture(1278, (Layer(110, 128),), 20))
    assert parameter_count(twin) == 1278 * 110 * 128 + 128 + 2 * 128 + (128 + 1) * 22
