"""Which page may open a websocket here."""

from fnmatch import fnmatchcase
from urllib.parse import urlsplit


def allowed(origin, host, cross_origin):
    """Whether `origin` is this server itself (`host`) or its host matches the pattern `cross_origin`, in any case."""
    if not origin:
        return True
    origin_host = urlsplit(origin).netloc.lower()
    if origin_host == host.lower():
        return True
    return bool(cross_origin) and fnmatchcase(origin_host, cross_origin.lower())
