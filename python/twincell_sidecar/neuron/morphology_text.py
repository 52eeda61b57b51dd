"""A first look at a morphology file's text, with line numbers.

Import3d ends the whole process on some broken files (an SWC point without its parent, for one) and goes on silently on
others. What is found here never reaches it.
"""

from __future__ import annotations

import math
import re
from typing import Literal

Problem = tuple[int | None, str]
_Inside = Literal["nothing", "point", "other"]

_SWC_FIELDS = 7
_ASC_TOKEN = re.compile(r'"[^"]*"|"|;.*|[()]|[^\s()";,|<>]+')
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")


def problem_in(suffix: str, data: bytes) -> Problem | None:
    """Find the first thing that makes a file no morphology: its line (from 1) and what is wrong there."""
    if not data.strip():
        return None, "the file is empty"
    if b"\0" in data:
        return data[: data.index(b"\0")].count(b"\n") + 1, "it is not a text file"
    text = data.decode("latin-1")
    return _asc_problem(text) if suffix == ".asc" else _swc_problem(text)


def _asc_problem(text: str) -> Problem | None:
    """Check that strings and parentheses close, and that a point, which begins with a number, ends on its own line."""
    opened: list[tuple[int, _Inside]] = []  # the line of each open parenthesis, and what it has inside
    for number, line in enumerate(text.splitlines(), start=1):
        for mark in _ASC_TOKEN.findall(line):
            if mark == '"':
                return number, "a string is not closed"
            if mark.startswith(";"):
                break
            if mark == ")":
                if not opened:
                    return number, "a parenthesis is closed that was never opened"
                opened.pop()
                continue
            if mark == "(" and opened and opened[-1][1] == "point" and opened[-1][0] != number:
                return opened[-1][0], "a point is opened here and not closed"
            if opened and opened[-1][1] == "nothing":
                opened[-1] = (opened[-1][0], "point" if _NUMBER.fullmatch(mark) else "other")
            if mark == "(":
                opened.append((number, "nothing"))
    if opened:
        return opened[-1][0], "a parenthesis is opened here and never closed"
    return None


def _swc_problem(text: str) -> Problem | None:
    """Check that every point has its seven numbers and a parent, and that parents lead to a root."""
    parents: dict[int, int] = {}
    lines: dict[int, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        fields = line.split("#", 1)[0].split()
        if not fields:
            continue
        if len(fields) < _SWC_FIELDS:
            return number, f"a point has seven numbers (id, type, x, y, z, radius, parent); here are {len(fields)}"
        try:
            values = [float(field) for field in fields[:_SWC_FIELDS]]
        except ValueError:
            return number, f"a point has seven numbers, but here stands: {line.strip()[:60]}"
        if not all(math.isfinite(value) for value in values):
            return number, "a number is not finite"
        point, parent = int(values[0]), int(values[6])
        misplaced = _misplaced(point, parents)
        if misplaced is not None:
            return number, misplaced
        parents[point] = parent
        lines[point] = number
    if not parents:
        return None, "it has no points"
    return _parent_problem(parents, lines)


def _misplaced(point: int, before: dict[int, int]) -> str | None:
    """Say why a point cannot follow those before it: NEURON's own sorting of a file ends the process."""
    if point in before:
        return f"point {point} stands here for the second time"
    last = next(reversed(before), point)
    if point < last:
        return f"point {point} stands after point {last}; NEURON reads points by rising id only"
    return None


def _parent_problem(parents: dict[int, int], lines: dict[int, int]) -> Problem | None:
    rooted: set[int] = set()
    for point in parents:
        way: list[int] = []
        here = point
        while here not in rooted and parents[here] >= 0:
            way.append(here)
            here = parents[here]
            if here not in parents:
                return lines[way[-1]], f"the parent of point {way[-1]} is point {here}, which the file does not have"
            if len(way) > len(parents):
                return lines[here], f"point {here} is among its own ancestors"
        rooted.update(way)
        rooted.add(here)
    return None
