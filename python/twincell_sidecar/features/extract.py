"""Features of traces, one after the other (their shapes: `src/features/protocol.ts`)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import efel
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..errors import SidecarError
from ..server import Progress, Result

Params = Mapping[str, Any]
Tables = Mapping[str, pa.Table]


def extract(params: Params, tables: Tables) -> Iterator[Progress | Result]:
    """Extract every feature that is asked for, in order, and answer with all of them in one part."""
    wanted = params["features"]
    values: list[list[float | None]] = []
    for index, request in enumerate(wanted):
        yield Progress(index, len(wanted), str(request["feature"]))
        values.append(_feature(request, tables))
    yield Result({"values": values})


def _feature(request: Params, tables: Tables) -> list[float | None]:
    name = str(request["feature"])
    if not efel.feature_name_exists(name):
        raise SidecarError("feature-unknown", f"eFEL has no feature {name}", feature=name)
    trace = request["trace"]
    if trace not in tables:
        raise SidecarError("trace-missing", f"feature {name} is of the trace {trace}, which was not sent", trace=trace)
    voltage: npt.NDArray[np.float64] = tables[trace]["v"].to_numpy()
    # A setting of one feature must not reach the next one.
    efel.reset()
    efel.set_setting("Threshold", float(request["thresholdMv"]))
    measured = efel.get_feature_values(
        [
            {
                "T": np.arange(len(voltage)) * float(request["dtMs"]),
                "V": voltage,
                "stim_start": [float(request["startMs"])],
                "stim_end": [float(request["endMs"])],
            }
        ],
        [name],
        raise_warnings=False,
    )[0][name]
    # eFEL gives nothing where a trace has no such feature: no spike, no width.
    found = [] if measured is None else [float(value) for value in np.atleast_1d(measured)]
    return [value if math.isfinite(value) else None for value in found]
