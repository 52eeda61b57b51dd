"""A kind of sidecar for tests that starts and never says hello. It imports nothing that takes time."""

import os
import sys
import time
from pathlib import Path

Path(sys.argv[-1]).write_text(str(os.getpid()), encoding="utf-8")
print("I say nothing", file=sys.stderr, flush=True)
time.sleep(3600)
