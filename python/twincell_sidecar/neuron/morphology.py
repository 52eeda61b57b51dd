"""A morphology file becomes sections, exactly as NEURON's Import3d makes them, inside a bare hoc template of ours."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ..errors import SidecarError
from .library import captured_output
from .morphology_text import problem_in
from .objects import Hoc, HocObject

# Import3d names sections soma, axon, dend, apic (and dend_5 … for types it does not know) and fills the lists. It works
# through hoc text with eight digits, as every published hoc cell was made; its way through a Python object gives other
# last bits in the soma.
_TEMPLATE = """
begintemplate {template}
public {arrays}, all, {lists}
objref all, {lists}
create {creates}
proc init() {{
    all = new SectionList()
{news}
    forall delete_section()
}}
endtemplate {template}
"""

# By type: what Import3d calls the sections, and their list.
_KNOWN_TYPES = {1: ("soma", "somatic"), 2: ("axon", "axonal"), 3: ("dend", "basal"), 4: ("apic", "apical")}
# More types than any file has; Import3d makes a list for each number between the lowest and the highest.
_MOST_TYPES = 1000

_READERS = {".asc": "Import3d_Neurolucida3", ".swc": "Import3d_SWC_read"}


def import_morphology(h: Hoc, path: str, *, needs_soma: bool = True) -> HocObject:
    """Import `path` and return the cell (a hoc object with `all`, `somatic`, `axonal`, `basal`, `apical`).

    Import3d prints its complaints and goes on with whatever it has; here they are errors with the file and, where
    it says one, the line.
    """
    file = Path(path)
    reader_name = _READERS.get(file.suffix.lower())
    if reader_name is None:
        raise _unreadable(path, None, f"the name should end in .asc or .swc, not {file.suffix or 'nothing'}")
    try:
        problem = problem_in(file.suffix.lower(), file.read_bytes())
    except OSError as error:
        raise _unreadable(path, None, error.strerror or str(error)) from error
    if problem is not None:
        raise _unreadable(path, *problem)

    with captured_output() as said:
        try:
            reader = getattr(h, reader_name)()
            reader.quiet = 1
            reader.input(path)
            if int(reader.sections.count()) == 0:
                raise RuntimeError("no sections were found in it")
            cell = getattr(h, _template_for(h, int(reader.type.min()), int(reader.type.max())))()
            h.Import3d_GUI(reader, 0).instantiate(cell)
        except RuntimeError as error:
            raise _unreadable(path, *_complaint(said.getvalue(), str(error))) from error
    complaints = said.getvalue()
    if re.search(r"(?i)parse error|lexical error|could not open", complaints):
        raise _unreadable(path, *_complaint(complaints, ""))
    if needs_soma and not list(cell.somatic):
        raise _unreadable(path, None, "it has no soma")
    cut = _cut_in_two(list(cell.all), list(cell.somatic))
    if cut is not None:
        raise _unreadable(path, None, f"a radius is 0 in {cut} where the branch goes on: the cell would be cut in two")
    return cell


def _cut_in_two(sections: list[HocObject], somas: list[HocObject]) -> str | None:
    """Name a section with a point without width that is no free end: NEURON imports it, and no current passes there."""
    joints: dict[str, set[float]] = {}
    for section in sections:
        place = section.parentseg()
        if place is not None:
            joints.setdefault(str(place.sec), set()).add(float(place.x))
    # A soma may be drawn by several points that all have no radius.
    skipped = {str(soma) for soma in somas}
    if any(_width(soma, k) > 0 for soma in somas for k in range(int(soma.n3d()))):
        skipped = set()
    for section in sections:
        last = int(section.n3d()) - 1
        here = joints.get(str(section), set())
        for k in range(last + 1):
            if _width(section, k) > 0 or str(section) in skipped:
                continue
            tapers = k == last > 0 and _width(section, k - 1) > 0 and 1.0 not in here
            begins = k == 0 < last and section.parentseg() is None and _width(section, 1) > 0 and 0.0 not in here
            if not tapers and not begins:
                return str(section)
    return None


def _width(section: HocObject, k: int) -> float:
    return float(section.diam3d(k))


def _template_for(h: Hoc, lowest: int, highest: int) -> str:
    """Define, once, the template of cells with these types; a hoc template cannot gain names later."""
    lowest, highest = min(lowest, 1), max(highest, 4)
    if highest - lowest > _MOST_TYPES:
        raise RuntimeError(f"its types reach from {lowest} to {highest}")
    template = f"TwincellCell{'Minus' if lowest < 0 else ''}{abs(lowest)}To{highest}"
    if not hasattr(h, template):
        names = [_names_of(number) for number in range(lowest, highest + 1)]
        lists = [name for _, name in names]
        h(
            _TEMPLATE.format(
                template=template,
                arrays=", ".join(name for name, _ in names),
                lists=", ".join(lists),
                creates=", ".join(f"{name}[1]" for name, _ in names),
                news="\n".join(f"    {name} = new SectionList()" for name in lists),
            )
        )
    return template


def _names_of(number: int) -> tuple[str, str]:
    if number in _KNOWN_TYPES:
        return _KNOWN_TYPES[number]
    return (f"minus_{-number}", f"minus_{-number}set") if number < 0 else (f"dend_{number}", f"dendritic_{number}")


def _complaint(said: str, error: str) -> tuple[int | None, str]:
    """Take the line and the gist from what Import3d printed."""
    found = re.search(r"(?i)line (\d+)(?::\s*(.*))?", said)
    line = int(found.group(1)) if found else None
    if re.search(r"(?i)parse error", said):
        excerpt = (found.group(2) or "").strip() if found else ""
        return line, f"NEURON's Import3d could not parse it{': ' + excerpt if excerpt else ''}"
    gist = " ".join(said.split())[:200] or error
    return line, f"NEURON's Import3d could not read it: {gist}"


def _unreadable(path: str, line: int | None, reason: str) -> SidecarError:
    where = path if line is None else f"{path}:{line}"
    details: dict[str, Any] = {"file": path} if line is None else {"file": path, "line": line}
    return SidecarError(
        "morphology-unreadable",
        f"{where}: {reason}",
        remedy="Check that the file is a whole Neurolucida .asc or .swc file that NEURON's own import reads.",
        reason=reason,
        **details,
    )
