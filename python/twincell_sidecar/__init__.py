"""The Python side of the bridge: a process that answers typed calls from TypeScript.

`server` runs handlers, `protocol` and `arrow` turn messages into frames and back, `schemas` checks them against the
files in `schemas/`. What is computed lives in the sub-packages `neuron` and `torch`; this package knows neither.
"""
