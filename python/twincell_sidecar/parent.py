"""A sidecar does not outlive its parent."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading


def die_with_parent() -> None:
    """End this process when the parent's end of our standard input closes, also while a handler is busy.

    The watching thread needs the interpreter to act, which a long call into NEURON holds; so on Linux the kernel is
    asked, too: it kills us when the thread that started us ends, whatever we do.
    """
    if sys.platform == "linux":
        parent = os.getppid()
        set_death_signal = 1  # PR_SET_PDEATHSIG of <sys/prctl.h>
        ctypes.CDLL(None, use_errno=True).prctl(set_death_signal, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)
    threading.Thread(target=_watch, name="parent", daemon=True).start()


def _watch() -> None:
    # Nothing is ever written to this pipe: a read returns only at its end.
    while os.read(0, 4096):
        pass
    os._exit(0)
