"""Where there is no torch, the tests of its side are left out, and the report's first lines say so."""

from __future__ import annotations

from importlib.util import find_spec

_TORCH = find_spec("torch") is not None

collect_ignore_glob = [] if _TORCH else ["test_torch_*.py"]


def pytest_report_header() -> list[str]:
    """What is left out, and why."""
    return [] if _TORCH else ["test_torch_*.py are left out: the torch environment is not installed"]
