"""Keeps the settings that are secrets for the configure-node that follows."""

from __future__ import annotations

from ..settings import secret_overrides
from ..system import request
from ..system.lock import Lock
from ..system.progress import report

NAME = "keep-secrets"
FIELDS = ("digest", "repair", "files")


def keep_secrets(data: dict, _digest: str) -> dict:
    """
    Changes no file of BigBlueButton's. The SHA-256 of this request is neither noted nor answered: by it, whoever reads
    the state could try values out.
    """
    request.only(data, FIELDS)
    digest, files = request.field(data, "digest", str), request.field(data, "files", list)
    with Lock(NAME):
        changed = secret_overrides.keep(digest, files)
    if changed:
        report("keeping secret settings for the next step")
    return {"digest": digest, "changed": changed}
