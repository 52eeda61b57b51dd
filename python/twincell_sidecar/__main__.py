"""Starts a sidecar: `python -m twincell_sidecar --kind neuron --endpoint ipc://… [arguments of the kind]`.

src/bridge/sidecar.ts runs this.
"""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import cast

from .parent import die_with_parent
from .server import Registry, serve

Register = Callable[[Sequence[str]], Registry]


def main(arguments: Sequence[str]) -> None:
    """Load the kind that was asked for, and nothing else, and serve it."""
    die_with_parent()
    # Ctrl-C goes to the whole group; the parent decides what it means and cancels or ends us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parser = argparse.ArgumentParser(prog="twincell_sidecar", allow_abbrev=False)
    parser.add_argument("--kind", required=True, help="neuron or torch")
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--module", help="module with the kind's register(); tests bring their own")
    options, rest = parser.parse_known_args(arguments)
    token = os.environ.pop("TWINCELL_SIDECAR_TOKEN", "")
    module = importlib.import_module(options.module or f"{__package__}.{options.kind}")
    register = cast(Register, module.register)
    serve(options.kind, register(rest), options.endpoint, token)


if __name__ == "__main__":
    main(sys.argv[1:])
