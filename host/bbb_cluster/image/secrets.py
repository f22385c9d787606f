"""The secrets of the node that a machine is a copy of, and whether any of them is still on the disk."""

from __future__ import annotations

import os
import re

from ..settings import secret_overrides
from ..system import files, paths, processes

MACHINE_ID = "/etc/machine-id"
# On no disk: memory alone.
PATTERNS = "/run/bbb-cluster-secrets"
# They are as they were published, and know nothing of this machine.
PACKAGES = "/var/cache/apt/archives"
SEARCH_SECONDS = 1800
# Where BigBlueButton's packages and bbb-install write what they have made up.
_SETTINGS = (
    *("/etc/bigbluebutton/*", "/etc/bigbluebutton/*/*", "/etc/turnserver.conf*", "/etc/default/bbb-*"),
    *("/usr/share/bbb-web/WEB-INF/classes/bigbluebutton.properties", "/usr/share/etherpad-lite/settings.json"),
)
_WHOLE = (MACHINE_ID, "/usr/share/etherpad-lite/APIKEY.txt")
_KEYS = (
    *("/etc/letsencrypt/archive/*/privkey*.pem", "/etc/letsencrypt/accounts/*/*/*/private_key.json"),
    *("/etc/ssh/ssh_host_*_key", "/root/.ssh/id_*"),
)
_VALUE = re.compile(r"""[:=>]\s*["']?([A-Za-z0-9+/=_-]{16,})["']?\s*(?:[,;<]|/?>)?\s*$""", re.MULTILINE)
_PEM = re.compile(r"PRIVATE KEY-----\s+([A-Za-z0-9+/=\s]+)-----END")
_JWK = re.compile(r'"d": *"([A-Za-z0-9_-]{40,})"')
_SHORTEST = 8


def known() -> set[str]:
    """What must not be on the disk any more in the end."""
    found = {value for path in files.matching(*_SETTINGS) for value in _VALUE.findall(files.text(path))}
    found = {value for value in found if _is_random(value)}
    found |= {files.text(path).strip() for path in files.matching(*_WHOLE)}
    found |= {part for path in files.matching(*_KEYS) for part in _parts_of_keys(files.text(path))}
    found |= {value for value in _overrides() if isinstance(value, str)}
    return {value for value in found if len(value) >= _SHORTEST and value.isprintable()}


def _parts_of_keys(text: str) -> list[str]:
    """Lines of private keys that no other key has: the first one is the same for all that OpenSSH makes."""
    blocks = [block.split() for block in _PEM.findall(text)]
    return [*_JWK.findall(text), *(line for lines in blocks for line in lines[1:] or lines)]


def _is_random(value: str) -> bool:
    """Whether a value is made up, and no word, number or path."""
    kinds = [bool(re.search(kind, value)) for kind in ("[a-z]", "[A-Z]", "[0-9]")]
    return kinds[2] and sum(kinds) > 1 and len(set(value)) > 9 and not value.startswith("/")


def _overrides() -> list:
    kept = files.read_json(secret_overrides.KEPT).get("files", [])
    return [row.get("value") for file in kept for row in file["settings"]]


def left(secrets: set[str]) -> list[str]:
    """The files of this disk in which one of the secrets stands."""
    if not secrets:
        return []
    patterns = paths.on_host(PATTERNS)
    files.ensure(PATTERNS, "".join(f"{secret}\n" for secret in sorted(secrets)).encode(), 0o600)
    try:
        grep = ["grep", "--files-with-matches", "--fixed-strings", "--text", f"--file={patterns}"]
        without = ["-path", paths.on_host(PACKAGES), "-prune", "-o"]
        find = ["find", paths.on_host("/"), "-xdev", *without, "-type", "f", "-exec", *grep, "{}", "+"]
        # Of files that go meanwhile it complains: what it says counts, not how it ends.
        return [path for path in processes.run(find, SEARCH_SECONDS).out.splitlines() if path != patterns]
    finally:
        os.unlink(patterns)
