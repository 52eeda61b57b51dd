"""Teams' own cells: a hoc template or a Python function, in a file of the model folder.

The folder of models is fixed when the process starts; a message can only name a file inside it.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from ..errors import SidecarError
from .library import captured_output
from .objects import Hoc, HocObject

_loaded_hoc: set[str] = set()


def run_builder(h: Hoc, construction: Mapping[str, Any], folder: str | None, models: str | None) -> HocObject:
    """Build the cell that `file:name` makes, and return what it made.

    hoc: the file is loaded once and `name` is a template made without arguments. python: `name` is a function called
    with `h`; it returns an object that keeps the sections alive. Either may carry SectionLists `somatic`, `axonal`,
    `basal`, `apical`; otherwise sections are known by their names (soma, axon, dend, apic).
    """
    file_name, name = construction["builder"].rsplit(":", 1)
    file = _inside(file_name, folder, models)
    made: Any = None
    with captured_output() as said:
        try:
            if construction["kind"] == "hoc":
                if str(file) not in _loaded_hoc:
                    if not h.load_file(1, str(file)):
                        raise RuntimeError("hoc could not load it")
                    _loaded_hoc.add(str(file))
                template = getattr(h, name, None)
                if template is None:
                    raise _missing(file, name, "template")
                made = template()
            else:
                function = getattr(_module(file), name, None)
                if not callable(function):
                    raise _missing(file, name, "function")
                made = function(h)
        except SidecarError:
            raise
        except Exception as error:
            lines = [line for line in said.getvalue().splitlines() if line.strip()]
            heard = f" ({lines[-1].strip()})" if lines else ""
            raise SidecarError(
                "builder-failed", f"{file}: {name} failed: {error}{heard}", file=str(file), builder=name
            ) from error
    return made


def _inside(file_name: str, folder: str | None, models: str | None) -> Path:
    """Find the builder's file, which must lie in the model's folder, which must lie in the folder of models."""
    if models is None or folder is None:
        raise SidecarError(
            "builder-outside",
            f"{file_name}: a builder needs the folder of models, and none was given when this process started",
            remedy="Name the folder with --models.",
            file=file_name,
        )
    root = Path(models).resolve()
    own = Path(folder).resolve()
    file = (own / file_name).resolve()
    if not own.is_relative_to(root) or not file.is_relative_to(own):
        raise SidecarError(
            "builder-outside",
            f"{file} is not inside {root}; only files there may build a cell",
            remedy="Move the builder into the model folder.",
            file=str(file),
        )
    if not file.is_file():
        raise SidecarError("builder-missing", f"{file}: there is no such file", file=str(file))
    return file


def _module(file: Path) -> ModuleType:
    """Load a Python file once, under a name of its own; files beside it can be imported."""
    name = f"twincell_model_{file.stem}_{abs(hash(str(file)))}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise SidecarError("builder-missing", f"{file}: not a Python file", file=str(file))
    if str(file.parent) not in sys.path:
        sys.path.insert(0, str(file.parent))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.modules[name] = module
    return module


def _missing(file: Path, name: str, kind: str) -> SidecarError:
    return SidecarError(
        "builder-missing",
        f"{file}: it has no {kind} named {name}",
        remedy="Correct construction.builder in the card.",
        file=str(file),
        builder=name,
    )
