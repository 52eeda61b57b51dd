"""Where a network runs, and what makes its arithmetic repeatable."""

from __future__ import annotations

import os

import torch

from ..errors import SidecarError

# cuBLAS is repeatable only with this, read when CUDA starts.
os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")


def choose_device(name: str) -> torch.device:
    """`auto` is CUDA where there is one, else the CPU; `cuda` without one is an error, never a silent CPU run."""
    if name == "cuda" and not torch.cuda.is_available():
        raise SidecarError(
            "no-cuda", "no CUDA device is available", remedy="Use device auto or cpu, or install a driver for the GPU."
        )
    if name == "cpu" or not torch.cuda.is_available():
        return torch.device("cpu")
    return torch.device("cuda")


def prepare(threads: int) -> None:
    """Repeatable algorithms, and the stated number of threads: sums are split by it."""
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(threads)
