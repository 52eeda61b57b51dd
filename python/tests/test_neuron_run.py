"""The NEURON handlers on a small cell, against closed solutions: our own mechanisms compiled, nothing downloaded."""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

from twincell_sidecar.errors import SidecarError
from twincell_sidecar.neuron.handlers import NeuronHandlers
from twincell_sidecar.server import Progress, Result

OWN = ("TwincellExcitatory", "TwincellGaba", "TwincellPlayer")
# Its current is 0/0 once 0.5 ms have passed.
BURSTS = """
NEURON { SUFFIX Bursts NONSPECIFIC_CURRENT i RANGE g }
PARAMETER { g = 0 }
ASSIGNED { v i }
BREAKPOINT { if (t > 0.5) { i = (v - v) / (v - v) } else { i = 0 } }
"""
SWC = "1 1 0 0 0 10 -1\n2 3 0 10 0 1 1\n3 3 0 210 0 1 2\n4 4 0 -10 0 1 1\n5 4 0 -310 0 1 4\n"
LEAK, REVERSAL, CAPACITANCE, V_INIT = 2e-4, -60.0, 1.5, -75.0
PAS = {"g": LEAK, "e": REVERSAL}
AMPA = {"tauRise": 0.3, "tauDecay": 3, "conductance": 0.4, "reversal": 0}
NMDA = {"tauRise": 2, "tauDecay": 70, "conductance": 0.4, "reversal": 0}
GABA = {"tauRise": 0.2, "tauDecay": 8, "conductance": 1, "reversal": -80}
DT = 0.025


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = Path(sys.executable).parent / "nrnivmodl"
    if not compiler.exists() or not any(map(shutil.which, ("c++", "g++", "clang++"))):
        pytest.skip("compiling mechanisms needs nrnivmodl and a C++ compiler")
    folder = tmp_path_factory.mktemp("mechanisms")
    for name in OWN:
        shutil.copy(Path(__file__).parents[1] / "mechanisms" / f"{name}.mod", folder)
    (folder / "Bursts.mod").write_text(BURSTS)
    path = f"{compiler.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [str(compiler), *(f"{name}.mod" for name in (*OWN, "Bursts"))],
        cwd=folder,
        env={**os.environ, "LC_ALL": "C", "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (found,) = folder.glob("*/libnrnmech.*")
    return found


@pytest.fixture
def handlers(library: Path, tmp_path: Path) -> Iterator[NeuronHandlers]:
    (tmp_path / "cell.swc").write_text(SWC)
    here = Path.cwd()
    yield NeuronHandlers(str(library), None)
    os.chdir(here)


def cell_params(folder: Path, **changes: Any) -> dict[str, Any]:
    region = {"cm": CAPACITANCE, "Ra": 100, "reversals": {}, "mechanisms": {"pas": PAS, **changes.pop("more", {})}}
    card = {
        "name": "small",
        "construction": {
            "kind": "morphology",
            "source": "folder",
            "morphology": {"file": "cell.swc"},
            "axon": "keep",
            "segmentLength": 40,
        },
        "celsius": 34,
        "vInit": V_INIT,
        "regions": {"soma": region, "basal": region, "apical": region},
        "nexus": None,
        **changes.pop("card", {}),
    }
    return {
        "card": card,
        "morphology": str(folder / "cell.swc"),
        "folder": None,
        "passive": False,
        "synapses": {"ampa": AMPA, "nmda": NMDA, "gabaA": GABA, "magnesium": 1},
        "skFactor": 1,
        **changes,
    }


def events(*rows: tuple[int, float, float]) -> pa.Table:
    """Rows of channel, time and weight."""
    channel, time, weight = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table(
        {
            "channel": pa.array(channel, pa.int32()),
            "time": pa.array(time, pa.float64()),
            "weight": pa.array(weight, pa.float64()),
        }
    )


def describe(handlers: NeuronHandlers, cell: dict[str, Any]) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    answers = [part for part in handlers.describe({"cell": cell}, {}) if isinstance(part, Result)]
    assert len(answers) == 1
    return dict(answers[0].value), answers[0].tables["snapshot"].to_pydict()


def run(
    handlers: NeuronHandlers, cell: dict[str, Any], table: pa.Table, steps: int, **changes: Any
) -> npt.NDArray[np.float64]:
    """Run one trial; every compartment at every step: [step, compartment]."""
    _, columns = describe(handlers, cell)
    sites = [k for k, segment in enumerate(columns["segment"]) if segment >= 0]
    params = {
        "cell": cell,
        "trial": 0,
        "dendrites": sum(channel >= 0 for channel in columns["dendrite"]),
        "dt": DT,
        "order": 1,
        "steps": steps,
        "blockSteps": 30,
        "clamps": [],
        "recordings": [
            {"name": "all", "sites": list(range(len(sites))), "everySteps": 1, "firstStep": 0, "lastStep": steps}
        ],
        **changes,
    }
    blocks = [part for part in handlers.run(params, {"events": table}) if not isinstance(part, Progress)]
    assert [block.value["last"] for block in blocks] == [False] * (len(blocks) - 1) + [True]
    values: npt.NDArray[np.float64] = np.concatenate([block.tables["voltage"]["v"].to_numpy() for block in blocks])
    return values.reshape(-1, len(sites))


def refusal(handlers: NeuronHandlers, *arguments: Any, **changes: Any) -> SidecarError:
    with pytest.raises(SidecarError) as raised:
        run(handlers, *arguments, **changes)
    return raised.value


@pytest.mark.parametrize("order", [1, 2])
def test_a_uniform_cell_relaxes_as_its_one_equation_says(handlers: NeuronHandlers, tmp_path: Path, order: int) -> None:
    voltage = run(handlers, cell_params(tmp_path), events(), 400, order=order)
    # c v' = -g (v - e), µF/cm² and S/cm²: the rate is 1000 g / c per ms.
    rate = 1000 * LEAK / CAPACITANCE * DT
    factor = 1 / (1 + rate) if order == 1 else (1 - rate / 2) / (1 + rate / 2)
    expected = REVERSAL + (V_INIT - REVERSAL) * factor ** np.arange(401)
    assert np.abs(voltage - expected[:, None]).max() < 1e-9


def test_channels_run_through_basal_then_apical_segments(handlers: NeuronHandlers, tmp_path: Path) -> None:
    value, columns = describe(handlers, cell_params(tmp_path))
    rows = sorted((c, row) for row, c in enumerate(columns["dendrite"]) if c >= 0)
    assert [c for c, _ in rows] == list(range(len(rows)))
    order = [(columns["sectionType"][row], columns["x"][row]) for _, row in rows]
    # 200 µm and 300 µm at one segment for each 40 µm, made odd.
    assert order == [("basal", (k + 0.5) / 11) for k in range(11)] + [("apical", (k + 0.5) / 15) for k in range(15)]
    assert value["mechanismOrder"] == ["pas", "TwincellExcitatory", "TwincellGaba"]


def test_nodes_without_membrane_are_the_root_and_the_ends(handlers: NeuronHandlers, tmp_path: Path) -> None:
    value, columns = describe(handlers, cell_params(tmp_path))
    bare = [row for row, segment in enumerate(columns["segment"]) if segment < 0]
    assert [columns["x"][row] for row in bare].count(1.0) == len(value["sectionNames"]) == 3
    assert columns["parent"][0] == -1
    assert [columns["area"][row] for row in bare] == [100.0] * 4
    assert [columns["pas.g"][row] for row in bare] == [None] * 4


def test_the_stub_for_an_axon_has_the_cards_diameters_and_place(handlers: NeuronHandlers, tmp_path: Path) -> None:
    for axon, diameters, at in (("stub", [1.0, 1.0], 0.5), ({"diameters": [1.5, 0.9], "at": 1}, [1.5, 0.9], 1.0)):
        cell = cell_params(tmp_path)
        cell["card"]["construction"]["axon"] = axon
        _, columns = describe(handlers, cell)
        rows = [
            row for row, kind in enumerate(columns["sectionType"]) if kind == "axon" and columns["segment"][row] == 0
        ]
        assert [columns["diameter"][row] for row in rows] == pytest.approx(diameters)
        assert [columns["length"][row] for row in rows] == [30, 30]
        parent = columns["parent"][rows[0]]
        assert (columns["sectionType"][parent], columns["x"][parent]) == ("soma", at)


def test_weights_add_up(handlers: NeuronHandlers, tmp_path: Path) -> None:
    """A weight is a number of events: four times as many of a quarter of the weight are the same."""
    cell = cell_params(tmp_path, synapses={"ampa": AMPA, "nmda": None, "gabaA": GABA, "magnesium": 1})
    one = run(handlers, cell, events((3, 0.0, 0.25), (3, 1.0, 0.5), (3, 1.0, 0.125), (3, 2.51, 0.0625)), 400)
    # The same weights, in events of a sixteenth each.
    sixteenths = [(3, t, 0.0625) for t, n in ((0.0, 4), (1.0, 10), (2.51, 1)) for _ in range(n)]
    many = run(handlers, cell, events(*sixteenths), 400)
    assert np.abs(one - many).max() < 1e-10
    assert np.ptp(one) > 0.1
    silent = run(handlers, cell, events(), 400)
    assert np.abs(one - silent).max() > 0.01


def test_the_synapses_conductance_is_the_double_exponential(handlers: NeuronHandlers, tmp_path: Path) -> None:
    """Small conductances on a cell at rest: the charge that flows in is known, whatever the cable does with it."""
    weak = {**GABA, "conductance": 1e-6, "reversal": 0}
    rest = {"card": {"vInit": REVERSAL}}
    cell = cell_params(tmp_path, synapses={"ampa": AMPA, "nmda": None, "gabaA": weak, "magnesium": 1}, **rest)
    _, columns = describe(handlers, cell)
    areas = np.array([a for a, s in zip(columns["area"], columns["segment"], strict=True) if s >= 0])
    dendrites = sum(channel >= 0 for channel in columns["dendrite"])
    steps = 4000
    voltage = run(handlers, cell, events((dendrites + 2, 5.0, 1.0)), steps)
    # Backward Euler conserves charge: c dv + g (v - e) dt over all compartments is what the synapse gave.
    moved = voltage - REVERSAL
    charge = (CAPACITANCE * moved[-1] + 1000 * LEAK * DT * moved[1:].sum(axis=0)) @ areas * 1e-8  # nC
    rise, decay = GABA["tauRise"], GABA["tauDecay"]
    peak = rise * decay / (decay - rise) * math.log(decay / rise)
    factor = 1 / (math.exp(-peak / decay) - math.exp(-peak / rise))
    # The step that ends at 5 ms takes the event in; each later one assembles with the states left by the one before.
    states = ((1, decay), (-1, rise))
    whole = sum(sign * math.fsum(math.exp(-k * DT / tau) for k in range(steps - 200)) for sign, tau in states)
    expected = 1e-6 * 1e-3 * factor * whole * DT * (0 - REVERSAL)  # µS · ms · mV = pC
    assert charge * 1e3 == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("order", [1, 2])
def test_clamps_inject_their_charge_and_are_gone_in_the_next_trial(
    handlers: NeuronHandlers, tmp_path: Path, order: int
) -> None:
    cell = cell_params(tmp_path, card={"vInit": REVERSAL})
    _, columns = describe(handlers, cell)
    areas = np.array([a for a, s in zip(columns["area"], columns["segment"], strict=True) if s >= 0])
    pulses = [(3, 5.0, 2.5, 0.05), (3, 6.0, 10.0, -0.01), (20, 0.0, 1.0, 0.02)]
    names = ("site", "delay", "duration", "amplitude")
    clamps = [dict(zip(names, pulse, strict=True)) for pulse in pulses]
    voltage = run(handlers, cell, events(), 800, clamps=clamps, order=order)
    moved = voltage - REVERSAL
    # What leaked left at the new voltage of each step, or at the mean of both.
    through = moved[1:] if order == 1 else (moved[1:] + moved[:-1]) / 2
    charge = (CAPACITANCE * moved[-1] + 1000 * LEAK * DT * through.sum(axis=0)) @ areas * 1e-8  # nC
    # nA · ms is pC.
    expected = sum(duration * amplitude for _, _, duration, amplitude in pulses)
    assert charge * 1e3 == pytest.approx(expected, rel=1e-9)
    silent = run(handlers, cell, events(), 800, order=order)
    assert np.abs(silent - REVERSAL).max() < 1e-9


def test_a_cell_runs_that_was_never_described(handlers: NeuronHandlers, tmp_path: Path) -> None:
    """A second worker builds the cell for its first trial."""
    cell = cell_params(tmp_path)
    table = events((0, 1.0, 1.0))
    soma = [{"name": "soma", "sites": [0], "everySteps": 1, "firstStep": 0, "lastStep": 40}]
    params = {"cell": cell, "trial": 1, "dendrites": 26, "dt": DT, "order": 1, "steps": 40, "blockSteps": 40}
    steps = handlers.run({**params, "clamps": [], "recordings": soma}, {"events": table})
    blocks = [part for part in steps if isinstance(part, Result)]
    assert blocks[0].tables["voltage"]["v"].to_pylist() == run(handlers, cell, table, 40)[:, 0].tolist()


def test_a_clamp_on_no_compartment_is_refused(handlers: NeuronHandlers, tmp_path: Path) -> None:
    clamp = {"site": 99, "delay": 0, "duration": 1, "amplitude": 1}
    assert refusal(handlers, cell_params(tmp_path), events(), 10, clamps=[clamp]).code == "clamps-invalid"


def test_a_voltage_that_is_no_number_is_an_error_with_time_and_place(handlers: NeuronHandlers, tmp_path: Path) -> None:
    error = refusal(handlers, cell_params(tmp_path, more={"Bursts": {"g": 1}}), events(), 400)
    assert error.code == "voltage-not-finite"
    # t > 0.5 first holds in the middle of the step that ends at 0.525.
    assert error.details["timeMs"] == pytest.approx(0.525)
    assert "(" in str(error.details["compartment"])


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([(52, 1.0, 1.0)], "channel 52"),
        ([(-1, 1.0, 1.0)], "channel -1"),
        ([(0, 2.0, 1.0), (1, 1.0, 1.0)], "sorted"),
        ([(0, -1.0, 1.0)], "negative"),
        ([(0, math.nan, 1.0)], "finite"),
        ([(0, 1.0, math.inf)], "weights"),
    ],
)
def test_events_that_cannot_be_are_refused(
    handlers: NeuronHandlers, tmp_path: Path, rows: list[tuple[int, float, float]], words: str
) -> None:
    error = refusal(handlers, cell_params(tmp_path), events(*rows), 10)
    assert error.code == "events-invalid"
    assert words in error.message


