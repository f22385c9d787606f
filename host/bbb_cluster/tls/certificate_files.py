"""A certificate as certbot keeps it: whether nginx could load it, until when it is valid, and how it is given up."""

from __future__ import annotations

import os
import re
import shutil

from ..settings.comparison import Finding
from ..system import paths, processes

FOLDER = "/etc/letsencrypt"


def chain_of(hostname: str) -> str:
    """The certificate with its intermediates."""
    return f"{FOLDER}/live/{hostname}/fullchain.pem"


def key_of(hostname: str) -> str:
    """Its private key."""
    return f"{FOLDER}/live/{hostname}/privkey.pem"


def flaw(chain: str, key: str) -> Finding | None:
    """What keeps nginx from loading a certificate and its key."""
    for path in (chain, key):
        # Both are links, which may lead nowhere.
        if not os.path.exists(paths.on_host(path)):
            return Finding(path, "missing")
    in_chain = processes.run(["openssl", "x509", "-noout", "-pubkey", "-in", paths.on_host(chain)])
    in_key = processes.run(["openssl", "pkey", "-pubout", "-in", paths.on_host(key)])
    # Of the first certificate alone; a disk that was full has cut off one that follows, and nginx reads them all.
    whole = processes.run(["openssl", "crl2pkcs7", "-nocrl", "-certfile", paths.on_host(chain)])
    if in_chain.status != 0 or whole.status != 0:
        return Finding(chain, "unreadable", found="it is no certificate")
    if in_key.status != 0 or in_key.out != in_chain.out:
        return Finding(key, "unreadable", found=f"it is not the key of {chain}")
    return None


def names_in(chain: str) -> set[str]:
    """The names that a certificate is for."""
    shown = processes.run(["openssl", "x509", "-noout", "-ext", "subjectAltName", "-in", paths.on_host(chain)])
    return set(re.findall(r"DNS:([^\s,]+)", shown.out))


def ends_within(chain: str, seconds: int) -> bool:
    """Whether a certificate has expired, or is about to."""
    check = ["openssl", "x509", "-noout", "-checkend", str(seconds), "-in", paths.on_host(chain)]
    return processes.run(check).status != 0


def findings(chain: str, key: str) -> list[Finding]:
    """What is wrong with a certificate that nginx is to serve."""
    found = flaw(chain, key)
    if found:
        return [found]
    return [Finding(chain, "expired")] if ends_within(chain, 0) else []


def give_up(hostname: str) -> None:
    """Removes what is left of a certificate: beside its remains, certbot would make one under another name."""
    for folder in (f"{FOLDER}/live/{hostname}", f"{FOLDER}/archive/{hostname}"):
        shutil.rmtree(paths.on_host(folder), ignore_errors=True)
    renewal = paths.on_host(f"{FOLDER}/renewal/{hostname}.conf")
    if os.path.lexists(renewal):
        os.unlink(renewal)
