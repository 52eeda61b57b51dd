"""Starts a sidecar: `python -m twincell_sidecar --kind neuron --endpoint ipc://… [arguments of the kind]`.

src/bridge/sidecar.ts runs this.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys

# First of all, before slow imports: Ctrl-C goes to the whole group, and the parent decides what it means.
signal.signal(signal.SIGINT, signal.SIG_IGN)

from .parent import die_with_parent  # noqa: E402


def main(arguments: list[str]) -> None:
    """Load the kind that was asked for, and nothing else, and serve it."""
    die_with_parent()
    # A crash inside a compiled mechanism leaves at least the Python frames on standard error.
    faulthandler.enable()
    import argparse  # noqa: PLC0415 - after the watch on the parent has begun
    import importlib  # noqa: PLC0415

    parser = argparse.ArgumentParser(prog="twincell_sidecar", allow_abbrev=False)
    parser.add_argument("--kind", required=True, help="neuron or torch")
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--module", help="module with the kind's register(); tests bring their own")
    options, rest = parser.parse_known_args(arguments)
    token = os.environ.pop("TWINCELL_SIDECAR_TOKEN", "")
    module = importlib.import_module(options.module or f"twincell_sidecar.{options.kind}")
    registry = module.register(rest)
    # Once more: libraries set handlers of their own as they load.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    from .server import serve  # noqa: PLC0415

    serve(options.kind, registry, options.endpoint, token)


if __name__ == "__main__":
    main(sys.argv[1:])