def test_what_the_library_lacks_is_named(handlers: NeuronHandlers, tmp_path: Path) -> None:
    missing = refusal(handlers, cell_params(tmp_path, more={"Nonesuch": {}}), events(), 10)
    assert (missing.code, missing.details["mechanism"]) == ("mechanism-missing", "Nonesuch")
    unknown = refusal(handlers, cell_params(tmp_path, more={"pas": {"g": 1e-4, "gbar": 1}}), events(), 10)
    assert (unknown.code, unknown.details["parameter"]) == ("parameter-unknown", "gbar")
    nexus = {"card": {"nexus": {"section": "apic[7]", "x": 0.5}}}
    assert refusal(handlers, cell_params(tmp_path, **nexus), events(), 10).code == "nexus-missing"


def test_passive_leaves_out_all_but_pas(handlers: NeuronHandlers, tmp_path: Path) -> None:
    more = {"Bursts": {"g": 1}}
    active, _ = describe(handlers, cell_params(tmp_path, more=more))
    assert "Bursts" in active["mechanismOrder"]
    passive, columns = describe(handlers, cell_params(tmp_path, more=more, passive=True))
    assert passive["mechanismOrder"] == ["pas", "TwincellExcitatory", "TwincellGaba"]
    assert [name for name in columns if "." in name] == ["pas.e", "pas.g"]


