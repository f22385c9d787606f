"""The checksum of a call of BigBlueButton's API, which load balancers speak, too."""

from __future__ import annotations

import hashlib

# Every release takes SHA-256, unless the administrator says otherwise.
ALGORITHM = "sha256"


def checksum(name: str, query: str, secret: str, algorithm: str = ALGORITHM) -> str:
    """Of a call's name and query, without `checksum=` in it."""
    return hashlib.new(algorithm, f"{name}{query}{secret}".encode()).hexdigest()
