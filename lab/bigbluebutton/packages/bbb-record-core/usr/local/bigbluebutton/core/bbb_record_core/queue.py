"""The queue in redis, as resque keeps it: a list for each kind of step, and what each worker does now."""

import json
import os
import socket

from bbb_common.redis import redis

# A worker looks into them in this order.
KINDS = ("archive", "publish", "process", "sanity", "captions", "events")
# So long it waits for a job, and asks no more often.
WAIT_SECONDS = 2


def enqueue(step, meeting):
    """Adds a step such as `sanity` or `publish:video` for a meeting."""
    kind, _, name = step.partition(":")
    arguments = {"meeting_id": meeting, **({"format_name": name} if name else {})}
    job = {"class": f"BigBlueButton::Resque::{kind.title()}Worker", "args": [arguments]}
    redis("sadd", "resque:queues", f"rap:{kind}")
    redis("rpush", f"resque:queue:rap:{kind}", json.dumps(job))


class Registered:
    """A worker that others can see: `work` yields the next job, which is noted until the caller comes for another."""

    def __init__(self):
        self.name = f"{socket.gethostname()}:{os.getpid()}:{','.join(f'rap:{kind}' for kind in KINDS)}"
        self._is_known = False

    def next(self):
        """The step and the meeting of the next job, which is noted as being done; None: there is none for a while."""
        if not self._is_known:
            redis("sadd", "resque:workers", self.name)
            self._is_known = True
        found = redis("blpop", *(f"resque:queue:rap:{kind}" for kind in KINDS), WAIT_SECONDS)
        if len(found) < 2:
            return None
        kind, job = found[0].rpartition(":")[2], json.loads(found[1])
        redis("set", f"resque:worker:{self.name}", json.dumps({"queue": f"rap:{kind}", "payload": job}))
        (arguments,) = job["args"]
        name = arguments.get("format_name")
        return f"{kind}:{name}" if name else kind, arguments["meeting_id"]

    def done(self):
        """It does nothing now."""
        redis("del", f"resque:worker:{self.name}")

    def failed(self, step, meeting, error):
        """Somebody has to look at it."""
        redis("rpush", "resque:failed", json.dumps({"step": step, "meeting_id": meeting, "error": str(error)}))