def test_a_broken_morphology_is_refused_by_file_and_line(handlers: NeuronHandlers, tmp_path: Path) -> None:
    (tmp_path / "cell.swc").write_text(SWC + "6 3 0 0 0 1 77\n")
    error = refusal(handlers, cell_params(tmp_path), events(), 10)
    assert error.code == "morphology-unreadable"
    assert error.details["line"] == 6
    assert error.details["file"] == str(tmp_path / "cell.swc")


def test_standard_output_stays_silent(
    handlers: NeuronHandlers, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run(handlers, cell_params(tmp_path, skFactor=0.5), events((0, 1.0, 1.0)), 40)
    assert capfd.readouterr().out == ""


def test_a_window_holds_every_variable_and_starts_where_it_is_told(handlers: NeuronHandlers, tmp_path: Path) -> None:
    cell, table = cell_params(tmp_path), events((3, 0.2, 1.0))
    voltage = run(handlers, cell, table, 40)
    _, columns = describe(handlers, cell)
    rows = [row for row, segment in enumerate(columns["segment"]) if segment >= 0]
    dendrites = sum(channel >= 0 for channel in columns["dendrite"])
    params = {
        **{"cell": cell, "trial": 0, "dendrites": dendrites, "dt": DT, "order": 1, "clamps": []},
        **{"firstStep": 12, "lastStep": 40},
    }
    parts = [part for part in handlers.record(params, {"events": table}) if isinstance(part, Result)]
    groups = parts[0].value["groups"]
    count = sum(len(group["rows"]) * group["length"] for group in groups)
    samples = np.concatenate([part.tables["samples"]["value"].to_numpy() for part in parts]).reshape(-1, count)
    times = np.concatenate([part.tables["times"]["t"].to_numpy() for part in parts])
    assert np.abs(times - DT * np.arange(12, 41)).max() < 1e-12
    named: dict[str, npt.NDArray[np.float64]] = {}
    at = 0
    for group in groups:
        width = len(group["rows"]) * group["length"]
        named[f"{group['owner']}.{group['variable']}".removeprefix(".")] = samples[:, at : at + width]
        at += width
        if group["owner"] == "pas":
            assert group["rows"] == rows
    v = named["v"][:, rows]
    assert (v == voltage[12:]).all()
    # The leak's current is the one at the potential before the step.
    assert (named["pas.i"][1:] == LEAK * (v[:-1] - REVERSAL)).all()
    assert (named["TwincellExcitatory.magnesium"] == 1).all()
    assert named["TwincellGaba.conductance"].shape == (29, dendrites)
