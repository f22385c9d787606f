"""The certificate that this machine serves, which need not be the one on its disk."""

from __future__ import annotations

import contextlib
import datetime
import socket
import ssl

from ..system import processes
from ..system.metric import Metric

SECONDS = 5
PORT = 443
LOCAL = {"ipv4": "127.0.0.1", "ipv6": "::1"}


def metrics(hostname: str) -> list[Metric]:
    """Until when it is valid, over each protocol, and whether there is one."""
    found = []
    for family, address in LOCAL.items():
        labels = {"port": str(PORT), "family": family}
        ends = _end(hostname, address)
        found.append(Metric("bbb_cluster_certificate_served", float(ends is not None), labels))
        if ends is not None:
            found.append(Metric("bbb_cluster_certificate_expiry_timestamp_seconds", ends, labels))
    return found


def _end(hostname: str, address: str) -> float | None:
    # Whoever certified it: an untrusted one has an end, too.
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with contextlib.suppress(OSError, ValueError):
        plain = socket.create_connection((address, PORT), SECONDS)
        with plain, context.wrap_socket(plain, server_hostname=hostname) as served:
            certificate = ssl.DER_cert_to_PEM_cert(served.getpeercert(binary_form=True) or b"")
        shown = processes.run(["openssl", "x509", "-noout", "-enddate"], 10, given=certificate).out
        ends = datetime.datetime.strptime(shown.strip(), "notAfter=%b %d %H:%M:%S %Y GMT")
        return ends.replace(tzinfo=datetime.timezone.utc).timestamp()
    return None
