"""The Python side of `npm run bench`: other simulators on the same cell and input, one process each (see `lane`)."""
