"""Whom this machine trusts: extra CA certificates, and the ACME server that certbot asks."""

from __future__ import annotations

import os
import re
import ssl

from ..settings import plan, records, transaction
from ..settings.apply import with_records, write_only
from ..settings.manifest import Wanted
from ..system import apt, files, paths, processes
from ..system.failure import Failure
from ..system.files import Change
from ..system.progress import say

FOLDER = "/usr/local/share/ca-certificates/bbb-cluster"
DONE = f"{paths.STATE}/ca-certificates.done"
CLI_INI = "/etc/letsencrypt/cli.ini"
SCOPE = "trust"
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def certificates(texts: list[str]) -> list[bytes]:
    """The single certificates in a list of PEM texts; a Failure says which text is not one."""
    found = []
    for number, text in enumerate(texts, 1):
        try:
            parts = _PEM.findall(text)
            found += [ssl.DER_cert_to_PEM_cert(ssl.PEM_cert_to_DER_cert(part)).encode("ascii") for part in parts]
        except ValueError:
            parts = []
        if not parts:
            raise Failure(f"extra CA certificate {number} is not a PEM certificate (-----BEGIN CERTIFICATE----- …)")
    return list(dict.fromkeys(found))


def trust(wanted: list[bytes]) -> None:
    """Makes the machine trust exactly these extra CA certificates."""
    names = {f"{number:02}.crt": content for number, content in enumerate(wanted, 1)}
    folder = paths.on_host(FOLDER)
    stale = sorted(set(os.listdir(folder)) - set(names)) if os.path.isdir(folder) else []
    changed = [name for name, content in names.items() if _differs(f"{FOLDER}/{name}", content)]
    done = b"".join(wanted)
    stood = files.read(DONE)
    if not stale and not changed and (stood.content if stood else b"") == done:
        return
    say(f"trusting {len(names)} extra CA certificate{'' if len(names) == 1 else 's'}")
    for name in stale:
        files.write(Change(f"{FOLDER}/{name}", None))
    for name in changed:
        files.write(Change(f"{FOLDER}/{name}", names[name], 0o644, *files.owner_ids("root:root")))
    fresh = ["--fresh"] if stale else []
    processes.must(["update-ca-certificates", *fresh], "the CA certificates cannot be installed", 300)
    # Written last: a run killed before this is repeated.
    files.write(Change(DONE, done, 0o600, *files.owner_ids("root:root")))


def _differs(path: str, content: bytes) -> bool:
    found = files.read(path)
    return found is None or found.content != content


def ask_acme_server(directory: str | None) -> None:
    """Makes certbot ask this ACME server (null: Let's Encrypt); everything else in its file stays."""
    wanted = []
    if directory:
        # Before the file: dpkg would stop and ask about a configuration file that is there before its package.
        apt.install(["certbot"])
        wanted = [Wanted(CLI_INI, "properties", {"server": directory}, [], 0o644, "root:root", ())]
    pending = transaction.recover()
    scopes = records.load()
    made = plan.make(wanted, scopes.get(SCOPE, {}))
    if made.changes:
        say(f"certbot will ask {directory or 'Let’s Encrypt'}")
    changes = with_records(made.changes, {SCOPE: made.records}, scopes)
    if changes:
        write_only(changes, pending)
