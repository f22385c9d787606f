"""BBBLB as a node sees it: it takes recordings with a token that the node's own secret signs."""

from __future__ import annotations

import base64
import functools
import hmac
import json
import signal
import tempfile
import urllib.parse

from ..bigbluebutton import api
from ..system import clock, curl, paths, processes, progress
from ..system.failure import Failure
from ..system.processes import Result
from .held import FOLDER, Held

# A large recording on a slow line; BBBLB looks at the token when the upload begins.
UPLOAD_SECONDS = 4 * 3600
TOKEN_SECONDS = 900


class Away(Failure):
    """Nothing can be uploaded now, this one or any other."""


class Bbblb:
    """The load balancer's machine by its host name."""

    def __init__(self, host: str):
        self._host = host

    def upload(self, one: Held) -> bool:
        """
        Sends a format as a tar; whether that is all that can be done: accepted is not imported. Away where no other
        one would be accepted either.
        """
        result = self._send(one)
        if result.status == -signal.SIGTERM:
            said = [line for line in result.err.splitlines() if line.startswith("tar: ")]
            raise Failure(
                f"{one.folder} cannot be read whole ({said[0] if said else result.reason}), and nothing of it was "
                "handed over: it is tried again every minute; if it stays so, look at this node's disk (`dmesg`)"
            )
        said, _, status = result.out.strip().rpartition("\n")
        if status == "202" and result.status == 0:
            return False
        if status == "401" and "Expired" in said:
            raise Away(
                f"BBBLB at {self._host} takes nothing of a node whose clock is {TOKEN_SECONDS // 60} minutes behind "
                "its own: `timedatectl` here and there shows which one is wrong, and whether it is synchronized"
            )
        if status == "401":
            raise Away(
                f"BBBLB at {self._host} does not take this node's secret: `pulumi up` tells it; where that was to "
                "remove the node, `npm run leave` has it known there until all is handed over"
            )
        if status == "507":
            raise Away(
                f"BBBLB at {self._host} has no room for recordings: raise `balancerVolumeSize`, then `pulumi up`; "
                "they are tried again every minute"
            )
        told = status.isdigit() and status not in ("000", "202")
        why = f"HTTP status {status}" if told else result.reason
        if status in ("", "000", "500", "502", "503", "504"):
            raise Away(f"BBBLB at {self._host} does not take recordings ({why}): it is tried again every minute")
        raise Failure(f"BBBLB at {self._host} refuses the recording {one.name} ({why}): look at `journalctl -u bbblb`")

    def _send(self, one: Held) -> Result:
        """Ended by SIGTERM where the format cannot be read whole."""
        place = paths.on_host(f"{FOLDER}/{one.state}")
        # The token is as good as the node's secret for a while: not among the arguments.
        with tempfile.NamedTemporaryFile("w", encoding="ascii") as settings:
            settings.write(f'header = "Authorization: Bearer {self._token()}"\n')
            settings.flush()
            url = f"https://{self._host}/bbblb/api/v1/recording/upload"
            limits = f"--connect-timeout 10 --max-time {UPLOAD_SECONDS} --speed-limit 1000 --speed-time 300"
            send = f"curl --silent --show-error --noproxy '*' {limits} --request POST --upload-file -"
            kind = "--header 'Content-Type: application/x-tar' --header 'Expect:'"
            # What tar could not read is missing in a tar that looks whole: curl must not come to the end of its
            # request, or BBBLB imports that. Where curl has ended first, tar dies of SIGPIPE (141).
            pack = 'tar --create --directory="$1" "$2" || { [ $? = 141 ] || kill 0; false; }'
            script = f'{{ {pack}; }} | {send} {kind} --config "$3" --write-out \'\\n%{{http_code}}\' "$4"'
            folder = f"{one.format}/{one.record}"
            command = ["bash", "-o", "pipefail", "-c", script, "upload", place, folder, settings.name, url]
            return processes.run(command, UPLOAD_SECONDS + 60)

    def has(self, one: Held) -> bool:
        """
        Whether its tenant finds a format and its first file can be fetched, or has hidden or deleted it.
        """
        found = self._asked(f"{one.record}/{urllib.parse.quote(one.format)}")
        if not found.get("imported") or not found.get("played"):
            return bool(found.get("imported"))
        answer = curl.get(f"https://{self._host}/playback/{one.format}/{one.record}/metadata.xml", json=False)
        return answer.status == 200 and f"<id>{one.record}</id>" in answer.body

    def database(self) -> str:
        """Which one it has, once that has a backup, or comes from one; another after a restore. Empty: not known."""
        try:
            return str(self._asked("database").get("database") or "")
        except Failure:
            # What is in the way is said of the recordings that wait.
            return ""

    def _asked(self, path: str) -> dict:
        """What it says of imports to nodes; nothing where it says nothing."""
        with tempfile.NamedTemporaryFile("w", encoding="ascii") as settings:
            settings.write(f'header = "Authorization: Bearer {self._token()}"\n')
            settings.flush()
            command = ["curl", "--silent", "--noproxy", "*", "--max-time", "10", "--config", settings.name]
            url = f"https://{self._host}/bbblb/api/v1/recording/imported/{path}"
            body, _, status = processes.run([*command, "--write-out", "\n%{http_code}", url], 20).out.rpartition("\n")
        try:
            found = json.loads(body) if status == "200" else {}
        except ValueError:
            found = {}
        return found if isinstance(found, dict) else {}

    @functools.cached_property
    def _known(self) -> api.Credentials:
        return api.credentials()

    def _token(self) -> str:
        known = self._known
        domain = urllib.parse.urlsplit(known.url).hostname or ""
        claims = {"aud": self._host, "sub": domain, "exp": int(clock.wall()) + TOKEN_SECONDS}
        token = signed({"kid": f"bbb:{domain}"}, claims, known.secret)
        progress.hide(token)
        return token


def signed(header: dict, claims: dict, secret: str) -> str:
    """A JSON web token, by HMAC with SHA-256."""
    parts = [_base64(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT", **header}, claims)]
    text = ".".join(parts)
    return f"{text}.{_base64(hmac.digest(secret.encode(), text.encode('ascii'), 'sha256'))}"


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")
