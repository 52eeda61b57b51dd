"""A trained twin as one .safetensors file: ordinary weights and one JSON text, nothing that is executed when read.

The JSON stands under the single metadata key `twincell`, because the order of several keys is not fixed and would make
equal twins differ in their bytes. Convolution weights are outputs × inputs × taps with the most recent tap last; the
first layer's smooth filters are stored folded into an ordinary weight.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from ..errors import SidecarError
from .data import SOMA_CLIP, SOMA_OFFSET, Components
from .networks import Architecture, Layer, Twin

FORMAT = 1


@dataclass(frozen=True)
class Checkpoint:
    """What a file holds."""

    twin: Twin
    components: Components | None
    information: dict[str, Any]


def versions() -> dict[str, str]:
    """Versions that the numbers depend on."""
    return {"torch": torch.__version__, "numpy": np.__version__}


def tensors_of(twin: Twin, components: Components | None) -> dict[str, torch.Tensor]:
    """Every number of a twin by its name in the file."""
    tensors: dict[str, torch.Tensor] = {}
    for position in range(len(twin.norms)):
        weight = twin.first_weight() if position == 0 else twin.get_parameter(f"convolutions.{position}.weight")
        tensors[f"layers.{position}.weight"] = weight
        tensors[f"layers.{position}.bias"] = twin.get_parameter(f"convolutions.{position}.bias")
        tensors[f"layers.{position}.norm.scale"] = twin.get_parameter(f"norms.{position}.weight")
        tensors[f"layers.{position}.norm.shift"] = twin.get_parameter(f"norms.{position}.bias")
        tensors[f"layers.{position}.norm.mean"] = twin.get_buffer(f"norms.{position}.running_mean")
        tensors[f"layers.{position}.norm.variance"] = twin.get_buffer(f"norms.{position}.running_var")
    heads = {"spike": twin.spike, "soma": twin.soma, "components": twin.components}
    for name, head in heads.items():
        if head is not None and head.bias is not None:
            tensors[f"heads.{name}.weight"] = head.weight.squeeze(-1)
            tensors[f"heads.{name}.bias"] = head.bias
    if components is not None:
        tensors["pca.mean"] = torch.from_numpy(components.mean).float()
        tensors["pca.directions"] = torch.from_numpy(components.directions).float()
        tensors["pca.scale"] = torch.from_numpy(components.scale).float()
    return {name: value.detach().cpu().contiguous() for name, value in tensors.items()}


def information_of(architecture: Architecture, identity: str, extra: dict[str, Any]) -> dict[str, Any]:
    """The JSON text's content."""
    return {
        "format": FORMAT,
        "identity": identity,
        "channels": architecture.channels,
        "layers": [{"taps": layer.taps, "width": layer.width} for layer in architecture.layers],
        "components": architecture.components,
        "receptiveMs": architecture.receptive,
        "normEpsilon": 1e-5,
        "somaOffset": SOMA_OFFSET,
        "somaClip": SOMA_CLIP,
        "versions": versions(),
        **extra,
    }


def write_checkpoint(path: Path, twin: Twin, components: Components | None, information: dict[str, Any]) -> str:
    """Writes under a temporary name, syncs, renames; gives the sha256 of the bytes."""
    text = json.dumps(information, sort_keys=True, separators=(",", ":"))
    content = save(tensors_of(twin, components), metadata={"twincell": text})
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise SidecarError(
            "checkpoint-unwritable",
            f"{path}: {error.strerror}",
            remedy="Free some space, or choose a folder for the twin that can be written to.",
            path=str(path),
            errno=error.errno or 0,
        ) from error
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return hashlib.sha256(content).hexdigest()


def read_checkpoint(path: Path) -> Checkpoint:
    """A twin ready to predict."""
    try:
        with safe_open(str(path), framework="pt") as file:
            text = (file.metadata() or {}).get("twincell")
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no mapping)
    except (OSError, SafetensorError) as error:
        raise _unreadable(path, f"not a safetensors file: {error}") from error
    information = _information(path, text)
    try:
        layers = tuple(Layer(taps=item["taps"], width=item["width"]) for item in information["layers"])
        twin = Twin(Architecture(information["channels"], layers, information["components"]))
        twin.load_state_dict(_state(tensors, len(layers)))
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise _unreadable(path, f"its weights are not those of the network it describes: {error}") from error
    twin.eval()
    components = None
    if "pca.mean" in tensors:
        mean, directions, scale = (tensors[f"pca.{name}"].double().numpy() for name in ("mean", "directions", "scale"))
        components = Components(mean=mean, directions=directions, scale=scale)
    return Checkpoint(twin=twin, components=components, information=information)


def _unreadable(path: Path, reason: str) -> SidecarError:
    """The error for a file that holds no twin."""
    remedy = "Name the .safetensors file that `twincell train` wrote, or train the twin again with this version."
    return SidecarError("checkpoint-unreadable", f"{path}: {reason}", remedy=remedy, path=str(path))


def _information(path: Path, text: str | None) -> dict[str, Any]:
    """The JSON text's content, of this format."""
    try:
        information = json.loads(text) if text else None
    except ValueError as error:
        raise _unreadable(path, f"its description is not JSON: {error}") from error
    found = information.get("format") if isinstance(information, dict) else None
    if not isinstance(information, dict) or found != FORMAT:
        raise _unreadable(path, f"expected a twincell checkpoint of format {FORMAT}, found {found}")
    return information


def _state(tensors: dict[str, torch.Tensor], layers: int) -> dict[str, torch.Tensor]:
    """The names of the file as the module's own names."""
    state: dict[str, torch.Tensor] = {}
    for position in range(layers):
        state[f"convolutions.{position}.weight"] = tensors[f"layers.{position}.weight"]
        state[f"convolutions.{position}.bias"] = tensors[f"layers.{position}.bias"]
        state[f"norms.{position}.weight"] = tensors[f"layers.{position}.norm.scale"]
        state[f"norms.{position}.bias"] = tensors[f"layers.{position}.norm.shift"]
        state[f"norms.{position}.running_mean"] = tensors[f"layers.{position}.norm.mean"]
        state[f"norms.{position}.running_var"] = tensors[f"layers.{position}.norm.variance"]
        state[f"norms.{position}.num_batches_tracked"] = torch.tensor(0)
    for name in ("spike", "soma", "components"):
        if f"heads.{name}.weight" in tensors:
            state[f"{name}.weight"] = tensors[f"heads.{name}.weight"].unsqueeze(-1)
            state[f"{name}.bias"] = tensors[f"heads.{name}.bias"]
    return state
