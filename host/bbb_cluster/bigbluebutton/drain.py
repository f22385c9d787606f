"""
Drains this node: it takes no new meetings while running ones go on.

nginx asks a responder in this process about each `create`; where nobody answers it lets everything through, so that
whatever ends the process opens the node again.
"""

from __future__ import annotations

import os
import shutil

from ..system import curl, files, nginx, paths
from ..system.failure import Failure, message
from ..system.files import Change
from ..system.progress import report
from ..system.waiting import wait_while
from . import api
from .meetings import Meeting
from .responder import CONTENT_TYPE, Responder

CONF = "/etc/bigbluebutton/nginx/bbb-cluster-closed.nginx"
# In memory: a reboot opens the node.
FOLDER = "/run/bbb-cluster/closed"
SOCKET = f"{FOLDER}/socket"
PASSING = "@bbb_cluster_create"
PROBE_SECONDS = 10
# bbb-web takes `create`, `create/`, `create/x` and `create.xml` for the same. A named location keeps method and body,
# and on leaving it the server's own rewrites are not gone through again: BigBlueButton's location gets the request.
TEMPLATE = """\
# Written by bbb-cluster while it waits for meetings to end; when process {pid} is gone it may be removed.
rewrite "^/bigbluebutton/api/create(?![A-Za-z0-9_])" /bbb-cluster-create last;
location = /bbb-cluster-create {{
  internal;
  client_max_body_size 100m;
  proxy_pass http://unix:{socket}:/;
  proxy_set_header Content-Type "";
  proxy_set_header {content_type} $content_type;
  proxy_read_timeout 10s;
  error_page 502 504 = {passing};
}}
location {passing} {{
  rewrite ^ /bigbluebutton/api/create last;
}}
"""

_responder: Responder | None = None


def close(running: list[Meeting]) -> None:
    """Refuses new meetings from now on; Failure when that cannot be proved, and then the node is open."""
    global _responder
    socket = paths.on_host(SOCKET)
    try:
        os.makedirs(paths.on_host(FOLDER), exist_ok=True)
        _responder = Responder(socket, PASSING, (meeting.id for meeting in running))
        text = TEMPLATE.format(pid=os.getpid(), socket=socket, passing=PASSING, content_type=CONTENT_TYPE)
        files.ensure(CONF, text.encode("utf-8"))
        nginx.reload()
        _prove()
    except (Failure, OSError) as error:
        reopen()
        raise Failure(f"this node cannot be closed to new meetings: {message(error)}") from None


def let_on(running: list[Meeting]) -> None:
    """Lets exactly these meetings be created again, which does nothing to a meeting that runs."""
    if _responder:
        _responder.let_on(meeting.id for meeting in running)


def reopen() -> None:
    """Takes new meetings again; also clears up after a run that was killed."""
    global _responder
    if _responder:
        _responder.stop()
        _responder = None
    if not files.exists(CONF) and not files.exists(FOLDER):
        return
    # First what nginx sees without a reload.
    shutil.rmtree(paths.on_host(FOLDER), ignore_errors=True)
    try:
        files.write(Change(CONF, None))
        nginx.reload()
    except (Failure, OSError) as error:
        report(f"this node takes new meetings again, but nginx still has {CONF}: {message(error)}")


def _prove() -> None:
    def open_still() -> str:
        answer = curl.get(f"{api.URL}/create?meetingID=bbb-cluster-{os.getpid()}", insecure=True, json=False)
        return "" if "nodeClosed" in answer.body else "open"

    if wait_while(open_still, PROBE_SECONDS, 1):
        raise Failure("nginx lets `create` through; has its site another file than /etc/bigbluebutton/nginx/*.nginx?")
