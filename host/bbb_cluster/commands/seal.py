"""Makes of a copy of a node what an image may be made of: a machine that knows nothing of that node."""

from __future__ import annotations

from ..bigbluebutton import installed_release
from ..image import secrets, traces
from ..settings import transaction
from ..system import apt, files, request
from ..system.failure import Failure
from ..system.lock import Lock
from ..system.progress import report

NAME = "seal"
# cloud-init makes it on a copy, as its user data says, and it is gone with the next start.
COPY = "/run/bbb-cluster-copy"
MOST_NAMED = 5


def seal(data: dict, _digest: str) -> dict:
    """Takes the node's secrets, keys, ids and data away, and proves it; what is merely installed stays."""
    request.only(data, ())
    if not files.exists(COPY):
        raise Failure("this machine is no copy of a node that may be emptied: `npm run image` makes one")
    release = installed_release.installed()
    if release is None:
        raise Failure("BigBlueButton is not installed here, so that an image of it would be of no use")
    with Lock(NAME):
        report("stopping services")
        traces.stop_services()
        apt.wait_until_idle()
        known = secrets.known()
        transaction.recover()
        traces.give_up_settings()
        report("removing the packages that have secrets")
        traces.purge_packages()
    report("removing keys, certificates, data and logs")
    traces.remove()
    report("looking for secrets that are left")
    left = secrets.left(known)
    if left:
        raise Failure(
            f"a secret of the node is still in {', '.join(left[:MOST_NAMED])}: no image is made of it; "
            "take it away there on the node, if somebody has put it there"
        )
    traces.give_back_space()
    return {"sealed": True, "release": release, "secrets": len(known)}
