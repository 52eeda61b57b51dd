"""What is no morphology is said with its line, before NEURON reads it."""

from __future__ import annotations

import pytest

from twincell_sidecar.neuron.morphology_text import problem_in

SWC = b"# a soma and a dendrite\n1 1 0 0 0 5 -1\n2 3 0 10 0 1 1\n3 3 0 20 0 1 2\n"
ASC = b"""; a comment with ) and "
("Cell (body" (Color RGB (255, 255, 128)) (CellBody)
  (1 2 3 0.5 S1) ; 1
  (-1.5e0 2 .5 0.5)
)
( (Dendrite) (0 0 0 1) ( (1 1 1 1) | (2 2 2 1) ) ) <(3 3 3 1)>
"""


@pytest.mark.parametrize(("suffix", "text"), [(".swc", SWC), (".asc", ASC), (".swc", SWC.replace(b"\n", b"\r\n"))])
def test_whole_files_have_no_problem(suffix: str, text: bytes) -> None:
    assert problem_in(suffix, text) is None


@pytest.mark.parametrize(
    ("suffix", "text", "line", "words"),
    [
        (".asc", b" \n\n", None, "empty"),
        (".asc", b"(\n\0)", 2, "not a text"),
        (".asc", ASC + b")", 7, "never opened"),
        (".asc", ASC + b"\n(\n(Axon)", 8, "never closed"),
        (".asc", ASC.replace(b"0.5 S1)", b"0.5 S1"), 3, "point"),
        (".asc", ASC.replace(b'body"', b"body"), 2, "string"),
        (".swc", b"# nothing but a comment\n", None, "no points"),
        (".swc", SWC + b"4 3 0 30 0 1\n", 5, "seven numbers"),
        (".swc", SWC + b"4 3 0 thirty 0 1 3\n", 5, "thirty"),
        (".swc", SWC + b"4 3 0 nan 0 1 3\n", 5, "not finite"),
        (".swc", SWC + b"3 3 0 30 0 1 3\n", 5, "second time"),
        (".swc", SWC + b"4 3 0 30 0 1 9\n", 5, "point 9"),
        (".swc", SWC + b"7 3 0 30 0 1 3\n6 3 0 40 0 1 3\n", 6, "rising id"),
        (".swc", SWC + b"4 3 0 30 0 1 5\n5 3 0 40 0 1 4\n", 5, "ancestors"),
    ],
)
def test_the_first_problem_is_named_with_its_line(suffix: str, text: bytes, line: int | None, words: str) -> None:
    problem = problem_in(suffix, text)
    assert problem is not None
    assert problem[0] == line
    assert words in problem[1]
