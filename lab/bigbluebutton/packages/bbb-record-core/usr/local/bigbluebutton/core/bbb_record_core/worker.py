"""bbb-rap-resque-worker: one step after the other, as bigbluebutton.yml strings them together."""

import os
import shutil
import subprocess
import time

import yaml
from bbb_common.places import place
from bbb_common.redis import redis

from bbb_record_core import events, queue, recording
from bbb_record_core.places import BASE, HOLD, RECORDING, flag

SETTINGS = place("/usr/local/bigbluebutton/core/scripts/bigbluebutton.yml")
OWN_SETTINGS = place("/etc/bigbluebutton/recording/recording.yml")
SCRIPTS = place("/usr/local/bigbluebutton/core/scripts")


def settings():
    """What is configured; an administrator's own file stands above the package's, key by key."""
    read = {}
    for path in (SETTINGS, OWN_SETTINGS):
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                read.update(yaml.safe_load(file) or {})
    return read


class Worker:
    """Takes jobs from the queue."""

    def __init__(self):
        self._queue = queue.Registered()

    def work(self):
        """Does all that is queued."""
        while job := self._queue.next():
            step, meeting = job
            try:
                self._do(step, meeting)
            # As resque: a job that fails is noted, and the next one comes.
            except Exception as error:
                self._queue.failed(step, meeting, error)
            finally:
                self._queue.done()

    def _do(self, step, meeting):
        while os.path.exists(f"{HOLD}/{step.partition(':')[0]}"):
            time.sleep(0.1)
        configured = settings()
        kind, _, name = step.partition(":")
        if getattr(self, f"_{kind}")(meeting, name, configured) is False:
            return
        then = configured.get("steps", {}).get(step) or []
        for following in then if isinstance(then, list) else [then]:
            queue.enqueue(following, meeting)
        # After its flag, and still within the same job.
        hook = {"sanity": "post_archive", "process": "post_process", "publish": "post_publish"}.get(kind)
        if hook:
            run_hooks(hook, meeting, name)

    def _archive(self, meeting, _name, _settings):
        """Copies what there is; where nobody pressed the button that is all."""
        marked = events.write(meeting, f"{RECORDING}/raw/{meeting}")
        flag("archived", f"{meeting}.{'done' if marked else 'norecord'}")
        return marked

    def _sanity(self, meeting, _name, _settings):
        flag("sanity", f"{meeting}.done")
        redis("del", f"meeting:info:{meeting}", f"meeting:{meeting}:recordings")

    def _captions(self, _meeting, _name, _settings):
        """Leaves no flag."""

    def _process(self, meeting, name, _settings):
        target = f"{RECORDING}/process/{name}/{meeting}"
        os.makedirs(target, exist_ok=True)
        shutil.copy(f"{RECORDING}/raw/{meeting}/events.xml", target)
        flag("processed", f"{meeting}-{name}.done")

    def _publish(self, meeting, name, configured):
        recording.publish(meeting, name, configured)
        flag("published", f"{meeting}-{name}.done")

    def _events(self, meeting, _name, _settings):
        """Of a meeting that was not to be recorded, but whose events are kept."""
        events.write(meeting, f"{BASE}/events/{meeting}")
        redis("del", f"meeting:info:{meeting}", f"meeting:{meeting}:recordings")


def run_hooks(kind, meeting, name):
    """Scripts of others, in their order; one that fails is a line in the log."""
    folder = f"{SCRIPTS}/{kind}"
    scripts = sorted(os.listdir(folder)) if os.path.isdir(folder) and shutil.which("ruby") else []
    for script in scripts:
        if script.endswith(".rb"):
            options = ["-m", meeting, *(["-f", name] if name else [])]
            done = subprocess.run(["ruby", f"{folder}/{script}", *options], cwd=SCRIPTS, check=False)
            print(f"{kind} {script}: exit status {done.returncode}", flush=True)
