"""Downloads, pinned by their hash."""

from __future__ import annotations

import hashlib
import http.client
import socket
import ssl
import urllib.error
import urllib.request

from . import clock
from .failure import Failure
from .progress import report

TRIES = 3
SECONDS = 60
PAUSE_SECONDS = 10
LARGEST_BYTES = 16 * 1024 * 1024


def fetch(url: str, sha256: str) -> bytes:
    """The file behind a URL if its hash is the expected one; up to three tries."""
    if not url.startswith(("https://", "http://")):
        raise Failure(f"the installer's URL must begin with https://, got `{url}`")
    report(f"downloading {url}")
    for attempt in range(1, TRIES + 1):
        try:
            content = read(url)
            break
        except (OSError, ValueError) as error:
            reason = _reason(error)
            if attempt == TRIES:
                raise Failure(f"{url} cannot be downloaded: {reason}") from None
            report(f"download, try {attempt} of {TRIES}: {reason}")
            clock.sleep(PAUSE_SECONDS)
    got = hashlib.sha256(content).hexdigest()
    if got != sha256.lower():
        raise Failure(
            f"{url} is not the file it should be: expected SHA-256 {sha256}, got {got}; "
            "if its change is wanted, review it and set the new hash in `installer`"
        )
    return content


def read(url: str) -> bytes:
    """The bytes behind a URL."""
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer:
            content = answer.read(LARGEST_BYTES + 1)
            expected = int(answer.headers.get("Content-Length") or len(content))
    except http.client.HTTPException as error:
        raise ConnectionError(f"the answer is no HTTP, or not whole ({type(error).__name__})") from error
    if len(content) < min(expected, LARGEST_BYTES):
        # Python says nothing of it when it is asked for no more than so much.
        raise ConnectionError(f"the connection was closed after {len(content)} of {expected} bytes")
    if len(content) > LARGEST_BYTES:
        raise ValueError("it is larger than 16 MiB")
    return content


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"the server answers with HTTP status {error.code}; look at `installer.url`"
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({cause.verify_message}); add its CA to `extraCaCertificates`"
    if isinstance(cause, socket.gaierror):
        return f"its name is not found ({cause.strerror}); look at the URL and at this machine's DNS"
    if isinstance(cause, (TimeoutError, socket.timeout)):
        return "the server does not answer in time; look at this machine's network"
    return f"{cause}; look at this machine's network"
