"""
Drains this node: it takes no new meetings while running ones go on.

nginx answers `create` itself, unless the meeting runs (frontends create again whenever somebody joins). It looks at
files, so that no reload is needed when a meeting ends, and at this process: whatever ends it opens the node again.
"""

from __future__ import annotations

import os
import shutil
import urllib.parse

from ..system import curl, files, nginx, paths
from ..system.failure import Failure, message
from ..system.files import Change
from ..system.progress import report
from ..system.waiting import wait_while
from . import api
from .meetings import Meeting

CONF = "/etc/bigbluebutton/nginx/bbb-cluster-closed.nginx"
# In memory: after a reboot another process may have our number.
FOLDER = "/run/bbb-cluster/closed"
FLAG = f"{FOLDER}/flag"
RUNNING = f"{FOLDER}/running"
LONGEST = 200
PROBE_SECONDS = 10
ANSWER = (
    "<response><returncode>FAILED</returncode><messageKey>nodeClosed</messageKey>"
    "<message>This server is about to be updated and takes no new meetings.</message></response>"
)
TEMPLATE = """\
# Written by bbb-cluster while it waits for meetings to end; without process {pid} it says nothing and may be removed.
set $bbb_cluster_create "";
if ($uri = /bigbluebutton/api/create) {{ set $bbb_cluster_create "create"; }}
if (-f {flag}) {{ set $bbb_cluster_create "${{bbb_cluster_create}} closed"; }}
if (-d /proc/{pid}) {{ set $bbb_cluster_create "${{bbb_cluster_create}} alive"; }}
set $bbb_cluster_meeting $arg_meetingid;
if ($arg_meetingid ~ "^(?<bbb_cluster_begin>.{{{longest}}})") {{ set $bbb_cluster_meeting $bbb_cluster_begin; }}
if (-f {running}/id-$bbb_cluster_meeting) {{ set $bbb_cluster_create ""; }}
if ($bbb_cluster_create = "create closed alive") {{ rewrite ^ /bbb-cluster-closed last; }}
location = /bbb-cluster-closed {{
  internal;
  default_type text/xml;
  return 200 "{answer}";
}}
"""


def close(running: list[Meeting]) -> None:
    """Refuses new meetings from now on; Failure when that cannot be proved, and then the node is open."""
    text = TEMPLATE.format(pid=os.getpid(), flag=FLAG, running=RUNNING, longest=LONGEST, answer=ANSWER)
    try:
        os.makedirs(paths.on_host(RUNNING), exist_ok=True)
        let_on(running)
        _touch(paths.on_host(FLAG))
        files.ensure(CONF, text.encode("ascii"))
        nginx.reload()
        _prove()
    except (Failure, OSError) as error:
        reopen()
        raise Failure(f"this node cannot be closed to new meetings: {message(error)}") from None


def let_on(running: list[Meeting]) -> None:
    """Lets exactly these meetings be created again, which does nothing to a meeting that runs."""
    folder = paths.on_host(RUNNING)
    wanted = {f"id-{name}" for meeting in running for name in spellings(meeting.id)}
    for name in set(os.listdir(folder)) - wanted:
        os.unlink(os.path.join(folder, name))
    for name in wanted:
        _touch(os.path.join(folder, name))


def spellings(meeting_id: str) -> set[str]:
    """How frontends write a meeting's id in a query, as far as nginx looks: it does not decode."""
    found = set()
    for kept in ("", "*", "!'()*", "!'()*@:,;$"):
        for quote in (urllib.parse.quote, urllib.parse.quote_plus):
            upper = quote(meeting_id, safe=kept)
            for text in (upper, upper.replace("~", "%7E")):
                parts = text.split("%")
                lower = parts[0] + "".join("%" + part[:2].lower() + part[2:] for part in parts[1:])
                found |= {text[:LONGEST], lower[:LONGEST]}
    return found


def reopen() -> None:
    """Takes new meetings again; also clears up after a run that was killed."""
    if not files.exists(CONF) and not files.exists(FOLDER):
        return
    # First what nginx sees without a reload.
    shutil.rmtree(paths.on_host(FOLDER), ignore_errors=True)
    try:
        files.write(Change(CONF, None))
        nginx.reload()
    except (Failure, OSError) as error:
        report(f"this node takes new meetings again, but nginx still has {CONF}: {message(error)}")


def _touch(path: str) -> None:
    with open(path, "wb"):
        pass


def _prove() -> None:
    def open_still() -> str:
        answer = curl.get(f"{api.URL}/create?meetingID=bbb-cluster-{os.getpid()}", insecure=True, json=False)
        return "" if "nodeClosed" in answer.body else "open"

    if wait_while(open_still, PROBE_SECONDS, 1):
        raise Failure("nginx lets `create` through; has its site another file than /etc/bigbluebutton/nginx/*.nginx?")
