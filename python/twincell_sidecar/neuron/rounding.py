"""How this process's exp and pow round: what a bit-for-bit comparison hangs on.

glibc has two variants of each on x86-64: with and without fused multiply-add. They differ by one bit in about one of a
thousand arguments, of which a few stand here with the result of the variant without.
"""

from __future__ import annotations

import math

_EXP = (
    ("-1.06894", "0x1.5f9cfcedf71dcp-2"),
    ("3.42355", "0x1.ead99e1b58ef2p+4"),
    ("-19.497406", "0x1.d44479dd3139cp-29"),
    ("-7.904558", "0x1.82fc20cf2094ap-12"),
    ("10.699534", "0x1.5a5e615708486p+15"),
    ("-2.858512", "0x1.d5d8238dc7d58p-5"),
)
# Of 2.3 to a tenth of the number.
_POW = (
    ("3.221223", "0x1.4ec7e3c57df58p+0"),
    ("48.660536", "0x1.cc8cdd696c5fcp+5"),
    ("21.670525", "0x1.851a0c5cfc922p+2"),
    ("58.747525", "0x1.0abdf7cc15f52p+7"),
)


def rounding() -> str:
    """`unfused`: every result is that of glibc without fused operations; `fused` or `other`: not so."""
    exact = [math.exp(float(x)) == float.fromhex(bits) for x, bits in _EXP]
    exact += [math.pow(2.3, float(x) / 10) == float.fromhex(bits) for x, bits in _POW]
    if all(exact):
        return "unfused"
    return "other" if any(exact) else "fused"
