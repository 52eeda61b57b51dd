"""NEURON itself: imported once, quietly, with one mechanism library, in a folder that holds no library of its own."""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import io
import os
import platform
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from ..errors import SidecarError
from .objects import Hoc
from .rounding import rounding


@dataclass
class _Process:
    """What this process has loaded: NEURON's interpreter, and one mechanism library."""

    h: Hoc = None
    mechanisms: str | None = None


_process = _Process()


def start(mechanisms: str | None) -> Hoc:
    """Import NEURON, load the mechanism library, and return `h`.

    NEURON loads `./x86_64` of the working directory by itself, and a second library that repeats a mechanism registers
    the rest of its own: so the process moves to a folder of ours first, and a second, different library is refused.
    """
    if _process.h is None:
        os.chdir(Path(__file__).resolve().parent)
        os.environ["NEURON_MODULE_OPTIONS"] = "-nogui"
        interrupt = signal.getsignal(signal.SIGINT)
        h = importlib.import_module("neuron").h
        # NEURON takes SIGINT for itself as it starts; what it means here is the server's to say.
        signal.signal(signal.SIGINT, interrupt)
        with captured_output():
            h.load_file("stdlib.hoc")
            h.load_file("import3d.hoc")
        _process.h = h
    if mechanisms is not None and mechanisms != _process.mechanisms:
        if _process.mechanisms is not None:
            raise SidecarError(
                "library-conflict",
                f"this process already runs with {_process.mechanisms}; it cannot load {mechanisms} as well",
                remedy="Start another sidecar for another set of mechanisms.",
            )
        load(_process.h, mechanisms)
        _process.mechanisms = mechanisms
    return _process.h


def load(h: Hoc, library: str) -> None:
    """Load a library of mechanisms into the running NEURON."""
    if not Path(library).is_file():
        raise SidecarError("library-unreadable", f"{library}: there is no such mechanism library", file=library)
    with captured_output() as said:
        try:
            ok = h.nrn_load_dll(library)
        except RuntimeError as error:
            raise SidecarError(
                "library-unreadable", f"{library}: {error}; {said.getvalue().strip()}", file=library
            ) from error
    if not ok:
        raise SidecarError("library-unreadable", f"{library}: {said.getvalue().strip()}", file=library)


@contextlib.contextmanager
def captured_output() -> Iterator[io.StringIO]:
    """Take what hoc prints (NEURON's Python module sends it to `sys.stdout` and `sys.stderr`)."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        yield said


def versions() -> dict[str, str]:
    """Versions of what the numbers depend on."""
    return {
        "python": platform.python_version(),
        "neuron": version("neuron"),
        "libc": " ".join(platform.libc_ver()).strip() or platform.platform(),
        "rounding": rounding(),
    }


def mechanism_types(h: Hoc) -> dict[str, int]:
    """Every registered mechanism and point process by name, with NEURON's number for it."""
    types: dict[str, int] = {}
    for kind in (0, 1):
        catalogue = h.MechanismType(kind)
        name = h.ref("")
        for index in range(int(catalogue.count())):
            catalogue.select(index)
            catalogue.selected(name)
            types[name[0]] = int(catalogue.internal_type())
    return types


def execution_order(h: Hoc) -> list[str]:
    """Names of all mechanisms in the order NEURON runs them.

    That order is not the order of registration: mechanisms that write a concentration come right after the ions. It
    stands in NEURON's own table `memb_order_`, which has one entry a registered type.
    """
    by_type = {number: name for name, number in mechanism_types(h).items()}
    library = _core_library()
    count = ctypes.c_int.in_dll(library, "n_memb_func").value
    order = ctypes.POINTER(ctypes.c_short).in_dll(library, "memb_order_")
    return [by_type[order[index]] for index in range(count) if order[index] in by_type]


def _core_library() -> ctypes.CDLL:
    """NEURON's compiled core, reached through the extension module that is linked to it."""
    return ctypes.CDLL(str(importlib.import_module("neuron.hoc").__file__))
