"""Work in a process of its own: what it breaks, it breaks there. Only bytes come back."""

from __future__ import annotations

import ctypes
import os
import resource
import select
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass

from ..server import Progress

# How often (s) the server may look for a cancellation.
_POLL = 0.04
# As much of what was printed is kept.
_TAIL = 4000


@dataclass(frozen=True)
class Outcome:
    """What a child left: its bytes, how it ended (empty where it ended well), and the end of what it printed.

    late: it was stopped because its time was over, or used up as much of a processor.
    """

    data: bytes
    ended: str
    said: str
    late: bool


def isolated(work: Callable[[], bytes], timeout_s: float) -> Generator[Progress, None, Outcome]:
    """Run `work` in a fork of this process, for so long at most; it leaves no core file."""
    with tempfile.TemporaryFile() as said:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _run(work, writing, said.fileno(), int(timeout_s) + 2)
        os.close(writing)
        data = bytearray()
        late = True
        try:
            late = yield from _collect(reading, data, timeout_s)
        finally:
            os.close(reading)
            # A child that has said all it had to say ends by itself.
            if late:
                _kill(child)
            _, status = os.waitpid(child, 0)
        said.seek(0)
        text = said.read().decode(errors="replace")[-_TAIL:]
    late = late or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU)
    return Outcome(bytes(data), _how(status, late=late), text, late)


def _run(work: Callable[[], bytes], writing: int, said: int, cpu_s: int) -> None:
    """Run in the child; never returns. Nothing of the parent's sockets or buffers may be touched."""
    status = 1
    try:
        if sys.platform == "linux":
            # It dies with its parent.
            ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(said, 1)
        os.dup2(said, 2)
        with os.fdopen(writing, "wb") as stream:
            stream.write(work())
        status = 0
    finally:
        # No handler of the parent's exit may run twice.
        os._exit(status)


def _collect(reading: int, data: bytearray, timeout_s: float) -> Generator[Progress, None, bool]:
    """Gather the child's bytes until it closes its end; return whether its time ran out."""
    deadline = time.monotonic() + timeout_s
    while True:
        ready, _, _ = select.select([reading], [], [], _POLL)
        if ready:
            piece = os.read(reading, 1 << 20)
            if not piece:
                return False
            data += piece
        elif time.monotonic() > deadline:
            return True
        yield Progress(0, 1, "")


def _kill(child: int) -> None:
    try:
        os.kill(child, signal.SIGKILL)
    except ProcessLookupError:
        return


def _how(status: int, *, late: bool) -> str:
    if late:
        return "it was still running when its time was over"
    if os.WIFSIGNALED(status):
        return f"it ended with signal {signal.Signals(os.WTERMSIG(status)).name}"
    code = os.waitstatus_to_exitcode(status)
    return "" if code == 0 else f"it ended with exit status {code}"
