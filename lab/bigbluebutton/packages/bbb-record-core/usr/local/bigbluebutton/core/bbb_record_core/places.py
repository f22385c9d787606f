"""Where recordings and the flags of their steps lie."""

import os

from bbb_common.places import place

BASE = place("/var/bigbluebutton")
RECORDING = f"{BASE}/recording"
STATUS = f"{RECORDING}/status"
# A test puts a file here, named as a step, to have the worker wait before it.
HOLD = f"{RECORDING}/hold"


def flag(step, name):
    """Writes the flag of a step."""
    path = f"{STATUS}/{step}/{name}"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="ascii"):
        pass


def has_flag(step, name):
    """Whether a step has written its flag."""
    return os.path.exists(f"{STATUS}/{step}/{name}")
