"""What nginx is told while this node takes no new meetings: to ask a responder about each `create`."""

from __future__ import annotations

import os

from ..system import curl, files, nginx, paths
from ..system.failure import Failure
from ..system.files import Change
from ..system.waiting import wait_while
from . import api
from .responder import CONTENT_TYPE

CONF = "/etc/bigbluebutton/nginx/bbb-cluster-closed.nginx"
PASSING = "@bbb_cluster_create"
PROBE_SECONDS = 10
# bbb-web takes `create`, `create/`, `create/x` and `create.xml` for the same. A named location keeps method and body,
# and on leaving it the server's own rewrites are not gone through again: BigBlueButton's location gets the request.
# Where nobody answers everything passes.
TEMPLATE = """\
# Written by bbb-cluster while this node takes no new meetings: `bbb-cluster occupancy` says why.
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


def write(socket: str) -> None:
    """Has nginx ask at that socket, if it does not yet."""
    text = TEMPLATE.format(socket=paths.on_host(socket), passing=PASSING, content_type=CONTENT_TYPE)
    if files.ensure(CONF, text.encode("utf-8")):
        nginx.reload()


def remove() -> None:
    """Has nginx ask nobody, if it does."""
    if files.exists(CONF):
        files.write(Change(CONF, None))
        nginx.reload()


def prove() -> None:
    """Failure when nginx lets new meetings through."""

    def open_still() -> str:
        answer = curl.get(f"{api.URL}/create?meetingID=bbb-cluster-{os.getpid()}", insecure=True, json=False)
        return "" if "nodeClosed" in answer.body else "open"

    if wait_while(open_still, PROBE_SECONDS, 0.2):
        raise Failure("nginx lets `create` through; has its site another file than /etc/bigbluebutton/nginx/*.nginx?")
