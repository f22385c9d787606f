"""Which request each command has carried out: noted before its first write, and at its end."""

from __future__ import annotations

import contextlib
import json
import re

from ..system import files, lock, paths
from ..system.failure import Failure
from . import transaction

REQUESTS = f"{paths.STATE}/requests.json"


def load() -> dict:
    """The notes: key of a request → digest (SHA-256 of its bytes) and state (started, pending, done)."""
    return {key: note for key, note in files.read_json(REQUESTS).items() if _is_note(key, note)}


def _is_note(key: str, note: object) -> bool:
    """Whether it is ours: what is not would be shown as it is by whoever asks for drift."""
    return (
        key.isprintable()
        and isinstance(note, dict)
        and set(note) == {"digest", "state"}
        and re.fullmatch(r"[0-9a-f]{64}", str(note["digest"])) is not None
        and note["state"] in ("started", "pending", "done")
    )


def forget(key: str) -> None:
    """Takes a request's note away."""
    _note(key, None)


def note_pending(key: str, digest: str) -> None:
    """Notes that a request is kept until it can be carried out."""
    _note(key, {"digest": digest, "state": "pending"})


def _note(key: str, entry: dict | None) -> None:
    with lock.alone(f"{REQUESTS}.lock"):
        files.discard(REQUESTS)
        notes = load()
        fresh = {name: kept for name, kept in notes.items() if name != key}
        if entry:
            fresh[key] = entry
        if fresh != notes:
            files.ensure(REQUESTS, json.dumps(fresh, sort_keys=True).encode("ascii"), 0o600)


class RequestNote:
    """
    The note of one request, used inside `with`: done at the end, after a failure that was rolled back
    what it was before. A run that is killed leaves it as started, and so does a failure that has `lasting` effects.
    """

    def __init__(self, key: str, digest: str):
        self._key, self._digest = key, digest
        self._before: dict | None = None
        self._started = False
        self.lasting = False

    def start(self) -> None:
        """Notes, before the first write, that this request is being carried out."""
        if not self._started:
            self._before = load().get(self._key)
            self._started = True
        _note(self._key, {"digest": self._digest, "state": "started"})

    def start_lasting(self) -> None:
        """The same before what no failure rolls back."""
        self.lasting = True
        self.start()

    def forget(self) -> None:
        """What this request is about is gone: a failure leaves no note."""
        self._before = None

    def __enter__(self) -> RequestNote:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        # With a disk that is full the note stays as it is: `started`, so that the request is carried out once more.
        with contextlib.suppress(OSError):
            if error is None:
                _note(self._key, {"digest": self._digest, "state": "done"})
            elif self._started and isinstance(error, (Failure, OSError)) and self._is_rolled_back():
                _note(self._key, self._before)

    def _is_rolled_back(self) -> bool:
        return not self.lasting and not transaction.is_unfinished()
