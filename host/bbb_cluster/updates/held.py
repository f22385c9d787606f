"""What BigBlueButton is or stands on: nothing of it is touched while people may be on a node."""

from __future__ import annotations

BIGBLUEBUTTON = "BigBlueButton itself: its patches come with `release`"
RESTARTS = "its upgrade restarts it"
RUNTIME = "its programs run BigBlueButton and load more of their files as they go"
SYSTEM = "its upgrade restarts the network's services"
# By what the names of packages, and of their units, begin with.
HELD = {
    "bbb-": BIGBLUEBUTTON,
    "bigbluebutton": BIGBLUEBUTTON,
    "freeswitch": BIGBLUEBUTTON,
    "livekit": BIGBLUEBUTTON,
    "etherpad": BIGBLUEBUTTON,
    "kurento": BIGBLUEBUTTON,
    "redis": RESTARTS,
    "postgresql": RESTARTS,
    "mongo": RESTARTS,
    "haproxy": RESTARTS,
    "coturn": RESTARTS,
    "nginx": RESTARTS,
    "libnginx-mod-": "its upgrade restarts nginx",
    "docker": RESTARTS,
    "containerd": RESTARTS,
    "runc": "containers are started by it",
    "openjdk-": RUNTIME,
    "nodejs": RUNTIME,
    "libnode": RUNTIME,
    "ruby": RUNTIME,
    "libruby": RUNTIME,
    "systemd": SYSTEM,
    "libsystemd": SYSTEM,
    "libpam-systemd": SYSTEM,
    "libnss-systemd": SYSTEM,
    "udev": SYSTEM,
    "libudev": SYSTEM,
}


def is_held(name: str) -> bool:
    """Whether a package, or a unit, has to wait until the node is empty."""
    return name.startswith(tuple(HELD))
