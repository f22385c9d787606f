"""Extra CA certificates that this machine trusts."""

from __future__ import annotations

import os
import re
import ssl

from ..system import files, paths, processes
from ..system.failure import Failure
from ..system.files import Change
from ..system.progress import report

FOLDER = "/usr/local/share/ca-certificates/bbb-cluster"
DONE = f"{paths.STATE}/ca-certificates.done"
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def certificates(texts: list[str]) -> list[bytes]:
    """The single certificates in a list of PEM texts; a Failure says which text is not one."""
    found = []
    for number, text in enumerate(texts, 1):
        try:
            contents = [ssl.PEM_cert_to_DER_cert(part) for part in _PEM.findall(text)]
        except ValueError:
            contents = []
        found += [ssl.DER_cert_to_PEM_cert(content).encode("ascii") for content in contents]
        if not all(contents or [b""]):
            raise _no_certificate(number)
    return list(dict.fromkeys(found))


def _no_certificate(number: int) -> Failure:
    return Failure(f"extra CA certificate {number} is not a PEM certificate (-----BEGIN CERTIFICATE----- …)")


def _is_whole(content: bytes) -> bool:
    """Whether OpenSSL can read it: beside one that it cannot, programs trust none of the machine's others."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=content.decode("ascii"))
    except (ValueError, ssl.SSLError):
        return False
    return True


def trust(wanted: list[bytes]) -> None:
    """Makes the machine trust exactly these extra CA certificates."""
    if are_trusted(wanted):
        return
    for number, content in enumerate(wanted, 1):
        if not _is_whole(content):
            raise _no_certificate(number)
    report(f"trusting {len(wanted)} extra CA certificate{'' if len(wanted) == 1 else 's'}")
    for name in _names() - set(_by_name(wanted)):
        files.write(Change(f"{FOLDER}/{name}", None))
    for name, content in _by_name(wanted).items():
        files.ensure(f"{FOLDER}/{name}", content)
    # Without it, one that has the file name of an earlier one gets no link by its hash, by which programs look for it.
    processes.run_checked(["update-ca-certificates", "--fresh"], "the CA certificates cannot be installed", 300)
    # Written last: a run killed before this is repeated.
    files.ensure(DONE, b"".join(wanted), 0o600)


def are_trusted(wanted: list[bytes]) -> bool:
    """Whether the machine trusts exactly these extra CA certificates."""
    by_name = _by_name(wanted)
    return (
        _names() == set(by_name)
        and all(_content(f"{FOLDER}/{name}") == content for name, content in by_name.items())
        and _content(DONE) == b"".join(wanted)
    )


def _by_name(wanted: list[bytes]) -> dict[str, bytes]:
    return {f"{number:02}.crt": content for number, content in enumerate(wanted, 1)}


def _names() -> set[str]:
    folder = paths.on_host(FOLDER)
    return set(os.listdir(folder)) if os.path.isdir(folder) else set()


def _content(path: str) -> bytes:
    current = files.read(path)
    return current.content if current else b""
