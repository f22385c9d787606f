"""The checksum that protects each call of the API."""

import hashlib
import hmac
import re

_ALGORITHMS = {40: "sha1", 64: "sha256", 96: "sha384", 128: "sha512"}
_CHECKSUM = re.compile(r"(?:^|&)checksum=([^&]*)")


def valid(call, query, secret, supported):
    """Whether the query string, as it was sent, carries the right checksum by an algorithm in `supported`."""
    match = _CHECKSUM.search(query)
    algorithm = _ALGORITHMS.get(len(match[1])) if match else None
    if algorithm not in supported:
        return False
    return hmac.compare_digest(digest(algorithm, call, without_checksum(query), secret), match[1].lower())


def digest(algorithm, call, query, secret):
    """Hex digest over call name, query string and secret."""
    return hashlib.new(algorithm, (call + query + secret).encode()).hexdigest()


def without_checksum(query):
    """The query string without its checksum parameter."""
    return _CHECKSUM.sub("", query).removeprefix("&")
