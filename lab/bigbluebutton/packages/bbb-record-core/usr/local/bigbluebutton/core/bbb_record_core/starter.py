"""bbb-rap-starter: begins with the recordings of meetings that have ended, by the flags that bbb-web has written."""

import glob
import os

from bbb_record_core import queue
from bbb_record_core.places import RECORDING, STATUS


def scan():
    """Enqueues the first step for each flag, and takes the flag away."""
    for folder, step in (("recorded", "archive"), ("ended", "events")):
        for path in sorted(glob.glob(f"{STATUS}/{folder}/*.done")):
            meeting = os.path.basename(path).removesuffix(".done")
            if step == "archive":
                os.makedirs(f"{RECORDING}/raw/{meeting}", exist_ok=True)
            queue.enqueue(step, meeting)
            os.unlink(path)
